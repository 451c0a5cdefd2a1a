"""Preview: the rows of a table that a run with the same seed and counts would write."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from engine.errors import GenerationError
from engine.generation.requested_counts import check_seed
from engine.rules.compiler import TableCompiler
from engine.schema.hidden import stored_columns
from engine.schema.limits import shown
from engine.schema.models import ExperimentSchema, TableSchema

MAX_PREVIEW_ROWS = 1_000_000
MAX_OFFSET = 2**62


def preview(
    schema: ExperimentSchema, table: TableSchema, *, rows: int, offset: int, seed: int, counts: Mapping[str, int]
) -> pl.DataFrame:
    """Return `rows` rows (0 to 1,000,000) from row number `offset` (from 0) on, which may be beyond the row count.

    Raises `RuleError` for a column that cannot be generated, such as a unique one with too few values.
    """
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows <= MAX_PREVIEW_ROWS:
        raise GenerationError(f"{shown(rows)} is not a number of rows.", where="rows", hint="Use 0 to 1,000,000.")
    if isinstance(offset, bool) or not isinstance(offset, int) or not 0 <= offset <= MAX_OFFSET:
        raise GenerationError(f"{shown(offset)} is not an offset.", where="offset", hint="Use 0 to 2**62.")
    compiler = TableCompiler(schema, table, check_seed(seed), counts, reach=offset + rows)
    outputs = compiler.outputs()
    with compiler.failures():
        frame = compiler.frame(offset, rows, outputs).collect(engine="streaming")
    return frame.cast({column.name: column.type.polars for column in stored_columns(table)})
