from pathlib import Path

import polars as pl
import pytest

from engine.schema.models import ExperimentSchema
from engine.settings import Settings
from engine.warehouse.loading.load import build_warehouse
from engine.warehouse.querying.execution import Attachment, open_session, run_query


def schema_of(name: str, *keys: str) -> ExperimentSchema:
    """An experiment with tables of these keys (`orders`, `sales.orders`), each with a column "Id"."""
    tables = []
    for key in keys:
        schema_name, _, table = key.partition(".") if "." in key else ("", "", key)
        columns = [{"name": "Id", "data_type": "INT"}]
        tables.append({"name": table, "schema_name": schema_name or None, "quoted": True, "columns": columns})
    return ExperimentSchema.model_validate({"name": name, "tables": tables})


@pytest.fixture
def made(tmp_path):
    """Create an experiment whose n-th table holds the one row `first + n`; return its attachment."""

    def make(schema: ExperimentSchema, first: int = 1) -> Attachment:
        parts: dict[str, list[Path]] = {}
        for number, table in enumerate(schema.tables):
            file = tmp_path / f"{schema.name}-{number}.parquet"
            pl.DataFrame({"Id": [first + number]}, schema={"Id": pl.Int32}).write_parquet(file)
            parts[table.key] = [file]
        path = tmp_path / f"{schema.name}.duckdb"
        build_warehouse(path, schema, parts, None)
        return Attachment(schema.name, path, schema)

    return make


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, query_memory_mb=256, query_timeout_seconds=30, threads=2)


@pytest.fixture
def opened(tmp_path, settings):
    """Open a session on these experiments; all are closed at the end."""
    sessions = []

    def open_(*attached, current=None, settings=settings, known_tables=None):
        session = open_session(
            attached, current=current, settings=settings, temp_dir=tmp_path / "temp", known_tables=known_tables
        )
        sessions.append(session)
        return session

    yield open_
    for session in sessions:
        session.close()


@pytest.fixture
def query(opened):
    """Run a query without any experiment."""
    return lambda sql, **options: run_query(opened(), sql, **options)
