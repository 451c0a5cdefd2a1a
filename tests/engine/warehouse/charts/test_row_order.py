import pytest

from engine.warehouse.charts.row_order import is_ordered

YEARS = "(values (2019, 5), (2021, 9), (2020, 7)) t(year, n)"


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 order by 1",
        "select 1 ORDER\nBY 1 limit 3",
        "select (select 1 order by 1) order by 1",
        "select ')' order by 1",
    ],
)
def test_a_query_with_order_by_is_ordered(sql):
    assert is_ordered(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "select * from (select 1 order by 1)",
        "select rank() over (order by a) from t",
        "select 'order by' -- order by\n, \"order by\" /* order by 1 */",
    ],
)
def test_other_order_by_do_not_order_it(sql):
    assert not is_ordered(sql)


def drawn(chart):
    spec = chart.to_dict()
    (rows,) = spec["datasets"].values()
    return spec, rows


def test_bars_follow_order_by(query):
    _, rows = drawn(query(f"select year, n from {YEARS} order by n desc").chart(mark="bar"))
    assert [row["x"] for row in rows] == ["2021", "2020", "2019"]
    _, rows = drawn(query(f"select year, n from {YEARS}").chart(mark="bar"))
    assert [row["x"] for row in rows] == ["2019", "2020", "2021"]


def test_counted_bars_follow_order_by(query):
    sql = "select k from (values ('b'), ('c'), ('b'), ('a'), ('a'), ('b')) t(k) order by k"
    assert [row["x"] for row in drawn(query(sql).chart())[1]] == ["a", "b", "c"]


def test_many_bars_are_the_first_in_order(query):
    result = query("select 'k' || range as k, range as n from range(44) order by n")
    spec, rows = drawn(result.chart(mark="bar", x="k", y="n"))
    assert spec["title"]["subtitle"] == "first 30 of 44 values"
    assert [row["x"] for row in rows[:2]] == ["k0", "k1"]


@pytest.mark.parametrize(
    ("x", "told"),
    [
        ("case when range < 3 then null else date '2024-01-01' + interval (range) month end::date as month", "month"),
        ("case when range < 3 then null else 'k' || range % 2 end as kind", "kind"),
        ("case when range < 3 then null else range * 1.5 end as price", "price"),
    ],
)
def test_rows_without_x_are_told_and_not_drawn(query, x, told):
    spec, rows = drawn(query(f"select {x}, range * 2.5 as amount from range(12)").chart())
    assert spec["title"]["subtitle"] == f"3 rows without {told} not drawn"
    assert all(row["x"] is not None for row in rows)


def test_units_without_rows_are_gaps_in_sums_and_zeros_in_counts(query):
    sql = (
        "select unnest([date '2019-03-01', date '2021-05-01', date '2021-06-01']) as day, unnest([5.5, 7, 8]) as amount"
    )
    spec, rows = drawn(query(sql).chart(unit="year", y="amount", aggregate="sum", mark="line"))
    assert [row["y"] for row in rows] == [5.5, None, 15]
    assert spec["mark"]["point"] is True
    _, rows = drawn(query(sql).chart(unit="year", aggregate="count", mark="line"))
    assert [row["y"] for row in rows] == [1, 0, 2]
