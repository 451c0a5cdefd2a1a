"""Probability laws: distributions of scipy.stats with shapes, loc and scale.

scipy.stats takes most of a second to import, so it is imported when the first law is tabulated.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNIFORM = "uniform"
ZIPF = "zipf"
SIGNIFICANT_BITS = 32
# What scipy says of the common laws, known without importing it; a test compares them.
_CONTINUOUS_ON_LINE = frozenset("norm lognorm expon gamma pareto weibull_min t chi2 laplace logistic".split())
_CONTINUOUS_ON_UNIT = frozenset({"beta", "triang"})
_OF_POSITIVE_SHAPES = _CONTINUOUS_ON_LINE | {"beta"}
# Their parameters are lists.
_OF_LISTS = frozenset({"poisson_binom"})


class LawError(ValueError):
    """A law without values in the given range; the message continues after the law's name."""


@dataclass(frozen=True)
class Law:
    """The law of loc + scale * Z, where Z follows the distribution `name` of scipy.stats with these `shapes`.

    Two names are defined here: `uniform` is even over [loc, loc + scale], or over the column's bounds without loc and
    scale, and `zipf` gives k = 1, 2, 3, ... a weight of k ** -shape for any shape of 0 or more. `is_placed` is True
    when the user gave loc or scale; `label` is the name the user gave.
    """

    name: str
    shapes: tuple[float, ...] = ()
    loc: float = 0.0
    scale: float = 1.0
    is_placed: bool = False
    label: str = field(default="", compare=False)

    @property
    def is_uniform(self) -> bool:
        """Whether all values of a range are equally likely."""
        return self.name == UNIFORM

    @property
    def ends(self) -> tuple[Decimal, Decimal]:
        """The min and max of a uniform law, as the user gave them."""
        low = Decimal(repr(self.loc))
        return low, low + Decimal(repr(self.scale))

    @property
    def is_discrete(self) -> bool:
        """Whether the values are whole numbers (and `loc`)."""
        if self.name in _CONTINUOUS_ON_LINE | _CONTINUOUS_ON_UNIT:
            return False
        return self.name == ZIPF or isinstance(distribution(self.name), scipy_stats().rv_discrete)

    @property
    def is_possible(self) -> bool:
        """Whether the distribution exists for the shapes, loc and scale."""
        if self.name in _OF_POSITIVE_SHAPES:
            has_shapes = all(shape > 0 for shape in self.shapes)
        elif self.name == "triang":
            has_shapes = 0 <= self.shapes[0] <= 1
        else:
            has_shapes = bool(distribution(self.name)._argcheck(*self.shapes))
        return has_shapes and self.scale > 0 and math.isfinite(self.loc)

    @property
    def is_of_unit_interval(self) -> bool:
        """Whether the values are in [0, 1], like those of a beta law."""
        if self.is_placed or self.name in _CONTINUOUS_ON_LINE or self.is_discrete:
            return False
        return bool(tuple(distribution(self.name).support(*self.shapes)) == (0.0, 1.0))


@cache
def scipy_stats() -> Any:
    """Return scipy.stats."""
    from scipy import stats

    return stats


@cache
def distribution_names() -> tuple[str, ...]:
    """Return the names of all continuous and discrete distributions of scipy.stats."""
    stats = scipy_stats()
    kinds = stats.rv_continuous | stats.rv_discrete
    names = (name for name in dir(stats) if isinstance(getattr(stats, name), kinds))
    return tuple(name for name in names if name not in _OF_LISTS)


def distribution(name: str) -> Any:
    """Return a distribution of scipy.stats by its name."""
    return getattr(scipy_stats(), name)


@contextmanager
def silence_warnings() -> Iterator[None]:
    """Silence warnings of numpy and scipy at the ends of a law, where results are checked instead.

    Errors of scipy for parameters it cannot handle become a `LawError`.
    """
    with np.errstate(all="ignore"), catch_warnings():
        simplefilter("ignore")
        try:
            yield
        except LawError:
            raise
        except (ValueError, TypeError, ArithmeticError, RuntimeError) as error:
            raise LawError("cannot be computed by scipy with these parameters.") from error


def round_bits(values: Floats, bits: int = SIGNIFICANT_BITS) -> Floats:
    """Return the values rounded to the given number of significant bits: scipy's last bits differ between machines."""
    fractions, exponents = np.frexp(values)
    result: Floats = np.ldexp(np.rint(np.ldexp(fractions, bits)), exponents - bits)
    return result
