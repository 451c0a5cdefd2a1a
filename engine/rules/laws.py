"""A probability law: a distribution of scipy.stats with its shapes, place and scale, ready to be tabulated.

scipy.stats takes most of a second to import, so it is imported when the first law is asked for its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

UNIFORM = "uniform"
ZIPF = "zipf"
SIGNIFICANT_BITS = 40


@dataclass(frozen=True)
class Law:
    """The law of loc + scale * Z, where Z follows the distribution `name` of scipy.stats with these `shapes`.

    Two names are the workbench's own: `uniform` is even over [loc, loc + scale], or over the column's bounds when it
    has no place, and `zipf` gives k = 1, 2, 3, ... a weight of k ** -shape for any shape of 0 or more. `is_placed`
    says whether the user gave a place or a scale.
    """

    name: str
    shapes: tuple[float, ...] = ()
    loc: float = 0.0
    scale: float = 1.0
    is_placed: bool = False

    @property
    def is_uniform(self) -> bool:
        """Whether all values of a range are equally likely."""
        return self.name == UNIFORM

    @property
    def is_discrete(self) -> bool:
        """Whether the values are whole numbers (and `loc`)."""
        return self.name == ZIPF or isinstance(distribution(self.name), scipy_stats().rv_discrete)

    @property
    def is_of_unit_interval(self) -> bool:
        """Whether the values are shares from 0 to 1, as those of a beta law."""
        if self.is_placed or self.is_discrete:
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
    return tuple(
        name for name in dir(stats) if isinstance(getattr(stats, name), stats.rv_continuous | stats.rv_discrete)
    )


def distribution(name: str) -> Any:
    """Return a distribution of scipy.stats by its name."""
    return getattr(scipy_stats(), name)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep numpy and scipy from warning about the ends of a law, where their results are checked instead."""
    with np.errstate(all="ignore"), catch_warnings():
        simplefilter("ignore")
        yield


def rounded(values: Floats) -> Floats:
    """Return the values with 40 significant bits: what scipy computes differs in the last bits between machines."""
    fractions, exponents = np.frexp(values)
    result: Floats = np.ldexp(np.rint(np.ldexp(fractions, SIGNIFICANT_BITS)), exponents - SIGNIFICANT_BITS)
    return result
