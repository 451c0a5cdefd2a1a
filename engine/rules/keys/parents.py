"""The rows of a parent that a foreign key may use: all of them, or those that meet its `where`."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from engine.rules.random.bits import below_each, u64
from engine.rules.site import Site


@dataclass(frozen=True)
class Parents:
    """The number of usable parents, and their row numbers in rising order (UInt32; None: every row)."""

    count: int
    rows: pl.Series | None = None

    @property
    def first_row(self) -> int:
        """The row number of the first usable parent; 0 when there is none."""
        return 0 if self.rows is None or self.rows.is_empty() else int(self.rows[0])

    def row_at(self, index: pl.Expr) -> pl.Expr:
        """Return the row number (UInt64) of the usable parent at an index in [0, count)."""
        if self.rows is None or self.count == 0:
            return index
        return pl.lit(self.rows).gather(index).cast(pl.UInt64)

    def index_of(self, row: pl.Expr) -> pl.Expr:
        """Return the index (UInt64) of a usable parent's row; of another row, that of some usable one."""
        if self.rows is None or self.count == 0:
            return row
        found = pl.lit(self.rows.cast(pl.UInt64)).search_sorted(row, side="left").cast(pl.UInt64)
        return pl.min_horizontal(found, u64(self.count - 1))

    def draw_earlier(self, site: Site) -> pl.Expr:
        """Return a usable row (UInt64) of the site's own table before the row of the site.

        The first rows, which have none before them, get any row: they must be roots.
        """
        if self.rows is None:
            return below_each(site.bits("parent"), pl.max_horizontal(site.row, u64(1)))
        before = pl.lit(self.rows.cast(pl.UInt64)).search_sorted(site.row, side="left").cast(pl.UInt64)
        return self.row_at(below_each(site.bits("parent"), pl.max_horizontal(site.stages.add(before), u64(1))))
