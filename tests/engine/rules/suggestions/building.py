"""Suggestions for a script's tables, and the rows that they make."""

from __future__ import annotations

import polars as pl

from engine import ExperimentSchema, import_sql
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts


def imported(script: str, dialect: str = "redshift") -> ExperimentSchema:
    return import_sql(script, name="lab", dialect=dialect).schema


def rows_of(script: str, table: str = "t", rows: int = 300) -> pl.DataFrame:
    """Return rows of a table of a script, with all suggestions."""
    schema = imported(script)
    counts = row_counts(schema, None) if any(each.target_rows for each in schema.tables) else row_counts(schema, rows)
    return preview(
        schema, schema.table(table), rows=min(rows, counts[schema.table(table).key]), offset=0, seed=7, counts=counts
    )


def reason_of(script: str, column: str, table: str = "t") -> str:
    return imported(script).table(table).column(column).because or ""
