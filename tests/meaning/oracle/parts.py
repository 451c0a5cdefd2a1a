"""Parts of dates: months are 1 to 12, years are years, weekdays are weekdays, date keys are dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judge_values
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "parts of dates"
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBER_WORDS = ("num", "number", "no", "nbr", "nr", "int")
_NAMES = {
    "day of week": ("day of week", "weekday", "week day", "dow", "day in week", "iso weekday"),
    "day of year": ("day of year", "doy", "julian day", "day in year"),
    "day": ("day of month", "dom", "day in month", "day", "dd"),
    "week": ("week of year", "iso week", "week in year", "week", "woy"),
    "month": ("month of year", "moy", "month in year", "month", "mm"),
    "quarter": ("quarter of year", "qoy", "quarter in year", "quarter", "qtr"),
    "year": ("year of birth", "year", "yr", "yyyy"),
    "hour": ("hour of day", "hour"),
    "minute": ("minute of hour", "minute"),
    "second": ("second of minute", "second"),
}
_BOUNDS = {
    "day of week": (0, 7),
    "day of year": (1, 366),
    "day": (1, 31),
    "week": (0, 53),
    "month": (1, 12),
    "quarter": (1, 4),
    "year": (1900, 2100),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 60),
}
# "Price per hour", "last day", "each second", "due in days": a unit or a point in time, not a part of a date.
_NOT_PARTS = frozenset(
    "per watt kilowatt kwh wh amp rate price cost fee amount avg total max min limit is has last first same prior "
    "previous next flag name short long begin end start ago over since until mile km kilometer kilometre person man "
    "days every each count business working rental trial current "
    "term tenure warranty contract duration lead wait prep delay idle service ride trip elapsed interval".split()
)


def part_of(column: Column) -> str | None:
    """Return the part of a date that a column is named by, such as `"day of week"`."""
    words = column.words
    if words and words[-1] in _NUMBER_WORDS:
        words = words[:-1]
    found = [(ending, part) for part, endings in _NAMES.items() for ending in endings if ends_with(words, ending)]
    if not found:
        return None
    ending, part = max(found, key=lambda each: len(each[0].split()))
    return None if _NOT_PARTS.intersection(words[: len(words) - len(ending.split())]) else part


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the columns that are named by a part of a date."""
    for table in tables:
        for column in table.columns:
            part = part_of(column)
            if part is not None and column.family == "integer":
                low, high = _BOUNDS[part]
                yield from judge_values(KIND, table, column, _within(low, high), f"{part} is {low} to {high}")
            elif part is not None and column.family == "text" and part in _TEXTS:
                yield from judge_values(KIND, table, column, _TEXTS[part], f"text of a {part}")
            elif column.family == "text" and ends_with(column.words, "month name", "month short name", "month abbr"):
                yield from judge_values(KIND, table, column, _is_name(MONTHS), "name of a month")
            elif column.family == "text" and ends_with(column.words, "day name", "weekday name", "day of week name"):
                yield from judge_values(KIND, table, column, _is_name(DAYS), "name of a weekday")
            elif column.family == "integer" and ends_with(column.words, "date key", "date int", "yyyymmdd"):
                yield from judge_values(KIND, table, column, is_date_key, "date key is yyyymmdd")
            elif column.family == "integer" and ends_with(column.words, "year month", "yyyymm", "month key"):
                yield from judge_values(KIND, table, column, _is_month_key, "month key is yyyymm")


def is_date_key(value: Any) -> bool:
    """Whether a number is a day as yyyymmdd; 0 and -1 are the keys of an unknown day."""
    if value in (0, -1):
        return True
    try:
        return 1900 <= date(value // 10000, value // 100 % 100, value % 100).year <= 9999
    except (ValueError, TypeError):
        return False


def _is_month_key(value: Any) -> bool:
    return 190001 <= value <= 210012 and 1 <= value % 100 <= 12


def _within(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: low <= value <= high


def _is_name(names: list[str]) -> Callable[[Any], bool]:
    """Accept whole names, and short ones of two letters or more."""
    lower = [name.lower() for name in names]
    return lambda value: (
        (len(value.strip()) in (2, 3, 4) and any(name.startswith(value.strip(" .").lower()) for name in lower))
        or value.strip().lower() in lower
    )


def _matches(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda value: compiled.fullmatch(value.strip()) is not None


def _any(*tests: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: any(test(value) for test in tests)


_YEAR = r"(19|20)\d\d"
_TEXTS: dict[str, Callable[[Any], bool]] = {
    "day of week": _any(_is_name(DAYS), _matches("[0-7]")),
    "month": _any(_is_name(MONTHS), _matches(rf"(0?[1-9]|1[0-2])|{_YEAR}[-/ ]?(0[1-9]|1[0-2])")),
    "quarter": _matches(rf"Q?[1-4]|(FY)?{_YEAR}[-/ ]?Q?[1-4]|Q[1-4][-/ ]?(FY)?{_YEAR}|(first|second|third|fourth)"),
    "year": _matches(rf"(FY|CY|AY)?[- ]?{_YEAR}([-/](\d\d)?\d\d)?|FY ?\d\d"),
    "hour": _matches(r"([01]?\d|2[0-4])(:\d\d)*( ?[ap]m)?"),
    "week": _matches(rf"W?([0-4]?\d|5[0-3])|{_YEAR}[-/ ]?W?([0-4]\d|5[0-3])|{_YEAR}-\d\d-\d\d"),
}
