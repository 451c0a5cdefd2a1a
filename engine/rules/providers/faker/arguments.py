"""Size limits for the arguments of Faker methods, checked before the method is called.

Faker's methods accept counts and lengths of any size, and a pool calls a method 1,000 times.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

MAX_SIZE = 10_000
MAX_BYTES = 2**20
# Bytes of a file and pixels of an image.
_BULKY = frozenset({"size", "uncompressed_size"})
# Arguments that are values themselves, whose size costs nothing.
_VALUES = frozenset(
    """min max min_value max_value step start_date end_date start_datetime end_datetime start end elements year month
    minimum_age maximum_age currencies multiple timestamp center_date radius coord""".split()
)


def size_fault(arguments: Mapping[str, Any]) -> str:
    """Return the reason why a method's arguments are too large, or an empty string.

    The product of all counts and lengths is at most 10,000; bytes and pixels are at most 1,048,576.
    """
    total = 1.0
    for name, value in arguments.items():
        if name in _VALUES:
            continue
        product = math.prod(max(1.0, abs(number)) for number in _numbers(value))
        limit = MAX_BYTES if name in _BULKY else MAX_SIZE
        if product > limit:
            return f"requests too much with {name}; the limit is {limit:,}."
        total *= 1.0 if name in _BULKY else product
        if total > MAX_SIZE:
            return f"requests too much with its arguments multiplied; the limit is {MAX_SIZE:,}."
    return ""


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value) if abs(value) <= MAX_BYTES else math.inf
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers(item)
