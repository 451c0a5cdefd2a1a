"""The command line, `dw-sim`.

Exit codes: 0 done, 1 the workbench refused or the work failed (the reason is on stderr), 2 wrong usage, 130 stopped
by Ctrl+C. The engine itself is imported by the commands that need it, so that help and completion answer at once.
"""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from engine.cli import experiment, query, runs
from engine.cli.output import tell
from engine.cli.recover import recover
from engine.cli.serve import serve
from engine.errors import QueryError, SchemaError, WorkbenchError

__all__ = ["app", "main"]

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130


class _Edge(TyperGroup):
    """The place where refusals become a message on stderr and an exit code."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order of a first day's work."""
        return ["experiment", "query", "serve", "recover"]

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except WorkbenchError as error:
            _tell_refusal(error)
        except BrokenPipeError:
            raise
        except OSError as error:
            tell(f"Error: {error.filename or 'The system'}: {error.strerror or error}.", style="red")
        except KeyboardInterrupt:
            tell("Stopped.")
            raise typer.Exit(EXIT_INTERRUPTED) from None
        raise typer.Exit(EXIT_REFUSED)


def _tell_refusal(error: WorkbenchError) -> None:
    place = f"{error.where}: " if error.where else ""
    tell(f"Error: {place}{error.message}", style="red")
    if isinstance(error, QueryError) and error.caret:
        tell(error.caret)
    if error.hint and not isinstance(error, SchemaError):
        tell(error.hint)


app = typer.Typer(
    cls=_Edge,
    name="dw-sim",
    help="Realistic, private, reproducible data in the shape of your warehouse.",
    epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 stopped by Ctrl+C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich" if sys.stdout.isatty() else None,
)
experiments = typer.Typer(no_args_is_help=True, help="Create experiments, fill them with data, look at them.")
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
