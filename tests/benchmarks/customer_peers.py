"""The customers job as peers do it: Faker, Mimesis, and SQL written by hand for DuckDB."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from faker import Faker
from faker.providers.person.en_US import Provider as Names
from mimesis import Address, Datetime, Person
from mimesis.locales import Locale

from tests.benchmarks.jobs import Outcome, Work

_TYPES = {"id": pl.Int64(), "signup_date": pl.Date(), "balance": pl.Decimal(9, 2)}
_FIRST, _LAST = date(2020, 1, 1), date(2024, 12, 31)


def faker_loop(rows: int, folder: Path) -> Work:
    """Call Faker for every value of every row, as its documentation shows."""
    fake = Faker()

    def work() -> Outcome:
        made = [
            {
                "id": number,
                "first_name": fake.first_name(),
                "last_name": fake.last_name(),
                "email": fake.email(),
                "city": fake.city(),
                "signup_date": fake.date_between(_FIRST, _LAST),
                "balance": _money(random.gauss(1000, 250)),
            }
            for number in range(1, rows + 1)
        ]
        return _written(pl.DataFrame(made, schema_overrides=_TYPES), folder)

    return work


def mimesis_lists(rows: int, folder: Path) -> Work:
    """Call the methods of Mimesis' providers in list comprehensions, a column at a time.

    That is its fastest idiom: 2 to 3 times as fast as a `Schema` with a `Field`.
    """
    person, address, moments = Person(Locale.EN), Address(Locale.EN), Datetime(Locale.EN)
    first_name, last_name, email, city, day = (
        person.first_name,
        person.last_name,
        person.email,
        address.city,
        moments.date,
    )
    gauss = random.gauss

    def work() -> Outcome:
        every = range(rows)
        columns: dict[str, Sequence[Any]] = {
            "id": range(1, rows + 1),
            "first_name": [first_name() for _ in every],
            "last_name": [last_name() for _ in every],
            "email": [email() for _ in every],
            "city": [city() for _ in every],
            "signup_date": [day(2020, 2024) for _ in every],
            "balance": [gauss(1000, 250) for _ in every],
        }
        frame = pl.DataFrame(columns, schema_overrides={**_TYPES, "balance": pl.Float64()})
        return _written(frame.with_columns(pl.col("balance").cast(_TYPES["balance"])), folder)

    return work


CITIES = """
    Ashford Bellview Cedarton Dunmore Eastfield Fairhaven Glenwood Harborside Ironbridge Juniper Kingsport Lakemont
    Millbrook Northgate Oakdale Pinehurst Queensbury Riverton Springvale Thornbury Underhill Vineland Westbrook Yorkton
""".split()
_PLACES = """
CREATE TABLE {name} AS SELECT place, text
FROM (SELECT unnest($texts) AS text, generate_subscripts($texts, 1) - 1 AS place)
"""
_ROWS = """
COPY (
    SELECT
        row AS id,
        first_names.text AS first_name,
        last_names.text AS last_name,
        lower(first_names.text) || '.' || lower(last_names.text) || row || '@example.com' AS email,
        cities.text AS city,
        signup_date,
        balance
    FROM (
        SELECT
            row,
            floor(random() * (SELECT count(*) FROM first_names))::BIGINT AS first_place,
            floor(random() * (SELECT count(*) FROM last_names))::BIGINT AS last_place,
            floor(random() * (SELECT count(*) FROM cities))::BIGINT AS city_place,
            DATE '2020-01-01' + floor(random() * 1827)::INTEGER AS signup_date,
            (1000 + 250 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))::DECIMAL(9, 2) AS balance
        FROM range(1, {rows} + 1) AS numbers(row)
    )
    JOIN first_names ON first_names.place = first_place
    JOIN last_names ON last_names.place = last_place
    JOIN cities ON cities.place = city_place
) TO '{path}' (FORMAT parquet)
"""


def duckdb_sql(rows: int, folder: Path) -> Work:
    """Run a query over range() with random(): easier work, as every pick is even and e-mails have one shape.

    Joins with small tables and an order that may change are the fastest way found; texts picked out of a list by
    their number take a tenth more.
    """
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    pools = {"first_names": list(Names.first_names), "last_names": list(Names.last_names), "cities": CITIES}
    for name, texts in pools.items():
        connection.execute(_PLACES.format(name=name), {"texts": texts})

    def work() -> Outcome:
        path = folder / "customers.parquet"
        connection.execute(_ROWS.format(path=path, rows=rows))
        return Outcome(rows)

    return work


def _money(amount: float) -> Decimal:
    return Decimal(round(amount * 100)).scaleb(-2)


def _written(frame: pl.DataFrame, folder: Path) -> Outcome:
    frame.write_parquet(folder / "customers.parquet")
    return Outcome(frame.height)
