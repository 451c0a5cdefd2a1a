"""The 22 questions of TPC-H at scale 1, asked through the notebook API and of DuckDB alone on the same file.

Tables are generated and loaded before the clock starts, and each query is asked once. The rows of the job are the
rows of the tables; its parts are the least seconds of each query.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import duckdb
import polars as pl

import engine
from tests.benchmarks.jobs import Outcome, Work
from tests.benchmarks.tpch import SEED, create, scaled_counts

_TIMES = 3


def queries() -> dict[str, str]:
    """Return the queries by their number, from the file beside this one."""
    statements = duckdb.extract_statements(Path(__file__).with_suffix(".sql").read_text())
    return {str(number): statement.query for number, statement in enumerate(statements, 1)}


def ask_redshift(rows: int, folder: Path) -> Work:
    """Ask through the notebook API, in Redshift's SQL."""
    return _ask(rows, folder, "redshift")


def ask_snowflake(rows: int, folder: Path) -> Work:
    """Ask through the notebook API, in Snowflake's SQL."""
    return _ask(rows, folder, "snowflake")


def ask_duckdb(rows: int, folder: Path) -> Work:
    """Ask DuckDB itself, on the same file."""
    connection = duckdb.connect(_loaded(rows, folder).path(), read_only=True)
    return _timed(lambda sql: connection.sql(sql).pl(), rows)


def _ask(rows: int, folder: Path, dialect: str) -> Work:
    tpch = _loaded(rows, folder)
    return _timed(lambda sql: tpch.query(sql, dialect=dialect).frame, rows)


def _loaded(rows: int, folder: Path) -> engine.Experiment:
    tpch = create(folder)
    tpch.generate(scaled_counts(tpch, rows), seed=SEED, progress=lambda _progress: None)
    return tpch


def _timed(answer: Callable[[str], pl.DataFrame], rows: int) -> Work:
    asked = queries()
    for sql in asked.values():
        answer(sql)

    def work() -> Outcome:
        seconds = dict.fromkeys(asked, float("inf"))
        for _ in range(_TIMES):
            for name, sql in asked.items():
                start = perf_counter()
                answer(sql)
                seconds[name] = min(seconds[name], perf_counter() - start)
        return Outcome(rows, seconds)

    return work
