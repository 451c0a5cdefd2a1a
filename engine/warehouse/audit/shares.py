"""Plausible shares: how far a random count of rows may deviate from its expected share.

The rows are drawn independently, so a count is binomial. Chernoff's bound, P(count/n beyond q) <= exp(-n KL(q||p)),
holds for any number of rows and any share, however small; a count less likely than one in a thousand million fails.
For a share in the middle and many rows that is about 6.5 standard errors.
"""

from __future__ import annotations

from math import log

_MIN_LOG_PROBABILITY = log(1e-9)


def is_plausible(count: int, rows: int, share: float) -> bool:
    """Return whether `count` of `rows` rows is plausible when each is chosen with probability `share`."""
    if rows <= 0:
        return count <= 0
    return -rows * _divergence(count / rows, share) >= _MIN_LOG_PROBABILITY


def _divergence(found: float, share: float) -> float:
    """Return the Kullback-Leibler divergence of two shares, in nats."""
    return _term(found, share) + _term(1 - found, 1 - share)


def _term(found: float, share: float) -> float:
    if found <= 0:
        return 0.0
    return float("inf") if share <= 0 else found * log(found / share)
