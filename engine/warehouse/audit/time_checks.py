"""Checks of seasons, spikes and fixed intervals: the share of the rows of each part, and each row's time.

A season's weights multiply with all others, so that the share of a month is the sum of its days and hours. The rows
are counted by the numbers that SQL finds in a date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.errors import RuleError
from engine.rules.derived.row_sql import row_sql
from engine.rules.distributions.laws import LawError
from engine.rules.distributions.seasons import HolidayError, Season, days_of, find_holidays, month_of, week_of
from engine.rules.distributions.time_shapes import TimeRange, range_and_shape, weigh_units
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.latents import is_shared_by_rows
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.time_rules import parse_interval, parse_moment
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted, not_proved
from engine.warehouse.audit.rollup_checks import key_pairs
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.loading.layout import stored_name

_HOUR = 3600 * 1_000_000
_PARTS_SHOWN = 8
_Moments = tuple[np.ndarray, np.ndarray]


def time_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's seasonality, spikes and fixed interval."""
    if column.every is not None:
        yield _every_check(schema, table, column)
    if column.seasonality is None and not column.spikes:
        return
    has_own_nulls = column.has_null_condition
    if has_own_nulls or column.same_within is not None or is_shared_by_rows(column.follows):
        yield not_proved(table, column, "seasonality", "NULLs, or values that rows share, change the shares")
        return
    site = Site(Stages(), 0, schema.locale, {}, 0, table, column, Stages().row)
    try:
        range_, shape = range_and_shape(site)
        starts, shares = weigh_units(range_, shape)
    except (RuleError, LawError, HolidayError) as error:
        yield not_proved(table, column, "seasonality", str(error))
        return
    days, hours = starts // range_.day, starts % range_.day // _HOUR
    yield from _part_checks(table, column, range_, (days, hours), shares)
    if shape.season is not None:
        yield from _holiday_checks(table, column, shape.season, days, shares)
        yield from _spike_checks(table, column, shape.season, (days, hours), shares)


def _part_checks(
    table: TableSchema, column: ColumnSchema, range_: TimeRange, moments: _Moments, shares: np.ndarray
) -> Iterator[Check]:
    days, hours = moments
    name, season = f"t.{quote(column.name)}", column.seasonality
    if season is None:
        return
    parts = {
        "month": (f"month({name})", month_of(days), 1),
        "week": (f"week({name})", week_of(days), 1),
        "weekday": (f"isodow({name})", (days + 3) % 7 + 1, 1),
        "hour": (f"hour({name})", hours, 0),
    }
    for part, (sql, numbers, first) in parts.items():
        factors = season.factors(part)
        if factors is not None and not (part == "hour" and range_.has_whole_days):
            expected = np.bincount(numbers - first, shares, minlength=len(factors))
            yield _shares_check(f"seasonality {part}", table, column, sql, first, expected)


def _holiday_checks(
    table: TableSchema, column: ColumnSchema, season: Season, days: np.ndarray, shares: np.ndarray
) -> Iterator[Check]:
    if season.days_off is None:
        return
    first, last = int(days.min()), int(days.max())
    known = find_holidays(season.days_off, first, last)
    shown = f"seasonality holidays {season.days_off.country}"
    yield _days_check(shown, table, column, known[(known >= first) & (known <= last)], None, (days, shares))


def _spike_checks(
    table: TableSchema, column: ColumnSchema, season: Season, moments: _Moments, shares: np.ndarray
) -> Iterator[Check]:
    days, hours = moments
    for spike, peak in zip(column.spikes or (), season.peaks, strict=True):
        inside = days_of(peak, int(days.min()), int(days.max()))
        chosen = np.where((hours >= peak.hours[0]) & (hours <= peak.hours[1]), shares, 0.0)
        shown = f"spikes {spike.on}" + (f" to {spike.to}" if spike.to else "")
        limits = None if spike.hours is None else peak.hours
        yield _days_check(shown, table, column, inside, limits, (days, shares if limits is None else chosen))


