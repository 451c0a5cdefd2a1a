"""The oracle of `tests/meaning` knows right values from wrong ones: one small table of each for every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from engine import ExperimentSchema
from tests.meaning.oracle import KINDS
from tests.meaning.oracle.names import prefix_of, words_of
from tests.meaning.oracle.reading import Table, read_tables

Cells = Mapping[str, tuple[str, Sequence[Any]]]


def table_of(cells: Cells, name: str = "t", primary_key: Sequence[str] = ()) -> Table:
    """Return a table of columns by name, each a declared type and its values."""
    columns = [{"name": key, "data_type": declared} for key, (declared, _) in cells.items()]
    schema = ExperimentSchema.model_validate(
        {"name": "x", "tables": [{"name": name, "columns": columns, "primary_key": list(primary_key)}]}
    )
    types = {column.name: column.type.polars for column in schema.tables[0].columns}
    frame = pl.DataFrame({key: list(values) for key, (_, values) in cells.items()}, schema=types)
    return read_tables(schema, {name: frame})[0]


def verdicts(kind: str, *tables: Table) -> dict[str, bool]:
    """Return whether the columns of each judgement are right, by their names."""
    return {",".join(found.columns): found.is_right for found in KINDS[kind](tables)}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ORDER_DATE", ("order", "date")),
        ("orderDate", ("order", "date")),
        ("orderdate", ("order", "date")),
        ("calendaryear", ("calendar", "year")),
        ("customerID", ("customer", "id")),
        ("visit_start_datetime", ("visit", "start", "datetime")),
        ("row_md5", ("row", "md5")),
        ("Is-Deleted", ("is", "deleted")),
        ("barometer", ("barometer",)),
    ],
)
def test_a_name_is_split_into_its_words(name: str, words: tuple[str, ...]):
    assert words_of(name) == words


def test_a_short_word_before_most_names_is_a_prefix():
    assert prefix_of(["l_orderkey", "l_shipdate", "l_tax"]) == "l"
    assert prefix_of(["order_id", "order_date", "order_total"]) is None


PARTS = {
    "d_year": ("INT", [1999, 2024], [25, 804]),
    "calendaryear": ("INT", [2020, 2021], [212, 434]),
    "qtr": ("INT", [1, 4], [1, 804]),
    "month_of_year": ("SMALLINT", [1, 12], [0, 13]),
    "month_name": ("VARCHAR(9)", ["March", "May"], ["VW", "QA"]),
    "DAY_NAME": ("VARCHAR(3)", ["Mon", "Tue"], ["Mon", "ZZ"]),
    "dayOfWeek": ("INT", [0, 7], [1, 8]),
    "hour_of_day": ("INT", [0, 23], [0, 24]),
    "date_key": ("INT", [20240131, 20240229], [20240131, 20240230]),
    "fiscal_quarter": ("VARCHAR(10)", ["Q1", "2024-Q3"], ["Q1", "south"]),
}


@pytest.mark.parametrize("name", PARTS)
def test_parts_of_dates(name: str):
    declared, right, wrong = PARTS[name]
    assert verdicts("parts of dates", table_of({name: (declared, right)})) == {name: True}
    assert verdicts("parts of dates", table_of({name: (declared, wrong)})) == {name: False}


@pytest.mark.parametrize("name", ["price_per_hour", "watt_hour", "last_day", "days", "birthday", "monthly_fee"])
def test_a_unit_or_a_point_in_time_is_no_part_of_a_date(name: str):
    assert verdicts("parts of dates", table_of({name: ("INT", [5000])})) == {}
