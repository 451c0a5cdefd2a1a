"""What is known of a value that differs in every row: its kind, its range, and how it is written.

`Distinct` begins with a unique column or SEQ4(), and passes through steps that never give two values the same result.
A step that cannot be proven so gives None.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from engine.rules.site import Site
from engine.rules.values.number_domains import number_domain
from engine.rules.values.numbers import unscaled_bounds
from engine.schema.column_rules import shapes_of, sources_of
from engine.schema.limits import MAX_ROWS, MAX_TEXT_LENGTH
from engine.schema.models import ColumnSchema
from engine.schema.sequences import steps_of
from engine.schema.types import TIMESTAMPS, Kind, WarehouseType

_EXACT_DOUBLE = 2**53
_SECOND = 10**6
_TEXT_LENGTHS = {Kind.DATE: 10, Kind.TIME: 15, Kind.TIMESTAMP: 26, Kind.TIMESTAMPTZ: 29, Kind.UUID: 36}
_FIXED_WIDTHS = {
    "YYYY": 4,
    "MM": 2,
    "DD": 2,
    "DDD": 3,
    "HH24": 2,
    "MI": 2,
    "SS": 2,
    "MS": 3,
    "FF3": 3,
    "US": 6,
    "FF6": 6,
}
_TOKEN = re.compile(rf'"[^"]*"|{"|".join(sorted(_FIXED_WIDTHS, key=len, reverse=True))}|[A-Z]+|[^A-Z"]+')
_DATE_FORMS = ({"YYYY", "MM", "DD"}, {"YYYY", "DDD"})
_TIME_FORM = {"HH24", "MI", "SS"}
_MICROS = ({"US"}, {"FF6"})


@dataclass(frozen=True)
class Distinct:
    """A value that differs in every row.

    Numbers have bounds and decimal places, texts a max length. `is_number_text` marks texts that differ as numbers
    too, such as 20240131; `is_whole` timestamps and times without parts of a second.
    """

    kind: Kind
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    scale: int = 0
    length: int = MAX_TEXT_LENGTH
    is_number_text: bool = False
    is_whole: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it is an exact number."""
        return self.kind is Kind.DECIMAL


def number(low: Fraction | int, high: Fraction | int, scale: int = 0) -> Distinct:
    """Return an exact number between bounds."""
    return Distinct(Kind.DECIMAL, Fraction(min(low, high)), Fraction(max(low, high)), scale)


def row_number() -> Distinct:
    """Return what is known of SEQ4()."""
    return number(0, MAX_ROWS)


def from_column(site: Site, column: ColumnSchema) -> Distinct | None:
    """Return what is known of a unique column of the site's table; None for other columns."""
    if not site.table.is_unique(column) or column.is_nullable:
        return None
    kind = column.type
    match kind.kind:
        case Kind.INTEGER | Kind.DECIMAL:
            low, high = _unscaled(site.at(column))
            return number(Fraction(low, 10**kind.scale), Fraction(high, 10**kind.scale), kind.scale)
        case Kind.TIME | Kind.TIMESTAMP | Kind.TIMESTAMPTZ:
            steps = None if column.sequence is None else steps_of(column)
            is_whole = steps is not None and steps.first % _SECOND == 0 and steps.step % _SECOND == 0
            return Distinct(kind.kind, is_whole=is_whole)
        case Kind.DATE | Kind.UUID:
            return Distinct(kind.kind)
        case Kind.TEXT:
            return Distinct(Kind.TEXT, length=kind.length or MAX_TEXT_LENGTH)
    return None


