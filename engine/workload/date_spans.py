"""Dates of facts: the days that queries ask for set the span of the date columns that they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.rules.values.timestamps import FIRST_DAY, LAST_DAY
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.workload.calendar_spans import is_calendar
from engine.workload.changes import Change, change_column
from engine.workload.date_lineage import date_origins
from engine.workload.samples import Samples, found_rows
from engine.workload.wanted import Wanted, days_of_number

_LEAST_SHARE = 0.01
_MARGIN = timedelta(days=92)
_NEAR = timedelta(days=366)
"""A one-sided bound so near to the end of the dates gets dates beyond it, so that not all rows meet it."""


@dataclass(frozen=True)
class _Days:
    """The first and the last day that are asked for, None for no bound."""

    low: date | None
    high: date | None
    sources: tuple[tuple[str, int], ...]


def fit_dates(schema: ExperimentSchema, wanted: Sequence[Wanted], samples: Samples) -> list[Change]:
    """Return the changes of the bounds of date columns that asked dates need."""
    asked: dict[tuple[str, str], list[_Days]] = {}
    for each in wanted:
        table = schema.table(each.table)
        column = table.column(each.column)
        spans = _days(column, each)
        if spans is None or _is_found(samples, table, column, each):
            continue
        for origin_table, origin in date_origins(schema, table, column):
            if not is_calendar(origin_table) and not origin_table.rows:
                asked.setdefault((origin_table.key, origin.name), []).append(spans)
    changes = []
    for (key, name), every in asked.items():
        table = schema.table(key)
        also = [each for each in wanted if (each.table, each.column) == (key, name)]
        kept = [days for each in also if (days := _days(table.column(name), each)) is not None]
        change = _fit_column(table, table.column(name), [*every, *kept])
        if change is not None:
            changes.append(change)
    return changes


def lessen_dates(
    schema: ExperimentSchema, wanted: Sequence[Wanted], large: Sequence[tuple[str, float]]
) -> list[Change]:
    """Return changes of dates so that a statement that selects too much has as many beyond its one bound as before it.

    `large` are the statements with the part of their largest table that they select. Dates that the user gave stay,
    and a bound that is further away than the dates are long is no bound of theirs.
    """
    changes: dict[str, Change] = {}
    for name, share in large:
        for each in wanted:
            serves = [source for source in each.sources if source[0] == name]
            table = schema.table(each.table)
            days = _days(table.column(each.column), each) if serves else None
            if days is None:
                continue
            for origin_table, origin in date_origins(schema, table, table.column(each.column)):
                longer = None if is_calendar(origin_table) or origin_table.rows else _beyond(origin, days)
                if longer is not None:
                    reason = f"{name} selects {share:.0%} of its largest table."
                    change = _change(origin_table, origin, *longer, serves, reason)
                    changes.setdefault(change.place, change)
    return list(changes.values())


def _beyond(column: ColumnSchema, days: _Days) -> tuple[date, date] | None:
    """Return the days of which half are beyond the one bound, None where that changes nothing."""
    start, end = _present(column)
    if _is_own(column) or (days.low is None) == (days.high is None):
        return None
    first, last = (start or FIRST_DAY).toordinal(), (end or LAST_DAY).toordinal()
    length = last - first
    if days.high is not None and first < (high := days.high.toordinal()) <= last + length:
        last = high + (high - first) + _MARGIN.days
    elif days.low is not None and first - length <= (low := days.low.toordinal()) < last:
        first = low - (last - low) - _MARGIN.days
    if last - first <= length:
        return None
    return date.fromordinal(max(first, 1)), date.fromordinal(min(last, date.max.toordinal()))


def _is_found(samples: Samples, table: TableSchema, column: ColumnSchema, wanted: Wanted) -> bool:
    values = samples.column(table, column)
    return values is None or found_rows(values, wanted) >= max(1, _LEAST_SHARE * len(values))


def _days(column: ColumnSchema, wanted: Wanted) -> _Days | None:
    """Return what is wanted of a date column, or of the date behind a number such as 1998 or 20240131, as days."""
    kind = column.type.kind
    if kind is Kind.DATE or kind in TIMESTAMPS:
        return _Days(_day(wanted.low), _day(wanted.high), wanted.sources)
    if kind not in NUMERIC or column.expression is None:
        return None
    numbers = [number for number in (*wanted.values, wanted.low, wanted.high) if number is not None]
    spans = [days_of_number(int(str(number).partition(".")[0])) for number in numbers]
    known = [span for span in spans if span is not None]
    if not known or len(known) < len(spans):
        return None
    low = min(first for first, _ in known) if wanted.values or wanted.low is not None else None
    high = max(last for _, last in known) if wanted.values or wanted.high is not None else None
    return _Days(low, high, wanted.sources)


def _day(bound: object) -> date | None:
    if isinstance(bound, datetime):
        return bound.date()
    return bound if isinstance(bound, date) else None


def _fit_column(table: TableSchema, column: ColumnSchema, asked: list[_Days]) -> Change | None:
    present = _present(column)
    ranges = [(each.low, each.high) for each in asked if each.low is not None and each.high is not None]
    start: date | None = min((low for low, _ in ranges), default=None)
    end: date | None = max((high for _, high in ranges), default=None)
    old_start, old_end = present[0] or FIRST_DAY, present[1] or LAST_DAY
    if _is_own(column) or start is None or end is None:
        start = min(start or old_start, old_start)
        end = max(end or old_end, old_end)
    else:
        start, end = _with_margin(start, end, max(high - low for low, high in ranges))
    for each in asked:
        if each.low is not None and each.high is None:
            end = max(end, each.low + _MARGIN)
            start = each.low - _MARGIN if start - _NEAR < each.low <= start else start
        elif each.high is not None and each.low is None:
            start = min(start, each.high - _MARGIN)
            end = each.high + _MARGIN if end <= each.high < end + _NEAR else end
    if (start, end) == (old_start, old_end):
        return None
    serves = [source for each in asked for source in each.sources]
    return _change(table, column, start, end, serves, f"Queries ask for dates from {start} to {end}.")


def _present(column: ColumnSchema) -> tuple[date | None, date | None]:
    """Return the first and the last day that a column declares."""
    if column.type.kind is Kind.DATE:
        return column.date_start, column.date_end
    return _day(column.timestamp_start), _day(column.timestamp_end)


def _is_own(column: ColumnSchema) -> bool:
    """Return whether the user gave the days."""
    return not column.suggested and any(_present(column))


def _change(
    table: TableSchema,
    column: ColumnSchema,
    start: date,
    end: date,
    serves: Sequence[tuple[str, int]],
    reason: str,
) -> Change:
    if column.type.kind in TIMESTAMPS:
        new = {"timestamp_start": f"{start}T00:00:00", "timestamp_end": f"{end}T23:59:59"}
    else:
        new = {"date_start": start.isoformat(), "date_end": end.isoformat()}
    return change_column(table, column, next(iter(new)), new, serves, reason)


def _with_margin(start: date, end: date, widest: timedelta) -> tuple[date, date]:
    """Return whole months around the asked days, so that no query asks for more than half of them."""
    missing = (2 * widest + timedelta(days=60) - (end - start)) / 2
    margin = max(missing, timedelta(days=31))
    first, last = start - margin, end + margin
    following = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first.replace(day=1), following - timedelta(days=1)
