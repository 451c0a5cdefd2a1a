"""Values and keys of scenarios: placed together, at rows that depend on nothing but their number."""

import polars as pl
import pytest

from engine.errors import WorkbenchError
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of
from tests.engine.rules.scenarios.stores import shop, shop_schema


def joined(schema, rows: int = 5000, seed: int = 7) -> pl.DataFrame:
    orders = frame_of(schema, "orders", rows, seed=seed)
    customers = frame_of(schema, "customers", 200, seed=seed)
    return orders.join(customers, left_on="customer_id", right_on="id", suffix="_of", maintain_order="left")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_rows_of_a_scenario_and_of_their_parents_have_its_values(seed):
    found = joined(shop_schema(), seed=seed).with_columns(pl.col("paid_on").is_null().alias("unpaid"))
    late = found.filter((pl.col("status") == "open") & pl.col("unpaid") & (pl.col("country_of") == "US"))
    assert 65 <= len(late) <= 75
    assert late["customer_id"].value_counts()["count"].sort(descending=True).head(4).min() >= 16
    assert found["country"].equals(found["country_of"])


def test_a_number_of_rows_and_a_parent_by_its_number():
    schema = shop_schema()
    customer = frame_of(schema, "customers", 1, offset=7)["id"].item()
    leap = frame_of(schema, "orders", 5000).filter(pl.col("paid_on") == pl.date(2024, 2, 29))
    assert leap.filter(pl.col("customer_id") == customer).height == 5


def test_the_lines_of_a_scenarios_orders_have_its_values():
    schema = shop_schema()
    lines, orders = frame_of(schema, "lines", 12_000), frame_of(schema, "orders", 5000)
    late = orders.filter((pl.col("status") == "open") & (pl.col("country") == "US") & pl.col("paid_on").is_null())
    quantities = lines.join(late, left_on="order_id", right_on="id").group_by("order_id").agg(pl.col("qty").unique())
    assert quantities.filter(pl.col("qty") == [49]).height >= 60
    assert set(lines["qty"].unique()) > {1, 49, 50}


def test_rows_do_not_depend_on_how_many_are_made_or_where_they_begin():
    schema = shop_schema()
    whole = frame_of(schema, "orders", 1100)
    assert frame_of(schema, "orders", 1000).equals(whole.head(1000))
    for offset in (0, 1, 7, 513):
        assert frame_of(schema, "orders", 99, offset=offset).equals(whole.slice(offset, 99))
    assert frame_of(schema, "orders", 3, offset=10**9, orders=10**9 + 3).height == 3


def test_rows_of_no_scenario_are_those_without_scenarios():
    plain = shop_schema(customers__scenarios=[], orders__scenarios=[], lines__scenarios=[])
    before, after = (frame_of(one, "orders", 5000).drop("country") for one in (plain, shop_schema()))
    same = sum(first == second for first, second in zip(before.rows(), after.rows(), strict=True))
    assert 4900 <= same < 5000


def test_given_rows_stay():
    given = [[number + 1, "FR"] for number in range(30)]
    customers = frame_of(shop_schema(customers__rows=given), "customers", 200)
    assert customers["country"].head(30).unique().to_list() == ["FR"]
    assert set(customers["country"]) == {"DE", "FR", "US"}


def test_a_rollup_reads_placed_values():
    columns = [
        *shop()["tables"][1]["columns"],
        {"name": "total", "data_type": "INT", "rollup": {"of": "lines.order_id", "max": "qty"}},
    ]
    found = frame_of(shop_schema(orders__columns=columns), "orders", 1000)
    late = found.filter((pl.col("status") == "open") & (pl.col("country") == "US") & pl.col("paid_on").is_null())
    assert late.filter(pl.col("total") == 49).height >= 13


def test_a_key_of_several_columns_references_the_scenarios_row():
    line = {"references_table": "lines", "references_columns": ["order_id", "line_no"]}
    columns = [{"name": name, "data_type": "INT"} for name in ("order_id", "line_no", "refund")]
    columns[2]["min_value"] = 10**6
    returns = {
        "name": "returns",
        "columns": columns,
        "foreign_keys": [{"columns": ["order_id", "line_no"], **line}],
        "scenarios": [{"name": "late", "within": "line_no", "values": {"refund": 1234567}}],
    }
    schema = read_schema({**shop(), "tables": [*shop()["tables"], returns]})
    found = frame_of(schema, "returns", 1000)
    lines = frame_of(schema, "lines", 12_000)
    refunded = found.filter(pl.col("refund") == 1234567).join(lines, on=["order_id", "line_no"])
    assert refunded.height >= 5
    assert set(refunded["qty"]) == {49}


def test_a_table_without_a_row_of_the_parents_scenario_is_refused():
    schema = shop_schema()
    with pytest.raises(WorkbenchError, match="none of them is of row 7"):
        frame_of(schema, "orders", 10, customers=7)


def test_a_parents_scenario_must_meet_the_where_of_the_key():
    columns = shop()["tables"][1]["columns"]
    columns[1] = {**columns[1], "foreign_key": {**columns[1]["foreign_key"], "where": "country = 'DE'"}}
    with pytest.raises(WorkbenchError, match='No row of scenario "late" of customers meets'):
        frame_of(
            shop_schema(
                orders__columns=columns,
                orders__scenarios=[{"name": "late", "share": 0.1, "values": {"status": "open"}}],
            ),
            "orders",
            10,
        )


def test_batches_change_no_earlier_row():
    grown = {"customers__batches": [200], "orders__batches": [5000], "lines__scenarios": []}
    before = frame_of(shop_schema(**grown), "orders", 5000)
    later = shop_schema(**grown, customers__target_rows=300, orders__target_rows=6000)
    assert frame_of(later, "orders", 5000).equals(before)