def _days_check(
    shown: str,
    table: TableSchema,
    column: ColumnSchema,
    inside: np.ndarray,
    hours: tuple[int, int] | None,
    weighed: _Moments,
) -> Check:
    """Return the check that a plausible share of the rows is on some days, and in some of their hours."""
    days, shares = weighed
    share = float(shares[np.isin(days, inside)].sum())
    name = f"t.{quote(column.name)}"
    listed = ", ".join(f"({first}, {last})" for first, last in _runs(inside)) or "(1, 0)"
    day = f"date_diff('day', date '1970-01-01', cast({name} as date))"
    condition = f"exists (from (values {listed}) as s(a, z) where {day} between s.a and s.z)"
    if hours is not None:
        condition += f" and hour({name}) between {hours[0]} and {hours[1]}"
    sql = f"select [count(*) filter (where {condition}), count({name})] from {stored_name(table)} as t"
    failing = condition if share == 0 else ""

    def passes(found: Sequence[int]) -> bool:
        return is_plausible(found[0], found[1], min(share, 1.0))

    def show(found: Sequence[int]) -> str:
        return f"{found[0] / found[1]:.4g}" if found[1] else ""

    return Check(shown, table, column.name, f"{share:.4g} of the rows", sql, passes, show, failing, is_query=True)


def _runs(days: np.ndarray) -> list[tuple[int, int]]:
    """Return the first and last day of each run of days that follow each other."""
    if not len(days):
        return []
    breaks = np.flatnonzero(np.diff(days) > 1)
    return list(zip(days[np.r_[0, breaks + 1]].tolist(), days[np.r_[breaks, len(days) - 1]].tolist(), strict=True))


def _shares_check(
    shown: str, table: TableSchema, column: ColumnSchema, number: str, first: int, expected: np.ndarray
) -> Check:
    """Return the check of the share of the rows with each number of a part."""
    name = quote(column.name)
    sql = (
        f"select list(found order by n) from (select v.n, count(t.{name}) as found"
        f" from range({first}, {first + len(expected)}) as v(n) left join {stored_name(table)} as t on {number} = v.n"
        f" group by v.n)"
    )
    shares = expected.clip(0.0, 1.0).tolist()
    closed = [str(first + index) for index, share in enumerate(shares) if share == 0]
    failing = f"{number} in ({', '.join(closed)})" if closed else ""

    def passes(found: Sequence[int]) -> bool:
        rows = sum(found)
        return all(is_plausible(count, rows, share) for count, share in zip(found, shares, strict=True))

    def show(found: Sequence[int]) -> str:
        rows = sum(found)
        return _join_few([count / rows for count in found] if rows else [])

    return Check(shown, table, column.name, _join_few(shares), sql, passes, show, failing, is_query=True)


def _join_few(shares: Sequence[float]) -> str:
    shown = " : ".join(f"{share:.4g}" for share in shares[:_PARTS_SHOWN])
    return shown + (" : ..." if len(shares) > _PARTS_SHOWN else "")


def _every_check(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Check:
    """Return the check that the rows of each parent are at its start and at different whole steps after it.

    They are fewer steps than the parent has rows, so that without NULLs no step is left out; a line number is the step.
    """
    every = column.every
    assert every is not None
    shown = f"each {every.interval} within {every.within}"
    keys = [own for own, _ in key_pairs(schema, table, every.within)]
    if any(table.column(key).hidden for key in keys):
        return not_proved(table, column, shown, f"{every.within} is hidden")
    moment, seconds = parse_moment(every.start), parse_interval(every.interval)
    start = f"timestamp '{moment}'"
    if moment is None:
        found = row_sql(schema, table, column, every.start, stored_name)
        if found is None:
            return not_proved(table, column, shown, f"{every.start} has no SQL")
        start = f"({found.sql})"
    if column.type.kind is Kind.DATE:
        start = f"cast({start} as date)"
    name, named = f"t.{quote(column.name)}", ", ".join(f"t.{quote(key)}" for key in keys)
    has_key = " and ".join(f"t.{quote(key)} is not null" for key in keys)
    line = next(
        (one for one in table.columns if (one.line_number_of or "").casefold() == every.within.casefold()), None
    )
    number = "null::bigint" if line is None or line.hidden or line.is_nullable else f"t.{quote(line.name)}"
    rows = (
        f"select t.rowid as r, {has_key} as has_key, {name} as found, {number} as line,"
        f" epoch_us(cast({name} as timestamp)) - epoch_us(cast({start} as timestamp)) as after,"
        f" count(*) over (partition by {named}) as rows, count(*) over (partition by {named}, {name}) as same"
        f" from {stored_name(table)} as t"
    )
    size = f"{seconds}000000"
    is_step = f"after % {size} = 0 and after >= 0 and after // {size} < rows and same = 1"
    is_right = f"{is_step} and coalesce(after // {size} = line - 1, true)"
    wrong = (
        f"t.rowid in (select r from ({rows}) where found is not null and not coalesce(has_key and {is_right}, false))"
    )
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    return Check("every", table, column.name, shown, sql, lambda found: found == 0, counted, wrong, is_query=True)
