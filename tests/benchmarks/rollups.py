"""The roll-up job: orders whose total is the sum of their lines, to Parquet, and the same by Misata.

Two and a half lines an order. The total is exact DECIMAL here, a float there, rounded to cents.
"""

from __future__ import annotations

from pathlib import Path

import engine
from tests.benchmarks.jobs import Outcome, UnavailableError, Work

_SEED = 42
_LINES_PER_ORDER = 2.5
_TOTAL = {"name": "total", "data_type": "DECIMAL(12,2)", "rollup": {"of": "items.order_id", "sum": "amount"}}
_ORDER = {"references_table": "orders", "references_column": "id", "fan_out": [1, 4]}
SCHEMA = {
    "name": "sales",
    "tables": [
        {
            "name": "orders",
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "BIGINT"},
                {"name": "ordered_on", "data_type": "DATE", "date_start": "2023-01-01", "date_end": "2024-12-31"},
                _TOTAL,
            ],
        },
        {
            "name": "items",
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "BIGINT"},
                {"name": "order_id", "data_type": "BIGINT", "foreign_key": _ORDER},
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 500},
            ],
        },
    ],
}


def generate(rows: int, folder: Path) -> Work:
    """Generate through the notebook API; the rows are the lines."""
    sales = engine.Workbench(folder).create(SCHEMA)
    counts = {"orders": round(rows / _LINES_PER_ORDER), "items": rows}

    def work() -> Outcome:
        return Outcome(sales.generate(counts, seed=_SEED, load=False).row_counts["items"])

    return work


def misata(rows: int, folder: Path) -> Work:
    """Declare the same two tables and the roll-up for Misata, and write its frames by pandas."""
    try:
        import misata as peer
        from misata.schema import Column, Relationship, SchemaConfig, Table
    except ImportError:
        raise UnavailableError("It is not installed: pip install 'dw-simulator[bench]'.") from None
    orders = round(rows / _LINES_PER_ORDER)
    rollup = {"from_table": "items", "fk": "order_id", "agg": "sum", "column": "amount"}
    schema = SchemaConfig(
        name="sales",
        seed=_SEED,
        tables=[Table(name="orders", row_count=orders), Table(name="items", row_count=rows)],
        columns={
            "orders": [
                Column(name="id", type="int", unique=True, distribution_params={"min": 1, "max": orders}),
                Column(
                    name="ordered_on", type="date", distribution_params={"start": "2023-01-01", "end": "2024-12-31"}
                ),
                Column(name="total", type="float", distribution_params={"rollup": rollup}),
            ],
            "items": [
                Column(name="id", type="int", unique=True, distribution_params={"min": 1, "max": rows}),
                Column(name="order_id", type="foreign_key"),
                Column(
                    name="amount",
                    type="float",
                    distribution_params={"distribution": "uniform", "min": 1.0, "max": 500.0, "decimals": 2},
                ),
            ],
        },
        relationships=[Relationship(parent_table="orders", child_table="items", parent_key="id", child_key="order_id")],
    )

    def work() -> Outcome:
        tables = peer.generate_from_schema(schema)
        for name, frame in tables.items():
            frame.to_parquet(folder / f"{name}.parquet")
        return Outcome(len(tables["items"]))

    return work
