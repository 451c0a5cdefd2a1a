"""Dates beyond the one bound of a statement that selects too much."""

from datetime import date, datetime

import pytest

from engine.generation.preview import preview
from engine.rules.keys.table_rows import default_counts
from engine.schema.files import read_schema
from engine.workload.changes import apply_changes
from engine.workload.date_spans import lessen_dates
from engine.workload.records import Predicate
from engine.workload.wanted import wanted_of


def schema_of(*, suggested: bool, **more: object):
    ordered = {"date_start": "2020-01-01", "date_end": "2023-12-31", "suggested": suggested, **more}
    return read_schema(
        {
            "name": "shop",
            "dialect": "redshift",
            "tables": [
                {
                    "name": "orders",
                    "primary_key": ["order_id"],
                    "columns": [
                        {"name": "order_id", "data_type": "BIGINT"},
                        {"name": "ordered_on", "data_type": "DATE"}
                        | {name: value for name, value in ordered.items() if value is not None},
                        {
                            "name": "shipped_on",
                            "data_type": "DATE",
                            "expression": "ordered_on::date + uniform(1, 9, random())",
                        },
                    ],
                }
            ],
        }
    )


def lessened(schema, column: str, operator: str, *values: date):
    wanted = wanted_of(schema, [Predicate("orders", column, operator, values, (), 3, "q.sql")])
    return lessen_dates(schema, wanted, [("q.sql", 1.0)])


@pytest.mark.parametrize(
    ("column", "operator", "day"),
    [
        ("ordered_on", "<=", date(2025, 3, 1)),
        ("ordered_on", "<", date(2023, 1, 1)),
        ("shipped_on", "<=", date(2024, 2, 1)),
        ("ordered_on", ">=", date(2020, 6, 1)),
        ("shipped_on", ">", date(2018, 1, 1)),
    ],
)
def test_as_many_dates_are_beyond_a_bound_as_before_it(column, operator, day):
    schema = schema_of(suggested=True)
    (change,) = lessened(schema, column, operator, day)
    assert change.place == "orders.ordered_on"
    assert change.reason == "q.sql selects 100% of its largest table."
    changed = apply_changes(schema, [change])
    table = changed.tables[0]
    days = preview(changed, table, rows=2000, offset=0, seed=5, counts=default_counts(changed))[column]
    selected = days <= day if operator.startswith("<") else days >= day
    assert 0.4 < selected.mean() <= 0.5


@pytest.mark.parametrize(
    "column",
    [
        {"date_start": None, "date_end": None},
        {"date_start": None, "date_end": None, "suggested": False},
        {"date_start": None, "date_end": None, "data_type": "TIMESTAMP"},
        {
            "date_start": None,
            "date_end": None,
            "data_type": "TIMESTAMP",
            "timestamp_start": "2020-01-01T00:00:00",
            "timestamp_end": "2023-12-31T23:59:59",
        },
    ],
)
def test_days_that_nobody_gave_and_moments_become_longer_too(column):
    schema = schema_of(**{"suggested": True, **column})
    bound = datetime(2025, 3, 1) if "data_type" in column else date(2025, 3, 1)
    (change,) = lessened(schema, "ordered_on", "<=", bound)
    changed = apply_changes(schema, [change])
    days = preview(changed, changed.tables[0], rows=2000, offset=0, seed=5, counts=default_counts(changed))
    assert 0.4 < (days["ordered_on"] <= bound).mean() <= 0.5


@pytest.mark.parametrize(
    ("operator", "days"),
    [
        ("between", (date(2020, 1, 1), date(2023, 12, 31))),
        ("=", (date(2021, 1, 1),)),
        ("<=", (date(9999, 12, 31),)),
        (">=", (date(1900, 1, 1),)),
        ("<", (date(2019, 1, 1),)),
    ],
)
def test_other_bounds_change_nothing(operator, days):
    assert lessened(schema_of(suggested=True), "ordered_on", operator, *days) == []


def test_dates_that_the_user_gave_stay():
    assert lessened(schema_of(suggested=False), "ordered_on", "<=", date(2024, 3, 1)) == []
