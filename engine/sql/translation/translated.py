"""What a translation gives back."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Translation:
    """A query that can run: `source` is what the user wrote, `sql` what DuckDB runs.

    `places` pairs offsets in `sql` with those in `source`, in their order; `notes` say what is approximated, and
    `dialect` whose functions `sql` may call.
    """

    source: str
    sql: str
    places: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    dialect: str = "duckdb"

    @property
    def is_translated(self) -> bool:
        """Whether another text runs than the user wrote."""
        return self.sql is not self.source

    def source_offset(self, offset: int) -> int | None:
        """Return where in the user's text the thing at an offset of the translation was written."""
        index = bisect_right(self.places, (offset, len(self.source))) - 1
        return self.places[index][1] if index >= 0 else None
