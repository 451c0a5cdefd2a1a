import pytest

from engine.errors import WorkbenchError
from engine.warehouse.querying.page import Page


@pytest.fixture
def drawn(ask):
    """Return the Vega-Lite description of a query's chart, and the rows in it."""

    def draw(sql):
        spec = ask(sql).chart().to_dict()
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
def test_the_columns_choose_the_chart(drawn, sql, mark, x, y):
    spec, _ = drawn(sql)
    assert (spec["mark"]["type"], spec["encoding"]["x"]["type"], spec["encoding"]["y"]["type"]) == (mark, x, y)


def test_a_single_number_is_a_histogram(drawn):
    spec, rows = drawn("select range % 3 as a from range(9000)")
    assert (spec["encoding"]["x"]["bin"], spec["encoding"]["x"]["title"]) == ("binned", "a")
    assert rows == [{"x": number - 0.5, "x2": number + 0.5, "y": 3000} for number in range(3)]


def test_the_bins_of_a_histogram_have_round_ends(drawn):
    _, rows = drawn("select range / 7 as a from range(701)")
    assert [(row["x"], row["x2"]) for row in rows[:2]] == [(0, 5), (5, 10)]
    assert sum(row["y"] for row in rows) == 701


def test_a_category_alone_is_counted_the_most_frequent_first(drawn):
    _, rows = drawn("from (values ('a'), ('b'), ('b'), (null))")
    assert rows == [{"x": "b", "y": 2}, {"x": "a", "y": 1}, {"x": None, "y": 1}]


def test_bars_keep_the_order_of_the_rows(drawn):
    spec, rows = drawn("from (values ('b', 1), ('a', 2)) t(k, n)")
    assert spec["encoding"]["x"]["sort"] is None
    assert [row["x"] for row in rows] == ["b", "a"]


def test_many_rows_are_capped_and_the_title_says_so(drawn):
    spec, rows = drawn("select range as a, 2 as b from range(7000)")
    assert len(rows) == 5000
    assert spec["title"]["subtitle"] == "the first 5,000 of 7,000 rows"


def test_of_many_bars_the_greatest_are_drawn(drawn):
    spec, rows = drawn("select 'k' || range as k, range * 10 as n from range(70)")
    assert [row["y"] for row in rows] == list(range(690, 390, -10))
    assert spec["title"]["subtitle"] == "the 30 greatest of 70 values"


def test_bars_of_long_names_lie(drawn):
    spec, rows = drawn("select 'a rather long name ' || range as k, range as n from range(10)")
    assert (spec["encoding"]["y"]["type"], spec["encoding"]["x"]["type"]) == ("nominal", "quantitative")
    assert len(rows) == 10


def test_of_many_lines_the_greatest_are_drawn(drawn):
    sql = "select date '2024-01-01' + (range // 12)::int as d, 'k' || range % 12 as k, range % 12 as n from range(120)"
    spec, rows = drawn(sql)
    assert {row["c"] for row in rows} == {"k6", "k7", "k8", "k9", "k10", "k11"}
    assert spec["title"]["subtitle"] == "the 6 greatest of 12 values of k"


def test_raw_rows_are_put_together_by_a_unit_that_fits(drawn):
    at = "timestamp '2022-01-01' + interval (range * 919 % 1300 * 1207) minute"
    spec, rows = drawn(f"select {at} as at, 2 as n from range(1300)")
    assert spec["title"]["text"] == "sum of n by month of at"
    assert len(rows) == 36
    assert sum(row["y"] for row in rows) == 2600


def test_a_month_without_rows_has_none_and_no_line_across(drawn):
    sql = "select timestamp '2022-01-01' + interval (range * 20 + if(range < 500, 0, 8000)) hour as at from range(1300)"
    _, rows = drawn(sql)
    assert 0 in [row["y"] for row in rows]


def test_the_title_says_which_rows_of_a_longer_result_are_drawn(ask):
    spec = ask("select range % 5 as n from range(100)", page=Page(50)).chart().to_dict()
    assert spec["title"]["subtitle"] == "rows 1 to 50"


def test_empty_text_is_not_taken_for_null(drawn):
    _, rows = drawn("from (values (null, 1), ('', 2)) t(k, n)")
    assert [row["x"] for row in rows] == [None, "(empty)"]


def test_a_single_row_of_figures_has_a_bar_for_each(drawn):
    _, rows = drawn("select 1 as least, 2.5 as mean, 9 as greatest")
    assert rows == [{"x": "least", "y": 1}, {"x": "mean", "y": 2.5}, {"x": "greatest", "y": 9}]


def test_odd_headers_are_titles_only(drawn):
    spec, rows = drawn("""select 'a' as "x.[y]:N", sum(1) as "sum('n')" """)
    assert rows == [{"x": "a", "y": 1}]
    assert (spec["encoding"]["x"]["title"], spec["encoding"]["y"]["title"]) == ("x.[y]:N", "sum('n')")


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("select 1 as a where false", "no rows"),
        ("select [1] as a, null as b, 'x'::blob as c", "can be drawn"),
        ("select uuid() as u from range(9)", "can be drawn"),
        ("select 'nan'::double as a from range(9)", 'no number of "a" is finite'),
        ("select 'inf'::double as a, 'nan'::double as b from range(9)", "is finite"),
    ],
)
def test_what_cannot_be_drawn_is_told(ask, sql, message):
    with pytest.raises(WorkbenchError, match=message):
        ask(sql).chart()


def test_a_category_of_few_values_gives_each_its_own_line(drawn):
    spec, rows = drawn("select date '2024-01-01' + range::int as d, 'k' || range % 3 as kind, range as n from range(9)")
    assert spec["encoding"]["color"]["title"] == "kind"
    assert {row["c"] for row in rows} == {"k0", "k1", "k2"}


def test_a_category_of_many_values_is_left_out(drawn):
    spec, _ = drawn("select date '2024-01-01' + range::int as d, 'k' || range as kind, range as n from range(20)")
    assert "color" not in spec["encoding"]
