"""Every error the workbench raises on purpose: what happened, where, and what to do next.

One root, `WorkbenchError`; the classes below it are what an edge (page, route, command) needs to tell apart.
Anything else that escapes the engine is a bug.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: where it is, what it is, and what to do about it."""

    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}" if self.hint else text


class WorkbenchError(Exception):
    """The root of all errors raised on purpose.

    `message` says what happened, `where` the place (`table.column`, `line:column`, a path; may be empty) and
    `hint` what to do next (may be empty). `str()` joins the three.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        self.message = message
        self.where = where
        self.hint = hint
        super().__init__(str(Problem(where, message, hint)))


class SchemaError(WorkbenchError):
    """A schema that cannot be used; `problems` holds every fault found, not only the first.

    `message` is all of them in lines, each with its place and its hint; `hint` is what to do with the whole.
    """

    def __init__(self, problems: Sequence[Problem], *, source: str = "the schema") -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{source} has {count} problem{'' if count == 1 else 's'}:"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))
        self.hint = (
            "Correct this place and try again." if count == 1 else f"Correct these {count} places and try again."
        )


class RuleError(WorkbenchError):
    """A column rule that cannot be made into an expression."""


class SqlImportError(WorkbenchError):
    """A script from which no schema can be made."""


class NotFoundError(WorkbenchError):
    """An experiment, table, run or file that does not exist."""


class StorageError(WorkbenchError):
    """A home folder that cannot be read or written as it must: the disk is full, or access is refused."""


class DamagedError(StorageError):
    """A file or a record of the home folder that is not what the workbench wrote."""


class ConflictError(WorkbenchError):
    """A change that the present state does not allow, such as a name that is taken."""


class BusyError(ConflictError):
    """Another change of the same experiment is under way; the message says whose and since when."""


class CatalogLostError(ConflictError):
    """A catalog that is missing or empty beside the data of experiments; it can be recovered from them."""


class GenerationError(WorkbenchError):
    """A generation run that could not start or did not finish."""


class CancelledError(GenerationError):
    """A generation run that was stopped because somebody asked for it."""


class LoadError(WorkbenchError):
    """Data that could not be loaded into the warehouse; what was loaded before is still there."""


class QueryError(WorkbenchError):
    """A query that was refused or failed.

    `line` and `column` (both from 1) point into the user's own text when the place is known; `caret` is that line
    with a caret under the place, ready to print in a fixed-width font.
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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `Did you mean "x"?` for the known word nearest to `word`, or an empty string when none is near."""
    by_folded = {name.casefold(): name for name in known}
    nearest = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return f'Did you mean "{by_folded[nearest[0]]}"?' if nearest else ""
