"""The factors of days by their season: months, weeks, holidays and spikes, and those of spikes at hours of days.

They are computed for each day of a range when a column is compiled, from the calendar and the holidays that the
`holidays` library knows in its pinned version, without a network.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from engine.rules.distributions.laws import Floats
from engine.schema.models import ColumnSchema
from engine.schema.time_rules import Spike, parse_day

_EPOCH = date(1970, 1, 1)
_MONDAY = 3
_ALL_HOURS = (0, 23)


class HolidayError(Exception):
    """A country or subdivision whose holidays are not known; `hint` says which are."""

    def __init__(self, message: str, hint: str) -> None:
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class DaysOff:
    """The holidays of a country, and of one of its subdivisions, with their factor."""

    country: str
    subdivision: str | None
    weight: float


@dataclass(frozen=True)
class Peak:
    """Days of one year, or of each, by (year or None, month, day): first, last, hours (inclusive) and factor."""

    first: tuple[int | None, int, int]
    last: tuple[int | None, int, int]
    hours: tuple[int, int]
    weight: float


@dataclass(frozen=True)
class Season:
    """The factors of months and ISO weeks (None: all 1), of holidays, and the peaks."""

    months: tuple[float, ...] | None
    weeks: tuple[float, ...] | None
    days_off: DaysOff | None
    peaks: tuple[Peak, ...]

    @property
    def has_hours(self) -> bool:
        """Whether a factor changes within a day."""
        return any(peak.hours != _ALL_HOURS for peak in self.peaks)

    def weigh(self, days: np.ndarray, hours: np.ndarray) -> Floats:
        """Return the factor of each day (since 1970) and hour."""
        first, last = int(days.min()), int(days.max())
        every = np.arange(first, last + 1)
        weights = np.ones(len(every))
        if self.months is not None:
            weights = weights * np.array(self.months)[month_of(every) - 1]
        if self.weeks is not None:
            weights = weights * np.array(self.weeks)[week_of(every) - 1]
        if self.days_off is not None:
            weights[_within(find_holidays(self.days_off, first, last), first, last) - first] *= self.days_off.weight
        result: Floats = weights[days - first]
        for peak in self.peaks:
            is_in = np.zeros(len(every), dtype=bool)
            is_in[days_of(peak, first, last) - first] = True
            is_met = is_in[days - first] & (hours >= peak.hours[0]) & (hours <= peak.hours[1])
            result = np.where(is_met, result * peak.weight, result)
        return result


def season_of(column: ColumnSchema, locale: str) -> Season | None:
    """Return what seasonality and spikes of a column say about days; None for a column without both."""
    season = column.seasonality
    peaks = tuple(map(_peak, column.spikes or ()))
    if season is None:
        return Season(None, None, None, peaks) if peaks else None
    days_off = None
    if season.holidays is not None:
        country = season.holidays.country or locale.partition("_")[2][:2]
        days_off = DaysOff(country.upper(), season.holidays.subdivision, season.holidays.weight)
    return Season(season.factors("month"), season.factors("week"), days_off, peaks)


def month_of(days: np.ndarray) -> np.ndarray:
    """Return the months, from 1, of days since 1970."""
    months: np.ndarray = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
    return months


def week_of(days: np.ndarray) -> np.ndarray:
    """Return the weeks of ISO 8601, from 1, of days since 1970: a week is of the year of its Thursday."""
    thursdays = days - (days + _MONDAY) % 7 + _MONDAY
    new_years = thursdays.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    weeks: np.ndarray = (thursdays - new_years) // 7 + 1
    return weeks


@lru_cache(maxsize=64)
def find_holidays(days_off: DaysOff, first: int, last: int) -> np.ndarray:
    """Return the holidays (days since 1970) of the years of a range; raises `HolidayError` for an unknown country."""
    import holidays

    known = holidays.list_supported_countries(include_aliases=True)
    if days_off.country not in known:
        raise HolidayError(f'There are no holidays of the country "{days_off.country}".', _hint(sorted(known)))
    parts = known[days_off.country]
    if days_off.subdivision is not None and days_off.subdivision not in parts:
        message = f'{days_off.country} has no holidays of a subdivision "{days_off.subdivision}".'
        raise HolidayError(message, _hint(parts) if parts else "Remove subdivision.")
    years = range(_to_date(first).year, _to_date(last).year + 1)
    found = holidays.country_holidays(days_off.country, subdiv=days_off.subdivision, years=years)
    return np.array(sorted((day - _EPOCH).days for day in found), dtype=np.int64)


def days_of(peak: Peak, first: int, last: int) -> np.ndarray:
    """Return the days of a peak (since 1970) between two days."""
    (start_year, *_), (end_year, *_) = peak.first, peak.last
    if start_year is not None and end_year is not None:
        return _within(np.arange(_day(start_year, peak.first), _day(end_year, peak.last) + 1), first, last)
    passes = peak.last[1:] < peak.first[1:]
    years = range(max(_to_date(first).year - 1, 1), min(_to_date(last).year, 9998) + 1)
    spans = [np.arange(_day(year, peak.first), _day(year + passes, peak.last) + 1) for year in years]
    return np.unique(_within(np.concatenate(spans), first, last))


def _within(days: np.ndarray, first: int, last: int) -> np.ndarray:
    return days[(days >= first) & (days <= last)]


def _peak(spike: Spike) -> Peak:
    first = parse_day(spike.on)
    last = parse_day(spike.to or spike.on)
    assert first is not None and last is not None
    hours = _ALL_HOURS if spike.hours is None else (spike.hours[0], spike.hours[1])
    return Peak(first, last, hours, spike.weight)


def _day(year: int, parts: tuple[int | None, int, int]) -> int:
    """Return a day of a year; 29 February is the 28th where there is none."""
    _, month, day = parts
    is_missing = (month, day) == (2, 29) and (year % 4 != 0 or (year % 100 == 0 and year % 400 != 0))
    return (date(year, month, 28 if is_missing else day) - _EPOCH).days


def _to_date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def _hint(names: list[str]) -> str:
    shown = ", ".join(names[:30])
    return f"Known are {shown}{', ...' if len(names) > 30 else '.'}"
