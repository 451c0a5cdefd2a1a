"""Roll-ups are what grouping the other table's rows gives, at any row, and refuse what they cannot promise."""

from decimal import Decimal

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.rules.relations import child_plan
from tests.engine.rules.relations.shops import grouped, read, rollup, rows_of, shop

EVERY = [
    rollup("total", sum="amount"),
    rollup("back", sum="amount", where="is_back"),
    rollup("n", "INT", count=True),
    rollup("n_back", "DECIMAL(6,0)", count=True, where="is_back and kind <> 'a'"),
    rollup("low", "DECIMAL(9,3)", min="amount", required=False),
    rollup("high", "DECIMAL(8,2)", max="amount", required=False),
    rollup("heaviest", "DOUBLE", max="weight", required=False),
    rollup("first_day", "DATE", min="day", required=False),
    rollup("last_kind", "VARCHAR(9)", max="kind", required=False),
    rollup("kinds", "SMALLINT", count_distinct="kind"),
    rollup("weights", "INT", count_distinct="weight"),
    rollup("some_back", "BOOLEAN", any="is_back"),
    rollup("all_heavy", "BOOLEAN", all="weight > 30"),
]
AGGREGATES = {
    "total": pl.col("amount").sum(),
    "back": pl.col("amount").filter("is_back").sum(),
    "n": pl.len(),
    "n_back": (pl.col("is_back") & (pl.col("kind") != "a")).sum(),
    "low": pl.col("amount").min(),
    "high": pl.col("amount").max(),
    "heaviest": pl.col("weight").max(),
    "first_day": pl.col("day").min(),
    "last_kind": pl.col("kind").max(),
    "kinds": pl.col("kind").n_unique(),
    "weights": pl.col("weight").drop_nulls().n_unique(),
    "some_back": pl.col("is_back").any(),
    "all_heavy": (pl.col("weight") > 30).fill_null(False).all(),
}
EMPTY = {"total": 0, "back": 0, "n": 0, "n_back": 0, "kinds": 0, "weights": 0, "some_back": False, "all_heavy": True}
KEYS = {
    "natural": {},
    "ended early": {"items_rows": 700},
    "filled up": {"items_rows": 1500},
    "filtered parents": {"where": "id > 200"},
    "null keys": {"null_fraction": 0.3},
    "weights": {"fan_out_weights": {"0": 0.2, "1": 0.5, "3": 0.2, "30": 0.1}},
    "counted": {"counted": True, "items_rows": 1500},
    "counted, popular": {
        "counted": True,
        "items_rows": 1500,
        "distribution": {"type": "zipf", "parameters": {"s": 1.2}},
    },
    "counted, null keys": {"counted": True, "items_rows": 1500, "null_fraction": 0.3},
    "counted, filtered parents": {"counted": True, "items_rows": 1500, "where": "id > 200"},
}


def shop_with(key, columns=EVERY):
    options = {name: value for name, value in key.items() if name != "items_rows"}
    if not options.keys() & {"counted", "fan_out_weights"}:
        options["fan_out"] = [0, 4]
    data = shop(*columns, **options)
    data["tables"][2]["columns"][1]["required"] = "null_fraction" not in key
    if "items_rows" in key:
        data["tables"][2]["target_rows"] = key["items_rows"]
    return read(data)


@pytest.mark.parametrize("key", [pytest.param(key, id=name) for name, key in KEYS.items()])
def test_a_roll_up_is_what_grouping_gives(key):
    schema = shop_with(key)
    found = grouped(schema, *(value.alias(f"{name}_") for name, value in AGGREGATES.items()))
    assert found["n"].sum() > 200
    assert (found["n"] == 0).any()
    for name in AGGREGATES:
        expected = found[f"{name}_"]
        if name in EMPTY:
            expected = expected.fill_null(EMPTY[name])
        assert found[name].to_list() == expected.cast(found[name].dtype).to_list(), name


