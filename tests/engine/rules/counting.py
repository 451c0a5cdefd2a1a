"""Chi-square tests of counts against a law."""

import numpy as np
from scipy import stats


def chi_square(counts, expected, min_expected=50):
    """Return the p-value of the counts; consecutive rare values are merged."""
    groups = np.floor(np.cumsum(expected) / min_expected).astype(int)
    counts, expected = np.bincount(groups, counts), np.bincount(groups, expected)
    kept = expected > 0
    assert counts[~kept].sum() == 0
    return stats.chisquare(counts[kept], expected[kept] * counts.sum() / expected.sum()).pvalue
