"""Numbers of rows per parent with weights, as the multiset of a group of parents: shares are exact in each group."""

from __future__ import annotations

from functools import cache

from engine.schema.relations import Weights
from engine.schema.spread_checks import largest_group

_SMALLEST = 64
_NEAR = 1e-9


@cache
def weighted_group(weights: Weights) -> int:
    """Return the number of parents of a group: the smallest in which the shares of the weights come out best."""
    largest = largest_group(max(rows for rows, _ in weights))
    sizes = range(min(_SMALLEST, largest), largest + 1)
    return min(sizes, key=lambda size: (round(_fault(size, weights) / _NEAR), size))


@cache
def weighted_multiset(size: int, weights: Weights) -> tuple[int, ...]:
    """Return `size` numbers of rows in rising order, each as often as its weight says, by the largest remainders."""
    return tuple(rows for (rows, _), often in zip(weights, _quotas(size, weights), strict=True) for _ in range(often))


def _fault(size: int, weights: Weights) -> float:
    """Return the largest difference of a share in the group, relative to the share that its weight says."""
    total = sum(weight for _, weight in weights)
    quotas = zip(weights, _quotas(size, weights), strict=True)
    return max(abs(often * total / (size * weight) - 1) for (_, weight), often in quotas)


def _quotas(size: int, weights: Weights) -> list[int]:
    total = sum(weight for _, weight in weights)
    exact = [size * weight / total for _, weight in weights]
    quotas = [int(number + _NEAR) for number in exact]
    by_remainder = sorted(range(len(weights)), key=lambda index: (quotas[index] - exact[index], index))
    for index in by_remainder[: size - sum(quotas)]:
        quotas[index] += 1
    return quotas
