"""Calendars: a table with a date and three or more of its parts has one row a day, and every part is the date's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judge_rows, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.parts import DAYS, MONTHS, part_of
from tests.meaning.oracle.reading import Column, Table
from tests.meaning.oracle.twins import is_yes

KIND = "calendars"
_DATE_NAMES = (
    "date", "full date", "calendar date", "cal date", "date day", "date actual", "date value", "day date", "the date",
    "day", "dt", "calendar day", "caldate", "date full", "sql date", "date dt",
)  # fmt: skip
_OTHERS = frozenset("fiscal fy financial retail holiday academic tax school broadcast".split())

_LONGEST_GAP = 6  # Days without trading around a holiday.

Convention = Callable[[date], Any]

# A part may be counted in several ways; one of them must fit every row.
_CONVENTIONS: dict[str, tuple[Convention, ...]] = {
    "year": (lambda day: day.year, lambda day: day.isocalendar().year),
    "quarter": (lambda day: (day.month + 2) // 3,),
    "month": (lambda day: day.month,),
    "day": (lambda day: day.day,),
    "day of year": (lambda day: day.timetuple().tm_yday,),
    "day of week": (
        lambda day: day.isoweekday(),
        lambda day: day.weekday(),
        lambda day: day.isoweekday() % 7,
        lambda day: day.isoweekday() % 7 + 1,
    ),
    "week": (
        lambda day: day.isocalendar().week,
        lambda day: int(day.strftime("%U")),
        lambda day: int(day.strftime("%W")),
        lambda day: int(day.strftime("%U")) + 1,
        lambda day: int(day.strftime("%W")) + 1,
        lambda day: (day.timetuple().tm_yday - 1) // 7 + 1,
        lambda day: (day.timetuple().tm_yday + date(day.year, 1, 1).weekday() - 1) // 7 + 1,
        lambda day: (day.timetuple().tm_yday + date(day.year, 1, 1).isoweekday() % 7 - 1) // 7 + 1,
    ),
}
_FLAGS: tuple[tuple[str, Convention], ...] = (
    ("is weekend", lambda day: day.weekday() >= 5),
    ("weekend", lambda day: day.weekday() >= 5),
    ("weekend flag", lambda day: day.weekday() >= 5),
    ("is weekday", lambda day: day.weekday() < 5),
    ("weekday flag", lambda day: day.weekday() < 5),
    ("is leap year", lambda day: day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)),
    ("is month end", lambda day: (day + timedelta(1)).day == 1),
    ("is last day of month", lambda day: (day + timedelta(1)).day == 1),
    ("is month start", lambda day: day.day == 1),
    ("is first day of month", lambda day: day.day == 1),
)
_NAMED: tuple[tuple[tuple[str, ...], Convention], ...] = (
    (("date key", "date int", "yyyymmdd"), lambda day: day.year * 10000 + day.month * 100 + day.day),
    (("year month", "yyyymm", "month key"), lambda day: day.year * 100 + day.month),
    (("first day of month", "month start", "month start date", "first of month"), lambda day: day.replace(day=1)),
    (
        ("last day of month", "month end", "month end date", "last of month"),
        lambda day: (day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1),
    ),
    (("first day of year", "year start", "year start date"), lambda day: day.replace(month=1, day=1)),
    (("last day of year", "year end", "year end date"), lambda day: day.replace(month=12, day=31)),
    (("previous day", "prior day", "prev day"), lambda day: day - timedelta(1)),
    (("next day",), lambda day: day + timedelta(1)),
)


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the calendars among the tables."""
    for table in tables:
        day = _date_of(table)
        if day is not None and sum(_is_part(column) for column in table.columns) >= 3:
            days = [_as_date(value) for value in day.values]
            yield _judge_run(table, day, days)
            for column in table.columns:
                yield from _judge_part(table, column, days)


def _date_of(table: Table) -> Column | None:
    """Return the date that the rows of a calendar are about."""
    named = table.find(*_DATE_NAMES)
    if named is not None and (
        named.family in ("date", "timestamp") or (named.family == "text" and _reads_as_date(named))
    ):
        return named
    dates = [column for column in table.columns if column.family == "date"]
    is_calendar = bool({"calendar", "date", "dates", "day", "days"}.intersection(table.words))
    return dates[0] if is_calendar and len(dates) == 1 else None


def _reads_as_date(column: Column) -> bool:
    return (column.length or 0) >= 8


def _is_part(column: Column) -> bool:
    return part_of(column) is not None or ends_with(column.words, "month name", "day name", "is weekend")


def _judge_run(table: Table, day: Column, days: list[date | None]) -> Judgement:
    """Judge that each row is the day after the one before."""
    found = sorted(each for each in days if each is not None)
    longest = _LONGEST_GAP if {"trading", "business", "working"}.intersection(table.words) else 1
    gaps = [(after - before).days for before, after in pairwise(found)]
    is_run = len(found) == len(days) and all(1 <= gap <= longest for gap in gaps)
    return judgement(KIND, table, [day], is_run, [(value,) for value in day.values], "consecutive days")


def _judge_part(table: Table, column: Column, days: list[date | None]) -> Iterator[Judgement]:
    expected = _expected(column)
    if expected is None:
        return
    why, conventions, same = expected
    rows = [
        (value, day) for value, day in zip(column.values, days, strict=True) if value is not None and day is not None
    ]
    fits = [convention for convention in conventions if all(same(value, convention(day)) for value, day in rows)]
    best = (fits or list(conventions))[0]
    yield from judge_rows(KIND, table, [column], rows, lambda row: same(row[0], best(row[1])), why)


def _expected(column: Column) -> tuple[str, tuple[Convention, ...], Callable[[Any, Any], bool]] | None:
    """Return what a column of a calendar holds, how it may be counted, and how values are compared."""
    words = " ".join(column.words)
    for name, flag in _FLAGS:
        if words == name:
            return f"{name} of the date", (flag,), lambda value, true: is_yes(value) == true
    if _OTHERS.intersection(column.words):
        return None
    for names, convention in _NAMED:
        if words in names:
            return f"{words} of the date", (convention,), _is_same
    part = part_of(column)
    if part in _CONVENTIONS and column.family == "integer":
        return f"{part} of the date", _CONVENTIONS[part], lambda value, true: value == true
    if column.family == "text" and (part == "month" or ends_with(column.words, "month name", "month short name")):
        return "month of the date", (lambda day: MONTHS[day.month - 1],), _is_short_of
    if column.family == "text" and (part == "day of week" or ends_with(column.words, "day name", "weekday name")):
        return "weekday of the date", (lambda day: DAYS[day.weekday()],), _is_short_of
    return None


def _is_same(value: Any, true: Any) -> bool:
    if isinstance(true, date):
        return _as_date(value) == true
    return str(value).replace("-", "") == str(true)


def _is_short_of(value: Any, true: str) -> bool:
    text = str(value).strip()
    is_name = len(text) >= 2 and true.lower().startswith(text.lower())
    number = MONTHS.index(true) + 1 if true in MONTHS else DAYS.index(true) + 1
    return is_name or text.lstrip("0") == str(number) or (true in MONTHS and text[-2:] == f"{number:02}")


def _as_date(value: Any) -> date | None:
    """Return the day of a date, a timestamp, or a text of either."""
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip()[:10])
        except ValueError:
            return None
    return date(value.year, value.month, value.day) if hasattr(value, "year") else None
