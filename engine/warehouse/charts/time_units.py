"""Units of time for a chart: which ones fit a column, and which one keeps a line readable."""

from __future__ import annotations

from typing import cast

import polars as pl

EVERY = {"minute": "1m", "hour": "1h", "day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
"""The units as Polars durations, finest first."""

TOOLTIPS = {
    "minute": "%Y-%m-%d %H:%M",
    "hour": "%Y-%m-%d %H:00",
    "day": "%Y-%m-%d",
    "week": "week of %Y-%m-%d",
    "month": "%B %Y",
    "quarter": "Q%q %Y",
    "year": "%Y",
}
MAX_UNITS = 5_000
_READABLE_UNITS = 110
_ROWS_IN_UNIT = 10
_SECONDS = {"minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2629800, "quarter": 7889400}
_SECONDS_OF_YEAR = 31557600


def units_of(times: pl.Series) -> tuple[str, ...]:
    """Return the units with more than one and not too many groups, finest first."""
    span = _span_seconds(times)
    finest = 0 if isinstance(times.dtype, pl.Datetime) else list(EVERY).index("day")
    units = list(EVERY)[finest:]
    return tuple(unit for unit in units if 1 <= span / _length(unit) <= MAX_UNITS)


def fitting_unit(times: pl.Series, lines: int = 1) -> str:
    """Return the finest unit with few enough points and enough rows of each line in each; "none" if none fits."""
    units = units_of(times)
    span, rows = _span_seconds(times), times.count() / lines
    for unit in units:
        count = span / _length(unit) + 1
        if count <= _READABLE_UNITS and (rows / count >= _ROWS_IN_UNIT or unit == units[-1]):
            return unit
    return units[-1] if units else "none"


def truncate(times: pl.Series, unit: str) -> pl.Series:
    """Truncate times to the start of their unit."""
    return times.dt.truncate(EVERY[unit])


def every_unit(beginnings: pl.Series, unit: str) -> pl.Series:
    """Return the starts of all units from the first to the last, empty ones included."""
    dtype = beginnings.dtype
    first, last = pl.lit(beginnings.min(), dtype), pl.lit(beginnings.max(), dtype)
    ranges = pl.date_range if dtype == pl.Date else pl.datetime_range
    return pl.select(ranges(first, last, interval=EVERY[unit]).cast(dtype).alias("x"))["x"]


def has_whole_hours(times: pl.Series) -> bool:
    """Return whether the times look already grouped: dates, midnights, or full hours."""
    if times.dtype == pl.Date:
        return True
    return bool((times.dt.truncate("1h") == times).all())


def _span_seconds(times: pl.Series) -> float:
    ticks = times.cast(pl.Datetime("us")).to_physical()
    first, last = cast("int | None", ticks.min()), cast("int | None", ticks.max())
    return 0.0 if first is None or last is None else (last - first) / 1e6


def _length(unit: str) -> int:
    return _SECONDS.get(unit, _SECONDS_OF_YEAR)
