"""The errors of the workbench: what happened, where, and what to do next.

One root, `WorkbenchError`; its subclasses are those that a page, route or command needs to distinguish.
Anything else that escapes the engine is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One problem of an input: where it is, what it is, and how to fix it."""

    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}" if self.hint else text


class WorkbenchError(Exception):
    """The root of all errors raised on purpose.

    `message` is what happened, `where` the location (`table.column`, `line:column`, a path; may be empty) and
    `hint` what to do next (may be empty). `str()` joins the three.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = message
        self.where = where
        self.hint = hint
        super().__init__(str(Problem(where, message, hint)))


class SchemaError(WorkbenchError):
    """An invalid schema; `problems` holds every problem found, not only the first.

    `message` lists them one per line, each with its location and hint; `hint` is for all of them.
    """

    def __init__(self, problems: Sequence[Problem], *, source: str = "the schema") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{source} has {count} problem{'' if count == 1 else 's'}:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))
        self.hint = "Fix it and try again." if count == 1 else f"Fix these {count} problems and try again."


class RuleError(WorkbenchError):
    """A column rule that cannot be compiled."""


class SqlImportError(WorkbenchError):
    """A script that gives no schema."""


class NotFoundError(WorkbenchError):
    """An experiment, table, run or file that does not exist."""


class StorageError(WorkbenchError):
    """A home folder that cannot be read or written: the disk is full, or access is denied."""


class DamagedError(StorageError):
    """A damaged file or record of the home folder."""


class ConflictError(WorkbenchError):
    """A change that conflicts with the current state, such as a name that is taken."""


class VersionConflictError(ConflictError):
    """A new version of a schema that is based on an older one: another came first; nothing was saved.

    `based_on` is the version that was changed, and `current_version` the one that came first.
    """

    def __init__(self, experiment: str, based_on: int, current_version: int) -> None:
        self.based_on = based_on
        self.current_version = current_version
        super().__init__(
            f'Version {current_version} of "{experiment}" came first: your change is based on version {based_on}.'
            " Nothing was saved.",
            hint=f"Compare versions {based_on} and {current_version}, repeat your change on version"
            f" {current_version}, and save it as based on that.",
        )


class BusyError(ConflictError):
    """Another change of the same experiment is running; the message says whose and since when."""


class CatalogLostError(ConflictError):
    """A catalog that is missing or empty although there is data of experiments; it can be recovered from them."""


class GenerationError(WorkbenchError):
    """A generation run that could not start or did not finish."""


class CancelledError(GenerationError):
    """A generation run that was cancelled."""


class LoadError(WorkbenchError):
    """Data that could not be loaded into the warehouse; the previously loaded data is unchanged."""


class QueryError(WorkbenchError):
    """A query that was rejected or failed.

    `line` and `column` (both from 1) point into the user's own text when the position is known; `caret` is that line
    with a caret under the position, ready to print in a fixed-width font.
    """

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        caret: str = "",
        hint: str = "",
    ) -> None:
        self.line = line
        self.column = column
        self.caret = caret
        where = f"line {line}, column {column}" if line is not None and column is not None else ""
        super().__init__(message, where=where, hint=hint)


def did_you_mean(word: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return `Did you mean "x"?` for the known word nearest to `word`, or an empty string when none is near.

    `least` is the share of letters, from 0 to 1, that both must have in the same order (difflib's ratio).
    """
    by_folded = {name.casefold(): name for name in known}
    nearest = get_close_matches(word.casefold(), by_folded, n=1, cutoff=least)
    return f'Did you mean "{by_folded[nearest[0]]}"?' if nearest else ""
