"""The depth of the trees that a table's reference to itself makes: how many steps lead from any row to its root.

A value that is read through the parent's same column is made by as many steps. Where every row refers to an earlier
one drawn evenly, the depth grows with the logarithm of the rows.
"""

from __future__ import annotations

from math import lgamma, log

import numpy as np

MAX_LEVELS = 160
"""The most steps that a value may take: each adds to the plan of the table."""
MEASURED_ROWS = 2**21
"""The most rows whose depth is measured; for more it is bounded by a probability, and the run checks it."""
_LOG_PROBABILITY = log(1e-15)


def measure_depth(parents: np.ndarray) -> int | None:
    """Return the most steps from a row to its root, which is its own parent; None for more than `MAX_LEVELS`.

    `parents` holds the parent's row number of each row.
    """
    rows, depth = np.arange(len(parents)), 0
    while True:
        rows = rows[parents[rows] != rows]
        if len(rows) == 0:
            return depth
        if depth == MAX_LEVELS:
            return None
        is_reached = np.zeros(len(parents), dtype=bool)
        is_reached[parents[rows]] = True
        rows, depth = np.flatnonzero(is_reached), depth + 1


def bound_depth(rows: int) -> int:
    """Return a depth that the trees of that many rows, each below an earlier one, exceed with probability 1e-15.

    The expected number of rows at depth k is at most H**k / k!, H the harmonic number of the rows (Devroye,
    "Branching processes in the analysis of the heights of trees", Acta Informatica 1987).
    """
    harmonic, depth = log(max(rows, 2)) + 1, 1
    while depth < harmonic or depth * log(harmonic) - lgamma(depth + 1) > _LOG_PROBABILITY:
        depth += 1
    return depth
