"""What grows: wide tables, many tables, and reading large loaded tables back.

The parts tell the peak memory of the process itself in MB, as the rows are made in a process before.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import engine
from tests.benchmarks.customers import SCHEMA, SEED
from tests.benchmarks.jobs import Outcome, Work
from tests.benchmarks.measuring import peak_mb

_WIDE = 200
_TABLES = 600
_RULES = (
    {"data_type": "VARCHAR(40)", "faker_rule": "last_name"},
    {"data_type": "VARCHAR(80)", "faker_rule": "email"},
    {"data_type": "INT", "min_value": 0, "max_value": 100_000},
    {"data_type": "DECIMAL(12,2)", "distribution": {"type": "lognormal", "parameters": {"mean": 3, "sigma": 1}}},
    {"data_type": "TIMESTAMP", "timestamp_start": "2020-01-01T00:00:00", "timestamp_end": "2024-12-31T23:59:59"},
    {"data_type": "VARCHAR(20)", "values": ["new", "paid", "shipped", "returned"], "weights": [1, 5, 20, 2]},
    {"data_type": "VARCHAR(200)", "faker_rule": "sentence"},
    {"data_type": "BOOLEAN", "probability": 0.2},
)


def wide(rows: int, folder: Path) -> Work:
    """Generate one table of 200 columns."""
    columns = [{"name": f"c{number}", **_RULES[number % len(_RULES)]} for number in range(_WIDE - 1)]
    table = {"name": "facts", "primary_key": ["id"], "columns": [{"name": "id", "data_type": "BIGINT"}, *columns]}
    facts = engine.Workbench(folder).create({"name": "wide", "tables": [table]})

    def work() -> Outcome:
        made = facts.generate(rows, seed=SEED, load=False)
        return Outcome(sum(made.row_counts.values()), {"peak MB": _peak_mb()})

    return work


def many_tables(rows: int, folder: Path) -> Work:
    """Create, generate and load 600 tables, each with a foreign key to the one before."""
    tables = [_small_table(number) for number in range(_TABLES)]
    bench = engine.Workbench(folder)

    def work() -> Outcome:
        many = bench.create({"name": "many", "tables": tables})
        made = many.generate(max(1, rows // _TABLES), seed=SEED, progress=lambda _progress: None)
        return Outcome(sum(made.row_counts.values()), {"peak MB": _peak_mb()})

    return work


def _small_table(number: int) -> dict[str, object]:
    columns: list[dict[str, object]] = [{"name": "id", "data_type": "BIGINT"}, {"name": "name", **_RULES[0]}]
    if number:
        key = {"references_table": f"t{number - 1}", "references_column": "id"}
        columns.append({"name": "before_id", "data_type": "BIGINT", "foreign_key": key})
    return {"name": f"t{number}", "primary_key": ["id"], "columns": columns}


def audit(rows: int, folder: Path) -> Work:
    """Audit the loaded customers."""
    people = _loaded(rows, folder)

    def work() -> Outcome:
        if not people.audit().passed:
            raise AssertionError("The audit of the customers failed.")
        return Outcome(rows, {"peak MB": _peak_mb()})

    return work


def profile(rows: int, folder: Path) -> Work:
    """Profile each column of the loaded customers, as the page does."""
    people = _loaded(rows, folder)

    def work() -> Outcome:
        if len(people.profile("customers").columns) != len(SCHEMA["tables"][0]["columns"]):
            raise AssertionError("A column has no profile.")
        return Outcome(rows, {"peak MB": _peak_mb()})

    return work


def _loaded(rows: int, folder: Path) -> engine.Experiment:
    code = (
        "import engine; from tests.benchmarks.customers import SCHEMA, SEED; "
        f"engine.Workbench({str(folder)!r}).create(SCHEMA)"
        f".generate({rows}, seed=SEED, progress=lambda _progress: None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    return engine.Workbench(folder)["people"]


def _peak_mb() -> float:
    return peak_mb(resource.getrusage(resource.RUSAGE_SELF))
