"""Digests of what the samples generate; `python -m tests.engine.generation.digests` prints them.

A digest covers every value of every table in the order of the rows, through a text form that depends neither on
Polars' own hash nor on how a value is stored.
"""

import hashlib
import json
import sys
from pathlib import Path

import polars as pl

from engine.generation.requested_counts import row_counts
from engine.generation.writer import plan_run
from engine.schema.files import read_schema

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"
ROWS = 3_000


def digests(sample: str, chunk_rows: int = ROWS) -> dict[str, str]:
    """Return the digest of each table of a sample at its first rows, made in chunks of `chunk_rows`."""
    schema = read_schema(SCHEMAS / f"{sample}.json")
    counts = row_counts(schema, None)
    return {plan.table.key: _digest(plan, chunk_rows) for plan in plan_run(schema, 42, counts)}


def _digest(plan, chunk_rows: int) -> str:
    digest = hashlib.sha256()
    for first in range(0, min(plan.rows, ROWS), chunk_rows):
        rows = min(chunk_rows, plan.rows - first, ROWS - first)
        frame = plan.frame(first, rows).collect(engine="streaming")
        texts = frame.select(pl.all().cast(pl.String).fill_null("\0"))
        for row in texts.iter_rows():
            digest.update("\1".join(row).encode() + b"\2")
    return digest.hexdigest()[:16]


if __name__ == "__main__":
    json.dump({sample: digests(sample, int(sys.argv[1])) for sample in ("ecommerce", "saas")}, sys.stdout)
