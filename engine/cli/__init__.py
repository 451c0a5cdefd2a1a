"""The command line, `dw-sim`.

Exit codes: 0 done, 1 the workbench refused or the work failed (the reason is on stderr), 2 wrong usage, 130 stopped
by Ctrl+C. Each command imports the engine itself, so that `--help` and completion are instant.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from engine.cli import (
    experiment,
    experiment_attach,
    experiment_coverage,
    experiment_export,
    experiment_runs,
    experiment_versions,
    query,
    workload,
)
from engine.cli.exit_codes import ErrorHandlingGroup
from engine.cli.recover import recover
from engine.cli.serve import serve
from engine.cli.suggestions import SuggestingGroup

__all__ = ["app", "main"]

app = typer.Typer(
    cls=ErrorHandlingGroup,
    name="dw-sim",
    help="Realistic, private, reproducible data in the shape of your warehouse.",
    epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 stopped by Ctrl+C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
)
experiments = typer.Typer(
    cls=SuggestingGroup, no_args_is_help=True, help="Create experiments, fill them with data, and inspect them."
)
experiment.add_commands(experiments)
experiment_runs.add_commands(experiments)
experiment_coverage.add_commands(experiments)
experiment_export.add_commands(experiments)
experiment_attach.add_commands(experiments)
experiment_versions.add_commands(experiments)
workload.add_commands(experiments)
app.add_typer(experiments, name="experiment")
app.add_typer(query.app, name="query")
app.command()(serve)
app.command()(recover)


def _print_version(is_wanted: bool) -> None:
    if is_wanted:
        from importlib.metadata import version

        print(f"dw-sim {version('dw-simulator')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run `dw-sim` with the arguments of this process."""
    app()
