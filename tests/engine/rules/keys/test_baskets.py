"""Composite keys with a fan-out: different partners on the lines of a parent, popular ones more often."""

import numpy as np
import polars as pl
import pytest

from engine.errors import RuleError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.generation.writer import plan_run
from engine.schema.files import read_schema

IDENTITY = {"name": "id", "data_type": "INT", "is_unique": True}


def to(table, name, **options):
    return {
        "name": name,
        "data_type": "INT",
        "foreign_key": {"references_table": table, "references_column": "id", **options},
    }


def zipf(s):
    return {"type": "zipf", "parameters": {"s": s}}


def basket(*others, fan_out=(1, 9), products=20):
    """The schema of orders, products and items, whose key is the order with the columns `others`."""
    columns = [to("orders", "order_id", fan_out=list(fan_out)), *others]
    return read_schema(
        {
            "name": "shop",
            "tables": [
                {"name": "orders", "target_rows": 100, "columns": [IDENTITY]},
                {"name": "products", "target_rows": products, "columns": [IDENTITY]},
                {"name": "items", "primary_key": [column["name"] for column in columns], "columns": columns},
            ],
        }
    )


def items(schema, *, seed=3, offset=0, rows=None, **counts):
    resolved = row_counts(schema, counts)
    table = schema.table("items")
    rows = resolved["items"] if rows is None else rows
    return preview(schema, table, rows=rows, offset=offset, seed=seed, counts=resolved)


@pytest.mark.parametrize(
    "popularity",
    [
        None,
        zipf(1.1),
        zipf(3),
        {"type": "beta", "parameters": {"alpha": 2, "beta": 5}},
        {"type": "geometric", "parameters": {"p": 0.02}},
    ],
)
@pytest.mark.parametrize(("orders", "products", "fan_out"), [(0, 20, (1, 9)), (1, 9, (9, 9)), (700, 12, (0, 12)),
                                                             (500, 90_000, (1, 40))])  # fmt: skip
def test_the_partners_of_a_parent_are_different(popularity, orders, products, fan_out):
    options = {} if popularity is None else {"distribution": popularity}
    schema = basket(to("products", "product_id", **options), fan_out=fan_out, products=products)
    found = items(schema, orders=orders)
    assert found.n_unique() == len(found)
    assert found["product_id"].is_between(1, products).all()
    numbers = found.group_by("order_id").len()["len"]
    if orders >= 500:
        assert (numbers.min(), numbers.max()) == (max(fan_out[0], 1), fan_out[1])
        assert numbers.mean() == pytest.approx(sum(fan_out) / 2, rel=0.1)


def test_popular_partners_come_as_often_as_different_partners_can():
    found = items(basket(to("products", "product_id", distribution=zipf(1.1))), orders=20_000)
    shares = found["product_id"].value_counts(sort=True)["count"] / len(found)
    assert len(found) == 100_000
    # In a basket of n lines: n times the share in the zipf law, at most 1, the rest spread over the others.
    weights = np.arange(1, 21) ** -1.1
    expected = sum(_inclusions(weights, number) for number in range(1, 10)) / 45
    assert shares.to_list() == pytest.approx(expected.tolist(), rel=0.09)
    alone = found.filter(pl.len().over("order_id") == 1)["product_id"].value_counts(sort=True)["count"]
    assert alone[0] / alone.sum() == pytest.approx(1 / (weights / weights[0]).sum(), rel=0.08)


def _inclusions(weights, number):
    shares = np.zeros(len(weights))
    for sure in range(number + 1):
        shares[:sure] = 1
        shares[sure:] = (number - sure) * weights[sure:] / weights[sure:].sum()
        if shares.max() <= 1:
            break
    return shares


def test_any_two_partners_can_come_together_and_lines_are_not_of_one_kind():
    found = items(basket(to("products", "product_id", distribution=zipf(1.1))), orders=20_000)
    pairs = found.join(found, on="order_id").filter(pl.col("product_id") < pl.col("product_id_right"))
    assert pairs.select("product_id", "product_id_right").n_unique() == 20 * 19 // 2
    first = found.group_by("order_id", maintain_order=True).first()
    assert first["product_id"].n_unique() == 20
    baskets = found.sort("product_id").group_by("order_id").agg("product_id")
    assert baskets.filter(pl.col("product_id").list.len() == 5)["product_id"].n_unique() > 500


def test_without_a_popularity_all_partners_are_equally_likely():
    found = items(basket(to("products", "product_id"), products=50), orders=20_000)
    counts = found["product_id"].value_counts()["count"]
    assert counts.min() > 1_850
    assert counts.max() < 2_150


