"""Declared outcomes of a table: what a column adds up to, and how many rows there are, in each period or group.

Outcomes of the same columns and periods belong together (`partitions_of`): they cut the rows of the table in one way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.schema import limits
from engine.schema.conditional import Case
from engine.schema.fields import Model, Name, Number

VALUE = "value"
"""The `per` of outcomes by the values of a column."""
Per = Literal["value", "day", "week", "month", "quarter", "year"]
_FORMS = {"day": "2024-01-31", "week": "2024-W05", "month": "2024-01", "quarter": "2024-Q1", "year": "2024"}


_Plain = Annotated[dict[Case, Number], Field(min_length=1, max_length=limits.MAX_CASES)]
_Nested = Annotated[dict[Case, _Plain], Field(min_length=1, max_length=limits.MAX_CASES)]
Cell = tuple[str, str]
"""The group (empty without `by`) and the period or value of a part of the rows, as written."""


class Outcome(Model):
    """What is declared of the rows of each period, or of each value of a column; exact to the last digit and row."""

    of: Name
    """The date or timestamp column that lies in the periods, or the column that has the values."""
    per: Per = "value"
    """day, week, month, quarter or year of the column `of`; or value: its values themselves, such as regions."""
    by: Name | None = None
    """A further column that has a value in each row: then targets and count are listed by its value first."""
    sum: Name | None = None
    """The INTEGER or DECIMAL column that adds up to the targets."""
    targets: _Plain | _Nested | None = None
    """What the column adds up to: {"2024-01": 180000, "2024-02": 195000.50}, {"2024-W05": 1}, {"2024-Q1": 1}; with
    `by`: {"EU": {"2024-01": 90000}, "US": {"2024-01": 90000}}."""
    count: _Plain | _Nested | None = None
    """The number of rows of each, or its share of the rows, which add up to 1; by default rows follow the targets."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What outcomes have in common that cut the rows in one way."""
        return self.of.casefold(), self.per, (self.by or "").casefold()


@dataclass(frozen=True)
class Partition:
    """The outcomes that cut the rows of a table in one way; `index` is that of the first one in the table."""

    index: int
    outcomes: tuple[Outcome, ...]

    @property
    def first(self) -> Outcome:
        """The first outcome, which names the columns and periods of all."""
        return self.outcomes[0]

    @property
    def cells(self) -> list[Cell]:
        """The groups and periods in the order in which they are listed first."""
        return list(dict.fromkeys(cell for numbers in self.numbers for cell in numbers))

    @property
    def numbers(self) -> list[dict[Cell, Decimal]]:
        """All targets and counts that are given."""
        return [
            flat(given, self.first.by)
            for outcome in self.outcomes
            for given in (outcome.targets, outcome.count)
            if given is not None
        ]

    @property
    def counts(self) -> dict[Cell, Decimal] | None:
        """The counts or shares that are given, if any are."""
        return next((flat(one.count, one.by) for one in self.outcomes if one.count is not None), None)

    @property
    def columns(self) -> list[str]:
        """The names of the columns whose values the partition makes."""
        named = [self.first.of, self.first.by, *(one.sum for one in self.outcomes)]
        return [name for name in named if name is not None]


def flat(given: Mapping[str, Any], by: str | None) -> dict[Cell, Decimal]:
    """Return targets or counts by cell; entries of another form than `by` asks for are left out."""
    if by is None:
        return {("", name): number for name, number in given.items() if isinstance(number, Decimal)}
    return {
        (group, name): number
        for group, inner in given.items()
        if isinstance(inner, dict)
        for name, number in inner.items()
    }


def partitions_of(outcomes: Sequence[Outcome]) -> list[Partition]:
    """Return the partitions of a table's outcomes, in their order."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for index, outcome in enumerate(outcomes):
        found.setdefault(outcome.key, []).append(index)
    return [Partition(places[0], tuple(outcomes[place] for place in places)) for places in found.values()]


def declared_rows(outcomes: Sequence[Outcome]) -> int | None:
    """Return the number of rows that the counts of outcomes add up to, if they are numbers and not shares."""
    for partition in partitions_of(outcomes):
        numbers = list((partition.counts or {}).values())
        if numbers and all(each == each.to_integral_value() for each in numbers) and sum(numbers) != 1:
            return int(sum(numbers))
    return None


def partition_of(outcomes: Sequence[Outcome], column: str) -> Partition | None:
    """Return the partition that makes the values of a column, or None."""
    folded = column.casefold()
    if not outcomes:
        return None
    return next((one for one in partitions_of(outcomes) if folded in map(str.casefold, one.columns)), None)


def period_of(per: str, text: str) -> tuple[date, date]:
    """Return the first and the last day of a period as it is written; raises `ValueError` with the right form."""
    try:
        first, following = _days_of(per, text)
    except (ValueError, OverflowError):
        raise ValueError(f'"{text}" is no {per}; write it as "{_FORMS[per]}"') from None
    return first, following - timedelta(days=1)


def _days_of(per: str, text: str) -> tuple[date, date]:
    year, separator, rest = text.partition("-")
    if len(year) != 4 or not year.isdigit() or not (text.isascii() and bool(rest) == bool(separator)):
        raise ValueError(text)
    match per:
        case "day":
            first = date.fromisoformat(text)
            return first, first + timedelta(days=1)
        case "week":
            if len(rest) != 3 or rest[0] != "W":
                raise ValueError(text)
            first = date.fromisocalendar(int(year), int(rest[1:]), 1)
            return first, first + timedelta(days=7)
        case "month" | "quarter":
            is_quarter = per == "quarter"
            digits = rest[1:] if is_quarter else rest
            if len(rest) != 2 or not digits.isdigit() or (is_quarter and rest[0] != "Q"):
                raise ValueError(text)
            width = 3 if is_quarter else 1
            month = (int(digits) - 1) * width
            return date(int(year), month + 1, 1), _month_start(int(year), month + width)
        case _:
            if separator:
                raise ValueError(text)
            return date(int(year), 1, 1), date(int(year) + 1, 1, 1)


def _month_start(year: int, month: int) -> date:
    """Return the first day of a month that is counted from 0 over the end of the year."""
    return date(year + month // 12, month % 12 + 1, 1)
