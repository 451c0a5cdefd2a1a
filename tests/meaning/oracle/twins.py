"""Twins: columns that say one thing twice, such as a date and its timestamp, or a flag and its date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from tests.meaning.oracle.judgement import Judgement, judge_rows, judgement
from tests.meaning.oracle.names import ends_with
from tests.meaning.oracle.reading import Column, Table

KIND = "twins"
_TYPE_WORDS = frozenset("date datetime time timestamp ts dt at on utc tz ntz ltz".split())
# The events that a flag may tell: `is_deleted` and `deleted_at`, `churn_flag` and `churn_date`.
_SAME = {
    "deletion": "deleted",
    "delete": "deleted",
    "return": "returned",
    "cancelled": "canceled",
    "cancellation": "canceled",
    "cancel": "canceled",
    "churn": "churned",
    "ship": "shipped",
    "delivery": "delivered",
    "payment": "paid",
    "verification": "verified",
    "approval": "approved",
    "archive": "archived",
    "discontinue": "discontinued",
    "termination": "terminated",
    "resolution": "resolved",
    "completion": "completed",
    "conversion": "converted",
    "close": "closed",
    "refund": "refunded",
    "death": "deceased",
}
_YES = frozenset(("true", "t", "y", "yes", "1"))
_FAR = date(2900, 1, 1)


def judge(tables: Iterable[Table]) -> Iterator[Judgement]:
    """Judge the columns of a table that say one thing twice."""
    for table in tables:
        yield from _judge_days(table)
        yield from _judge_flags(table)
        yield from _judge_current(table)
        yield from _judge_ages(table)


def _judge_days(table: Table) -> Iterator[Judgement]:
    """Judge each date that has a timestamp of the same name."""
    moments = {_event(column.words): column for column in table.columns if column.family == "timestamp"}
    for day in table.columns:
        moment = moments.get(_event(day.words)) if day.family == "date" else None
        if moment is not None:
            rows = _rows(day, moment)
            why = f"{day.name} is the day of {moment.name}"
            yield from judge_rows(KIND, table, [day, moment], rows, lambda row: row[0] == row[1].date(), why)


def _judge_flags(table: Table) -> Iterator[Judgement]:
    """Judge each flag that has a date of the same event: set exactly where the date is."""
    dates: dict[tuple[str, ...], Column] = {}
    for column in table.columns:
        if column.is_temporal and _event(column.words):
            dates.setdefault(_event(column.words), column)
    for flag in table.columns:
        words = tuple(
            word for word in flag.words if word not in ("is", "has", "was", "flag", "ind", "indicator", "been")
        )
        is_flag = flag.family == "boolean" or (len(words) < len(flag.words) and (flag.length or 5) <= 5)
        moment = dates.get(_event(words)) if is_flag and flag.family in ("boolean", "text", "integer") else None
        if moment is not None and any(value is None for value in moment.values):
            rows = [(value, at) for value, at in zip(flag.values, moment.values, strict=True) if value is not None]
            why = f"{flag.name} exactly where {moment.name} is set"
            yield from judge_rows(
                KIND, table, [flag, moment], rows, lambda row: is_yes(row[0]) == (row[1] is not None), why
            )


def _judge_current(table: Table) -> Iterator[Judgement]:
    """Judge the current version of a slowly changing dimension: the one whose validity is open."""
    flag = table.find("is current", "current flag", "is current flag", "is latest", "current ind", "is current record")
    end = table.find(*_ENDS)
    if flag is not None and end is not None and end.is_temporal:
        rows = [(value, at) for value, at in zip(flag.values, end.values, strict=True) if value is not None]
        is_right = lambda row: is_yes(row[0]) == (row[1] is None or _day(row[1]) >= _FAR)  # noqa: E731
        yield from judge_rows(KIND, table, [flag, end], rows, is_right, f"{flag.name} exactly where {end.name} is open")


_ENDS = tuple(
    f"{name}{kind}"
    for name in (
        "valid to",
        "effective to",
        "effective end",
        "expiration",
        "expiry",
        "row end",
        "eff end",
        "rec end",
    )
    for kind in ("", " date", " at", " ts", " timestamp", " datetime")
)


def _judge_ages(table: Table) -> Iterator[Judgement]:
    """Judge ages against dates of birth: together they tell the same year today, give or take one."""
    age = table.find("age", "age years", "customer age", "patient age", "current age")
    birth = next((column for column in table.columns if column.is_temporal and _is_birth(column.words)), None)
    if age is None or birth is None or not age.is_numeric:
        return
    rows = _rows(age, birth)
    years = sorted(value + born.year for value, born in rows)
    if years:
        is_right = years[-1] - years[0] <= 2
        yield judgement(KIND, table, [age, birth], is_right, rows, f"{age.name} is the years since {birth.name}")


def _is_birth(words: tuple[str, ...]) -> bool:
    return "birth" in words or ends_with(words, "dob", "birthdate", "birthday")


def _event(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(_SAME.get(word, word) for word in words if word not in _TYPE_WORDS)


def is_yes(value: Any) -> bool:
    """Whether a flag is set, as a boolean, a number or a text."""
    return str(value).strip().lower() in _YES


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _rows(*columns: Column) -> list[tuple[Any, ...]]:
    return [row for row in zip(*(column.values for column in columns), strict=True) if None not in row]
