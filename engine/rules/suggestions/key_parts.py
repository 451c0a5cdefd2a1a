"""Numbers in keys of several columns that are parts of dates: years, months, weeks, hours, and keys like 202401.

No expression may stand in such a key, so that each part has bounds, or the list of its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.detail_lines import counts_lines
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_words import part_words
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema
from engine.schema.types import NUMERIC, Kind

_FIRST, _LAST = 2020, 2026
_BOUNDS = {
    "year": (_FIRST, _LAST), "fiscalyear": (_FIRST, _LAST), "isoyear": (_FIRST, _LAST), "month": (1, 12),
    "fiscalmonth": (1, 12), "quarter": (1, 4), "fiscalquarter": (1, 4), "week": (1, 52), "isoweek": (1, 52),
    "fiscalweek": (1, 52), "day": (1, 28), "weekday": (1, 7), "yearday": (1, 365), "hour": (0, 23), "minute": (0, 59),
    "second": (0, 59), "monthweek": (1, 5),
}  # fmt: skip
_PERIODS = frozenset("period".split())
_POSTCODES = frozenset("zip zipcode postcode".split())
_DAYS = 731
_WEEKS = 260


def suggest_key_parts(draft: SchemaDraft) -> None:
    """Suggest bounds or values for free numbers in keys of several columns that are named as parts of dates."""
    for table in draft.tables:
        for name in {name for group in table.composite_keys for name in group}:
            column = draft.column(table, name)
            if column.foreign_key is None and draft.is_in_key_only(table, name) and not counts_lines(table, column):
                for because, change in _changes(column):
                    if draft.suggest_in_key(table, name, change, because):
                        break


def _changes(column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    kind, names = column.type, part_words(column.name)
    if kind.kind is Kind.DATE:
        yield from _dates(column.name, names)
        return
    is_text = kind.kind is Kind.TEXT
    if not (is_text or (kind.kind in NUMERIC and kind.scale == 0)):
        return
    found = part_of_name(column.name)
    part = found[0] if found else ""
    months = [f"{year}{month:02}" for year in range(_FIRST, _LAST + 1) for month in range(1, 13)]
    if part == "yearmonth" or {*names} >= {"month", "key"} or {*names} >= {"month", "id"} or "yyyymm" in names:
        yield "Months like 202401.", {"values": months if is_text else [int(month) for month in months]}
    elif part == "datekey" or {*names} >= {"date", "key"} or "yyyymmdd" in names:
        first = date(_FIRST, 1, 1)
        days = [f"{first + timedelta(days=day):%Y%m%d}" for day in range(_DAYS)]
        yield "Days like 20240131.", {"values": days if is_text else [int(day) for day in days]}
    elif is_text:
        if (names and names[-1] in _POSTCODES) or names[-2:] in (("postal", "code"), ("zip", "code"), ("post", "code")):
            yield "A postcode.", {"pattern": "#####" if (kind.length or 5) >= 5 else "?###"}
    elif part in _BOUNDS:
        low, high = _BOUNDS[part]
        yield f"A {part} of a date.", {"min_value": Decimal(low), "max_value": Decimal(high)}
    elif (names and names[-1] in _PERIODS) or names[-2:] == ("period", "number"):
        yield "A period of a year.", {"min_value": Decimal(1), "max_value": Decimal(12)}


def _dates(name: str, names: tuple[str, ...]) -> Iterator[tuple[str, Change]]:
    """Yield the dates of a column that stands for whole months, quarters or weeks."""
    found = part_of_name(name)
    part = found[0] if found else ""
    firsts = [date(year, month, 1) for year in range(_FIRST, _LAST + 1) for month in range(1, 13)]
    if part == "monthend":
        lasts = [day - timedelta(days=1) for day in [*firsts[1:], date(_LAST + 1, 1, 1)]]
        yield "The last days of months.", {"values": [day.isoformat() for day in lasts]}
    elif part in ("monthstart", "yearmonth", "month") or names[-1:] == ("month",):
        yield "The first days of months.", {"values": [day.isoformat() for day in firsts]}
    elif part == "quarterstart" or names[-1:] == ("quarter",):
        yield "The first days of quarters.", {"values": [day.isoformat() for day in firsts[::3]]}
    elif part == "weekstart" or names[-1:] == ("week",):
        monday = date(_FIRST, 1, 6)
        weeks = [monday + timedelta(weeks=week) for week in range(_WEEKS)]
        yield "The Mondays of weeks.", {"values": [day.isoformat() for day in weeks]}
