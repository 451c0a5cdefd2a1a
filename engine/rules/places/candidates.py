"""The places that a group of columns can hold: those whose every part fits its column, so that nothing is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.rules.places.countries import Country, countries, country_of_locale
from engine.rules.places.gazetteer import Place, places, shares
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind, WarehouseType

JITTER = 30_000
"""How far a point is from its city in millionths of a degree, north or south and east or west: about 3 km."""
COORDINATES = frozenset({"latitude", "longitude"})
COUNTRY_PARTS = frozenset({"country", "country_code", "country_code_3", "continent"})
"""Parts that make a group worldwide: without one of them all rows are of the locale's country."""
PHONE_FORMS = ("+{dialling} {area} ", "+{dialling}{area}", "{area}")
"""What stands before the local digits of a phone number; the first form that fits is used."""
_FEWEST_DECIMALS = 2
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class Candidates:
    """The places that fit, with their weights."""

    places: tuple[Place, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True)
class _Part:
    """A part of a place and the type that must hold it."""

    name: str
    kind: Kind
    length: int | None
    precision: int
    scale: int


def group_of(column: ColumnSchema) -> str:
    """Return the name of the column's group, in lower case; empty for the row's only place."""
    return (column.place_of or "").casefold()


def columns_of(table: TableSchema, group: str) -> list[ColumnSchema]:
    """Return the columns of a group of a table."""
    return [column for column in table.columns if column.place is not None and group_of(column) == group]


def city_group(site: Site) -> str:
    """Return the group whose city the column's group has: its own, or that of its `place_near`."""
    own = group_of(site.column)
    near = _near(site, own)
    if near is None or near == own:
        return own
    if not columns_of(site.table, near):
        raise site.error(f'place_near names "{near}", which is no place_of of {site.table.key}.', "Name another one.")
    if _near(site, near) is not None:
        raise site.error(f'place_near names "{near}", which has a place_near itself.', "Name that one.")
    return near


def find_candidates(site: Site) -> Candidates:
    """Return the places for the groups that share the column's city; raises `RuleError` when none fits."""
    city = city_group(site)
    together = [
        column
        for column in site.table.columns
        if column.place is not None and city in (group_of(column), _near(site, group_of(column)))
    ]
    locale = next((column.locale for column in together if column.locale is not None), None)
    if locale is not None and country_of_locale(locale) is None:
        known = ", ".join(sorted(countries()))
        raise site.error(f"There are no places for the locale {locale}.", f"The countries are {known}.")
    found = fitting_places(together, site.locale)
    if not found.places:
        names = ", ".join(column.name for column in together)
        raise site.error(
            f"No place fits {names}.", f"Use a longer type for {site.column.name}, or codes such as state_code."
        )
    return found


def fitting_places(columns: Sequence[ColumnSchema], locale: str) -> Candidates:
    """Return the places that fit columns with a `place` that share a city, in a schema of that locale."""
    own = next((column.locale for column in columns if column.locale is not None), None)
    home = country_of_locale(own or locale)
    is_worldwide = own is None and any(column.place in COUNTRY_PARTS for column in columns)
    return _fitting(tuple(_part(column) for column in columns), home, is_worldwide or home is None)


def phone_form(column: ColumnSchema, found: Candidates) -> str:
    """Return the first form in which the phone numbers of all places fit."""
    length = column.type.length
    fitting = (form for form in PHONE_FORMS if all(_fits_phone(place, form, length) for place in found.places))
    return next(fitting, PHONE_FORMS[-1])


def phone_prefix(place: Place, form: str) -> str:
    """Return what stands before the local digits of a phone number of the place."""
    return form.format(dialling=place.country.dialling, area=place.area_code).replace("  ", " ")


def decimals_of(column: ColumnSchema, micro: int) -> int:
    """Return how many decimals of a coordinate a column holds; negative when its whole part does not fit."""
    kind = column.type
    return _decimals(_part(column), micro) if kind.kind is not Kind.FLOAT else _MOST_DECIMALS


def text_decimals(column: ColumnSchema, found: Candidates) -> int:
    """Return the number of decimals of all coordinates of a text column."""
    return min(decimals_of(column, _coordinate(place, column.place or "")) for place in found.places)


@lru_cache(maxsize=512)
def _fitting(parts: tuple[_Part, ...], home: Country | None, is_worldwide: bool) -> Candidates:
    chosen = tuple(
        place
        for place in places()
        if (is_worldwide or place.country == home) and all(_fits(place, part) for part in parts)
    )
    if any(part.name == "state_code" for part in parts):
        chosen = tuple(_without_doubtful(chosen, home))
    return Candidates(chosen, tuple(shares(chosen, home)))


def _without_doubtful(chosen: Sequence[Place], home: Country | None) -> Iterator[Place]:
    """Yield the places without those abroad whose state code is one at home: MD is Maryland, not Madrid."""
    codes = {place.state_code for place in chosen if place.country == home}
    return (place for place in chosen if place.country == home or place.state_code not in codes)


def _fits(place: Place, part: _Part) -> bool:
    if part.name in COORDINATES:
        least = _FEWEST_DECIMALS if part.kind is Kind.TEXT else 0
        return _decimals(part, _coordinate(place, part.name)) >= least
    if part.name == "postcode" and part.kind in NUMERIC:
        digits = set(place.postcode) <= set("#0123456789")
        return bool(place.postcode) and digits and len(place.postcode) <= part.precision - part.scale
    if part.name == "postcode":
        return bool(place.postcode) and (part.length is None or len(place.postcode) <= part.length)
    if part.name == "phone":
        return _fits_phone(place, PHONE_FORMS[-1], part.length)
    return part.length is None or len(place.text(part.name)) <= part.length


def _fits_phone(place: Place, form: str, length: int | None) -> bool:
    return length is None or len(phone_prefix(place, form)) + place.country.phone_digits <= length


def _decimals(part: _Part, micro: int) -> int:
    """Return the decimals that fit a coordinate and the points around it."""
    widest = f"{(abs(micro) + JITTER) // 1_000_000}"
    if part.kind is Kind.FLOAT:
        return _MOST_DECIMALS
    if part.kind is Kind.TEXT:
        length = 64 if part.length is None else part.length
        return min(length - len(widest) - 1 - (micro < JITTER), _MOST_DECIMALS)
    return part.scale if part.precision - part.scale >= len(widest) else -1


def _coordinate(place: Place, part: str) -> int:
    return place.latitude if part == "latitude" else place.longitude


def _part(column: ColumnSchema) -> _Part:
    kind: WarehouseType = column.type
    digits = len(str(kind.integer_bounds[1])) - (kind.kind is Kind.INTEGER) if kind.kind in NUMERIC else 0
    scale = kind.scale if kind.kind is Kind.DECIMAL else 0
    return _Part(column.place or "", kind.kind, kind.length if kind.kind is Kind.TEXT else None, digits, scale)


def _near(site: Site, group: str) -> str | None:
    names = set(_nears(site.table, group))
    if len(names) > 1:
        raise site.error(f"Its columns name several place_near: {', '.join(sorted(names))}.", "Name one of them.")
    return next(iter(names), None)


def _nears(table: TableSchema, group: str) -> Iterator[str]:
    return (column.place_near.casefold() for column in columns_of(table, group) if column.place_near is not None)
