"""The parts of places in the names of columns: `billing_city`, `ShipToPostalCode`, `shipcountry`, `pickup_lat`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.rules.name_words import words_without_prefix
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

_ENDINGS = (
    ("city", "city | town | city name | municipality"),
    ("state", "state | province | state name | province name | state province | state region | state or province"),
    ("state_code", "state code | state abbr | state cd | state abbreviation | province code | statecode | region code "
                   "| region iso code | state province code | state iso code"),
    ("postcode", "zip | zip code | zipcode | zip 5 | zip cd | postcode | post code | postal code | postalcode "
                 "| postal cd | zip postal code"),
    ("country", "country | country name | nation"),
    ("country_code", "country code | countrycode | country iso | iso country | country iso code | iso country code "
                     "| country cd | country iso 2 | country alpha 2 | iso 2"),
    ("country_code_3", "country iso 3 | iso 3 | country alpha 3 | country code 3"),
    ("continent", "continent | continent name"),
    ("latitude", "latitude | lat | latitude deg"),
    ("longitude", "longitude | lng | lon | long | longitude deg"),
    ("timezone", "timezone | time zone | tz | timezone name | time zone name | iana timezone"),
    ("currency", "currency | currency code | iso currency | currency iso | currency cd | currency iso code | ccy "
                 "| iso currency code"),
    ("phone", "phone | phone number | telephone | phone no | mobile | mobile phone | mobile number | telephone number"),
    ("region", "region | region name"),
)  # fmt: skip
_PARTS = {tuple(ending.split()): part for part, endings in _ENDINGS for ending in map(str.strip, endings.split("|"))}
_LONGEST = max(map(len, _PARTS))
_GLUED = {"".join(ending): part for ending, part in _PARTS.items() if len("".join(ending)) > 2}
_OWNERS = frozenset(
    """billing bill billto shipping ship shipto mailing mail other home work business delivery origin destination dest
    pickup dropoff dropoffs store shop customer cust vendor supplier branch office birth residence residential legal
    permanent current physical soldto payer sender recipient receiver consignee shipper merchant event primary secondary
    contact start end from to employer company facility site venue warehouse property hotel geo user client hq site
    registered invoice service person patient""".split()
)
_FILLERS = frozenset("address addr adr geo gps location loc coordinate coordinates coord position".split())
_STATE_NAMES = 14
_COUNTRY_NAMES = 14


@dataclass(frozen=True)
class NamedPart:
    """A column whose name says a part of a place: `owner` is whose, such as (billing,), without `address`."""

    column: ColumnSchema
    part: str
    owner: tuple[str, ...]


def named_part(table: TableSchema, column: ColumnSchema) -> NamedPart | None:
    """Return the part of a place that a column's name says; None for other names."""
    for name in _spellings(words_without_prefix(column.name, table.name)):
        for length in range(min(_LONGEST, len(name)), 0, -1):
            part = _PARTS.get(name[-length:])
            if part is not None:
                return NamedPart(column, part, _owner(name[:-length]))
    return None


def fitting_part(part: str, column: ColumnSchema) -> str:
    """Return the part with which a column is filled: a code where its length is too small for names."""
    length = column.type.length if column.type.kind is Kind.TEXT else None
    if length is None:
        return part
    if part == "state" and length < _STATE_NAMES:
        return "state_code"
    if part == "country" and length < _COUNTRY_NAMES:
        return "country_code_3" if length == 3 else "country_code"
    if part == "country_code" and length == 3:
        return "country_code_3"
    return part


def _spellings(name: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the words of a name, with a glued part (`shipcity`) split, and with a leading part last (`lat_start`)."""
    if not name:
        return
    last = name[-1]
    if last in _GLUED:
        yield (*name[:-1], *_split(last))
    else:
        for glued in sorted(_GLUED, key=len, reverse=True):
            owner = last.removesuffix(glued)
            if owner != last and owner.removesuffix("address") in _OWNERS:
                yield (*name[:-1], owner.removesuffix("address"), *_split(glued))
                break
    yield name
    if len(name) == 2 and name[1] in _OWNERS:
        yield (name[1], name[0])


def _split(glued: str) -> tuple[str, ...]:
    return next(ending for ending in _PARTS if "".join(ending) == glued)


def _owner(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in name if word not in _FILLERS)
