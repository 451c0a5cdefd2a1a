import pytest

from engine.errors import WorkbenchError

SALES = "select * from (values ('a', 'x', 1), ('a', 'y', 2), ('b', 'x', 5), ('a', 'x', 3)) t(shop, kind, n)"


@pytest.fixture
def draw_chart(query):
    def draw(sql, **choice):
        spec = query(sql).chart(**choice).to_dict()
        (rows,) = spec["datasets"].values()
        return spec, rows

    return draw


def test_an_aggregate_combines_all_rows(draw_chart):
    spec, rows = draw_chart(SALES, x="shop", y="n", aggregate="sum")

    assert rows == [{"x": "a", "y": 6.0}, {"x": "b", "y": 5.0}]
    assert spec["mark"]["type"] == "bar"
    assert spec["encoding"]["y"]["title"] == "sum of n"


def test_a_colour_keeps_its_values_apart(draw_chart):
    spec, rows = draw_chart(SALES, x="shop", y="n", color="kind", aggregate="max", mark="point")

    assert rows == [{"x": "a", "c": "x", "y": 3.0}, {"x": "a", "c": "y", "y": 2.0}, {"x": "b", "c": "x", "y": 5.0}]
    assert spec["mark"]["type"] == "circle"
    assert spec["encoding"]["color"]["title"] == "kind"


def test_without_a_y_column_rows_are_counted(draw_chart):
    _, rows = draw_chart("select unnest(['a', 'b', 'a']) as shop", x="shop")

    assert rows == [{"x": "a", "y": 2}, {"x": "b", "y": 1}]


def test_rows_are_drawn_unaggregated_on_request(draw_chart):
    _, rows = draw_chart(SALES, x="shop", y="n", aggregate="none")

    assert [row["y"] for row in rows] == [1.0, 2.0, 5.0, 3.0]


def test_rows_of_one_x_are_aggregated_by_default(draw_chart):
    spec, rows = draw_chart(SALES, x="shop", y="n")

    assert rows == [{"x": "a", "y": 6.0}, {"x": "b", "y": 5.0}]
    assert spec["title"]["text"] == "sum of n by shop"


def test_bars_of_means_are_grouped_and_not_stacked(draw_chart):
    spec, _ = draw_chart(SALES, x="shop", y="n", color="kind", aggregate="mean")

    assert spec["encoding"]["xOffset"]["field"] == "c"
    assert spec["encoding"]["y"]["stack"] is False


def test_times_are_grouped_by_the_requested_unit(draw_chart):
    sql = "select date '2024-01-01' + range::int as day, 1 as n from range(366)"

    _, rows = draw_chart(sql, unit="quarter")

    assert [row["y"] for row in rows] == [91.0, 91.0, 92.0, 92.0]


def test_time_is_drawn_in_its_order_as_a_line(draw_chart):
    sql = "select * from (values (date '2024-02-01', 1), (date '2024-01-01', 2)) t(day, n)"

    spec, rows = draw_chart(sql, y="n")

    assert [row["y"] for row in rows] == [2.0, 1.0]
    assert (spec["mark"]["type"], spec["encoding"]["x"]["type"]) == ("line", "temporal")


def test_unusual_values_are_drawn_as_text(draw_chart):
    _, rows = draw_chart("select [1, 2] as l, 3 as n", x="l", y="n")

    assert rows[0]["y"] == 3.0
    assert "1" in rows[0]["x"]


def test_many_points_are_truncated_and_the_title_says_so(draw_chart):
    spec, rows = draw_chart("select range as n, range as m from range(6000)", x="n", y="m", mark="area")

    assert len(rows) == 5000
    assert spec["title"]["subtitle"] == "the first 5,000 of 6,000 points"


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"x": "no"}, 'There is no column "no"'),
        ({"unit": "fortnight"}, 'Unknown unit of time "fortnight"'),
        ({"mark": "pie"}, 'Unknown mark "pie"'),
        ({"aggregate": "mode"}, 'Unknown aggregate "mode"'),
        ({"y": "shop", "aggregate": "sum"}, '"shop" is not numeric'),
    ],
)
def test_unknown_names_are_refused(query, choice, message):
    with pytest.raises(WorkbenchError, match=message):
        query(SALES).chart(**choice)


def test_no_rows_cannot_be_drawn(query):
    with pytest.raises(WorkbenchError, match="no rows"):
        query("select 1 as n where false").chart(x="n")