def test_an_average_is_rounded_half_away_from_zero():
    columns = [
        rollup("exact", "DECIMAL(12,5)", avg="amount", required=False),
        rollup("whole", "INT", avg="amount", required=False),
    ]
    found = grouped(read(shop(*columns)), pl.col("amount").sum().alias("sum"), pl.len().alias("n"))
    for exact, whole, total, count in found.select("exact", "whole", "sum", "n").iter_rows():
        if count is None:
            assert (exact, whole) == (None, None)
            continue
        for value, places in ((exact, 5), (Decimal(whole), 0)):
            scaled = abs(total) * 10**places * 2 + count
            size = int(scaled // (2 * count))
            assert value == (size if total >= 0 else -size) / Decimal(10**places)


def test_rows_far_away_and_chunks_are_equal():
    schema = read(shop(*EVERY, orders=2_000_000_000))
    far = rows_of(schema, "orders", first=10**9, rows=40)
    parts = [rows_of(schema, "orders", first=10**9 + start, rows=8) for start in range(0, 40, 8)]
    assert far.equals(pl.concat(parts))
    assert far["n"].sum() > 0


@pytest.mark.parametrize("piece", [9, 40])
def test_children_are_made_in_pieces(piece, monkeypatch):
    schema = read(shop(*EVERY, fan_out=[0, 9]))
    expected = rows_of(schema, "orders")
    monkeypatch.setattr(child_plan, "PIECE_ROWS", piece)
    assert rows_of(schema, "orders").equals(expected)


def test_a_chain_adds_up():
    data = shop(rollup("total", sum="amount"))
    data["tables"][0]["columns"] += [
        rollup("value", of="orders.customer_id", sum="total"),
        rollup("big", "BOOLEAN", of="orders.customer_id", any="total > 900"),
        {"name": "mean", "data_type": "DOUBLE", "expression": "value / 2"},
    ]
    schema = read(data)
    orders = (
        rows_of(schema, "orders")
        .group_by("customer_id")
        .agg(pl.col("total").sum(), (pl.col("total") > 900).any().alias("is_big"))
    )
    found = rows_of(schema, "customers").join(orders, left_on="id", right_on="customer_id", how="left")
    assert found["value"].to_list() == found["total"].fill_null(0).to_list()
    assert found["big"].to_list() == found["is_big"].fill_null(False).to_list()
    assert found["mean"].to_list() == [float(value) / 2 for value in found["value"]]


def test_a_child_reads_its_parents_roll_up_and_is_rolled_up_itself():
    share = {"share": {"data_type": "DECIMAL(9,4)", "expression": "amount / greatest(abs(order_id.total), 1)"}}
    schema = read(
        shop(
            rollup("total", sum="amount"), rollup("top_share", "DECIMAL(9,4)", max="share", required=False), items=share
        )
    )
    totals = dict(rows_of(schema, "orders").select("id", "total").iter_rows())
    items = rows_of(schema, "items")
    for key, amount, found in items.select("order_id", "amount", "share").iter_rows():
        assert abs(float(found) - float(amount) / max(abs(float(totals[key])), 1)) <= 0.00005001
    tops = dict(items.group_by("order_id").agg(pl.col("share").max()).iter_rows())
    assert rows_of(schema, "orders").select("id", "top_share").rows() == [(key, tops.get(key)) for key in totals]


@pytest.mark.parametrize("data_type", ["DECIMAL(38,2)", "BIGINT", "DECIMAL(18,6)"])
def test_wide_numbers_add_up_exactly(data_type):
    high = {"DECIMAL(38,2)": 10**35, "BIGINT": 2**62, "DECIMAL(18,6)": 10**11}[data_type]
    amount = {"amount": {"data_type": data_type, "min_value": high // 3, "max_value": high}}
    total = {"DECIMAL(38,2)": data_type, "BIGINT": "DECIMAL(38,0)", "DECIMAL(18,6)": "DECIMAL(38,6)"}[data_type]
    schema = read(shop(rollup("total", total, sum="amount"), items=amount))
    sums: dict[int, int] = {}
    for key, value in rows_of(schema, "items").select("order_id", "amount").iter_rows():
        sums[key] = sums.get(key, 0) + digits(value)
    for key, total in rows_of(schema, "orders").select("id", "total").iter_rows():
        assert digits(total) == sums.get(key, 0)


def digits(value):
    return int(str(value).replace(".", ""))


def refused(*columns, change=lambda data: None, **rest):
    data = shop(*columns, **rest)
    change(data)
    with pytest.raises(SchemaError) as error:
        read(data)
    return error.value.problems


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (rollup(sum="amount", count=True), "rollup has sum and count."),
        (rollup(), "rollup has no aggregate."),
        (rollup(of="item.order_id", sum="amount"), 'there is no table "item"'),
        (rollup(of="items.kind", sum="amount"), "which is no foreign key to orders"),
        (rollup(of="items.order", sum="amount"), 'of names "order"'),
        (rollup(sum="amounts"), 'sum names "amounts"'),
        (rollup(sum="weight"), "items.weight is DOUBLE"),
        (rollup(sum="kind"), "items.kind is VARCHAR(9)"),
        (rollup("total", "DOUBLE", sum="amount"), "sum is an exact number, and the type is DOUBLE"),
        (rollup("total", "DECIMAL(14,1)", sum="amount"), "has 2 decimal places"),
        (rollup("total", "DECIMAL(5,2)", sum="amount"), "sum can be 2,000.00, which does not fit DECIMAL(5,2)"),
        (rollup("n", "BOOLEAN", count=True), "count is a whole number"),
        (rollup("n", "INT", any="is_back"), "any is true or false"),
        (rollup("day", "TIMESTAMP", max="day", required=False), "max of items.day is DATE"),
        (rollup("kind", "VARCHAR(5)", max="kind", required=False), "can be longer"),
        (rollup("low", min="amount"), "min of no rows is NULL, the column is required"),
        (rollup(sum="amount", where="is_bak"), 'There is no column "is_bak" in items'),
        (rollup("some_back", "BOOLEAN", any="amount +"), "Syntax error"),
        ({**rollup(sum="amount"), "default_value": 1}, "default_value cannot be combined with rollup"),
        ({**rollup(sum="amount"), "min_value": 1}, "min_value cannot be combined with rollup"),
        ({**rollup(sum="amount"), "is_unique": True}, "rollup cannot make unique values"),
        ({**rollup(sum="amount"), "expression": "1"}, "cannot be combined"),
    ],
)
def test_what_contradicts_itself_is_refused(column, message):
    problems = refused(column)
    assert any(message in str(problem) for problem in problems), problems
    assert all(problem.where == f"orders.{column['name']}" for problem in problems)


def test_min_of_a_parent_that_always_has_rows_need_not_be_nullable():
    schema = read(shop(rollup("low", min="amount"), fan_out=[1, 4]))
    assert rows_of(schema, "orders")["low"].null_count() == 0


def test_a_random_key_is_refused_with_what_to_do():
    (problem,) = refused(rollup(sum="amount"), distribution={"type": "zipf", "parameters": {"s": 1.1}})
    assert problem.where == "orders.total"
    assert "items.order_id" in problem.message
    assert "fan_out" in problem.hint and "counted" in problem.hint


def test_a_circle_is_named():
    share = {"amount": {"data_type": "DECIMAL(9,2)", "expression": "order_id.total * 0.1"}}
    problems = refused(rollup("total", sum="amount"), items=share)
    assert "orders.total -> items.amount -> orders.total" in problems[0].message


def test_a_circle_through_a_condition_is_named():
    flag = {"is_back": {"data_type": "BOOLEAN", "expression": "order_id.n > 3"}}
    problems = refused(rollup("n", "INT", count=True, where="is_back"), items=flag)
    assert "orders.n -> items.is_back -> orders.n" in problems[0].message


def test_a_total_too_large_for_its_type_fails_with_its_column():
    amount = {"amount": {"data_type": "DECIMAL(8,2)", "expression": "900.00 + length(kind)"}}
    schema = read(shop(rollup("total", "DECIMAL(5,2)", sum="amount"), items=amount))
    with pytest.raises(RuleError, match=r"orders\.total: sum does not fit"):
        rows_of(schema, "orders")


def test_a_failure_of_a_child_names_the_child():
    amount = {"amount": {"data_type": "DECIMAL(8,2)", "expression": "1 / (id - 3000)"}}
    schema = read(shop(rollup(sum="amount"), items=amount, orders=2000))
    with pytest.raises(RuleError, match=r"items\.amount: .*divides by zero"):
        rows_of(schema, "orders")


def test_rows_that_are_only_counted_are_not_made():
    data = shop(rollup("lines", "BIGINT", count=True), orders=3, counted=True)
    data["tables"][2]["target_rows"] = 10**12
    assert rows_of(read(data), "orders")["lines"].sum() == 10**12
