"""Calendars: tables of a day, month or year in each row start and end so that the asked years are in them.

What a row of a calendar holds is computed from its date, so the engine's own rules make a long calendar, and the rows
that the queries ask for are looked up in it: also by names of months, sequence numbers of weeks, or date keys.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from engine.errors import WorkbenchError
from engine.generation.preview import preview
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.workload.changes import Change, change_column
from engine.workload.samples import matching
from engine.workload.wanted import Wanted

_START = date(1900, 1, 1)
_DAYS, _LONGER = 75_000, 4800
_SPAN_ROWS = 1500
_MONTHS = 12
_SEQ = re.compile(r"\bseq4\s*\(\s*\)", re.IGNORECASE)
_DATE = re.compile(r"date\s+'(\d{4}-\d{2}-\d{2})'", re.IGNORECASE)


@dataclass(frozen=True)
class _Calendar:
    table: TableSchema
    start: date
    computed: frozenset[str]
    """The columns that follow from the row number."""
    is_daily: bool


def is_calendar(table: TableSchema) -> bool:
    """Whether the rows of a table count consecutive dates."""
    return _calendar_of(table) is not None


def fit_calendars(schema: ExperimentSchema, wanted: Sequence[Wanted], counts: Mapping[str, int]) -> list[Change]:
    """Return the changes of the start and the number of rows of calendars that asked years need."""
    changes: list[Change] = []
    for table in schema.tables:
        calendar, asked = _calendar_of(table), [each for each in wanted if each.table == table.key]
        if calendar is None or not asked or table.rows:
            continue
        changes += _fit_calendar(schema, calendar, asked, counts)
    return changes


def _calendar_of(table: TableSchema) -> _Calendar | None:
    start, is_daily, computed = None, False, set[str]()
    for column in table.columns:
        if column.sequence is not None and column.type.kind is Kind.DATE:
            start, is_daily = date.fromisoformat(str(column.sequence.start)[:10]), True
            computed.add(column.name)
        elif column.expression is not None:
            computed.add(column.name)
            found = _DATE.search(column.expression)
            if start is None and found and _SEQ.search(column.expression):
                start = date.fromisoformat(found[1])
                is_daily = is_daily or bool(re.search(r"'\s*\+\s*seq4\(\)\s*\)?(?!\s*\*)", column.expression))
    return _Calendar(table, start, frozenset(computed), is_daily) if start is not None and len(computed) > 1 else None


def _fit_calendar(
    schema: ExperimentSchema, calendar: _Calendar, asked: list[Wanted], counts: Mapping[str, int]
) -> list[Change]:
    table = calendar.table
    length = _DAYS if calendar.is_daily else _LONGER
    changed = {column.name: _moved(column, calendar.start, _START) for column in table.columns}
    columns = [
        column.model_copy(update=changed[column.name] or {})
        for column in table.columns
        if changed[column.name] is not None or column.name in calendar.computed
    ]
    trial = table.model_copy(
        update={"columns": columns, "primary_key": [], "composite_keys": [], "checks": [], "foreign_keys": []}
    )
    long_schema = schema.model_copy(update={"tables": [trial]})
    try:
        rows = preview(long_schema, trial, rows=length, offset=0, seed=0, counts={table.key: length})
    except (WorkbenchError, pl.exceptions.PolarsError):
        return []
    first = _row_of(calendar.start, calendar.is_daily, rows, trial)
    present = counts.get(table.key, 0)
    spans: list[tuple[int, int]] = []
    open_groups: list[pl.Series] = []
    serves: list[tuple[str, int]] = []
    groups: dict[object, list[Wanted]] = {}
    for position, each in enumerate(asked):
        if each.column in rows.columns:
            groups.setdefault((each.key, position if each.is_alternative else -1), []).append(each)
    for group in groups.values():
        found = pl.Series([True]).new_from_index(0, length)
        for each in group:
            found = found & matching(rows[each.column], each)
        places = found.arg_true()
        serves += [source for each in group for source in each.sources]
        if 0 < len(places) <= _SPAN_ROWS:
            spans.append((int(places[0]), int(places[-1])))
        elif len(places):
            open_groups.append(places)
    inside = all(first <= low and high < first + present for low, high in spans)
    low = min((span[0] for span in spans), default=first)
    high = max((span[1] for span in spans), default=first + present - 1)
    if inside:
        low, high = first, first + present - 1
    low, high = _twice_as_long(*_whole_years(low, high, calendar.is_daily), spans, calendar.is_daily)
    for places in open_groups:
        if not ((places >= low) & (places <= high)).any():
            nearest = int(places[int((places.cast(pl.Int64) - (low + high) // 2).abs().arg_min() or 0)])
            low, high = min(low, nearest - 15), max(high, nearest + 15)
    low, high = max(low, 0), min(high, length - 1)
    if first <= low and high < first + present:
        return []
    return _changes(calendar, low, high - low + 1, serves)


def _twice_as_long(low: int, high: int, spans: Sequence[tuple[int, int]], is_daily: bool) -> tuple[int, int]:
    """Return rows of which no asked span is more than half: with whole years more, after and before in turn."""
    longest = max((last - first + 1 for first, last in spans), default=0)
    is_after = True
    while high - low + 1 < 2 * longest:
        if is_after:
            high = _year_later(high, 1) if is_daily else high + _MONTHS
        else:
            low = _year_later(low, -1) if is_daily else low - _MONTHS
        is_after = not is_after
    return low, high


def _year_later(row: int, years: int) -> int:
    """Return the row of the first or the last day of a year, so many years later."""
    day = date.fromordinal(_START.toordinal() + row)
    return day.replace(year=day.year + years).toordinal() - _START.toordinal()


def _whole_years(low: int, high: int, is_daily: bool) -> tuple[int, int]:
    """Return rows that begin and end with a year, of days with a year more when there is one only."""
    if not is_daily:
        return low, high
    first, last = (date.fromordinal(_START.toordinal() + row).year for row in (low, high))
    if last == first:
        last += 1
    return (
        date(first, 1, 1).toordinal() - _START.toordinal(),
        date(last, 12, 31).toordinal() - _START.toordinal(),
    )


def _row_of(start: date, is_daily: bool, rows: pl.DataFrame, trial: TableSchema) -> int:
    if is_daily:
        return start.toordinal() - _START.toordinal()
    for column in trial.columns:
        values = rows[column.name] if column.name in rows.columns else None
        if values is not None and values.dtype == pl.Date:
            return int((values < start).sum())
    return (start.year - _START.year) * 12


def _moved(column: ColumnSchema, old: date, new: date) -> dict[str, Any] | None:
    """Return the keys of a column that counts from another date, None if it does not count."""
    if column.sequence is not None and column.type.kind is Kind.DATE:
        return {"sequence": column.sequence.model_copy(update={"start": new.isoformat()})}
    if column.sequence is not None and column.sequence.start == old.year:
        return {"sequence": column.sequence.model_copy(update={"start": new.year})}
    if column.expression is not None and _SEQ.search(column.expression) and _DATE.search(column.expression):
        return {"expression": column.expression.replace(f"'{old}'", f"'{new}'")}
    return None


def _changes(calendar: _Calendar, first: int, rows: int, serves: list[tuple[str, int]]) -> list[Change]:
    table = calendar.table
    if calendar.is_daily:
        start = date.fromordinal(_START.toordinal() + first)
    else:
        start = date(_START.year + first // 12, 1, 1)
        rows += first % 12
    reason = f"The calendar starts on {start} and has {rows:,} rows."
    changes = []
    for column in table.columns:
        moved = _moved(column, calendar.start, start)
        if moved is None:
            continue
        new = {
            key: value.model_dump(mode="json", exclude_defaults=True) if key == "sequence" else value
            for key, value in moved.items()
        }
        changes.append(change_column(table, column, next(iter(new)), new, serves, reason))
    old = {"target_rows": table.target_rows, "because": table.because}
    new_rows = {"target_rows": rows, "because": reason}
    changes.append(Change(table.key, None, "target_rows", old, new_rows, tuple(dict.fromkeys(serves)), reason))
    return changes
