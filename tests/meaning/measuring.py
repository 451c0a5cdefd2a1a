"""Measuring scripts: import each, generate its rows in memory, and let the oracle judge them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from engine import ExperimentSchema, import_sql
from engine.errors import WorkbenchError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.models import TableSchema
from tests.meaning.oracle import KINDS, judge_tables
from tests.meaning.oracle.judgement import Judgement
from tests.meaning.oracle.reading import Table, read_tables

_ATTEMPTS = 5
_CAPACITY = re.compile(r"(?P<table>\S+)\.\w+: .* only (?P<count>[\d,]+) are possible")
SCRIPTS = Path(__file__).parent / "scripts"


@dataclass(frozen=True)
class Measured:
    """The judgements of a script, and what could not be measured."""

    script: str
    judgements: tuple[Judgement, ...]
    problems: tuple[str, ...] = ()


def scripts_of(names: Iterable[str]) -> list[Path]:
    """Return the scripts of those names (`shop_redshift`) or paths; all scripts for no name."""
    chosen = [Path(name) if Path(name).is_file() else SCRIPTS / f"{Path(name).stem}.sql" for name in names]
    return chosen or sorted(SCRIPTS.glob("*.sql"))


def measure(path: Path, rows: int = 500, kinds: Iterable[str] = KINDS) -> Measured:
    """Import a script, generate up to `rows` rows of each table, and judge them.

    The dialect is Snowflake's where the file's name ends so, such as `taxi_snowflake.sql`, else Redshift's. Where the
    import chose row counts, tables have those, and the first `rows` rows of each are judged.
    """
    dialect = "snowflake" if path.stem.endswith("snowflake") else "redshift"
    try:
        schema = import_sql(path.read_text("utf-8"), name="measured", dialect=dialect).schema
    except WorkbenchError as error:
        return Measured(path.name, (), (f"{path.name}: {error}",))
    tables, problems = generate(schema, rows)
    return Measured(path.name, tuple(judge_tables(tables, kinds)), tuple(f"{path.name}: {each}" for each in problems))


def generate(schema: ExperimentSchema, rows: int) -> tuple[list[Table], list[str]]:
    """Generate the first rows of each table; a table that cannot be generated is a problem and has no rows."""
    has_counts = any(table.target_rows is not None for table in schema.tables)
    counts = row_counts(schema, None if has_counts else rows)
    frames: dict[str, pl.DataFrame] = {}
    problems = []
    for table in schema.tables:
        frames[table.key], problem = _preview(schema, table, rows, counts)
        problems += [f"{table.key}: {problem}"] if problem else []
    return read_tables(schema, frames, counts), problems


def _preview(
    schema: ExperimentSchema, table: TableSchema, rows: int, counts: dict[str, int]
) -> tuple[pl.DataFrame, str]:
    """Return the first rows of a table; a table with too few unique values gets as many rows as it has, in `counts`."""
    for _ in range(_ATTEMPTS):
        try:
            count = min(rows, counts[table.key])
            return preview(schema, table, rows=count, offset=0, seed=42, counts=counts), ""
        except WorkbenchError as error:
            problem = str(error)
            found = _CAPACITY.search(problem)
            if found is None or found["table"] not in counts:
                break
            counts[found["table"]] = int(found["count"].replace(",", ""))
    return pl.DataFrame(schema={column.name: column.type.polars for column in table.columns}), problem
