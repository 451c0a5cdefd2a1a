"""A shop with orders and their items, whose roll-ups are tried, and the same numbers by grouping the items."""

from __future__ import annotations

from typing import Any

import polars as pl

from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema


def key_to(table: str, **options: Any) -> dict[str, Any]:
    return {"references_table": table, "references_column": "id", **options}


def shop(
    *columns: dict[str, Any], orders: int = 500, items: dict[str, Any] | None = None, **key: Any
) -> dict[str, Any]:
    """The document of a shop; `columns` are added to orders, `items` to the columns of the same name of items."""
    own = {
        "id": {"data_type": "BIGINT", "is_unique": True},
        "order_id": {"data_type": "INT", "foreign_key": key_to("orders", **(key or {"fan_out": [0, 4]}))},
        "kind": {"data_type": "VARCHAR(9)", "values": ["a", "b", "c"]},
        "day": {"data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-12-31"},
        "is_back": {"data_type": "BOOLEAN", "probability": 0.3},
        "weight": {"data_type": "DOUBLE", "required": False, "null_fraction": 0.4},
        "amount": {"data_type": "DECIMAL(8,2)", "min_value": -50, "max_value": 500},
        **(items or {}),
    }
    return {
        "name": "shop",
        "tables": [
            {
                "name": "customers",
                "target_rows": orders // 10 + 10,
                "columns": [{"name": "id", "data_type": "INT", "is_unique": True}],
            },
            {
                "name": "orders",
                "target_rows": orders,
                "columns": [
                    {"name": "id", "data_type": "INT", "is_unique": True},
                    {"name": "customer_id", "data_type": "INT", "foreign_key": key_to("customers", fan_out=[0, 20])},
                    *columns,
                ],
            },
            {"name": "items", "columns": [{"name": name, **column} for name, column in own.items()]},
        ],
    }


def rollup(name: str = "total", data_type: str = "DECIMAL(14,2)", *, of: str = "items.order_id", **rest: Any) -> dict:
    required = {"required": rest.pop("required")} if "required" in rest else {}
    return {"name": name, "data_type": data_type, **required, "rollup": {"of": of, **rest}}


def read(data: dict[str, Any]) -> ExperimentSchema:
    return read_schema(data, also=check_rules)


def rows_of(schema: ExperimentSchema, table: str, *, first: int = 0, rows: int | None = None) -> pl.DataFrame:
    counts = row_counts(schema, {})
    rows = counts[table] if rows is None else rows
    return preview(schema, schema.table(table), rows=rows, offset=first, seed=7, counts=counts)


def grouped(schema: ExperimentSchema, *aggregates: pl.Expr) -> pl.DataFrame:
    """The orders with aggregates of their items, by a join."""
    items = rows_of(schema, "items").group_by("order_id").agg(aggregates)
    return rows_of(schema, "orders").join(items, left_on="id", right_on="order_id", how="left", maintain_order="left")


def bank(*columns: dict[str, Any], accounts: int = 300, moves: int | None = None, **key: Any) -> dict[str, Any]:
    """The document of accounts and their movements, with shares of a fee and a balance; moves get `columns` too."""
    own = [
        {"name": "id", "data_type": "BIGINT", "is_unique": True},
        {"name": "account_id", "data_type": "INT", "foreign_key": key_to("accounts", **(key or {"fan_out": [0, 6]}))},
        {"name": "line_no", "data_type": "INT", "line_number_of": "account_id"},
        {"name": "amount", "data_type": "DECIMAL(9,2)", "min_value": -100, "max_value": 100},
        {"name": "size", "data_type": "INT", "values": [0, 1, 2, 5]},
        {"name": "part", "data_type": "DECIMAL(9,2)", "split_of": "account_id.fee"},
        {"name": "sized", "data_type": "DECIMAL(9,3)", "split_of": "account_id.fee", "split_weight": "size"},
        {
            "name": "balance",
            "data_type": "DECIMAL(12,2)",
            "running": {"sum": "amount", "within": "account_id", "start": "account_id.opening"},
        },
        *columns,
    ]
    return {
        "name": "bank",
        "tables": [
            {
                "name": "accounts",
                "target_rows": accounts,
                "columns": [
                    {"name": "id", "data_type": "INT", "is_unique": True},
                    {"name": "opening", "data_type": "DECIMAL(9,2)", "min_value": -100, "max_value": 1000},
                    {"name": "fee", "data_type": "DECIMAL(9,2)", "min_value": -5, "max_value": 90},
                    rollup("closing", of="moves.account_id", sum="amount"),
                ],
            },
            {"name": "moves", **({"target_rows": moves} if moves else {}), "columns": own},
        ],
    }
