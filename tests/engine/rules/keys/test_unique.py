import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.text.unique_text import text_capacity
from tests.engine.rules.building import frame_of, schema_of, values_of

ROWS = 60_000
UNIQUE = {"is_unique": True}


@pytest.mark.parametrize(
    "column",
    [
        {"data_type": "INT"},
        {"data_type": "INT", "min_value": -5, "max_value": 99_994},
        {"data_type": "DECIMAL(38,0)"},
        {"data_type": "DECIMAL(9,2)", "min_value": 0, "max_value": 600},
        {"data_type": "DOUBLE", "min_value": 0, "max_value": 1},
        {"data_type": "FLOAT"},
        {"data_type": "DATE", "date_start": "1000-01-01", "date_end": "2999-12-31"},
        {"data_type": "TIMESTAMP"},
        {"data_type": "TIMESTAMPTZ", "date_start": "2024-01-01", "date_end": "2024-01-01"},
        {"data_type": "TIME"},
        {"data_type": "UUID"},
        {"data_type": "BINARY"},
        {"data_type": "VARCHAR"},
        {"data_type": "VARCHAR(4)"},
        {"data_type": "VARCHAR(7)"},
        {"data_type": "VARCHAR(40)", "faker_rule": "email"},
        {"data_type": "VARCHAR(12)", "faker_rule": "name"},
        {"data_type": "CHAR(8)", "pattern": "??######"},
    ],
    ids=str,
)
def test_no_value_repeats(column):
    drawn = values_of(ROWS, **column, **UNIQUE)
    assert drawn.n_unique() == ROWS
    assert drawn.null_count() == 0


def test_sequential_without_bounds():
    assert values_of(4, data_type="BIGINT", **UNIQUE).to_list() == [1, 2, 3, 4]
    assert values_of(3, data_type="NUMBER(38,0)", min_value=10, **UNIQUE).to_list() == [10, 11, 12]


def test_bounds_are_used_up_exactly():
    drawn = values_of(11, data_type="INT", min_value=-5, max_value=5, **UNIQUE)
    assert drawn.sort().to_list() == list(range(-5, 6))
    assert drawn.to_list() != sorted(drawn)


def test_primary_key_of_one_column_is_unique():
    schema = schema_of(t=[{"name": "a", "data_type": "INT"}])
    keyed = schema.model_copy(update={"tables": [schema.tables[0].model_copy(update={"primary_key": ["A"]})]})
    assert frame_of(keyed, "t", 3)["a"].to_list() == [1, 2, 3]


def test_capacity_is_reported():
    with pytest.raises(RuleError, match=r"t\.x: 12 rows need unique values, but only 11 are possible"):
        values_of(12, data_type="INT", min_value=-5, max_value=5, **UNIQUE)
    with pytest.raises(RuleError, match="only 1,296 are possible"):
        values_of(1297, data_type="VARCHAR(2)", **UNIQUE)


def test_text_of_later_tiers_differs_from_earlier_ones():
    schema = schema_of(t=[{"name": "x", "data_type": "VARCHAR(20)", "is_unique": True}])
    around = frame_of(schema, "t", 2_000, offset=36**4 - 1_000, t=36**4 + 1_000)["x"]
    start = frame_of(schema, "t", 2_000, t=36**4 + 1_000)["x"]
    assert pl.concat([around, start]).n_unique() == 4_000
    assert around.str.len_chars().max() <= 20


def test_first_tier_does_not_depend_on_the_number_of_rows():
    schema = schema_of(t=[{"name": "x", "data_type": "VARCHAR(20)", "is_unique": True}])
    assert frame_of(schema, "t", 50, t=50).equals(frame_of(schema, "t", 50, t=36**4 + 10))


@pytest.mark.parametrize(("length", "capacity"), [(1, 36), (2, 1296), (6, 36**4 + 36**6), (None, 36**4 + 36**8)])
def test_text_capacity(length, capacity):
    assert text_capacity(length) == capacity


def test_email_stays_an_address():
    drawn = values_of(500, data_type="VARCHAR(60)", faker_rule="email", **UNIQUE)
    assert drawn.str.contains(r"^[^@]+\.[0-9a-z]{4}@[a-z.]+$").all()


def test_unique_doubles_do_not_depend_on_the_number_of_rows():
    column = {"data_type": "DOUBLE", "is_unique": True, "min_value": 0, "max_value": 1000}
    many = values_of(300, **column)
    assert [values_of(1, offset=row, **column).item() for row in range(0, 300, 7)] == many[::7].to_list()


def test_a_unique_pattern_is_not_cut():
    column = {"data_type": "VARCHAR(3)", "pattern": "??-###", **UNIQUE}
    with pytest.raises(RuleError, match=r"The pattern makes 6 characters, more than VARCHAR\(3\) holds"):
        values_of(5, **column)


@pytest.mark.parametrize("bounds", [{"max_value": -93}, {"max_value": 4}, {"min_value": 2, "max_value": 4.5}])
def test_a_unique_float_stays_below_its_max_value(bounds):
    kind = "DOUBLE" if "min_value" not in bounds else "REAL"
    with pytest.raises(RuleError, match="need unique values, but only"):
        values_of(5, data_type=kind, **bounds, **UNIQUE)


def test_a_unique_float_reaches_its_max_value():
    assert sorted(values_of(4, data_type="DOUBLE", max_value=4, **UNIQUE)) == [1.0, 2.0, 3.0, 4.0]
