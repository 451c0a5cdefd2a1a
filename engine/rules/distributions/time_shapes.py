"""Dates and timestamps with a density by season, weekday, hour and a trend or distribution over their range.

The range is cut into cells at full days (dates) or at full hours, minutes or seconds (timestamps, the finer the
shorter the range); the first and last cell end at its bounds. The weight of a cell is weekday weight x hour weight x
the factors of its season (`seasons`) x the integral of the trend over it; inside a cell the density is even, or linear
along the trend. A range of too many cells groups the same hour of the same weekday of several weeks; with a season,
whose weeks differ, it has cells of days, or more cells. Weekdays and hours are in UTC.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from engine.rules.distributions.cells import Cells, build_cells, compute_tilt, draw_cell, draw_inside, draw_offset
from engine.rules.distributions.curves import make_curve
from engine.rules.distributions.exact_math import exp, expm1, log
from engine.rules.distributions.law_names import resolve_law
from engine.rules.distributions.laws import Floats, Law, LawError, silence_warnings
from engine.rules.distributions.seasons import HolidayError, Season, season_of
from engine.rules.random.bits import unit
from engine.rules.site import Site
from engine.rules.values.timestamps import from_ticks, moment_bounds
from engine.schema.models import ColumnSchema
from engine.schema.time_rules import Trend
from engine.schema.types import Kind

MAX_CELLS = 2**16
MAX_SEASON_CELLS = 2**18
"""The most cells of a range with a season: the hours of 29 years, or the days of 717."""
_MAX_GROUPS = 3 * 2**14
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_TIMESTAMP_UNITS = (_SECOND, 60 * _SECOND, 3600 * _SECOND)
_MONDAY = 3
_BELOW_ONE = 1 - 2.0**-50


@dataclass(frozen=True)
class TimeRange:
    """The ticks low, low + step, ... up to high, in days for dates and microseconds for timestamps.

    `has_whole_days` makes cells of days, for densities that do not change within one.
    """

    low: int
    high: int
    step: int
    is_date: bool
    has_whole_days: bool = False

    @property
    def ticks(self) -> int:
        """The number of ticks."""
        return (self.high - self.low) // self.step + 1

    @property
    def day(self) -> int:
        """One day."""
        return 1 if self.is_date else _DAY

    @property
    def unit(self) -> int:
        """The size of a cell: the finest that keeps the number of cells within the limit."""
        if self.has_whole_days:
            return self.day
        units = (1,) if self.is_date else _TIMESTAMP_UNITS
        return next((size for size in units if (self.high - self.low) // size + 2 <= MAX_CELLS), units[-1])

    def share(self, timestamp: Floats) -> Floats:
        """Return where timestamps are in the range: 0 at the start of its first tick, 1 at the end of its last."""
        return (timestamp - self.low) / (self.ticks * self.step)


@dataclass(frozen=True)
class Shape:
    """The factors of the density: weights of the weekdays from Monday and of the hours, a trend or a law, a season."""

    weekdays: tuple[float, ...]
    hours: tuple[float, ...]
    trend: Trend | None
    law: Law | None
    season: Season | None = None


@dataclass(frozen=True)
class TimeCells:
    """Cells over ticks; with a `stride` the offset in a cell counts weeks, each with a width in ticks to draw from."""

    cells: Cells
    stride: int = 0
    widths: pl.Series | None = None


def make_shaped(site: Site) -> pl.Expr:
    """Return dates or timestamps by their season, weekday and hour weights, trend or distribution, combined."""
    range_, shape = range_and_shape(site)
    try:
        cells = make_time_cells(range_, shape)
    except LawError as error:
        raise site.error("All weights in the range are 0.", "Widen the range, or raise a weight.") from error
    except HolidayError as error:
        raise site.error(str(error), error.hint) from error
    return from_ticks(_draw_tick(site, cells), range_.low, range_.step, site.type)


def range_and_shape(site: Site) -> tuple[TimeRange, Shape]:
    """Return the range of a column, and the factors of the density that it declares."""
    column = site.column
    if column.trend is not None and column.distribution is not None:
        raise site.error("trend and distribution cannot be combined.", "Keep one of them.")
    law = None if column.distribution is None else resolve_law(site, column.distribution)
    if law is not None and law.is_discrete:
        raise site.error(f"{law.name} cannot be combined with weekday or hour weights.", "Choose a continuous one.")
    days, hours = _weights(column, "weekday", 7), _weights(column, "hour", 24)
    season = season_of(column, site.locale)
    low, high, step = moment_bounds(column)
    is_whole = season is not None and len(set(hours)) == 1 and not season.has_hours
    range_ = TimeRange(low, high, step, site.type.kind is Kind.DATE, has_whole_days=is_whole)
    if season is not None and (high - low) // range_.unit >= MAX_SEASON_CELLS:
        cells = "days" if range_.unit == range_.day else "hours"
        message = f"seasonality and spikes are possible over {MAX_SEASON_CELLS:,} {cells}, and the range is longer."
        raise site.error(message, "Give the column a shorter range.")
    return range_, Shape(days, hours, column.trend, law, season)


def _weights(column: ColumnSchema, part: str, size: int) -> tuple[float, ...]:
    """Return the weights of weekdays or hours, from their own key or from the seasonality."""
    own: list[float] | None = getattr(column, f"{part}_weights")
    if own is not None:
        return tuple(own)
    seasonal = None if column.seasonality is None else column.seasonality.factors(part)
    return seasonal or (1.0,) * size


def _draw_tick(site: Site, time_cells: TimeCells) -> pl.Expr:
    cells = time_cells.cells
    if not time_cells.stride:
        return draw_offset(site, cells)
    assert cells.starts is not None
    if site.is_ordered:
        raise site.error("follows cannot order hours of a range of many years.", "Shorten the range.")
    cell = draw_cell(site, cells)
    week = draw_inside(site, cells, cell, "week").cast(pl.Int64)
    tick = pl.lit(cells.starts).gather(cell).cast(pl.Int64) + week * time_cells.stride
    if time_cells.widths is None:
        return tick
    return tick + (unit(site.bits("moment")) * pl.lit(time_cells.widths).gather(cell)).cast(pl.Int64)


def weigh_units(range_: TimeRange, shape: Shape) -> tuple[np.ndarray, Floats]:
    """Return the cells of a range (their starts in ticks from 1970, or days) and the share of the values in each.

    For ranges whose cells are not groups of weeks.
    """
    units = np.arange(range_.low // range_.unit, range_.high // range_.unit + 1)
    with silence_warnings():
        weights = np.nan_to_num(_make_unit_cells(range_, shape, units).weights, nan=0.0)
    return units * range_.unit, weights / weights.sum()


@lru_cache(maxsize=32)
def make_time_cells(range_: TimeRange, shape: Shape) -> TimeCells:
    """Return the cells of a range; raises `LawError` when all weights are 0."""
    span = (0, range_.ticks - 1)
    first, last = range_.low // range_.unit, range_.high // range_.unit
    with silence_warnings():
        if last - first < (MAX_CELLS if shape.season is None else MAX_SEASON_CELLS):
            parts = _make_unit_cells(range_, shape, np.arange(first, last + 1))
            return TimeCells(build_cells(span, parts.weights, parts.starts, parts.widths, parts.tilts))
        period = 7 * range_.day // range_.unit
        ends = _make_unit_cells(range_, shape, np.array([first, last]))
        parts = _make_week_cells(range_, shape, *_group_weeks(first + 1, last, period), period).append(ends)
    widths = None if range_.is_date else pl.Series(parts.widths * _BELOW_ONE)
    cells = build_cells(span, parts.weights, parts.starts, parts.weeks, parts.tilts)
    return TimeCells(cells, period * range_.unit // range_.step, widths)


@dataclass(frozen=True)
class _Parts:
    """Cells by weight, start and width in ticks, number of weeks, and tilt."""

    weights: Floats
    starts: np.ndarray
    widths: Floats
    weeks: Floats
    tilts: Floats

    def append(self, other: _Parts) -> _Parts:
        return _Parts(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in self.__annotations__))


def _make_unit_cells(range_: TimeRange, shape: Shape, units: np.ndarray) -> _Parts:
    """Return one cell for each unit, cut to the range."""
    starts = np.maximum(units * range_.unit, range_.low)
    ends = np.minimum((units + 1) * range_.unit, range_.low + range_.ticks * range_.step)
    shares = range_.share(starts), range_.share(ends)
    widths = ((ends - starts) // range_.step).astype(np.float64)
    return _Parts(
        _pattern(range_, shape, units) * _integrate(range_, shape, *shares),
        (starts - range_.low) // range_.step,
        widths,
        np.ones(len(units)),
        np.where(widths > 1, _compute_tilts(shape.trend, *shares), 0.0),
    )


def _make_week_cells(range_: TimeRange, shape: Shape, units: np.ndarray, weeks: Floats, period: int) -> _Parts:
    """Return one cell for each unit and the given number of weeks from it on, all within the range."""
    starts = (units + 0.5 - period / 2) * range_.unit
    shares = range_.share(starts), range_.share(starts + weeks * period * range_.unit)
    return _Parts(
        _pattern(range_, shape, units) * _integrate(range_, shape, *shares) / period,
        (units * range_.unit - range_.low) // range_.step,
        np.full(len(units), range_.unit / range_.step),
        weeks,
        np.where(weeks > 1, _compute_tilts(shape.trend, *shares), 0.0),
    )


def _group_weeks(first: int, end: int, period: int) -> tuple[np.ndarray, Floats]:
    """Split the units [first, end) into runs of weeks; return the first unit and the number of weeks of each cell."""
    weeks_each = math.ceil((end - first) / _MAX_GROUPS)
    runs = np.arange(first, end, weeks_each * period)
    units = (runs[:, None] + np.arange(period)).ravel()
    weeks = np.minimum((end - 1 - units) // period + 1, weeks_each)
    return units[weeks > 0], weeks[weeks > 0].astype(np.float64)


def _pattern(range_: TimeRange, shape: Shape, units: np.ndarray) -> Floats:
    days, inside = np.divmod(units * range_.unit, range_.day)
    hours = np.zeros_like(days) if range_.is_date else inside // (3600 * _SECOND)
    weights: Floats = np.array(shape.weekdays)[(days + _MONDAY) % 7]
    if not range_.is_date:
        weights = weights * np.array(shape.hours)[hours]
    return weights if shape.season is None else weights * shape.season.weigh(days, hours)


def _integrate(range_: TimeRange, shape: Shape, start: Floats, end: Floats) -> Floats:
    """Return the integral of the density from start to end (shares of the range), without the pattern."""
    if shape.law is not None:
        return _integrate_law(range_, shape.law, start, end)
    growth = 1.0 if shape.trend is None else shape.trend.growth
    if growth == 1.0:
        return end - start
    if shape.trend is not None and shape.trend.type == "linear":
        return np.maximum((end - start) * (1 + (growth - 1) * (start + end) / 2), 0.0)
    rate = _rate(growth)
    return exp(rate * start - max(rate, 0.0)) * expm1(rate * (end - start)) / rate


def _integrate_law(range_: TimeRange, law: Law, start: Floats, end: Floats) -> Floats:
    if law.is_uniform and not law.is_placed:
        return end - start
    if not law.is_of_unit_interval or law.is_uniform:
        length = range_.ticks * range_.step / (1 if range_.is_date else _SECOND)
        start, end = ((share * length - law.loc) / law.scale for share in (start, end))
    curve = make_curve(law)
    result: Floats = np.where(
        curve.cdf(start) > 0.5, curve.sf(start) - curve.sf(end), curve.cdf(end) - curve.cdf(start)
    )
    return result


def _compute_tilts(trend: Trend | None, start: Floats, end: Floats) -> Floats:
    """Return the tilts of cells from start to end (shares of the range)."""
    if trend is None:
        return np.zeros(len(start))
    if trend.type == "exponential":
        return compute_tilt(exp(_rate(trend.growth) * (start - end)))
    first, last = (np.maximum(1 + (trend.growth - 1) * share, 1e-9) for share in (start, end))
    return compute_tilt(first / last)


def _rate(growth: float) -> float:
    return float(log(np.array([growth]))[0])
