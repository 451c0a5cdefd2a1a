"""One number of rows for all tables together."""

import pytest

from engine import import_sql
from engine.errors import GenerationError
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema

SHOP = import_sql(
    "create table region (region_id int primary key, name varchar(20));"
    "create table customers (customer_id int primary key, region_id int references region(region_id));"
    "create table orders (order_id bigint primary key, customer_id int references customers(customer_id));"
    "create table order_items (order_id bigint references orders(order_id), line_no int,"
    " primary key (order_id, line_no));"
    "create table clicks (click_id bigint primary key, customer_id int references customers, at timestamp);",
    name="shop",
    dialect="redshift",
).schema


@pytest.mark.parametrize("total", [1000, 123_457, 1_000_000, 10_000_000_000])
def test_the_tables_have_the_total_and_keep_their_proportions(total: int):
    counts = row_counts(SHOP, None, total_rows=total)

    assert sum(counts.values()) == pytest.approx(total, rel=0.01)
    assert counts["region"] == 5
    assert counts["order_items"] == pytest.approx(4 * counts["orders"], rel=0.05)
    assert counts["orders"] == pytest.approx(5 * counts["customers"], rel=0.1)


def test_named_tables_keep_their_number():
    counts = row_counts(SHOP, {"customers": 100, "region": 3}, total_rows=50_000)

    assert (counts["customers"], counts["region"]) == (100, 3)
    assert sum(counts.values()) == pytest.approx(50_000, rel=0.01)


def test_declared_counts_give_the_proportions():
    schema = read_schema(
        {
            "name": "two",
            "tables": [
                {"name": "a", "target_rows": 10, "columns": [{"name": "n", "data_type": "INT"}]},
                {"name": "b", "target_rows": 30, "columns": [{"name": "n", "data_type": "INT"}]},
            ],
        }
    )

    assert row_counts(schema, None, total_rows=4000) == {"a": 1000, "b": 3000}


def test_a_table_that_is_full_leaves_the_rest_to_others():
    columns = [{"name": "n", "data_type": "INT", "is_unique": True, "min_value": 1, "max_value": 50}]
    schema = read_schema(
        {
            "name": "two",
            "tables": [
                {"name": "a", "target_rows": 50, "columns": columns},
                {"name": "b", "target_rows": 50, "columns": [{"name": "n", "data_type": "INT"}]},
            ],
        }
    )

    assert row_counts(schema, None, total_rows=1000) == {"a": 50, "b": 950}
    only = read_schema({"name": "one", "tables": [{"name": "a", "columns": columns}]})
    with pytest.raises(GenerationError, match="no more than 50 rows in all"):
        row_counts(only, None, total_rows=1000)


def test_too_few_rows_are_refused_with_the_tables_that_keep_theirs():
    with pytest.raises(GenerationError, match="region keep their rows"):
        row_counts(SHOP, None, total_rows=4)


@pytest.mark.parametrize("total", [0, -1, True, 10**13])
def test_a_total_that_is_no_number_of_rows_is_refused(total: int):
    with pytest.raises(GenerationError, match="not a number of rows in all"):
        row_counts(SHOP, None, total_rows=total)


def test_a_number_for_every_table_contradicts_a_total():
    with pytest.raises(GenerationError, match="contradict"):
        row_counts(SHOP, 10, total_rows=1000)
