"""Columns of one place: city, state, postcode, country, coordinates, currency and phone of a row agree.

The columns of an address have one owner (`billing_`, `ship_to_`, or none). A currency, a time zone or a phone number
without a country of its owner goes with the country of the row. What stands alone has other suggestions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.rules.places.candidates import COORDINATES, fitting_places
from engine.rules.places.countries import country_of_locale
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.place_names import NamedPart, fitting_part, named_part
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_Owner = tuple[str, ...]
_Groups = dict[_Owner, list[NamedPart]]

_COUNTRIES = frozenset({"country", "country_code", "country_code_3"})
_STATES = frozenset({"state", "state_code"})
_ADDRESS = frozenset({"city", "postcode"}) | _STATES | _COUNTRIES | COORDINATES
_OF_COUNTRY = ("currency", "phone")
_NUMERIC = COORDINATES | {"postcode"}
_FEWEST_PLACES = 3
_NEARBY = (("pickup", "dropoff"), ("start", "end"), ("from", "to"), ("begin", "end"), ("pick", "drop"))
_FIRST_OWNERS: tuple[_Owner, ...] = ((), ("billing",), ("bill",), ("bill", "to"))
_CURRENCIES = {"USD": 50, "EUR": 25, "GBP": 10, "CAD": 6, "AUD": 5, "JPY": 5, "CHF": 3, "CNY": 3, "INR": 3, "MXN": 2,
               "BRL": 2, "SEK": 2}  # fmt: skip
_HOME_SHARE = 0.7


def suggest_places(draft: SchemaDraft) -> None:
    """Suggest parts of one place for the columns of an address, and for what belongs to its country."""
    if not draft.schema.locale.startswith("en"):
        return  # cities and states have their English names
    for table in draft.tables:
        if draft.given_rows(table):
            continue
        groups = _groups(draft, table)
        _attach_to_country(groups)
        for owner, parts in groups.items():
            _suggest_group(draft, table, owner, parts, _near(groups, owner))
        _suggest_currency(draft, table)


def _groups(draft: SchemaDraft, table: TableSchema) -> _Groups:
    groups: _Groups = {}
    for column in draft.free_columns(table):
        if table.is_unique(column):
            continue
        found = named_part(table, column)
        if found is not None and column.default_value is None and _is_of_type(found.part, column):
            groups.setdefault(found.owner, []).append(found)
    return {owner: _settled(parts) for owner, parts in groups.items()}


def _is_of_type(part: str, column: ColumnSchema) -> bool:
    kind = column.type
    if kind.kind in NUMERIC:
        is_whole = kind.kind is Kind.INTEGER or (kind.kind is Kind.DECIMAL and kind.scale == 0)
        return part in _NUMERIC and is_whole == (part == "postcode")
    return kind.kind is Kind.TEXT


def _settled(parts: list[NamedPart]) -> list[NamedPart]:
    """Return the parts with each `region` as a state or a continent, whichever is missing, or without it."""
    names = {one.part for one in parts}
    if "region" not in names:
        return parts
    meaning = ""
    if not names & _STATES and names & {"city", "postcode"}:
        meaning = "state"
    elif names & _COUNTRIES and "continent" not in names:
        meaning = "continent"
    settled = [NamedPart(one.column, meaning, one.owner) if one.part == "region" else one for one in parts]
    return [one for one in settled if one.part]


def _attach_to_country(groups: _Groups) -> None:
    """Move a currency and phones without a country of their own to the country of the row."""
    owners = [owner for owner, parts in groups.items() if any(one.part in _COUNTRIES for one in parts)]
    home = next((owner for owner in _FIRST_OWNERS if owner in owners), owners[0] if owners else None)
    currencies = sum(one.part == "currency" for parts in groups.values() for one in parts)
    for owner, parts in list(groups.items()):
        if owner in owners:
            continue
        moved = [one for one in parts if one.part in _OF_COUNTRY]
        groups[owner] = [one for one in parts if one.part not in _OF_COUNTRY]
        if home is not None:
            groups[home] += [one for one in moved if (one.part == "phone" and not owner) or currencies == 1]


def _suggest_group(
    draft: SchemaDraft, table: TableSchema, owner: _Owner, parts: Sequence[NamedPart], near: _Owner | None
) -> None:
    names = {one.part for one in parts}
    if len(names) < 2 or not names & _ADDRESS:
        return
    if names & COORDINATES and not names >= COORDINATES:
        parts = [one for one in parts if one.part not in COORDINATES]
    if not names & _COUNTRIES and country_of_locale(draft.schema.locale) is None:
        return
    options = {"place_of": "_".join(owner)} if owner else {}
    if near is not None:
        options["place_near"] = "_".join(near)
    trial: list[ColumnSchema] = []
    changes: dict[str, dict[str, Any]] = {}
    for one in sorted(parts, key=lambda one: one.part not in _COUNTRIES):
        change = {"place": fitting_part(one.part, one.column), **options}
        column = one.column.model_copy(update=change)
        if len(fitting_places([*trial, column], draft.schema.locale).places) >= _FEWEST_PLACES:
            trial.append(column)
            changes[one.column.name] = change
    if len({change["place"] for change in changes.values()}) < 2:
        return
    _share_nulls(trial, changes)
    for name, change in changes.items():
        others = [other for other in changes if other != name]
        because = f"Of one place with {', '.join(others[:3])}{', ...' if len(others) > 3 else ''}."
        draft.suggest(table, name, change, because)


def _share_nulls(columns: Sequence[ColumnSchema], changes: dict[str, dict[str, Any]]) -> None:
    """Let a longitude be NULL where its latitude is, and nowhere else."""
    latitude = next((column for column in columns if column.place == "latitude"), None)
    for column in columns:
        is_pair = column.place == "longitude" and latitude is not None and not (column.required or latitude.required)
        if is_pair and latitude is not None and column.null_when is None and column.null_fraction is None:
            changes[column.name]["null_when"] = f"{sql_name(latitude.name)} is null"


def _near(groups: _Groups, owner: _Owner) -> _Owner | None:
    """Return the owner of the place in whose city another one is: the pickup of a dropoff."""
    for first, second in _NEARBY:
        if second not in owner:
            continue
        other = tuple(first if word == second else word for word in owner)
        pair = (groups[owner], groups.get(other, []))
        if all({one.part for one in parts} >= COORDINATES for parts in pair):
            return other
    return None


def _suggest_currency(draft: SchemaDraft, table: TableSchema) -> None:
    """Suggest common currencies, mostly that of the locale, for the only currency of a table without a country."""
    found = [named_part(table, column) for column in table.columns]
    columns = [one.column for one in found if one is not None and one.part == "currency"]
    home = country_of_locale(draft.schema.locale)
    if len(columns) != 1 or columns[0].type.kind is not Kind.TEXT or table.is_unique(columns[0]) or home is None:
        return
    others = {code: weight for code, weight in _CURRENCIES.items() if code != home.currency}
    total = sum(others.values())
    weights = [_HOME_SHARE, *(round(weight / total * (1 - _HOME_SHARE), 4) for weight in others.values())]
    change = {"values": [home.currency, *others], "weights": weights}
    draft.suggest(table, columns[0].name, change, f"Common currencies, mostly {home.currency}.")
