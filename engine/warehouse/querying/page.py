"""A page of a result: which of its rows to return."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import WorkbenchError

COUNTING_SECONDS = 2.0
"""The time limit for counting all rows; beyond it the total is None."""


@dataclass(frozen=True)
class Page:
    """The rows after the first `offset`, at most `limit` (None: all); `is_counted` adds the total.

    Pages of a query without ORDER BY may overlap: each page runs the query again.
    """

    limit: int | None = None
    offset: int = 0
    is_counted: bool = False

    def __post_init__(self) -> None:
        for name, value in (("limit", self.limit), ("offset", self.offset)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise WorkbenchError(f"{value!r} is not a number of rows.", where=name, hint="Give 0 or more.")
