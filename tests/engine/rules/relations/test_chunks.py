"""All that a row can say about others in one schema: the same values in any chunks, on one thread and on two."""

import hashlib
import os
import subprocess
import sys

import polars as pl

from engine.generation.requested_counts import row_counts
from engine.generation.writer import plan_run
from tests.engine.rules.relations.shops import bank, key_to, read, rollup
from tests.engine.rules.relations.test_events import logged

ZIPF = {"type": "zipf", "parameters": {"s": 1.1}}
MONTHS = {f"2024-{month:02}": 1000 * month for month in range(1, 13)}


def every_relation():
    """Roll-ups over three kinds of keys, shares, running totals, series, correlations, a life cycle and outcomes."""
    moves = [
        {"name": "read_at", "data_type": "TIMESTAMP",
         "every": {"within": "account_id", "start": "2024-01-01", "interval": "15 minutes"}},
        {"name": "level", "data_type": "DOUBLE", "series": {"within": "account_id", "level": 9, "walk": 2}},
        {"name": "noise", "data_type": "DOUBLE",
         "series": {"within": "account_id", "level": 9, "ar": {"coefficient": 0.9, "stddev": 2}}},
        {"name": "mood", "data_type": "INT", "min_value": 0, "max_value": 900, "follows": {"account_id.mood": 0.7}},
        {"name": "prior", "data_type": "DECIMAL(9,2)", "required": False, "expression": "account_id.previous.amount"},
    ]  # fmt: skip
    accounts, own = bank(*moves, accounts=900)["tables"]
    accounts["latents"] = ["mood"]
    log = logged(rows=1500, more=[rollup("steps", "INT", of="events.order_id", count=True)])["tables"]
    visits = [
        {"name": "account_id", "data_type": "INT", "foreign_key": key_to("accounts", counted=True)},
        {"name": "order_id", "data_type": "BIGINT", "foreign_key": key_to("orders", counted=True, distribution=ZIPF)},
        {"name": "day", "data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-12-31"},
        {"name": "paid", "data_type": "DECIMAL(9,2)", "min_value": 1, "max_value": 50},
    ]
    outcomes = [{"per": "month", "of": "day", "sum": "paid", "targets": MONTHS}]
    accounts["columns"].append(rollup("visits", "INT", of="visits.account_id", count=True))
    log[0]["columns"].append(rollup("paid", of="visits.order_id", sum="paid"))
    seen = {"name": "visits", "target_rows": 2600, "columns": visits, "outcomes": outcomes}
    return {"name": "relations", "tables": [accounts, own, *log, seen]}


def digest(chunk_rows):
    """One digest of every value of every table, made in chunks."""
    schema, found = read(every_relation()), hashlib.sha256()
    for plan in plan_run(schema, 42, row_counts(schema, None)):
        for first in range(0, plan.rows, chunk_rows):
            frame = plan.frame(first, min(chunk_rows, plan.rows - first)).collect(engine="streaming")
            for row in frame.select(pl.all().cast(pl.String).fill_null("\0")).iter_rows():
                found.update("\1".join(row).encode() + b"\2")
    return found.hexdigest()


def test_chunks_and_threads_change_no_value():
    expected = digest(250_000)
    for threads in ("1", "2"):
        command = [sys.executable, "-W", "ignore", "-m", __name__, "1000"]
        environment = {**os.environ, "POLARS_MAX_THREADS": threads}
        answer = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == expected


if __name__ == "__main__":
    print(digest(int(sys.argv[1])))
