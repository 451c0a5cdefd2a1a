import polars as pl
import pytest

from engine.errors import RuleError
from engine.generation.requested_counts import row_counts
from engine.rules.keys.fan_out import natural_rows
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of


def orders_with(fan_out, *, target_rows=None):
    lines = {
        "name": "lines",
        "composite_keys": [["order_id", "line"]],
        "columns": [
            {
                "name": "order_id",
                "data_type": "INT",
                "foreign_key": {"references_table": "orders", "references_column": "id", "fan_out": fan_out},
            },
            {"name": "line", "data_type": "INT", "line_number_of": "order_id"},
        ],
    }
    if target_rows is not None:
        lines["target_rows"] = target_rows
    orders = {
        "name": "orders",
        "columns": [{"name": "id", "data_type": "INT", "is_unique": True, "min_value": 1, "max_value": 1_000_000}],
    }
    return read_schema({"name": "lab", "tables": [orders, lines]})


def lines_of(schema, orders, rows=None, *, first=0, seed=7):
    given = {"orders": orders} if rows is None else {"orders": orders, "lines": rows}
    total = row_counts(schema, given)["lines"]
    return frame_of(schema, "lines", total - first, offset=first, seed=seed, **given)


@pytest.mark.parametrize("fan_out", [[1, 7], [0, 3], [2, 2], [1, 1], [0, 1], [3, 400]])
@pytest.mark.parametrize("orders", [1, 5, 63, 64, 1000])
def test_every_parent_has_its_fan_out(fan_out, orders):
    schema = orders_with(fan_out)
    lines = lines_of(schema, orders)
    assert lines.n_unique() == lines.height
    sizes = lines.group_by("order_id").agg(pl.len().alias("n"), pl.col("line").max().alias("last"))
    assert (sizes["n"] == sizes["last"]).all()
    if lines.height:
        assert sizes["n"].max() <= fan_out[1]
        assert sizes["n"].min() >= max(fan_out[0], 1)
    if fan_out[0] > 0:
        assert sizes.height == orders


def test_every_number_of_lines_is_equally_frequent():
    sizes = lines_of(orders_with([1, 7]), 7_000).group_by("order_id").len()["len"].value_counts()["count"]
    assert len(sizes) == 7
    assert sizes.min() > 980 and sizes.max() < 1_020


def test_rows_follow_from_the_parents():
    schema = orders_with([1, 7])
    assert row_counts(schema, {"orders": 700}) == {"orders": 700, "lines": 2_800}
    assert natural_rows(250_000, (1, 7)) == pytest.approx(1_000_000, abs=30)


def test_fewer_rows_leave_later_parents_without():
    schema = orders_with([1, 7])
    few = lines_of(schema, 700, 100)
    assert few.height == 100
    assert few.equals(lines_of(schema, 700).head(100))


def test_more_rows_fill_the_parents_up_to_the_max():
    full = lines_of(orders_with([1, 3]), 100, 300)
    assert full.group_by("order_id").len()["len"].unique().to_list() == [3]
    assert full.n_unique() == 300
    assert full.head(150).equals(lines_of(orders_with([1, 3]), 100, 150))


def test_more_rows_than_the_fan_out_holds():
    with pytest.raises(RuleError, match=r"lines\.order_id: 301 rows are more than 100 parents .* can hold: 300\."):
        lines_of(orders_with([1, 3]), 100, 301)


def test_any_row_at_once():
    schema = orders_with([1, 7])
    assert lines_of(schema, 5_000, first=19_000).equals(lines_of(schema, 5_000)[19_000:])


def test_seeds_give_other_shuffles():
    schema = orders_with([1, 7])
    assert not lines_of(schema, 500, seed=1).equals(lines_of(schema, 500, seed=2))


def test_target_rows_of_the_schema_are_used():
    assert row_counts(orders_with([1, 7], target_rows=11), {"orders": 9})["lines"] == 11


def test_a_cycle_of_fan_outs_is_reported():
    def table(name, parent):
        key = {"references_table": parent, "references_column": "id", "fan_out": [1, 2]}
        columns = [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "ref", "data_type": "INT", "foreign_key": key},
        ]
        return {"name": name, "columns": columns}

    schema = read_schema({"name": "lab", "tables": [table("a", "b"), table("b", "a")]})
    with pytest.raises(RuleError, match="Fan-outs form a cycle: a -> b -> a"):
        row_counts(schema, None)
