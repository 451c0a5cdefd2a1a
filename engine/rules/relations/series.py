"""Series: numbers over time for each parent, each value a function of the parent and its time alone.

Level, trend and waves are sums; a walk or an autoregression is that of the row's step (`gaussian_steps`), which rows of
one step share; noise is the row's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.errors import Problem
from engine.rules.derived.scope import Found, Scope, UnknownName
from engine.rules.distributions.laws import round_bits
from engine.rules.distributions.normals import normal_table
from engine.rules.distributions.quantile_tables import interpolate
from engine.rules.relations.every import find_start
from engine.rules.relations.gaussian_steps import Steps, halvings_of, make_autoregression, make_walk
from engine.rules.site import Site
from engine.rules.values.timestamps import moment_bounds
from engine.schema.column_rules import DATES, sources_of
from engine.schema.models import ColumnSchema
from engine.schema.time_rules import Series, Wave, parse_interval
from engine.schema.types import NUMERIC, Kind

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_KNOTS = 1024
_MOST = 2**62


@dataclass(frozen=True)
class RowsOfParent:
    """The parent of each row (row numbers), its line from 0 (None: not needed), and the most rows of a parent."""

    parent: pl.Expr
    is_missing: pl.Expr | None
    line: pl.Expr | None
    most: int


@dataclass(frozen=True)
class _Time:
    """Ticks of each row (Int64), those since the start, and of a step; whether they can be NULL; the most steps."""

    ticks: pl.Expr
    since: pl.Expr
    step: int
    is_nullable: bool
    steps: int


def make_series(site: Site, scope: Scope, rows: RowsOfParent) -> pl.Expr:
    """Return the values of the column's series, in its type."""
    series = site.column.series
    assert series is not None
    add = site.stages.add
    time = _find_time(site, scope, series, rows)
    level = None if isinstance(series.level, float | int) else _find_level(site, scope, series.level)
    can_be_null = rows.is_missing is not None or time.is_nullable or (level is not None and level.is_nullable)
    if can_be_null and not site.column.is_nullable:
        message = "series is NULL where its foreign key, time or level is, and the column is required."
        raise site.error(message, 'Set "required": false.')
    since = add(time.since)
    value = since.cast(pl.Float64) * (series.trend / time.step)
    value = value + (float(series.level) if isinstance(series.level, float | int) else _as_float(level))
    for wave in series.waves:
        value = value + _make_wave(site, wave, time)
    value = add(value)
    if series.walk or series.ar is not None:
        step = add((since // time.step).fill_null(0))
        if series.walk:
            halvings = halvings_of(time.steps or 2**24)
            message = f"A time is before the start of the series, or more than {2**halvings:,} steps after it."
            problem = Problem(site.where, message, "Use a longer step, or another start.")
            is_sound = site.stages.add_check((step < 0) | (step >= 2**halvings), problem)
            step = add(pl.when(is_sound).then(step))
        steps = Steps(site, rows.parent, add(step.reinterpret(dtype=pl.UInt64)))
        if series.walk:
            value = add(value + make_walk(steps, halvings) * series.walk)
        if series.ar is not None:
            value = add(value + make_autoregression(steps, series.ar.coefficient) * series.ar.stddev)
    if series.noise:
        value = add(value + interpolate(site, normal_table(), "series:noise") * series.noise)
    if rows.is_missing is not None:
        value = add(pl.when(~rows.is_missing).then(value))
    return _in_type(site, value)


def start_of_series(column: ColumnSchema, series: Series) -> str | None:
    """Return the start of a series with `time`, the time column: its own, that of `every`; None for the first bound."""
    return series.start or (None if column.every is None else column.every.start)


def _find_time(site: Site, scope: Scope, series: Series, rows: RowsOfParent) -> _Time:
    if series.time is None:
        assert rows.line is not None
        line = rows.line.cast(pl.Int64)
        return _Time(line, line, 1, False, rows.most)
    seconds = parse_interval(series.step or "")
    assert seconds is not None
    step = seconds * _SECOND
    found = _find(site, scope, series.time, "time")
    column = found.column
    if column.type.kind not in DATES:
        raise site.error(f"series: time {series.time} is {column.type}, and not a date or timestamp.", "Name another.")
    is_date = column.type.kind is Kind.DATE
    moment = found.expr.cast(pl.Datetime("us")) if is_date else found.expr
    ticks = site.stages.add(moment.cast(pl.Int64))
    start = start_of_series(column, series)
    if start is not None:
        since, is_nullable = find_start(site, scope, start, "series", is_date=is_date)
        most = rows.most * _interval(column) // step + 1 if series.start is None else 0
        return _Time(ticks, ticks - since, step, found.is_nullable or is_nullable, most)
    if sources_of(column):
        rule = sources_of(column)[0].name
        raise site.error(f"series: {series.time} has no first bound, as it has {rule}.", 'Give the series a "start".')
    low, high, _ = moment_bounds(column)
    if is_date:
        low, high = low * _DAY, high * _DAY
    return _Time(ticks, ticks - low, step, found.is_nullable, (high - low) // step + 1)


def _interval(column: ColumnSchema) -> int:
    seconds = None if column.every is None else parse_interval(column.every.interval)
    return (seconds or 0) * _SECOND


def _find(site: Site, scope: Scope, path: str, what: str) -> Found:
    try:
        return scope.find(path.split("."))
    except UnknownName as unknown:
        raise site.error(f"series: {what}: {unknown.message}.", unknown.hint) from unknown


def _find_level(site: Site, scope: Scope, path: str) -> Found:
    found = _find(site, scope, path, "level")
    if found.column.type.kind not in NUMERIC:
        raise site.error(f"series: level {path} is {found.column.type}, and not a number.", "Name a column of numbers.")
    return found


def _as_float(level: Found | None) -> pl.Expr:
    assert level is not None
    if level.column.type.kind is not Kind.DECIMAL:
        return level.expr.cast(pl.Float64)
    unscaled = level.expr.cast(level.column.type.polars).reinterpret(dtype=pl.Int128).cast(pl.Float64)
    return unscaled * float(10.0**-level.column.type.scale)


def _make_wave(site: Site, wave: Wave, time: _Time) -> pl.Expr:
    """Return a wave: straight lines between knots at equal distances over its period."""
    knots = wave_knots(wave)
    size, period = len(knots) - 1, period_of(wave)
    place = site.stages.add(time.ticks % period * size)
    index = site.stages.add(place // period)
    share = (place - index * period).cast(pl.Float64) * (1.0 / period)
    at = index.cast(pl.UInt32)
    return pl.lit(pl.Series(knots[:-1])).gather(at) + pl.lit(pl.Series(np.diff(knots))).gather(at) * share


def period_of(wave: Wave) -> int:
    """Return the period of a wave in rows, or in microseconds."""
    return wave.period if isinstance(wave.period, int) else (parse_interval(wave.period) or 1) * _SECOND


def wave_knots(wave: Wave) -> np.ndarray:
    """Return the heights of a wave at equal distances, from the start of a period to its end."""
    if wave.values is not None:
        return np.array([*wave.values, wave.values[0]])
    angles = 2 * np.pi * (np.arange(_KNOTS + 1) / _KNOTS - wave.peak)
    knots: np.ndarray = round_bits(np.cos(angles)) * (wave.amplitude or 0.0)
    return knots


def _in_type(site: Site, value: pl.Expr) -> pl.Expr:
    """Return the values in the site's type, within the column's bounds."""
    kind, column = site.type, site.column
    low, high = column.min_value, column.max_value
    if kind.kind is Kind.FLOAT:
        bounds = [None if bound is None else float(bound) for bound in (low, high)]
        return (
            value.clip(*bounds).cast(kind.polars)
            if any(each is not None for each in bounds)
            else value.cast(kind.polars)
        )
    whole = site.stages.add((value * float(10**kind.scale) + 0.5).floor())
    lowest, highest = (max(-_MOST, kind.integer_bounds[0]), min(_MOST, kind.integer_bounds[1]))
    if low is not None:
        lowest = max(lowest, -int(-low * 10**kind.scale // 1))
    if high is not None:
        highest = min(highest, int(high * 10**kind.scale // 1))
    is_bad = ((whole < float(lowest)) & pl.lit(low is None)) | ((whole > float(highest)) & pl.lit(high is None))
    problem = Problem(
        site.where, f"A value of the series does not fit {kind}.", "Use a larger type, or give it bounds."
    )
    is_sound = site.stages.add_check(is_bad.fill_null(False), problem)
    number = site.stages.add(pl.when(is_sound).then(whole.clip(float(lowest), float(highest))).cast(pl.Int64))
    number = number.clip(lowest, highest)
    return (
        number.cast(pl.Int128).reinterpret(dtype=kind.polars) if kind.kind is Kind.DECIMAL else number.cast(kind.polars)
    )
