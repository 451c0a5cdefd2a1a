"""Faker's dates and times: methods that draw a timestamp evenly from a range and return a part of it.

The part is found by calling the method with chosen timestamps instead of random ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.rules.providers.faker.generators import get_provider, new_generator
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.form import DAY, EPOCH, Form, Span
from engine.rules.text.grammar.nodes import choice

_MAX_DAYS = 60_000
_SECOND = 1_000_000


def span_form(locale: str, name: str, arguments: Mapping[str, Any]) -> Form | None:
    """Return the form of a method that returns part of one timestamp, None for other methods."""
    generator = new_generator(locale)
    generator.seed_instance(0)
    provider = get_provider(generator, "date_time")
    if provider is None:
        return None
    probe = _Probe(provider, lambda: getattr(generator, name)(**arguments))
    with still_clock("faker"):
        shown = [probe.at_share(share) for share in (0.21, 0.5, 0.83)]
        if probe.calls != len(shown) or len(probe.bounds) != 1:
            return None
        return _form(probe, shown)


class _Probe:
    """Calls a method with given timestamps, and records the bounds that it requested."""

    def __init__(self, provider: Any, call: Callable[[], Any]) -> None:
        self.bounds: set[tuple[float, float]] = set()
        self.calls = 0
        self._call = call
        self._share: float | None = None
        self._second = 0.0
        provider._rand_seconds = self._answer

    def _answer(self, low: float, high: float) -> float:
        self.calls += 1
        self.bounds.add((low, high))
        return self._second if self._share is None else low + int((high - low) * self._share)

    def at_share(self, share: float) -> tuple[datetime, Any]:
        """Return the timestamp at a share of the range, and the method's result for it."""
        self._share = share
        value = self._call()
        low, high = next(iter(self.bounds), (0.0, 0.0))
        return EPOCH + timedelta(seconds=low + int((high - low) * share)), value

    def at(self, timestamp: datetime) -> Any:
        """Return the method's result for a timestamp."""
        self._share, self._second = None, (timestamp - EPOCH).total_seconds()
        return self._call()


def _form(probe: _Probe, shown: list[tuple[datetime, Any]]) -> Form | None:
    low, high = (int(bound * _SECOND) for bound in next(iter(probe.bounds)))
    if low == high and len({repr(value) for _, value in shown}) == 1:
        return Form(values=(shown[0][1],), weights=(1.0,))
    if all(isinstance(value, datetime) and value.replace(tzinfo=None) == timestamp for timestamp, value in shown):
        return Form(span=Span("timestamp", low, high))
    if all(type(value) is date and value == timestamp.date() for timestamp, value in shown):
        return Form(span=Span("date", low, high))
    if all(isinstance(value, time) and value == timestamp.time() for timestamp, value in shown):
        return Form(span=Span("time", low, high))
    if all(isinstance(value, str) for _, value in shown):
        return _text_form(probe, shown, low, high)
    return None


def _text_form(probe: _Probe, shown: list[tuple[datetime, str]], low: int, high: int) -> Form | None:
    for kind in ("date", "timestamp"):
        if all(_read(value, kind) == _whole(timestamp, kind) for timestamp, value in shown):
            separator = shown[0][1][10:11] or " "
            return Form(span=Span(kind, low, high, separator))
    if all(_read(value, "time") == timestamp.time() for timestamp, value in shown) and high - low > 30 * DAY:
        return Form(span=Span("time", low, high, separator="T"))
    first, last = EPOCH + timedelta(microseconds=low), EPOCH + timedelta(microseconds=high)
    if _is_of_day(probe, shown):
        days = [first.date() + timedelta(days=place) for place in range((last.date() - first.date()).days + 1)]
        if len(days) > _MAX_DAYS:
            return None
        counts = Counter(probe.at(datetime(day.year, day.month, day.day, 12)) for day in days)
        return Form(node=choice(list(counts), list(map(float, counts.values()))))
    if _is_of_hour(probe, shown):
        hours = Counter(probe.at(datetime(first.year + 1, 1, 1, hour)) for hour in range(24))
        return Form(node=choice(list(hours), list(map(float, hours.values()))))
    return None


def _read(text: str, kind: str) -> Any:
    try:
        if kind == "time":
            return time.fromisoformat(text) if len(text) == 8 else None
        return date.fromisoformat(text) if kind == "date" else datetime.fromisoformat(text) if len(text) > 10 else None
    except ValueError:
        return None


def _whole(timestamp: datetime, kind: str) -> Any:
    return timestamp.date() if kind == "date" else timestamp


def _is_of_day(probe: _Probe, shown: list[tuple[datetime, str]]) -> bool:
    """Whether the text is the same at all times of day."""
    days = [timestamp for timestamp, _ in shown]
    return all(
        len({probe.at(timestamp.replace(hour=hour, minute=7, second=9)) for hour in (0, 5, 11, 12, 17, 23)}) == 1
        for timestamp in days
    )


def _is_of_hour(probe: _Probe, shown: list[tuple[datetime, str]]) -> bool:
    """Whether the text is the same at a given hour on all days."""
    return all(
        len({probe.at(day.replace(hour=hour, minute=minute)) for day, _ in shown for minute in (0, 34, 59)}) == 1
        for hour in (0, 5, 11, 12, 17, 23)
    )
