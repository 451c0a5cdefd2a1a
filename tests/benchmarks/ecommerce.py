"""The e-commerce job: what a user waits for between a schema file and the first answer."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import engine
from tests.benchmarks.jobs import Outcome, Work

_SCHEMA = Path(__file__).parents[2] / "schemas" / "ecommerce.json"
_FIXED = 100
"""Tables of at most so many rows are lists, such as categories, and do not grow."""
_QUERY = """
SELECT state, count(*) AS orders, sum(quantity * unit_price) AS revenue
FROM order_items JOIN orders USING (order_id) JOIN customers USING (customer_id)
GROUP BY state ORDER BY revenue DESC
"""


def first_answer(rows: int, folder: Path) -> Work:
    """Create the experiment, generate, load, and answer a query that joins three tables."""

    def work() -> Outcome:
        moments = [time.perf_counter()]
        shop = engine.Workbench(folder).create(_SCHEMA)
        moments.append(time.perf_counter())
        run = shop.generate(_scaled(shop.schema, rows), seed=42, load=False)
        moments.append(time.perf_counter())
        shop.load(run.id)
        moments.append(time.perf_counter())
        shop.query(_QUERY)
        moments.append(time.perf_counter())
        spans = [end - start for start, end in pairwise(moments)]
        parts = dict(zip(("create", "generate", "load", "query"), spans, strict=True))
        return Outcome(sum(run.row_counts.values()), parts)

    return work


def _scaled(schema: engine.ExperimentSchema, rows: int) -> dict[str, int]:
    counts = {table.key: table.target_rows or 0 for table in schema.tables}
    growing = sum(count for count in counts.values() if count > _FIXED)
    fixed = sum(counts.values()) - growing
    return {key: count if count <= _FIXED else round(count * (rows - fixed) / growing) for key, count in counts.items()}