def test_previews_and_chunks_equal_the_whole():
    schema = basket(to("products", "product_id", distribution=zipf(1.1)), products=3_000)
    whole = items(schema)
    assert whole[213:220].equals(items(schema, offset=213, rows=7))
    plan = plan_run(schema, 3, row_counts(schema, None))[2]
    chunks = [plan.frame(first, min(91, 500 - first)).collect() for first in range(0, 500, 91)]
    assert pl.concat(chunks).equals(whole)


@pytest.mark.parametrize("rows", [100, 500, 620, 900])
def test_more_or_fewer_rows_than_the_fan_out_gives_stay_different(rows):
    found = items(basket(to("products", "product_id", distribution=zipf(1.1))), items=rows)
    assert len(found) == found.n_unique() == rows


def test_a_column_without_bounds_counts_the_lines_and_leaves_the_others_free():
    line = {"name": "line", "data_type": "INT"}
    found = items(basket(line))
    lines = found.group_by("order_id").agg(pl.col("line").min().alias("first"), pl.col("line").max(), pl.len())
    assert (lines["first"] == 1).all()
    assert (lines["line"] == lines["len"]).all()
    assert found.n_unique() == len(found)
    three = items(basket(to("products", "product_id", distribution=zipf(1.1)), line), orders=5_000)
    assert three.select("order_id", "line").n_unique() == len(three)
    share = three["product_id"].value_counts(sort=True)["count"][0] / len(three)
    assert share == pytest.approx(0.313, rel=0.05)


@pytest.mark.parametrize(
    "column",
    [
        {"name": "slot", "data_type": "INT", "min_value": 1, "max_value": 9},
        {"name": "slot", "data_type": "VARCHAR(2)", "values": list("abcdefghi")},
        {"name": "slot", "data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-01-30"},
    ],
)
def test_a_bounded_column_takes_different_values_in_a_parent(column):
    found = items(basket(column), orders=300)
    assert found.n_unique() == len(found) == 1_500
    assert found["slot"].n_unique() in (9, 30)


def test_several_small_columns_differ_together():
    size = {"name": "size", "data_type": "VARCHAR(2)", "values": ["S", "M", "L"]}
    found = items(basket(to("products", "product_id"), size, products=3), orders=400)
    assert found.n_unique() == len(found) == 2_000
    assert found.group_by("order_id").agg(pl.col("product_id").n_unique())["product_id"].max() == 3
    popular = items(basket(to("products", "product_id", distribution=zipf(1.1)), size), orders=400)
    assert popular.select("order_id", "product_id").n_unique() == len(popular)
    assert popular["size"].n_unique() == 3


def test_a_weighted_list_keeps_its_shares_where_the_key_does_not_need_it():
    state = {"name": "state", "data_type": "VARCHAR(4)", "values": ["new", "old"], "weights": [9, 1]}
    found = items(basket(to("products", "product_id"), state), orders=2_000)
    assert (found["state"] == "new").mean() == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize(
    ("others", "options", "message"),
    [
        ([to("products", "product_id")], {"products": 8},
         r"items\.order_id: A parent can have 9 rows with different \(order_id, product_id\), and only 8 "
         r"are possible\. Lower the maximum of fan_out"),
        ([to("products", "product_id", distribution=zipf(1))], {"products": 8}, r"and only 0 are possible\. Lower"),
        ([to("products", "product_id", distribution=zipf(60))], {},
         r"items\.product_id: zipf leaves fewer than 9 of 20 parents"),
        ([to("products", "product_id", distribution=zipf(1))], {"products": 5_000, "fan_out": (1, 1_001)},
         r"allows at most 1,000 rows per parent, not 1,001"),
        ([to("products", "product_id", fan_out=[1, 90])], {}, r"items\.product_id: Only one column of the key"),
        ([{"name": "total", "data_type": "INT", "expression": "order_id * 2"}], {}, r"only 0 are possible"),
    ],
)  # fmt: skip
def test_too_few_different_partners_are_refused(others, options, message):
    with pytest.raises(RuleError, match=message):
        items(basket(*others, **options))


def test_a_seed_gives_the_same_basket_on_every_machine():
    found = items(basket(to("products", "product_id", distribution=zipf(1.1)), products=100_000), rows=9)
    assert found["product_id"].to_list() == [70718, 98289, 27905, 52057, 41244, 41926, 41244, 66013, 97305]
