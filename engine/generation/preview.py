"""Rows of a table without writing anything: the very rows that a run with the same seed and counts would write."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.errors import GenerationError
from engine.generation.row_counts import checked_seed
from engine.rules.compiler import TableCompiler
from engine.schema.limits import shown
from engine.schema.models import ExperimentSchema, TableSchema

GREATEST_PREVIEW = 1_000_000
GREATEST_OFFSET = 2**62


def preview(
    schema: ExperimentSchema, table: TableSchema, *, rows: int, offset: int, seed: int, counts: Mapping[str, int]
) -> pl.DataFrame:
    """Return `rows` rows (0 to 1,000,000) from row number `offset` (from 0) on, which may lie beyond the count.

    Raises `RuleError` when a column cannot be made, such as a unique one that has fewer values.
    """
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows <= GREATEST_PREVIEW:
        raise GenerationError(f"{shown(rows)} is not a number of rows.", where="rows", hint="It is 0 to 1,000,000.")
    if isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset <= GREATEST_OFFSET:
        raise GenerationError(f"{shown(offset)} is not an offset.", where="offset", hint="It is 0 to 2**62.")
    compiler = TableCompiler(schema, table, checked_seed(seed), counts, reach=offset + rows)
    outputs = compiler.outputs()
    with compiler.failures():
        frame = compiler.frame(offset, rows, outputs).collect(engine="streaming")
    return frame.cast({column.name: column.type.polars for column in table.columns})
