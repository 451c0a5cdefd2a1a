"""The command line, `dw-sim`.

Exit codes: 0 done, 1 the workbench refused or the work failed (the reason is on stderr), 2 wrong usage, 130 stopped
by Ctrl+C. Each command imports the engine itself, so that `--help` and completion are instant.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from engine.cli import experiment, query, runs
from engine.cli.output import print_status
from engine.cli.recover import recover
from engine.cli.serve import serve
from engine.errors import QueryError, SchemaError, WorkbenchError

__all__ = ["app", "main"]

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130


class _ErrorHandlingGroup(TyperGroup):
    """The root command: prints errors to stderr and sets the exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order a new user needs them."""
        return ["experiment", "query", "serve", "recover"]

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WorkbenchError as error:
            _print_error(error)
        except BrokenPipeError:
            raise
        except OSError as error:
            print_status(f"Error: {error.filename or 'The system'}: {error.strerror or error}.", style="red")
        except KeyboardInterrupt:
            print_status("Stopped.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        raise typer.Exit(EXIT_REFUSED)


def _print_error(error: WorkbenchError) -> None:
    where = f"{error.where}: " if error.where else ""
    print_status(f"Error: {where}{error.message}", style="red")
    if isinstance(error, QueryError) and error.caret:
        print_status(error.caret)
    if error.hint and not isinstance(error, SchemaError):
        print_status(error.hint)


app = typer.Typer(
    cls=_ErrorHandlingGroup,
    name="dw-sim",
    help="Realistic, private, reproducible data in the shape of your warehouse.",
    epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 stopped by Ctrl+C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
)
experiments = typer.Typer(no_args_is_help=True, help="Create experiments, fill them with data, and inspect them.")
experiment.add_commands(experiments)
runs.add_commands(experiments)
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
