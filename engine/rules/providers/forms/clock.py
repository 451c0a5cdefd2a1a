"""A frozen clock for a library: its current time is `ANCHOR`.

So no value depends on the day of the run. Some methods draw from Python's global random source instead of their
generator's; inside, the caller's source replaces it, so that no value depends on it either.
"""

from __future__ import annotations

import logging
import random as standard_random
import sys
import time as standard_time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, tzinfo
from random import Random
from threading import RLock
from typing import Any
from warnings import catch_warnings, simplefilter

ANCHOR = datetime(2025, 6, 30)
_LOCK = RLock()


class _Time:
    """Replaces the module `time` in a library's modules: its current time is the anchor, in UTC."""

    def __getattr__(self, name: str) -> Any:
        return getattr(standard_time, name)

    @staticmethod
    def time() -> float:
        return ANCHOR.replace(tzinfo=UTC).timestamp()


class _IsDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _IsDate(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, date)


class _Datetime(metaclass=_IsDatetime):
    """Replaces `datetime` in a library's modules: makes plain datetimes, and its current time is the anchor."""

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
    """Replaces `date` in a library's modules."""

    def __new__(cls, *args: Any, **keywords: Any) -> Any:
        return date(*args, **keywords)

    @staticmethod
    def today() -> date:
        return ANCHOR.date()

    min, max = date.min, date.max
    fromtimestamp = date.fromtimestamp
    fromisoformat = date.fromisoformat
    fromordinal = date.fromordinal


def _still_defaults(owner: type, this_year: int) -> list[tuple[Any, str, Any]]:
    """Set the anchor in methods whose defaults are the day or year of their import; return the originals."""
    changed = []
    for method in vars(owner).copy().values():
        defaults = getattr(method, "__defaults__", None)
        stilled = tuple(_freeze(value, this_year) for value in defaults or ())
        if defaults and stilled != defaults:
            changed.append((method, "__defaults__", defaults))
            method.__defaults__ = stilled
    return changed


def _freeze(value: Any, this_year: int) -> Any:
    if type(value) is int and value in (this_year, this_year - 1):
        return ANCHOR.year
    if type(value) is date and value.year >= this_year - 1:
        return ANCHOR.date()
    return value


_STAND_INS: dict[int, Any] = {id(datetime): _Datetime, id(date): _Date, id(standard_time): _Time()}


@contextmanager
def still_clock(library: str, randomness: Random | None = None) -> Iterator[None]:
    """Freeze the library's clock at the anchor and silence its warnings, one thread at a time.

    With `randomness`, its providers draw from that instead of Python's global source.
    """
    logger = logging.getLogger(library)
    with _LOCK, catch_warnings():
        simplefilter("ignore")
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        changed: list[tuple[Any, str, Any]] = []
        this_year = datetime.now().year
        for name, module in sys.modules.copy().items():  # at once: other threads import modules meanwhile
            if not name.startswith(f"{library}.") or module is None:
                continue
            for attribute, value in vars(module).copy().items():
                stand_in = _STAND_INS.get(id(value))
                if stand_in is not None:
                    changed.append((module, attribute, value))
                    setattr(module, attribute, stand_in)
                if value is standard_random and randomness is not None and ".providers" in name:
                    changed.append((module, attribute, value))
                    setattr(module, attribute, randomness)
                if isinstance(value, type) and value.__module__ == name:
                    changed += _still_defaults(value, this_year)
        try:
            yield
        finally:
            logger.setLevel(level)
            for module, attribute, value in changed:
                setattr(module, attribute, value)
