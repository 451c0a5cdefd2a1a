"""Forms: what is known of the values a provider method makes, before any column asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.rules.text.grammar.nodes import Node

EPOCH = datetime(1970, 1, 1)
DAY = 86_400_000_000


@dataclass(frozen=True)
class Span:
    """Moments spread evenly from `low` to `high`, in microseconds since 1970, taken as dates, timestamps or times."""

    kind: Literal["date", "timestamp", "time"]
    low: int
    high: int
    separator: str = " "

    @property
    def size(self) -> int:
        """How many microseconds there are."""
        return max(1, self.high - self.low)


@dataclass(frozen=True)
class Decimals:
    """Numbers spread evenly from `low` to `high` in units of the last of `scale` decimal places."""

    low: int
    high: int
    scale: int


@dataclass(frozen=True)
class Form:
    """One of: texts of a grammar, `values` by weights, whole numbers of a range, a span of moments, decimals, a pool.

    `is_structure` marks texts that are the JSON of lists or dictionaries. `pool_size` is set when the values are
    but a sample of what the method can make.
    """

    node: Node | None = None
    is_structure: bool = False
    values: tuple[Any, ...] = ()
    weights: tuple[float, ...] = ()
    numbers: range | None = None
    span: Span | None = None
    decimals: Decimals | None = None
    pool_size: int = 0
