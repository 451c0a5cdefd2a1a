"""Units of time for a chart: which of them fit a column, and the one that makes a line of many rows readable."""

from __future__ import annotations

from typing import cast

import polars as pl

EVERY = {"minute": "1m", "hour": "1h", "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
"""The units, the finest first, as Polars spells them."""

TOOLTIPS = {
    "minute": "%Y-%m-%d %H:%M",
    "hour": "%Y-%m-%d %H:00",
    "day": "%Y-%m-%d",
    "week": "week of %Y-%m-%d",
    "month": "%B %Y",
    "quarter": "Q%q %Y",
    "year": "%Y",
}
GREATEST_UNITS = 5_000
_READABLE_UNITS = 110
_ROWS_IN_UNIT = 10
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "quarter": 7889400}
_SECONDS_OF_YEAR = 31557600


def units_of(times: pl.Series) -> tuple[str, ...]:
    """Return the units that put times together without making one of all or too many to draw, the finest first."""
    span = _span_seconds(times)
    finest = 0 if isinstance(times.dtype, pl.Datetime) else list(EVERY).index("day")
    units = list(EVERY)[finest:]
    return tuple(unit for unit in units if 1 <= span / _length(unit) <= GREATEST_UNITS)


def fitting_unit(times: pl.Series, lines: int = 1) -> str:
    """Return the finest unit of which few enough are on the axis, with some rows of each line in each.

    "none" if there is none.
    """
    units = units_of(times)
    span, rows = _span_seconds(times), times.count() / lines
    for unit in units:
        count = span / _length(unit) + 1
        if count <= _READABLE_UNITS and (rows / count >= _ROWS_IN_UNIT or unit == units[-1]):
            return unit
    return units[-1] if units else "none"


def truncated(times: pl.Series, unit: str) -> pl.Series:
    """Return the beginnings of the units that the times lie in."""
    return times.dt.truncate(EVERY[unit])


def every_unit(beginnings: pl.Series, unit: str) -> pl.Series:
    """Return the beginnings of all units from the first to the last, also of those in which nothing lies."""
    dtype = beginnings.dtype
    first, last = pl.lit(beginnings.min(), dtype), pl.lit(beginnings.max(), dtype)
    ranges = pl.date_range if dtype == pl.Date else pl.datetime_range
    return pl.select(ranges(first, last, interval=EVERY[unit]).cast(dtype).alias("x"))["x"]


def has_whole_hours(times: pl.Series) -> bool:
    """Whether the times look put together already: dates, midnights, or full hours."""
    if times.dtype == pl.Date:
        return True
    return bool((times.dt.truncate("1h") == times).all())


def _span_seconds(times: pl.Series) -> float:
    moments = times.cast(pl.Datetime("us")).to_physical()
    least, greatest = cast("int | None", moments.min()), cast("int | None", moments.max())
    return 0.0 if least is None or greatest is None else (greatest - least) / 1e6


def _length(unit: str) -> int:
    return _SECONDS.get(unit, _SECONDS_OF_YEAR)
