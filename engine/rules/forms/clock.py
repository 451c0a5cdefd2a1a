"""A clock that stands still for a library: what it counts from the present is counted from `ANCHOR`.

So no value depends on the day of the run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from threading import RLock
from typing import Any
from warnings import catch_warnings, simplefilter

ANCHOR = datetime(2025, 6, 30)
_LOCK = RLock()


class _IsDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


class _IsDate(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, date)


class _Datetime(metaclass=_IsDatetime):
    """Stands for `datetime` in a library's modules: makes plain datetimes, and its present is the anchor."""

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
    """Stands for `date` in a library's modules."""

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
def still_clock(library: str) -> Iterator[None]:
    """Let the library's modules take the anchor for the present and say nothing, one thread at a time."""
    logger = logging.getLogger(library)
    with _LOCK, catch_warnings():
        simplefilter("ignore")
        level = logger.level
        logger.setLevel(logging.CRITICAL)
        changed: list[tuple[Any, str, Any]] = []
        for name, module in list(sys.modules.items()):
            if not name.startswith(f"{library}.") or module is None:
                continue
            for attribute, value in list(vars(module).items()):
                stand_in = _Datetime if value is datetime else _Date if value is date else None
                if stand_in is not None:
                    changed.append((module, attribute, value))
                    setattr(module, attribute, stand_in)
        try:
            yield
        finally:
            logger.setLevel(level)
            for module, attribute, value in changed:
                setattr(module, attribute, value)
