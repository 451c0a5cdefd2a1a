import pytest

from engine import import_sql


def column(name, data_type, table="facts"):
    ddl = f"create table {table} (id int primary key, {name} {data_type} not null);"
    return import_sql(ddl, name="lab", dialect="redshift").schema.tables[0].column(name)


@pytest.mark.parametrize(
    ("name", "data_type", "low", "high"),
    [
        ("conversion_rate", "decimal(7,6)", 0, 1),
        ("bounce_rate", "decimal(5,4)", 0, 1),
        ("humidity_pct", "decimal(5,2)", 0, 100),
        ("battery_pct", "smallint", 0, 100),
        ("goalPercent", "decimal(6,2)", 0, 100),
        ("churn_score", "decimal(5,4)", 0, 1),
        ("credit_score", "smallint", 300, 850),
        ("passenger_count", "smallint", 1, 20),
        ("annual_salary", "decimal(10,2)", 18_000, 300_000),
    ],
)
def test_a_name_gives_a_range(name, data_type, low, high):
    found = column(name, data_type)
    assert (found.min_value, found.max_value) == (low, high)
    assert found.suggested and found.because


@pytest.mark.parametrize(
    ("name", "data_type", "shape"),
    [
        ("amount", "decimal(12,2)", "lognormal"),
        ("unit_price", "decimal(8,2)", "lognormal"),
        ("total_cents", "bigint", "lognormal"),
        ("quantity", "int", "geometric"),
        ("reply_count", "smallint", "poisson"),
        ("opening_balance", "decimal(18,2)", "lognormal"),
        ("heart_rate", "smallint", "normal"),
    ],
)
def test_a_name_gives_a_shape(name, data_type, shape):
    assert column(name, data_type).distribution.type == shape


@pytest.mark.parametrize(("data_type", "high"), [("int", 20), ("decimal(12,0)", 20), ("decimal(12,2)", 100)])
def test_a_quantity_with_decimals_is_one_in_bulk(data_type, high):
    assert column("l_quantity", data_type, table="lineitem").max_value == high


def test_cents_are_a_hundred_times_as_large():
    euros, cents = column("amount", "decimal(12,2)"), column("amount_cents", "bigint")
    assert cents.max_value == 100 * euros.max_value


@pytest.mark.parametrize("name", ["version_no", "order_number", "heart_rate_zone_number", "discounted"])
def test_numbers_that_only_name_something_have_no_amount(name):
    assert column(name, "int").distribution is None


@pytest.mark.parametrize("name", ["daily_rate", "nightly_rate", "room_rate", "hourly_rate"])
def test_a_rate_a_day_is_a_price_and_no_share(name):
    assert column(name, "decimal(10,2)").max_value > 100


def test_ratings_are_few_values():
    assert column("rating", "smallint").values == [1, 2, 3, 4, 5]
    assert column("avg_rating", "decimal(3,2)").max_value == 5
