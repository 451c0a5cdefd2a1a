"""Scenarios in groups of rows and in composite keys: rows that leave their group, keys that are exchanged."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from engine.generation.preview import preview
from engine.schema.checks import check_schema
from engine.schema.models import ExperimentSchema

COUNTS = {"items": 50, "stores": 60, "sales": 1000, "returns": 100, "stock": 2000}


def _item(table: str = "items", column: str = "item") -> dict[str, Any]:
    return {
        "name": column,
        "data_type": "INTEGER",
        "foreign_key": {"references_table": table, "references_column": "id"},
    }


@pytest.fixture(scope="module")
def shop() -> ExperimentSchema:
    number = {"name": "id", "data_type": "INTEGER"}
    kind = {"name": "kind", "data_type": "VARCHAR(10)", "values": ["a", "b"]}
    chosen = {"item": {"scenario": "q"}}
    return ExperimentSchema.model_validate({
        "name": "shop",
        "tables": [
            {"name": "items", "primary_key": ["id"], "columns": [number, kind],
             "scenarios": [{"name": "q", "rows": 1, "values": {"kind": "a"}}]},
            {"name": "stores", "primary_key": ["id"], "columns": [number]},
            {"name": "sales", "primary_key": ["item", "ticket"], "columns": [
                {"name": "ticket", "data_type": "BIGINT", "groups": [1, 5]}, _item(),
                {"name": "day", "data_type": "DATE", "same_within": "ticket"},
             ], "scenarios": [{"name": "q", "rows": 3, "values": {**chosen, "day": "2020-01-01"}}]},
            {"name": "returns", "primary_key": ["item", "ticket"], "columns": [
                {"name": "ticket", "data_type": "BIGINT"}, {"name": "item", "data_type": "INTEGER"},
             ], "foreign_keys": [{"columns": ["item", "ticket"], "references_table": "sales",
                                  "references_columns": ["item", "ticket"]}],
             "scenarios": [{"name": "r", "rows": 2, "values": chosen}]},
            {"name": "stock", "primary_key": ["item", "store"], "columns": [_item(), _item("stores", "store")],
             "scenarios": [{"name": "s", "rows": 1, "values": {**chosen, "store": {"row": 7}}}]},
        ],
    })  # fmt: skip


def _rows(shop: ExperimentSchema, name: str, seed: int = 1, rows: int = 0) -> pl.DataFrame:
    counts = {**COUNTS, name: rows or COUNTS[name]}
    return preview(shop, shop.table(name), rows=counts[name], offset=0, seed=seed, counts=counts)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_row_that_a_scenario_sets_is_a_group_by_itself(shop: ExperimentSchema, seed: int) -> None:
    assert check_schema(shop) == []
    sales = _rows(shop, "sales", seed)
    alone = sales.filter(pl.col("ticket") > 10**12)
    assert alone.height == 3
    assert alone["item"].n_unique() == 1
    assert alone["day"].to_list() == [date(2020, 1, 1)] * 3
    assert sales.select("item", "ticket").is_unique().all()
    assert sales.group_by("ticket").agg(pl.col("day").n_unique())["day"].max() == 1


def test_more_rows_begin_with_the_same_groups(shop: ExperimentSchema) -> None:
    assert _rows(shop, "sales", rows=1100).head(1000).equals(_rows(shop, "sales"))


@pytest.mark.parametrize("seed", [1, 2])
def test_a_key_of_foreign_keys_goes_to_the_row_of_the_scenario(shop: ExperimentSchema, seed: int) -> None:
    returns, sales = _rows(shop, "returns", seed), _rows(shop, "sales", seed)
    assert returns.filter(pl.col("ticket") > 10**12).height == 2
    assert returns.select("item", "ticket").is_unique().all()
    assert returns.join(sales, on=["item", "ticket"], how="anti").is_empty()


def test_the_row_that_had_the_combination_takes_another(shop: ExperimentSchema) -> None:
    stock, items = _rows(shop, "stock"), _rows(shop, "items")
    asked = stock.filter(pl.col("store") == 8).join(items, left_on="item", right_on="id")
    assert stock.select("item", "store").is_unique().all()
    assert "a" in asked["kind"]


def test_a_part_of_such_a_key_is_refused(shop: ExperimentSchema) -> None:
    data = shop.model_dump(exclude_unset=True)
    stock = next(table for table in data["tables"] if table["name"] == "stock")
    stock["scenarios"] = [{"name": "s", "rows": 1, "values": {"store": {"row": 7}}}]
    (problem,) = check_schema(ExperimentSchema.model_validate(data))
    assert problem.message == "It chooses only a part of the key (item, store)."
    stock["scenarios"] = [{"name": "s", "share": 0.1, "values": {"item": {"row": 1}, "store": {"row": 7}}}]
    (problem,) = check_schema(ExperimentSchema.model_validate(data))
    assert problem.hint == 'Give it "rows", at most 1,000, in place of a share.'
