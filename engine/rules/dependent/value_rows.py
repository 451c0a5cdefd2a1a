"""Columns drawn together: one row of a list for each row of the table, so that what goes together stays together.

The draw belongs to the column that has the list; all columns of the list take their values from the same row of it.
"""

from __future__ import annotations

import polars as pl

from engine.rules.site import Site
from engine.rules.values.choices import draw_index
from engine.schema.conditional import RowOf, ValueRows
from engine.schema.given_rows import parse_cell
from engine.schema.types import Kind


def make_row_value(site: Site) -> pl.Expr:
    """Return the column's value of the row of the list that each row of the table draws."""
    by = site.column.values_by
    owner = site.table.column(by.row_of) if isinstance(by, RowOf) else site.column
    rows = owner.values_by
    assert isinstance(rows, ValueRows)
    at = site.at(owner)
    memo = ("value row", at.where, site.row.meta.output_name())
    index = site.stages.known(memo)
    if index is None:
        index = site.stages.add(draw_index(at, len(rows.rows), rows.weights), memo=memo)
    place = [name.casefold() for name in rows.columns].index(site.column.name.casefold())
    values = [parse_cell(row[place], site.type) for row in rows.rows]
    if site.type.kind not in (Kind.TEXT, Kind.UUID, Kind.JSON):
        return pl.lit(pl.Series(values, dtype=site.type.polars)).gather(index)
    pool = pl.Series(values, dtype=pl.String)
    texts = pool.drop_nulls().unique(maintain_order=True)
    return pl.lit(pool.cast(pl.Enum(texts))).gather(index) if len(texts) else pl.lit(pool).gather(index)
