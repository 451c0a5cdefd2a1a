"""Random walks and autoregressions at any step alone: normals at the ends of a block, then halving.

Both are Gaussian Markov processes: between two known values, the middle one is a normal around c * (left + right). So
a step costs as many normals as the block has halvings, and no step needs the one before it. Blocks of an
autoregression are long enough for their ends to be independent (a correlation below 1e-8); a walk has one block.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import polars as pl

from engine.rules.distributions.normals import normal_table
from engine.rules.distributions.quantile_tables import interpolate
from engine.rules.random.bits import random_bits, row_step, u64
from engine.rules.site import Site

_SIZES = (8, 12, 16, 20, 24, 32)
_INDEPENDENT = 1e-8


@dataclass(frozen=True)
class Steps:
    """The parent (row numbers) and the step of each row, both columns of UInt64."""

    site: Site
    parent: pl.Expr
    step: pl.Expr

    def normal(self, cell: pl.Expr, purpose: str) -> pl.Expr:
        """Return a standard normal for each parent and cell."""
        stages = self.site.stages
        own = stages.add(random_bits(row_step(self.parent), self.site.key(f"series:{purpose}")))
        at = replace(self.site, row=stages.add(own + row_step(cell)))
        return interpolate(at, normal_table(), f"series:{purpose}")


def halvings_of(steps: int) -> int:
    """Return the halvings of a walk's block that holds some steps: one of few, so that it seldom changes."""
    return next((size for size in _SIZES if steps <= 2**size), _SIZES[-1])


def make_walk(steps: Steps, halvings: int) -> pl.Expr:
    """Return a random walk with steps of standard deviation 1, from 0 at step 0 on, below step 2**halvings."""
    add = steps.site.stages.add
    left = add(steps.step.cast(pl.Float64) * 0.0)
    right = add(steps.normal(u64(0) * steps.step, "walk") * math.sqrt(2.0**halvings))
    middles = [(0.5, math.sqrt(2.0 ** (half - 1))) for half in range(halvings)]
    return _halve(steps, "walk", left, right, middles)


def make_autoregression(steps: Steps, coefficient: float) -> pl.Expr:
    """Return an autoregression of order 1 with standard deviation 1."""
    if coefficient == 0:
        return steps.normal(steps.step, "ar")
    power, halvings, middles = coefficient, 0, []
    while abs(power) > _INDEPENDENT:
        # Of the distance h: the correlation with either end is power, that of both ends is its square.
        square = power * power
        middles.append((power / (1 + square), math.sqrt((1 - square) / (1 + square))))
        power, halvings = square, halvings + 1
    block = steps.site.stages.add(steps.step // u64(2**halvings))
    left = steps.site.stages.add(steps.normal(block, "ar"))
    right = steps.site.stages.add(steps.normal(steps.site.stages.add(block + u64(1)), "ar"))
    return _halve(steps, "ar", left, right, middles)


def _halve(steps: Steps, purpose: str, left: pl.Expr, right: pl.Expr, middles: list[tuple[float, float]]) -> pl.Expr:
    """Return the value at each step, from those at the ends of its block; `middles` by the halving, the last one first.

    Each has the weight of either end and the standard deviation around them, at a distance of 2**halving from both.
    """
    add = steps.site.stages.add
    for half in reversed(range(len(middles))):
        weight, stddev = middles[half]
        cell = add(steps.step // u64(2 ** (half + 1)))
        middle = add((left + right) * weight + steps.normal(cell, f"{purpose}:{half}") * stddev)
        is_right = add(steps.step // u64(2**half) % u64(2) == u64(1))
        left = add(pl.when(is_right).then(middle).otherwise(left))
        right = add(pl.when(is_right).then(right).otherwise(middle))
    return left
