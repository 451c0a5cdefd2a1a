"""Whole schemas on every engine, in two cuts: `python -m tests.engine.scale.whole_schemas [local ray spark]`.

The e-commerce and software schemas, and TPC-H at scale 1, are exported by this process, and by each engine with two
workers in files of other sizes and with another codec. The hashes of the rows of each table, added up without regard
to their order, must be the same.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

import engine

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ("schemas/ecommerce.json", "schemas/saas.json", "tests/benchmarks/tpch.json")
ENGINES = ("local", "ray", "spark")
SEED = 11


def row_hashes(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the rows of each table and the sum of their hashes."""
    found = {}
    for table in sorted({path.parent for path in folder.glob("*/*/part-*.parquet")}):
        rows = total = 0
        for path in table.glob("part-*.parquet"):
            frame = pl.read_parquet(path)
            rows += frame.height
            total += int(frame.hash_rows(SEED).cast(pl.Int128).sum())
        found[table.relative_to(folder).as_posix()] = rows, total
    return found


def compare(schema: Path, engines: list[str], folder: Path) -> bool:
    """Export a schema on each engine and print whether the rows are those of this process."""
    is_equal = True
    with engine.Workbench(folder / "home") as workbench:
        made = workbench.create(schema)
        wanted = _exported(made, folder / "alone", None, rows_per_file=1_000_000, codec="snappy")
        for on in engines:
            for cut, codec in ((300_000, "snappy"), (170_001, "zstd")):
                start = time.perf_counter()
                found = _exported(made, folder / "other", on, rows_per_file=cut, codec=codec)
                differing = [name for name in wanted if found.get(name) != wanted[name]]
                is_equal &= not differing and found.keys() == wanted.keys()
                rows = sum(count for count, _ in found.values())
                print(
                    f"{made.name}, {on}, files of {cut:,} rows, {codec}: {rows:,} rows of {len(found)} tables,"
                    f" {', '.join(differing) or 'none'} differing, {time.perf_counter() - start:.1f} s",
                    flush=True,
                )
    return is_equal


def _exported(
    made: engine.Experiment, to: Path, on: str | None, *, rows_per_file: int, codec: str
) -> dict[str, tuple[int, int]]:
    workers = None if on is None else 2
    made.export(to, on=on, workers=workers, seed=SEED, rows_per_file=rows_per_file, codec=codec)
    try:
        return row_hashes(to)
    finally:
        shutil.rmtree(to)


def main(engines: list[str]) -> int:
    """Compare all schemas; return 1 where any row differs."""
    results = []
    for schema in SCHEMAS:
        with tempfile.TemporaryDirectory(prefix="whole-schemas-", ignore_cleanup_errors=True) as folder:
            results.append(compare(ROOT / schema, engines or list(ENGINES), Path(folder)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
