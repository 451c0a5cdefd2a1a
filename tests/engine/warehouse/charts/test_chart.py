import pytest

from engine.errors import WorkbenchError
from engine.warehouse.querying.page import Page


@pytest.fixture
def draw_chart(query):
    """Return the Vega-Lite specification of a query's chart, and its rows."""

    def draw(sql):
        spec = query(sql).chart().to_dict()
        (rows,) = spec["datasets"].values()
        return spec, rows

    return draw


@pytest.mark.parametrize(
    ("sql", "mark", "x", "y"),
    [
        ("select date '2024-01-01' + range::int as day, range as n from range(9)", "line", "temporal", "quantitative"),
        ("select 'a' as kind, 2.5::decimal(9,2) as n", "bar", "nominal", "quantitative"),
        ("select true as kind, 1 as n", "bar", "nominal", "quantitative"),
        ("select range * 1.5 as a, range * 2.0 as b from range(9)", "circle", "quantitative", "quantitative"),
        ("select range as a from range(9)", "bar", "quantitative", "quantitative"),
        ("select 'a' as kind", "bar", "nominal", "quantitative"),
        ("select timestamp '2024-01-01' as at", "bar", "temporal", "quantitative"),
    ],
)
def test_the_columns_determine_the_chart(draw_chart, sql, mark, x, y):
    spec, _ = draw_chart(sql)
    assert (spec["mark"]["type"], spec["encoding"]["x"]["type"], spec["encoding"]["y"]["type"]) == (mark, x, y)


def test_a_single_number_is_a_histogram(draw_chart):
    spec, rows = draw_chart("select range % 3 as a from range(9000)")
    assert (spec["encoding"]["x"]["bin"], spec["encoding"]["x"]["title"]) == ("binned", "a")
    assert rows == [{"x": number - 0.5, "x2": number + 0.5, "y": 3000} for number in range(3)]


def test_the_bins_of_a_histogram_have_round_edges(draw_chart):
    _, rows = draw_chart("select range / 7 as a from range(701)")
    assert [(row["x"], row["x2"]) for row in rows[:2]] == [(0, 5), (5, 10)]
    assert sum(row["y"] for row in rows) == 701


def test_a_category_alone_is_counted_the_most_frequent_first(draw_chart):
    _, rows = draw_chart("from (values ('a'), ('b'), ('b'), (null))")
    assert rows == [{"x": "b", "y": 2}, {"x": "a", "y": 1}]


def test_bars_keep_the_order_of_the_rows(draw_chart):
    spec, rows = draw_chart("from (values ('b', 1), ('a', 2)) t(k, n)")
    assert spec["encoding"]["x"]["sort"] is None
    assert [row["x"] for row in rows] == ["b", "a"]


def test_many_rows_are_capped_and_the_title_says_so(draw_chart):
    spec, rows = draw_chart("select range as a, 2 as b from range(7000)")
    assert len(rows) == 5000
    assert spec["title"]["subtitle"] == "the first 5,000 of 7,000 rows"


def test_of_many_bars_the_largest_are_drawn(draw_chart):
    spec, rows = draw_chart("select 'k' || range as k, range * 10 as n from range(70)")
    assert [row["y"] for row in rows] == list(range(690, 390, -10))
    assert spec["title"]["subtitle"] == "top 30 of 70 values"


def test_bars_of_long_names_are_horizontal(draw_chart):
    spec, rows = draw_chart("select 'a rather long name ' || range as k, range as n from range(10)")
    assert (spec["encoding"]["y"]["type"], spec["encoding"]["x"]["type"]) == ("nominal", "quantitative")
    assert len(rows) == 10


def test_of_many_lines_the_largest_are_drawn(draw_chart):
    sql = "select date '2024-01-01' + (range // 12)::int as d, 'k' || range % 12 as k, range % 12 as n from range(120)"
    spec, rows = draw_chart(sql)
    assert {row["c"] for row in rows} == {"k6", "k7", "k8", "k9", "k10", "k11"}
    assert spec["title"]["subtitle"] == "top 6 of 12 values of k"


def test_raw_rows_are_grouped_by_a_fitting_unit(draw_chart):
    at = "timestamp '2022-01-01' + interval (range * 919 % 1300 * 1207) minute"
    spec, rows = draw_chart(f"select {at} as at, 2 as n from range(1300)")
    assert spec["title"]["text"] == "sum of n by month of at"
    assert len(rows) == 36
    assert sum(row["y"] for row in rows) == 2600


def test_a_month_without_rows_has_a_count_of_0(draw_chart):
    sql = "select timestamp '2022-01-01' + interval (range * 20 + if(range < 500, 0, 8000)) hour as at from range(1300)"
    _, rows = draw_chart(sql)
    assert 0 in [row["y"] for row in rows]


def test_the_title_says_which_rows_of_a_longer_result_are_drawn(query):
    spec = query("select range % 5 as n from range(100)", page=Page(50)).chart().to_dict()
    assert spec["title"]["subtitle"] == "rows 1 to 50"


def test_empty_text_is_not_null(draw_chart):
    _, rows = draw_chart("from (values (null, 1), ('', 2)) t(k, n)")
    assert [row["x"] for row in rows] == ["(empty)"]


def test_a_single_row_of_numbers_has_a_bar_for_each(draw_chart):
    _, rows = draw_chart("select 1 as least, 2.5 as mean, 9 as greatest")
    assert rows == [{"x": "least", "y": 1}, {"x": "mean", "y": 2.5}, {"x": "greatest", "y": 9}]


def test_unusual_headers_are_titles_only(draw_chart):
    spec, rows = draw_chart("""select 'a' as "x.[y]:N", sum(1) as "sum('n')" """)
    assert rows == [{"x": "a", "y": 1}]
    assert (spec["encoding"]["x"]["title"], spec["encoding"]["y"]["title"]) == ("x.[y]:N", "sum('n')")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select 1 as a where false", "no rows"),
        ("select [1] as a, null as b, 'x'::blob as c", "can be charted"),
        ("select uuid() as u from range(9)", "can be charted"),
        ("select 'nan'::double as a from range(9)", '"a" has no finite numbers'),
        ("select 'inf'::double as a, 'nan'::double as b from range(9)", "has no finite numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(query, sql, message):
    with pytest.raises(WorkbenchError, match=message):
        query(sql).chart()


def test_a_category_of_few_values_gives_each_its_own_line(draw_chart):
    spec, rows = draw_chart(
        "select date '2024-01-01' + range::int as d, 'k' || range % 3 as kind, range as n from range(9)"
    )
    assert spec["encoding"]["color"]["title"] == "kind"
    assert {row["c"] for row in rows} == {"k0", "k1", "k2"}


def test_a_category_of_many_values_is_left_out(draw_chart):
    spec, _ = draw_chart("select date '2024-01-01' + range::int as d, 'k' || range as kind, range as n from range(20)")
    assert "color" not in spec["encoding"]
