"""Models of rules about time: season and growth of dates and timestamps, days with more or fewer, fixed intervals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Model, Name, Storable

Factor = Annotated[float, Field(ge=0, le=limits.MAX_PARAMETER)]
Factors = Annotated[list[Factor], Field(max_length=53)] | Annotated[dict[str, Factor], Field(max_length=53)]
MAX_SPIKES = 1000
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
"""The units of an interval, in seconds."""
PARTS: dict[str, tuple[int, int]] = {"month": (1, 12), "week": (1, 53), "weekday": (1, 7), "hour": (0, 23)}
"""The parts of a season, with the numbers of the first and last: weeks are those of ISO 8601, Monday is 1."""
_INTERVAL = re.compile(r"\s*(\d{1,9})\s*([a-z]+?)s?\s*", re.IGNORECASE)
_DAY_OF_YEAR = re.compile(r"\d{2}-\d{2}")


def parse_interval(text: str) -> int | None:
    """Return an interval such as "15 minutes" in seconds; None for another text, and for 0."""
    found = _INTERVAL.fullmatch(text)
    unit = UNITS.get(found[2].lower()) if found else None
    return int(found[1]) * unit or None if found and unit else None


def parse_moment(text: str) -> datetime | None:
    """Return a date or timestamp in ISO form, in UTC; None for another text, such as the path of a column."""
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def parse_day(text: str) -> tuple[int | None, int, int] | None:
    """Return year, month and day of "2024-11-29", or None, month and day of "11-29"; None for another text."""
    is_yearly = _DAY_OF_YEAR.fullmatch(text) is not None
    try:
        day = date.fromisoformat(f"2000-{text}" if is_yearly else text)
    except ValueError:
        return None
    return None if is_yearly else day.year, day.month, day.day


_Path = Annotated[str, Field(max_length=3 * limits.MAX_NAME + 2), Storable]
_Text = Annotated[str, Field(max_length=40), Storable]


class Holidays(Model):
    """The public holidays of a country, each with more or fewer values than the day would have."""

    weight: Factor
    """The factor of a holiday: 0 for none, 0.2 for a fifth."""
    country: Annotated[str, Field(min_length=2, max_length=4), Storable] | None = None
    """The country's code, such as "DE" or "US"; that of the experiment's locale by default."""
    subdivision: Annotated[str, Field(max_length=10), Storable] | None = None
    """The code of a state or province, such as "BY" or "CA", whose own holidays count too."""


class Seasonality(Model):
    """The weights of the months, weeks, weekdays, hours and holidays of a date or timestamp; they multiply.

    A part is a list of all its weights, or the weights of some of its numbers, as {"12": 2.5}; the others have 1.
    """

    month: Factors | None = None
    """The weights of January to December, or of some months from 1 to 12."""
    week: Factors | None = None
    """The weights of the weeks 1 to 53 of ISO 8601."""
    weekday: Factors | None = None
    """The weights of Monday to Sunday, or of some of 1 (Monday) to 7."""
    hour: Factors | None = None
    """The weights of the hours 0 to 23, for timestamps."""
    holidays: Holidays | None = None

    def factors(self, part: str) -> tuple[float, ...] | None:
        """Return the weight of each number of a part, or None where it is not given."""
        given, (first, last) = getattr(self, part), PARTS[part]
        if given is None:
            return None
        if isinstance(given, list):
            return tuple(given)
        return tuple(given.get(str(number), 1.0) for number in range(first, last + 1))


class Spike(Model):
    """Days, or hours of days, with more or fewer dates and timestamps than they would have."""

    on: _Text
    """The first day: "2024-11-29", or "11-29" of each year."""
    to: _Text | None = None
    """The last day, inclusive; that of `on` by default. "12-24" to "01-06" passes the end of the year."""
    hours: Annotated[list[Annotated[int, Field(ge=0, le=23)]], Field(min_length=2, max_length=2)] | None = None
    """The first and the last hour of these days, inclusive: [18, 22]; all hours by default."""
    weight: Factor
    """The factor: 5 for five times as many, 0 for none."""


class Every(Model):
    """Dates or timestamps at a fixed interval within each parent: the first row of a parent is at its start."""

    within: Name
    """The foreign key column whose parents have rows of their own; it has a fan_out, or is counted."""
    start: _Path
    """When a parent starts: foreign_key_column.parent_column, or one date or timestamp for all."""
    interval: _Text
    """The time from row to row: "15 minutes", "1 hour", "7 days"."""


Number = Annotated[float, Field(ge=-limits.MAX_PARAMETER, le=limits.MAX_PARAMETER)]
MAX_WAVES = 8
LAST_COEFFICIENT = 0.9999
"""The largest coefficient of an autoregression, of either sign: its rows are known by 17 halvings of a block."""


class Wave(Model):
    """A part of a series that repeats: a sine, or values joined by straight lines."""

    period: Annotated[int, Field(ge=2, le=10**9)] | _Text
    """The length: an interval such as "1 day" with `time`, else a number of rows. Days begin at midnight in UTC."""
    amplitude: Number | None = None
    """The height of a sine above the level."""
    peak: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Where in the period the sine is highest, from 0 to 1: 0.6 of a day is 14:24."""
    values: Annotated[list[Number], Field(min_length=2, max_length=1000)] | None = None
    """The heights at equal distances over the period, in place of an amplitude: 24 numbers for the hours of a day."""


class Autoregression(Model):
    """A part of a series that strays and comes back: each step keeps a share of the one before."""

    coefficient: Annotated[float, Field(ge=-LAST_COEFFICIENT, le=LAST_COEFFICIENT)]
    """The share that a step keeps, between -1 and 1: the correlation with the step before."""
    stddev: Annotated[float, Field(gt=0, le=limits.MAX_PARAMETER)]
    """The standard deviation of the values, which is the same at each time."""


class Series(Model):
    """Numbers over time for each parent: level + trend + waves + a random walk or an autoregression + noise."""

    within: Name
    """The foreign key column whose parents have a series each."""
    time: Name | None = None
    """A date or timestamp column of the table; without it a row's time is its line within the parent, from 0."""
    step: _Text | None = None
    """The length of a step of trend, walk and autoregression, with `time`: "1 hour"."""
    start: _Path | None = None
    """With `time`, when the steps begin: foreign_key_column.parent_column, or a date or timestamp.

    By default the first bound of the time column, or the start of its `every`."""
    level: Number | _Path = 0.0
    """A number, or a parent's column as foreign_key_column.parent_column."""
    trend: Number = 0.0
    """What each step adds."""
    waves: Annotated[list[Wave], Field(max_length=MAX_WAVES)] = Field(default_factory=list)
    walk: Annotated[float, Field(ge=0, le=limits.MAX_PARAMETER)] = 0.0
    """The standard deviation of a step of a random walk."""
    ar: Autoregression | None = None
    noise: Annotated[float, Field(ge=0, le=limits.MAX_PARAMETER)] = 0.0
    """The standard deviation of what each row adds by itself."""


class Trend(Model):
    """Growth of the number of events over the range of a date or timestamp column."""

    type: Literal["linear", "exponential"]
    growth: Annotated[float, Field(ge=1 / limits.MAX_GROWTH, le=limits.MAX_GROWTH)]
    """The density at the end of the range divided by the density at its start."""
