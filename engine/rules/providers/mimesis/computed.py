"""Mimesis's computed methods, written as grammars and spans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from string import ascii_letters, digits, punctuation

from engine.rules.providers.faker.computed import BUILDERS as SHARED
from engine.rules.providers.forms.clock import ANCHOR
from engine.rules.providers.forms.form import EPOCH, Decimals, Form, Span
from engine.rules.text.grammar.nodes import Pick, sequence

_HEX = Pick(tuple("0123456789abcdef"))
_OCTET = Pick(tuple(map(str, range(256))))
_MAX_COLOR = 6


def _ticks(timestamp: datetime) -> int:
    return int((timestamp - EPOCH).total_seconds()) * 1_000_000


def _dates(first: int, last: int) -> Form:
    return Form(span=Span("date", _ticks(datetime(first, 1, 1)), _ticks(datetime(last + 1, 1, 1)) - 1))


def _timestamps(year: int) -> Form:
    return Form(span=Span("timestamp", _ticks(datetime(year, 1, 1)), _ticks(datetime(year + 1, 1, 1)), "T"))


def _seconds(year: int) -> range:
    """Return the seconds of a year since 1970, in UTC."""
    first, end = (_ticks(datetime(one, 1, 1)) // 1_000_000 for one in (year, year + 1))
    return range(first, end)


def _hex(size: int, start: str = "") -> Form:
    return Form(node=sequence([start, *[_HEX] * size]))


BUILDERS: dict[str, Callable[[], Form]] = {
    "person.birthdate": lambda: _dates(1980, 2023),
    "person.password": lambda: Form(node=sequence([Pick(tuple(ascii_letters + digits + punctuation))] * 8)),
    "datetime.date": lambda: _dates(2000, ANCHOR.year),
    "datetime.timestamp": lambda: Form(numbers=_seconds(ANCHOR.year)),
    "datetime.datetime": lambda: _timestamps(ANCHOR.year),
    "cryptographic.uuid": lambda: SHARED["uuid4"](None),
    "cryptographic.token_hex": lambda: _hex(64),
    "internet.ip_v4": lambda: Form(node=sequence([part for _ in range(4) for part in (_OCTET, ".")][:-1])),
    "internet.ip_v6": lambda: SHARED["ipv6"](None),
    "text.hex_color": lambda: _hex(_MAX_COLOR, "#"),
    "address.latitude": lambda: Form(decimals=Decimals(-90_000_000, 90_000_000, 6)),
    "address.longitude": lambda: Form(decimals=Decimals(-180_000_000, 180_000_000, 6)),
}
