"""Forms: descriptions of the values of a provider method, independent of any column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from engine.rules.text.grammar.nodes import Node

EPOCH = datetime(1970, 1, 1)
DAY = 86_400_000_000


@dataclass(frozen=True)
class Span:
    """Timestamps spread evenly from `low` to `high`, in microseconds since 1970, used as dates, timestamps or times."""

    kind: Literal["date", "timestamp", "time"]
    low: int
    high: int
    separator: str = " "

    @property
    def size(self) -> int:
        """The number of microseconds."""
        return max(1, self.high - self.low)


@dataclass(frozen=True)
class Decimals:
    """Numbers spread evenly from `low` to `high`, in units of the last of `scale` decimal places."""

    low: int
    high: int
    scale: int


@dataclass(frozen=True)
class Form:
    """One of: texts of a grammar, weighted `values`, whole numbers of a range, a span of timestamps, decimals, a pool.

    `is_structure` marks texts that are the JSON of lists or dictionaries. `pool_size` is set when the values are only a
    sample of the method's values. `is_cut` marks values all of which are longer than their column.
    """

    node: Node | None = None
    is_structure: bool = False
    values: tuple[Any, ...] = ()
    weights: tuple[float, ...] = ()
    numbers: range | None = None
    span: Span | None = None
    decimals: Decimals | None = None
    pool_size: int = 0
    is_cut: bool = False
