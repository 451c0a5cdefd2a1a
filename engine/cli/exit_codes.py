"""Exit codes: errors of a command become a message on stderr and a code; wrong usage, 2, is typer's own."""

from __future__ import annotations

from typing import Any

import typer

from engine.cli.output import print_status
from engine.cli.suggestions import SuggestingGroup
from engine.errors import QueryError, SchemaError, WorkbenchError

EXIT_REFUSED = 1
EXIT_INTERRUPTED = 130


class ErrorHandlingGroup(SuggestingGroup):
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
