"""The result of a translation."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Translation:
    """A runnable query: `source` is the user's text, `sql` what DuckDB runs.

    `positions` pairs offsets in `sql` with offsets in `source`, in order; `notes` lists approximations; `dialect` is
    the one whose functions `sql` may call.
    """

    source: str
    sql: str
    positions: tuple[tuple[int, int], ...] = ()
    notes: tuple[str, ...] = ()
    dialect: str = "duckdb"

    @property
    def is_translated(self) -> bool:
        """Whether `sql` differs from the user's text."""
        return self.sql is not self.source

    def source_offset(self, offset: int) -> int | None:
        """Return the offset in the user's text for an offset in the translation."""
        index = bisect_right(self.positions, (offset, len(self.source))) - 1
        return self.positions[index][1] if index >= 0 else None
