"""How the rows of a table are spread over the parents of a foreign key."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Weight

FanOut = tuple[
    Annotated[int, Field(ge=0, le=limits.MAX_FAN_OUT)],
    Annotated[int, Field(ge=1, le=limits.MAX_FAN_OUT)],
]
Children = Annotated[int, Field(ge=0, le=limits.MAX_FAN_OUT)]
FanOutWeights = Annotated[dict[Children, Weight], Field(min_length=1, max_length=limits.MAX_FAN_OUT_WEIGHTS)]
Batches = Annotated[list[Annotated[int, Field(ge=0, le=limits.MAX_ROWS)]], Field(max_length=limits.MAX_BATCHES)]
Weights = tuple[tuple[int, float], ...]
Spread = tuple[int, int] | Weights
"""The rows per parent: a minimum and maximum, or each number of rows with its weight."""


def spread_of(fan_out: tuple[int, int] | None, weights: dict[int, float] | None) -> Spread | None:
    """Return the spread that a key declares, or None."""
    if weights is None:
        return fan_out
    return tuple(sorted((rows, weight) for rows, weight in weights.items() if weight > 0)) or ((0, 1.0),)


def bounds_of(spread: Spread) -> tuple[int, int]:
    """Return the minimum and the maximum number of rows per parent."""
    if isinstance(spread[0], tuple):
        rows = [each[0] for each in spread if isinstance(each, tuple)]
        return min(rows), max(rows)
    low, high = spread
    assert isinstance(low, int) and isinstance(high, int)
    return low, high


def weights_of(spread: Spread) -> Weights | None:
    """Return the weights of a spread; None where it has a minimum and maximum only."""
    return tuple(each for each in spread if isinstance(each, tuple)) or None
