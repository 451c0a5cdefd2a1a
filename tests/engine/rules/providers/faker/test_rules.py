from datetime import date

import polars as pl
import pytest

from engine.errors import RuleError
from tests.engine.rules.building import values_of


def test_only_names_that_fit_are_drawn():
    drawn = values_of(2_000, data_type="VARCHAR(8)", faker_rule="name")
    assert drawn.str.len_chars().max() <= 8
    assert drawn.str.contains(r"^[A-Z][a-z]+ [A-Z][a-z]+$").all()


def test_values_do_not_depend_on_the_process():
    assert values_of(2, data_type="VARCHAR", faker_rule="color_name", seed=1).to_list() == GOLDEN


@pytest.mark.parametrize(
    ("data_type", "rule", "dtype"),
    [
        ("INT", "random_int", pl.Int32),
        ("DATE", "date", pl.Date),
        ("TIMESTAMP", "date_time", pl.Datetime("us")),
        ("BOOLEAN", "boolean", pl.Boolean),
        ("DOUBLE", "latitude", pl.Float64),
        ("DECIMAL(9,6)", "longitude", pl.Decimal(9, 6)),
    ],
)
def test_values_take_the_columns_type(data_type, rule, dtype):
    drawn = values_of(300, data_type=data_type, faker_rule=rule)
    assert drawn.dtype == dtype
    assert drawn.null_count() == 0


def test_arguments_reach_the_method():
    bounds = {"data_type": "INT", "faker_rule": "random_int", "faker_args": {"min": 3, "max": 5}}
    assert set(values_of(500, **bounds)) == {3, 4, 5}


def test_locale_of_the_column():
    drawn = values_of(500, data_type="VARCHAR", faker_rule="city", locale="ja_JP")
    assert drawn.str.contains(r"[\u4e00-\u9fff]").all()


def test_a_fixed_date():
    arguments = {"start_date": "2024-01-05", "end_date": "2024-01-05"}
    with pytest.raises(RuleError, match=r't\.x: The Faker rule "date_between" failed'):
        values_of(1, data_type="DATE", faker_rule="date_between", faker_args={"begin": 1})
    assert set(values_of(3, data_type="DATE", faker_rule="date_between", faker_args=arguments)) <= {date(2024, 1, 5)}


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ({"faker_rule": "frist_name"}, r'Faker has no rule "frist_name"\. Did you mean "first_name"\?'),
        ({"faker_rule": "seed_instance"}, 'Faker has no rule "seed_instance"'),
        ({"faker_rule": "_x"}, 'Faker has no rule "_x"'),
        ({"faker_rule": "name", "locale": "en_USA"}, r'Faker has no locale "en_USA"\. Did you mean "en_US"\?'),
    ],
)
def test_unknown_names(column, message):
    with pytest.raises(RuleError, match=message):
        values_of(1, data_type="VARCHAR", **column)


def test_a_decimal_too_long_to_be_rounded_does_not_fit():
    with pytest.raises(RuleError, match=r't\.x: The Faker rule "pydecimal" makes .* which is not a DECIMAL\(8,2\)'):
        values_of(1, data_type="DECIMAL(8,2)", faker_rule="pydecimal")


def test_a_rule_of_another_type():
    with pytest.raises(RuleError, match=r"t\.x: .* which is not a INT"):
        values_of(1, data_type="INT", faker_rule="name")


GOLDEN = ["BlueViolet", "MediumSlateBlue"]


def test_unique_addresses_keep_the_name_and_stay_addresses():
    drawn = values_of(20_000, data_type="VARCHAR(60)", faker_rule="email", is_unique=True)
    assert drawn.n_unique() == 20_000
    assert drawn.str.contains(r"^[a-z0-9_.]+\.[0-9a-z]{4}@[a-z-]+\.[a-z]+$").all()


@pytest.mark.parametrize(
    "rule", ["name", "address", "iban", "paragraph", "password", "date", "ipv4", "isbn13", "color"]
)
def test_chunks_offsets_and_lengths(rule):
    column = {"data_type": "VARCHAR(12)", "faker_rule": rule}
    whole = values_of(300, **column)
    assert whole.str.len_chars().max() <= 12
    assert values_of(100, offset=150, **column).cast(pl.String).to_list() == whole[150:250].cast(pl.String).to_list()
    assert values_of(0, **column).len() == 0
    assert values_of(2, offset=10**12, **column).len() == 2
    other = values_of(300, seed=8, **column).cast(pl.String)
    assert not other.equals(whole.cast(pl.String))


def test_nulls_do_not_change_the_draw():
    some = values_of(2_000, data_type="VARCHAR", faker_rule="city", required=False, null_fraction=0.3)
    assert 0.25 < some.null_count() / 2_000 < 0.35
    full = values_of(2_000, data_type="VARCHAR", faker_rule="city")
    pairs = zip(some.cast(pl.String), full.cast(pl.String), strict=True)
    assert all(a is None or a == b for a, b in pairs)
