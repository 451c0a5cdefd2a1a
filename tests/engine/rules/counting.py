"""Whether counts are what a law makes of them."""

import numpy as np
from scipy import stats


def chi_square(counts, expected, least=50):
    """Return the probability of counts so far from the expected ones; rare values in a row are taken together."""
    groups = np.floor(np.cumsum(expected) / least).astype(int)
    counts, expected = np.bincount(groups, counts), np.bincount(groups, expected)
    kept = expected > 0
    assert counts[~kept].sum() == 0
    return stats.chisquare(counts[kept], expected[kept] * counts.sum() / expected.sum()).pvalue
