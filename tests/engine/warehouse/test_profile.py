import pytest


@pytest.fixture
def column(ask):
    """Return the profile of the one column of a query."""

    def profiled(sql):
        (only,) = ask(sql).profile().columns
        return only

    return profiled


def test_a_number_has_its_figures_and_equal_bins(column):
    found = column("select range * 2 as n from range(1200)")

    assert (found.name, found.shape, found.rows, found.nulls) == ("n", "number", 1200, 0)
    assert (found.least, found.greatest, found.mean) == ("0", "2398", 1199.0)
    assert abs(found.distinct - 1200) < 120
    assert len(found.bars) == 24
    assert {count for _, count in found.bars} <= {49, 50, 51}
    assert sum(count for _, count in found.bars) == 1200


def test_few_whole_numbers_have_a_bar_each(column):
    found = column("select unnest([3, 1, 1, 5]) as n")

    assert found.bars == (("1", 2), ("2", 0), ("3", 1), ("4", 0), ("5", 1))


def test_one_value_is_one_bar(column):
    assert column("select 2.5::double as n from range(4)").bars == (("2.5", 4),)


def test_nulls_are_a_share_and_not_a_value(column):
    found = column("select case when range % 4 = 0 then null else 'a' end as t from range(8)")

    assert (found.nulls, found.null_fraction, found.distinct) == (2, 0.25, 1)
    assert found.bars == (("a", 6),)


def test_a_moment_is_shown_as_one(column):
    found = column("select date '2024-01-01' + range::int as day from range(48)")

    assert (found.shape, found.least, found.greatest) == ("moment", "2024-01-01", "2024-02-17")
    assert found.bars[0] == ("2024-01-01 00:00", 2)
    assert sum(count for _, count in found.bars) == 48


def test_a_category_has_its_top_values_and_a_key_has_none(column):
    assert column("select unnest(['b', 'a', 'b']) as t").bars == (("b", 2), ("a", 1))
    assert column("select range::varchar as t from range(100)").bars == ()


def test_infinite_numbers_are_in_no_bin(column):
    found = column("select unnest(['inf'::double, 'nan'::double, 1.0, 1.0]) as n")

    assert found.bars == (("1", 2),)


def test_no_rows_and_no_values_have_a_profile(ask):
    empty, nothing = ask("select 1 as n where false").profile(), ask("select null::int as n").profile()

    assert (empty.rows, empty.columns[0].null_fraction, empty.columns[0].bars) == (0, 0.0, ())
    assert (nothing.columns[0].null_fraction, nothing.columns[0].least) == (1.0, None)


def test_odd_types_and_repeated_headers_have_a_line_each(ask):
    frame = ask("select [1] as a, 1 as a, interval 3 days as b, {'x': 1} as c, 'z'::blob as d").profile().frame

    assert frame["column"].to_list() == ["a", "a", "b", "c", "d"]
    assert frame["type"].to_list() == ["INTEGER[]", "INTEGER", "INTERVAL", "STRUCT(x INTEGER)", "BLOB"]


def test_a_long_value_is_cut(column):
    found = column("select repeat('x', 100) as t")

    assert found.least == "x" * 59 + "…"