def convert(value: Distinct, kind: WarehouseType) -> Distinct | None:
    """Return the value as another type, or None when the conversion may merge values."""
    goal = kind.kind
    if goal is Kind.TEXT:
        written = as_text(value)
        return written if kind.length is None or written.length <= kind.length else None
    if value.kind is Kind.TEXT and value.is_number_text and goal in (Kind.INTEGER, Kind.DECIMAL):
        return number(*_bounds_of(kind), kind.scale)
    if value.is_exact:
        if goal in (Kind.INTEGER, Kind.DECIMAL):
            return replace(value, scale=kind.scale) if kind.scale >= value.scale else None
        is_small = value.scale == 0 and max(-value.low, value.high) <= _EXACT_DOUBLE
        return Distinct(Kind.FLOAT) if goal is Kind.FLOAT and kind.bits == 64 and is_small else None
    if value.kind is Kind.DATE and goal in TIMESTAMPS:
        return Distinct(goal, is_whole=True)
    if value.kind in TIMESTAMPS and goal in TIMESTAMPS:
        return replace(value, kind=goal)
    return value if goal is value.kind else None


def as_text(value: Distinct) -> Distinct:
    """Return the value as text in SQL's format."""
    if value.kind is Kind.TEXT:
        return value
    if value.is_exact:
        places = value.scale + 1 if value.scale else 0
        length = max(len(str(int(abs(bound)))) for bound in (value.low, value.high)) + places + (value.low < 0)
        return Distinct(Kind.TEXT, length=length, is_number_text=value.scale == 0)
    return Distinct(Kind.TEXT, length=min(value.length, _TEXT_LENGTHS.get(value.kind, MAX_TEXT_LENGTH)))


def format_time(value: Distinct, form: str) -> Distinct | None:
    """Return a date, timestamp or time formatted by TO_CHAR: its parts must have fixed widths and say all of it."""
    tokens = _TOKEN.findall(form.upper())
    symbols = [token for token in tokens if token[0].isalpha()]
    if len(set(symbols)) != len(symbols) or not set(symbols) <= _FIXED_WIDTHS.keys():
        return None
    given, width = set(symbols), sum(_FIXED_WIDTHS.get(token, len(token.strip('"'))) for token in tokens)
    needed = [set[str]()] if value.kind is Kind.TIME else [set(form) for form in _DATE_FORMS]
    if value.kind is not Kind.DATE:
        needed = [date | _TIME_FORM | micros for date in needed for micros in ((set(),) if value.is_whole else _MICROS)]
    if value.kind not in _TEXT_LENGTHS or not any(parts <= given for parts in needed):
        return None
    return Distinct(Kind.TEXT, length=width, is_number_text=len(symbols) == len(tokens))


def join(pieces: Iterable[Distinct | str]) -> Distinct | None:
    """Return one value between plain texts."""
    values = [as_text(piece) for piece in pieces if isinstance(piece, Distinct)]
    if len(values) != 1:
        return None
    plain = sum(len(piece) for piece in pieces if isinstance(piece, str))
    return Distinct(Kind.TEXT, length=min(values[0].length + plain, MAX_TEXT_LENGTH))


def pad(value: Distinct, length: int, filling: str) -> Distinct | None:
    """Return LPAD of a whole number of 0 or more that is not longer, with zeros or a text without digits."""
    written = as_text(value)
    if not value.is_exact or value.scale or value.low < 0 or written.length > length:
        return None
    if filling.strip("0") and any(letter.isdigit() for letter in filling):
        return None
    return Distinct(Kind.TEXT, length=length, is_number_text=not filling.strip("0"))


def _unscaled(site: Site) -> tuple[int, int]:
    """Return bounds of the unscaled numbers of a unique column."""
    column, rows = site.column, max(site.reach, 1)
    if column.sequence is not None:
        steps = steps_of(column)
        ends = (steps.first, steps.first + steps.step * (rows - 1))
        return min(ends), max(ends)
    is_key = any(column.name.casefold() == name.casefold() for key in site.table.foreign_keys for name in key.columns)
    if is_key or sources_of(column) or shapes_of(column):
        return column.type.integer_bounds
    if not number_domain(site).is_open:
        return unscaled_bounds(column)
    step = 10**column.type.scale
    low = step if column.min_value is None else unscaled_bounds(column)[0]
    return low, low + step * (rows - 1)


def _bounds_of(kind: WarehouseType) -> tuple[Fraction, Fraction]:
    low, high = kind.integer_bounds
    return Fraction(low, 10**kind.scale), Fraction(high, 10**kind.scale)
