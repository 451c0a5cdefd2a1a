"""Builders of a schema with one column or a few tables, and of its values."""

import polars as pl

from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema


def schema_of(**tables: list[dict]) -> ExperimentSchema:
    return read_schema(
        {"name": "lab", "tables": [{"name": name, "columns": columns} for name, columns in tables.items()]}
    )


def frame_of(
    schema: ExperimentSchema, table: str, rows: int, *, offset: int = 0, seed: int = 7, **counts: int
) -> pl.DataFrame:
    return preview(schema, schema.table(table), rows=rows, offset=offset, seed=seed, counts=row_counts(schema, counts))


def values_of(rows: int, *, offset: int = 0, seed: int = 7, **column: object) -> pl.Series:
    schema = schema_of(t=[{"name": "x", **column}])
    return frame_of(schema, "t", rows, offset=offset, seed=seed).get_column("x")
