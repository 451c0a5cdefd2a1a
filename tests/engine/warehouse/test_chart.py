import pytest

from engine.errors import WorkbenchError


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
        ("select range as a, range * 2.0 as b from range(9)", "circle", "quantitative", "quantitative"),
        ("select range as a from range(9)", "bar", "quantitative", "quantitative"),
        ("select 'a' as kind", "bar", "nominal", "quantitative"),
        ("select timestamp '2024-01-01' as at", "bar", "temporal", "quantitative"),
    ],
)
def test_the_columns_choose_the_chart(drawn, sql, mark, x, y):
    spec, _ = drawn(sql)
    assert (spec["mark"]["type"], spec["encoding"]["x"]["type"], spec["encoding"]["y"]["type"]) == (mark, x, y)


def test_a_single_number_is_a_histogram(drawn):
    spec, rows = drawn("select range as a from range(9)")
    assert spec["encoding"]["x"]["bin"] == {"maxbins": 40}
    assert spec["encoding"]["x"]["title"] == "a"
    assert len(rows) == 9


def test_a_category_alone_is_counted_the_most_frequent_first(drawn):
    _, rows = drawn("from (values ('a'), ('b'), ('b'), (null))")
    assert rows == [{"x": "b", "y": 2}, {"x": "a", "y": 1}, {"x": None, "y": 1}]


def test_bars_keep_the_order_of_the_rows(drawn):
    spec, rows = drawn("from (values ('b', 1), ('a', 2)) t(k, n)")
    assert spec["encoding"]["x"]["sort"] is None
    assert [row["x"] for row in rows] == ["b", "a"]


@pytest.mark.parametrize("sql", ["select range as a, 2 as b from range(7000)", "select range from range(7000)"])
def test_many_rows_are_capped_and_the_title_says_so(drawn, sql):
    spec, rows = drawn(sql)
    assert len(rows) == 5000
    assert spec["title"]["subtitle"] == "the first 5,000 of 7,000 rows"


def test_many_bars_are_capped(drawn):
    spec, rows = drawn("select 'k' || range as k, range as n from range(70)")
    assert len(rows) == 50
    assert spec["title"]["subtitle"] == "the first 50 of 70 bars"


def test_odd_headers_are_titles_only(drawn):
    spec, rows = drawn("""select 'a' as "x.[y]:N", sum(1) as "sum('n')" """)
    assert rows == [{"x": "a", "y": 1}]
    assert (spec["encoding"]["x"]["title"], spec["encoding"]["y"]["title"]) == ("x.[y]:N", "sum('n')")


@pytest.mark.parametrize(
    ("sql", "message"),
    [("select 1 as a where false", "no rows"), ("select [1] as a, null as b, 'x'::blob as c", "can be drawn")],
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
