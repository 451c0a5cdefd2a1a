"""A default country of an address: `country VARCHAR(20) DEFAULT 'USA'` puts all rows into that country.

Otherwise a share of the rows would have the country of the default, and a city of another one.
"""

from __future__ import annotations

from typing import Any

from engine.rules.places.candidates import columns_of, group_of
from engine.rules.places.countries import Country, countries
from engine.schema.models import ColumnSchema, TableSchema


def settle_default_country(table: TableSchema, column: ColumnSchema, default: Any) -> TableSchema:
    """Return the table with the suggested place of a country column in the country that its default names."""
    found = _find_country(default) if column.suggested and column.place in _names(countries()["US"]) else None
    if found is None:
        return table
    country, part = found
    group = {one.name for one in columns_of(table, group_of(column)) if one.suggested}
    columns = [
        one.model_copy(
            update={"locale": f"en_{country.code}", "place": part if one.name == column.name else one.place}
        )
        if one.name in group
        else one
        for one in table.columns
    ]  # fmt: skip
    return table.model_copy(update={"columns": columns})


def _find_country(default: Any) -> tuple[Country, str] | None:
    """Return the country that a default names, and the part of a place that is written so."""
    if not isinstance(default, str):
        return None
    for country in countries().values():
        for part, name in _names(country).items():
            if name.casefold() == default.strip().casefold():
                return country, part
    return None


def _names(country: Country) -> dict[str, str]:
    return {"country_code": country.code, "country_code_3": country.code3, "country": country.name}
