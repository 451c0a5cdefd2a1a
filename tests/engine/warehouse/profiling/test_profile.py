import json

import duckdb
import pytest

from engine.warehouse.profiling.profile import profile
from engine.warehouse.profiling.profile_records import Profile


@pytest.fixture
def column(query):
    """Return the profile of the one column of a query."""

    def profiled(sql):
        (only,) = query(sql).profile().columns
        return only

    return profiled


def test_a_number_has_its_statistics_and_equal_bins(column):
    found = column("select range * 2 as n from range(1200)")

    assert (found.name, found.shape, found.rows, found.nulls) == ("n", "number", 1200, 0)
    assert (found.min_value, found.max_value, found.mean) == ("0", "2398", 1199.0)
    assert (found.distinct, found.is_exact) == (1200, True)
    assert len(found.bars) == 24
    assert {count for _, count in found.bars} <= {49, 50, 51}
    assert sum(count for _, count in found.bars) == 1200


def test_few_whole_numbers_have_a_bar_each(column):
    found = column("select unnest([3, 1, 1, 5]) as n")

    assert found.bars == (("1", 2), ("2", 0), ("3", 1), ("4", 0), ("5", 1))
    assert found.edges == (0.5, 1.5, 2.5, 3.5, 4.5, 5.5)


def test_one_value_is_one_bar(column):
    assert column("select 2.5::double as n from range(4)").bars == (("2.5", 4),)


def test_nulls_are_a_share_and_not_a_value(column):
    found = column("select case when range % 4 = 0 then null else 'a' end as t from range(8)")

    assert (found.nulls, found.null_fraction, found.distinct) == (2, 0.25, 1)
    assert found.bars == (("a", 6),)


def test_a_date_has_bins_over_time(column):
    found = column("select date '2024-01-01' + range::int as day from range(48)")

    assert (found.shape, found.min_value, found.max_value) == ("timestamp", "2024-01-01", "2024-02-17")
    assert found.bars[0] == ("2024-01-01 00:00", 2)
    assert (found.edges[0], found.edges[-1]) == (1704067200, 1704067200 + 47 * 86400)
    assert sum(count for _, count in found.bars) == 48


def test_a_category_has_its_most_common_values_and_a_key_has_none(column):
    assert column("select unnest(['b', 'a', 'b']) as t").bars == (("b", 2), ("a", 1))
    assert column("select range::varchar as t from range(100)").bars == ()
    assert column("select (range % 60)::varchar as t from range(100)").bars == ()
    assert column("select (range % 50)::varchar as t from range(100)").bars[0] == ("0", 2)


def test_infinite_numbers_are_in_no_bin(column):
    found = column("select unnest(['inf'::double, 'nan'::double, 1.0, 1.0]) as n")

    assert found.bars == (("1", 2),)


def test_no_rows_and_no_values_have_a_profile(query):
    empty, nothing = query("select 1 as n where false").profile(), query("select null::int as n").profile()

    assert (empty.rows, empty.columns[0].null_fraction, empty.columns[0].bars) == (0, 0.0, ())
    assert (nothing.columns[0].null_fraction, nothing.columns[0].min_value) == (1.0, None)


def test_unusual_types_and_repeated_headers_have_a_row_each(query):
    frame = query("select [1] as a, 1 as a, interval 3 days as b, {'x': 1} as c, 'z'::blob as d").profile().frame

    assert frame["column"].to_list() == ["a", "a", "b", "c", "d"]
    assert frame["type"].to_list() == ["INTEGER[]", "INTEGER", "INTERVAL", "STRUCT(x INTEGER)", "BLOB"]


def test_a_long_value_is_truncated(column):
    found = column("select repeat('x', 100) as t")

    assert found.min_value == "x" * 59 + "…"


@pytest.mark.parametrize("rows", [10_000, 300_000])
@pytest.mark.parametrize("value", ["range", "range::varchar", "date '1000-01-01' + range::int", "range / 7"])
def test_distinct_values_are_counted_and_not_estimated(column, rows: int, value: str):
    found = column(f"select {value} as v from range({rows})")

    assert (found.distinct, found.is_exact) == (rows, True)


def test_many_distinct_values_are_a_marked_estimate(column, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.warehouse.profiling.profile.EXACT_VALUES", 1000)

    many, few = column("select range % 5000 as n from range(9000)"), column("select range % 7 as n from range(9000)")
    text = column("select (range % 5000)::varchar as t from range(9000)")

    assert (many.is_exact, 4000 < many.distinct < 6000) == (False, True)
    assert (few.is_exact, few.distinct) == (True, 7)
    assert (text.is_exact, text.bars) == (False, ())


def test_a_unique_column_is_not_estimated(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.warehouse.profiling.profile.EXACT_VALUES", 1000)
    with duckdb.connect() as connection:
        (found,) = profile(connection.sql("select range as n from range(9000)"), unique=["n"]).columns

    assert (found.is_exact, found.distinct) == (True, 9000)


@pytest.mark.parametrize(
    ("sql", "is_key"),
    [
        ("select range as n from range(9)", True),
        ("select range::decimal(38,0) as n from range(9)", True),
        ("select range::varchar as t from range(9)", True),
        ("select range / 2 as price from range(9)", False),
        ("select date '2024-01-01' + range::int as day from range(9)", False),
        ("select range % 8 as n from range(9)", False),
        ("select 1 as n", False),
    ],
)
def test_a_key_is_recognised_by_its_values(column, sql: str, is_key: bool):
    assert column(sql).is_key is is_key


def test_a_profile_survives_json(query):
    made = query("select range as n, 'inf'::double as f, 'a' as t, [1] as l from range(30)").profile()

    assert Profile.from_statistics(json.loads(json.dumps(made.to_statistics()))) == made
    assert made.frame["is_exact"].to_list() == [True, True, True, True]


def test_a_span_beyond_all_numbers_has_no_bins(column):
    assert column("select unnest([-1.7e308, 1.7e308]) as n").bars == ()
