"""Keys counted by DuckDB after a load. `KEY_ROWS=10000000 python -m pytest <this file>` proves it at that size."""

import os

import pytest

import engine

ROWS = int(os.environ.get("KEY_ROWS", 200_000))
UNIQUE = {"is_unique": True}


def to(table, column):
    return {"foreign_key": {"references_table": table, "references_column": column}}


SCHEMA = {
    "name": "keys",
    "tables": [
        {
            "name": "items",
            "target_rows": ROWS,
            "primary_key": ["id"],
            "columns": [
                {"name": "id", "data_type": "BIGINT", **UNIQUE},
                {"name": "code", "data_type": "BIGINT", "min_value": -(10**17), "max_value": 10**17, **UNIQUE},
                {"name": "email", "data_type": "VARCHAR(60)", "faker_rule": "email", **UNIQUE},
                {"name": "name", "data_type": "VARCHAR(24)", **UNIQUE},
                {"name": "number", "data_type": "VARCHAR(20)", "pattern": "??-########", **UNIQUE},
                {"name": "seen_at", "data_type": "TIMESTAMP", **UNIQUE},
            ],
        },
        {
            "name": "places",
            "target_rows": 5000,
            "columns": [{"name": "id", "data_type": "INT", **UNIQUE}],
        },
        {
            "name": "stock",
            "target_rows": ROWS,
            "composite_keys": [["item_id", "place_id"]],
            "columns": [
                {"name": "item_id", "data_type": "BIGINT", **to("items", "id")},
                {"name": "place_id", "data_type": "INT", **to("places", "id")},
                {"name": "email", "data_type": "VARCHAR(60)", **to("items", "email")},
            ],
        },
    ],
}


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    experiment = engine.Workbench(tmp_path_factory.mktemp("home")).create(SCHEMA)
    experiment.generate(seed=5)
    return experiment


def query(experiment, sql):
    return experiment.query(sql).records()[0]


@pytest.mark.parametrize("column", ["id", "code", "email", "name", "number", "seen_at"])
def test_unique_columns_never_repeat(keys, column):
    assert query(keys, f'select count(distinct "{column}"), count("{column}") from items') == (ROWS, ROWS)


def test_composite_keys_never_repeat(keys):
    assert query(keys, "select count(*) from (select distinct item_id, place_id from stock)") == (ROWS,)


@pytest.mark.parametrize(
    ("column", "parent"), [("item_id", "items.id"), ("place_id", "places.id"), ("email", "items.email")]
)
def test_every_reference_finds_its_parent(keys, column, parent):
    table, key = parent.split(".")
    sql = f'select count(*) from stock where "{column}" is null or "{column}" not in (select "{key}" from {table})'
    assert query(keys, sql) == (0,)
