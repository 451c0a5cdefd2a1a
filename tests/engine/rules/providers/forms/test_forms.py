"""Forms fitted to the types of columns, and the frozen clock."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random

import polars as pl
import pytest

import engine
from engine.errors import RuleError, SchemaError
from engine.rules.providers.forms.clock import ANCHOR, still_clock
from engine.rules.providers.forms.conversion import as_text, convert_value
from engine.schema.models import ColumnSchema
from tests.engine.rules.building import values_of


def kind(data_type):
    return ColumnSchema(name="x", data_type=data_type).type


@pytest.mark.parametrize(
    ("value", "data_type", "result"),
    [
        ("abcdef", "VARCHAR(3)", "abc"),
        (["a", 1], "VARCHAR", '["a", 1]'),
        (Decimal("1.50"), "VARCHAR", "1.50"),
        ('{"a": 1}', "JSON", '{"a": 1}'),
        ("plain", "JSON", '"plain"'),
        (b"abc", "VARBYTE(2)", b"ab"),
        ("é", "VARBYTE", b"\xc3\xa9"),
        (True, "BOOLEAN", True),
        ("yes", "BOOLEAN", None),
        ("12", "INT", 12),
        (2.5, "INT", 2),
        (True, "INT", None),
        ("x", "INT", None),
        (float("inf"), "DOUBLE", None),
        ("1.25", "DOUBLE", 1.25),
        ("1.005", "DECIMAL(5,2)", Decimal("1.00")),
        (10**9, "DECIMAL(5,2)", None),
        (70_000, "SMALLINT", None),
        ("2024-02-03", "DATE", date(2024, 2, 3)),
        (datetime(2024, 2, 3, 4), "DATE", date(2024, 2, 3)),
        (datetime(2024, 2, 3, 4), "TIME", time(4)),
        (date(2024, 2, 3), "TIMESTAMP", datetime(2024, 2, 3)),
        (date(2024, 2, 3), "TIMESTAMPTZ", datetime(2024, 2, 3, tzinfo=UTC)),
        (time(1, 2), "TIME", time(1, 2)),
        ("01:02:00", "TIME", time(1, 2)),
        (time(1, 2), "DATE", None),
        (date(2024, 2, 3), "TIME", None),
        ("tomorrow", "DATE", None),
        ("6ba7b810-9dad-41d1-80b4-00c04fd430c8", "UUID", "6ba7b810-9dad-41d1-80b4-00c04fd430c8"),
        ("no", "UUID", None),
    ],
)
def test_conversion(value, data_type, result):
    assert convert_value(value, kind(data_type)) == result
    assert type(convert_value(value, kind(data_type))) is type(result)


def test_structures_as_text():
    assert as_text({"a": (1, 2)}) == '{"a": [1, 2]}'


@pytest.mark.parametrize(
    ("rule", "data_type", "dtype"),
    [
        ("random_int", "DECIMAL(8,2)", pl.Decimal(8, 2)),
        ("random_int", "DOUBLE", pl.Float64),
        ("random_int", "BIGINT", pl.Int64),
        ("latitude", "DECIMAL(8,3)", pl.Decimal(8, 3)),
        ("latitude", "DOUBLE", pl.Float64),
        ("date_of_birth", "DATE", pl.Date),
        ("date_of_birth", "TIMESTAMP", pl.Datetime("us")),
        ("date_time", "DATE", pl.Date),
        ("date_time", "TIME", pl.Time),
        ("time", "TIME", pl.Time),
        ("date_time", "TIMESTAMPTZ", pl.Datetime("us", "UTC")),
        ("uuid4", "UUID", pl.String),
        ("ean13", "BIGINT", pl.Int64),
        ("postcode", "INT", pl.Int32),
        ("year", "SMALLINT", pl.Int16),
        ("boolean", "BOOLEAN", pl.Boolean),
        ("word", "VARBYTE(4)", pl.Binary),
        ("iso8601", "TIMESTAMP", pl.Datetime("us")),
        ("md5", "VARBYTE", pl.Binary),
    ],
)
def test_types(rule, data_type, dtype):
    drawn = values_of(400, data_type=data_type, faker_rule=rule)
    if data_type == "UUID":
        drawn = drawn.cast(pl.String)
    assert drawn.dtype == dtype
    assert drawn.null_count() == 0
    assert drawn.n_unique() > 1


@pytest.mark.parametrize("rule", ["name", "color_hsl", "csv", "simple_profile", "random_int", "address", "pydict"])
def test_json_columns_hold_json(rule):
    for text in values_of(100, data_type="JSON", faker_rule=rule):
        json.loads(text)


@pytest.mark.parametrize(
    ("rule", "data_type"),
    [
        ("name", "INT"),
        ("name", "DATE"),
        ("sentence", "BOOLEAN"),
        ("city", "UUID"),
        ("random_int", "BOOLEAN"),
        ("random_int", "DATE"),
        ("date_of_birth", "DOUBLE"),
        ("email", "DECIMAL(5,2)"),
        ("latitude", "DECIMAL(2,1)"),
        ("address", "TIME"),
    ],
)
def test_a_rule_on_the_wrong_type(rule, data_type):
    with pytest.raises(RuleError, match=rf't\.x: The Faker rule "{rule}" makes .*, which is not a'):
        values_of(1, data_type=data_type, faker_rule=rule)


def test_every_problem_is_reported_before_anything_is_written(tmp_path):
    columns = [
        {"name": "a", "data_type": "VARCHAR", "faker_rule": "frist_name"},
        {"name": "b", "data_type": "INT", "faker_rule": "name"},
        {"name": "c", "data_type": "VARCHAR", "mimesis_rule": "person.ful_name"},
        {"name": "d", "data_type": "VARCHAR", "faker_rule": "name", "locale": "en_UK"},
        {"name": "e", "data_type": "VARCHAR", "faker_rule": "random_int", "faker_args": {"minimum": 3}},
    ]
    with engine.Workbench(tmp_path) as workbench:
        with pytest.raises(SchemaError) as caught:
            workbench.create({"name": "lab", "tables": [{"name": "t", "columns": columns}]})
        assert [problem.where for problem in caught.value.problems] == ["t.a", "t.b", "t.c", "t.d", "t.e"]
        hints = [problem.hint for problem in caught.value.problems]
        assert hints[0] == 'Did you mean "first_name"?'
        assert hints[2] == 'Did you mean "person.full_name"?'
        assert hints[3].startswith("Did you mean")
        assert hints[4] == "Check faker_args."
        assert workbench.experiments() == []


def test_dates_are_counted_from_the_anchor():
    ages = values_of(2_000, data_type="DATE", faker_rule="date_this_year")
    assert ages.min() >= date(ANCHOR.year, 1, 1)
    assert ages.max() <= ANCHOR.date()
    assert values_of(50, data_type="DATE", faker_rule="past_date").max() < ANCHOR.date()
    assert values_of(50, data_type="DATE", faker_rule="future_date").min() > ANCHOR.date()


def test_the_clock_is_frozen_only_inside():
    from faker.providers import date_time, passport

    with still_clock("faker", Random(1)):
        assert date_time.datetime.now() == ANCHOR
        assert isinstance(ANCHOR, date_time.datetime)
    assert date_time.datetime is datetime
    assert passport.datetime is not None
