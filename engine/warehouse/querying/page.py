"""Which rows of a result are wanted: all of them, or a page."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import WorkbenchError

COUNTING_SECONDS = 2.0
"""The total is left open when counting all rows takes longer."""


@dataclass(frozen=True)
class Page:
    """The rows after the first `offset`, at most `limit` (None: all); `is_counted` asks for the total as well.

    Pages of a query without ORDER BY may overlap: each is a run of the query.
    """

    limit: int | None = None
    offset: int = 0
    is_counted: bool = False

    def __post_init__(self) -> None:
        for name, value in (("limit", self.limit), ("offset", self.offset)):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
                raise WorkbenchError(f"{value!r} is not a number of rows.", where=name, hint="It is 0 or more.")
