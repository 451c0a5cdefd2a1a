"""The customers job as the workbench does it, and its lower bound: writing the same ready-made frame.

The balance is DECIMAL(9,2): money, as a warehouse keeps it. All contenders write that type.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import engine
from engine.generation.writer import plan_run, write_frame
from engine.schema.files import read_schema
from tests.benchmarks.jobs import Outcome, Work

SCHEMA = {
    "name": "people",
    "tables": [
        {
            "name": "customers",
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "BIGINT"},
                {"name": "first_name", "data_type": "VARCHAR(40)", "faker_rule": "first_name"},
                {"name": "last_name", "data_type": "VARCHAR(40)", "faker_rule": "last_name"},
                {"name": "email", "data_type": "VARCHAR(80)", "faker_rule": "email"},
                {"name": "city", "data_type": "VARCHAR(60)", "faker_rule": "city"},
                {"name": "signup_date", "data_type": "DATE", "date_start": "2020-01-01", "date_end": "2024-12-31"},
                {
                    "name": "balance",
                    "data_type": "DECIMAL(9,2)",
                    "distribution": {"type": "normal", "parameters": {"mean": 1000, "stddev": 250}},
                },
            ],
        }
    ],
}
SEED = 42


def generate(rows: int, folder: Path) -> Work:
    """Generate through the notebook API, as any user does."""
    people = engine.Workbench(folder).create(SCHEMA)

    def work() -> Outcome:
        return Outcome(sum(people.generate(rows, seed=SEED, load=False).row_counts.values()))

    return work


def write_only(rows: int, folder: Path) -> Work:
    """Write the frame that `generate` makes, held in memory, in the same files."""
    chunk_rows = engine.Settings(folder).chunk_rows
    plan = plan_run(read_schema(SCHEMA), SEED, {"customers": rows})[0]
    chunks = [
        plan.frame(first, min(chunk_rows, rows - first)).collect(engine="streaming")
        for first in range(0, rows, chunk_rows)
    ]

    def work() -> Outcome:
        for number, chunk in enumerate(chunks):
            write_frame(chunk.lazy(), folder / f"part-{number:05d}.parquet", nullcontext())
        return Outcome(sum(chunk.height for chunk in chunks))

    return work
