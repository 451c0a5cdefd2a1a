"""Standard normals at any 64 random bits, by the table of quantiles that distributions use."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.rules.distributions.laws import Law
from engine.rules.distributions.quantile_tables import QuantileTable, make_quantile_table
from engine.rules.distributions.tail_quantiles import compute_quantiles


@lru_cache(maxsize=1)
def normal_table() -> QuantileTable:
    """Return the quantiles of the standard normal."""
    lower, upper = compute_quantiles(Law("norm"), -np.inf, np.inf)
    return make_quantile_table(lower, upper, -np.inf, np.inf)
