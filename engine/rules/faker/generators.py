"""Faker's generators: one for each locale, its provider methods, and a clock that stands still.

Faker is imported when the first rule needs it. Rules that Faker counts from the present day are counted from
`ANCHOR`, so that no value depends on the day of the run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from functools import cache
from threading import RLock
from typing import Any

ANCHOR = datetime(2025, 6, 30)
_HIDDEN = {"seed", "seed_instance", "seed_locale", "add_provider", "generator"}
_LOCK = RLock()


def locales() -> list[str]:
    """Return the names of all locales."""
    from faker.config import AVAILABLE_LOCALES

    return sorted(AVAILABLE_LOCALES)


@cache
def generator_of(locale: str) -> Any:
    """Return a generator of the locale (`faker.Generator`), for reading data and for pools."""
    return new_generator(locale)


def new_generator(locale: str) -> Any:
    """Return a fresh generator, which its caller may change."""
    from faker import Faker

    return Faker(locale)._factories[0]


@cache
def methods_of(locale: str) -> frozenset[str]:
    """Return the names of the locale's provider methods."""
    names = {name for provider in generator_of(locale).get_providers() for name in dir(provider)}
    return frozenset(name for name in names - _HIDDEN if not name.startswith("_") and is_method(locale, name))


def is_method(locale: str, name: str) -> bool:
    """Whether the name is one of a callable method of a provider."""
    return callable(getattr(generator_of(locale), name, None))


def provider_of(generator: Any, topic: str) -> Any:
    """Return a generator's provider of a topic, such as person or date_time."""
    return generator.provider(f"faker.providers.{topic}")


def topic_of(locale: str, name: str) -> str:
    """Return the topic of the provider that owns a method."""
    method = getattr(generator_of(locale), name, None)
    return str(getattr(getattr(method, "__self__", None), "__provider__", "")).rpartition(".")[2]


class _IsDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _IsDate(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, date)


class _Datetime(metaclass=_IsDatetime):
    """Stands for `datetime` in Faker's modules: makes plain datetimes, and its present is the anchor."""

    def __new__(cls, *args: Any, **keywords: Any) -> Any:
        return datetime(*args, **keywords)

    def __class_getitem__(cls, item: Any) -> Any:
        return datetime

    @staticmethod
    def now(tz: tzinfo | None = None) -> datetime:
        return ANCHOR if tz is None else ANCHOR.replace(tzinfo=tz)

    today = utcnow = now
    min, max, resolution = datetime.min, datetime.max, datetime.resolution
    fromtimestamp = datetime.fromtimestamp
    fromisoformat = datetime.fromisoformat
    fromordinal = datetime.fromordinal
    strptime = datetime.strptime
    combine = datetime.combine
    strftime = datetime.strftime


class _Date(metaclass=_IsDate):
    """Stands for `date` in Faker's modules."""

    def __new__(cls, *args: Any, **keywords: Any) -> Any:
        return date(*args, **keywords)

    @staticmethod
    def today() -> date:
        return ANCHOR.date()

    min, max = date.min, date.max
    fromtimestamp = date.fromtimestamp
    fromisoformat = date.fromisoformat
    fromordinal = date.fromordinal


@contextmanager
def still_clock() -> Iterator[None]:
    """Let Faker's modules take the anchor for the present, one thread at a time."""
    with _LOCK:
        changed: list[tuple[Any, str, Any]] = []
        for name, module in list(sys.modules.items()):
            if not name.startswith("faker.") or module is None:
                continue
            for attribute, value in list(vars(module).items()):
                stand_in = _Datetime if value is datetime else _Date if value is date else None
                if stand_in is not None:
                    changed.append((module, attribute, value))
                    setattr(module, attribute, stand_in)
        try:
            yield
        finally:
            for module, attribute, value in changed:
                setattr(module, attribute, value)
