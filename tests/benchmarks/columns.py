"""Where the time of a table goes: seconds to make and to write each column alone, on one thread.

`python -m tests.benchmarks.columns [customers|lineitem] [--rows N]`. A column alone makes what it shares with others
anew, so that the columns together take longer than the table.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from time import process_time

os.environ["POLARS_MAX_THREADS"] = "1"

from rich.console import Console
from rich.table import Table

from engine.generation.batches import MAX_BATCH, set_batches
from engine.generation.writer import FileWriter, plan_run, write_frame
from engine.schema.files import read_schema
from tests.benchmarks.customers import SCHEMA, SEED

_TIMES = 3
_TPCH = Path(__file__).with_name("tpch.json")
_SOURCES: dict[str, tuple[object, str]] = {"customers": (SCHEMA, "customers"), "lineitem": (_TPCH, "lineitem")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.columns", description=__doc__)
    parser.add_argument("table", nargs="?", default="customers", choices=_SOURCES)
    parser.add_argument("--rows", type=int, default=1_000_000)
    arguments = parser.parse_args()
    table = Table("column", "make", "write", "bytes per row", title=f"{arguments.table}, {arguments.rows:,} rows")
    for name, make, write, size in measure(arguments.table, arguments.rows):
        table.add_row(name, f"{make:.3f} s", f"{write:.3f} s", f"{size / arguments.rows:.1f}")
    Console().print(table)


def measure(name: str, rows: int) -> list[tuple[str, float, float, int]]:
    """Return the name, the CPU seconds to make and to write, and the bytes of each column, and of all together."""
    source, key = _SOURCES[name]
    schema = read_schema(source)
    counts = {table.key: table.target_rows or rows for table in schema.tables} | {key: rows}
    (plan,) = [plan for plan in plan_run(schema, SEED, counts) if plan.table.key == key]
    set_batches(MAX_BATCH)
    made_outputs = FileWriter(plan).outputs
    found = []
    for label, outputs in [*((each.meta.output_name(), [each]) for each in made_outputs), ("all", made_outputs)]:
        frame = plan.compiler.frame(0, rows, outputs)
        made = frame.collect(engine="streaming")
        make = _least(lambda frame=frame: frame.collect(engine="streaming"))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "part.parquet")
            write = _least(lambda made=made, path=path: write_frame(made.lazy(), path, nullcontext()))
            found.append((label, make, write, path.stat().st_size))
    return found


def _least(work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(_TIMES):
        start = process_time()
        work()
        seconds.append(process_time() - start)
    return min(seconds)


if __name__ == "__main__":
    main()
