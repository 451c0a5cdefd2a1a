"""Places: state, postcode, country, latitude, longitude and currency of a row agree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.meaning.oracle.iso_codes import COUNTRIES, COUNTRY_NAMES, CURRENCY_OF, STATES, ZIP_ZONES
from tests.meaning.oracle.judgement import Judgement, judge_rows, judge_values
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "places"
_POSTCODES = ("zip", "zip code", "zipcode", "postal code", "postcode")
_STATES = ("state", "state code", "state province", "province", "state cd", "state name")
_COUNTRIES = ("country", "country code", "country name", "country iso", "country iso code", "iso country code")
_CURRENCIES = ("currency", "currency code", "iso currency", "currency cd")
# Latitude and longitude of the corners of a country, rounded outwards; others are not judged.
_BOXES = {
    "US": (18, 72, -180, -64),
    "CA": (41, 84, -142, -52),
    "GB": (49, 61, -9, 2),
    "FR": (41, 52, -6, 10),
    "DE": (47, 56, 5, 16),
    "AU": (-44, -9, 112, 154),
    "IN": (6, 36, 68, 98),
    "JP": (24, 46, 122, 146),
    "BR": (-34, 6, -74, -34),
}


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge coordinates by their bounds, and the columns of an address by each other."""
    for table in tables:
        for column in table.columns:
            if column.is_numeric and ends_with(column.words, "latitude", "lat"):
                yield from judge_values(KIND, table, column, lambda value: -90 <= value <= 90, "-90 to 90")
            if column.is_numeric and ends_with(column.words, "longitude", "lon", "lng", "long"):
                yield from judge_values(KIND, table, column, lambda value: -180 <= value <= 180, "-180 to 180")
        for stem in _stems(table):
            state, postcode = _of(table, stem, _STATES), _of(table, stem, _POSTCODES)
            country, currency = _of(table, stem, _COUNTRIES), _of(table, stem, _CURRENCIES)
            latitude, longitude = (
                _of(table, stem, ("latitude", "lat")),
                _of(table, stem, ("longitude", "lon", "lng", "long")),
            )
            yield from _judge(table, [state, postcode], _is_zip_of_state, "postcode of the state")
            yield from _judge(table, [state, country], _is_state_of_country, "state of the country")
            yield from _judge(table, [country, currency], _is_currency_of_country, "currency of the country")
            yield from _judge(table, [country, latitude, longitude], _is_within, "coordinates in the country")


def _stems(table: Table) -> set[tuple[str, ...]]:
    """Return the words before the parts of each address of a table, such as `billing` and `shipping`."""
    stems = set()
    for column in table.columns:
        for name in (*_POSTCODES, *_STATES, *_COUNTRIES):
            if ends_with(column.words, name):
                stems.add(column.words[: len(column.words) - len(name.split())])
    return stems


def _of(table: Table, stem: tuple[str, ...], names: Iterable[str]) -> Column | None:
    return table.find(*(" ".join((*stem, name)) for name in names))


def _judge(table: Table, columns: list[Column | None], test: Any, why: str) -> Iterator[Judgement]:
    """Judge the rows of which the test knows the place; it returns None for the others."""
    found = [column for column in columns if column is not None and column.family in ("text", "number", "integer")]
    if len(found) < len(columns) or found[0].family != "text":
        return
    rows = [row for row in zip(*(column.values for column in found), strict=True) if None not in row]
    known = [row for row in rows if test(row) is not None]
    yield from judge_rows(KIND, table, found, known, test, why, share=0.99)


def _state_of(value: str) -> str | None:
    code = STATES.get(value.strip().lower(), value.strip().upper())
    return code if code in STATES.values() else None


def _country_of(value: str) -> str | None:
    text = value.strip()
    code = COUNTRY_NAMES.get(text.lower(), {"USA": "US", "GBR": "GB", "UK": "GB"}.get(text.upper(), text.upper()))
    return code if code in COUNTRIES else None


def _is_zip_of_state(row: tuple[Any, ...]) -> bool | None:
    state = _state_of(row[0]) if isinstance(row[0], str) else None
    digits = f"{row[1]:05}" if isinstance(row[1], int) else str(row[1])
    if state is None or not digits[:5].isdigit():
        return None
    return state in ZIP_ZONES[digits[0]].split()


def _is_state_of_country(row: tuple[Any, ...]) -> bool | None:
    """Judge the names of American states, which few other countries share, and the states of the USA."""
    country = _country_of(row[1]) if isinstance(row[1], str) else None
    if country is None:
        return None
    is_american = _state_of(row[0]) is not None
    if country == "US":
        return is_american
    return False if row[0].strip().lower() in STATES and row[0].strip().lower() != "georgia" else None


def _is_currency_of_country(row: tuple[Any, ...]) -> bool | None:
    currency = CURRENCY_OF.get(_country_of(row[0]) or "")
    return None if currency is None else str(row[1]).upper() == currency


def _is_within(row: tuple[Any, ...]) -> bool | None:
    box = _BOXES.get(_country_of(row[0]) or "")
    if box is None:
        return None
    south, north, west, east = box
    return south <= float(row[1]) <= north and west <= float(row[2]) <= east
