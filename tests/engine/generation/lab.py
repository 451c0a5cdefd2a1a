"""A schema with one column of each kind of value, and the ways to make its rows."""

from pathlib import Path

import polars as pl

from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.generation.writer import Hooks, plan_run, write_run
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema

SEED = 42
ROWS = 20_000
PARENTS = {"people": 300, "days": 40}

PEOPLE = [
    {"name": "person_id", "data_type": "BIGINT", "is_unique": True},
    {"name": "first_name", "data_type": "VARCHAR(30)", "faker_rule": "first_name"},
    {"name": "email", "data_type": "VARCHAR(60)", "is_unique": True, "faker_rule": "email"},
    {
        "name": "manager_id",
        "data_type": "BIGINT",
        "required": False,
        "foreign_key": {"references_table": "people", "references_column": "person_id"},
    },
]
DAYS = [{"name": "day", "data_type": "DATE", "is_unique": True, "date_start": "2024-01-01", "date_end": "2024-12-31"}]
VISITS = [
    {"name": "visit_id", "data_type": "BIGINT", "is_unique": True},
    {
        "name": "person_id",
        "data_type": "BIGINT",
        "foreign_key": {"references_table": "people", "references_column": "person_id"},
    },
    {"name": "day", "data_type": "DATE", "foreign_key": {"references_table": "days", "references_column": "day"}},
    {"name": "mood", "data_type": "VARCHAR(10)", "values": ["good", "fair", "bad"], "weights": [5, 3, 1]},
    {"name": "rating", "data_type": "SMALLINT", "min_value": 1, "max_value": 5},
    {"name": "price", "data_type": "DECIMAL(12,2)", "min_value": 0.01, "max_value": 999.99},
    {"name": "weight", "data_type": "FLOAT"},
    {"name": "is_paid", "data_type": "BOOLEAN", "probability": 0.3},
    {"name": "came_at", "data_type": "TIMESTAMP"},
    {"name": "left_at", "data_type": "TIMESTAMPTZ", "required": False},
    {"name": "opens_at", "data_type": "TIME"},
    {"name": "code", "data_type": "CHAR(14)", "is_unique": True, "pattern": "??-###########"},
    {"name": "note", "data_type": "VARCHAR(80)", "required": False, "null_fraction": 0.4, "faker_rule": "sentence"},
    {"name": "token", "data_type": "UUID"},
    {"name": "extra", "data_type": "JSON"},
    {"name": "raw", "data_type": "BINARY(8)"},
]


def lab(visits: list[dict] = VISITS) -> ExperimentSchema:
    return read_schema(
        {
            "name": "lab",
            "tables": [
                {"name": "people", "columns": PEOPLE},
                {"name": "days", "columns": DAYS},
                {"name": "visits", "columns": visits},
            ],
        }
    )


def previewed(
    schema: ExperimentSchema,
    rows: int,
    *,
    table: str = "visits",
    offset: int = 0,
    visits: int = ROWS,
    seed: int = SEED,
) -> pl.DataFrame:
    """Preview a table of a run that has `visits` visits."""
    counts = row_counts(schema, PARENTS | {"visits": visits})
    return preview(schema, schema.table(table), rows=rows, offset=offset, seed=seed, counts=counts)


def written(
    schema: ExperimentSchema, folder: Path, *, visits: int, chunk_rows: int, hooks: Hooks | None = None
) -> dict[str, list[Path]]:
    """Write a run and return its files by table."""
    plans = plan_run(schema, SEED, row_counts(schema, PARENTS | {"visits": visits}))
    unheard = Hooks(on_rows=lambda table, rows: None, is_cancelled=lambda: False)
    return write_run(plans, lambda key: folder / key, chunk_rows=chunk_rows, hooks=hooks or unheard)


def frame(files: list[Path]) -> pl.DataFrame:
    """Read the files of a table; what Polars stores as a category is plain text."""
    return pl.concat([pl.read_parquet(file) for file in files])
