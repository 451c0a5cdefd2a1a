"""A distribution: the law of a column's values, or of the popularity of parents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Model, Name, Parameter, RuleName


class Distribution(Model):
    """A probability distribution by name and parameters, truncated to the column's bounds.

    Integers and decimals are rounded to the nearest value of their scale. For dates the numbers are days, for
    timestamps and times seconds after the start of the range; a distribution over 0 to 1 without loc and scale, such
    as beta, is stretched over the range. For the popularity of parents (foreign keys), zipf and other discrete
    ones give the rank of the parent; continuous ones run from 0, the most popular parent, to 1, the least popular.
    """

    type: RuleName
    """uniform, normal, lognormal, exponential, beta, gamma, poisson, zipf, triangular, pareto, weibull, binomial,
    geometric, negative_binomial, student_t, chi_square, laplace, or any continuous or discrete one of scipy.stats."""
    parameters: Annotated[dict[Name, Parameter], Field(max_length=limits.MAX_PARAMETERS)] = Field(default_factory=dict)
    """The parameters by name: uniform min, max; normal mean, stddev; lognormal mean, sigma (of the logarithm);
    exponential lambda or scale; beta alpha, beta; gamma shape (alpha) and scale (beta) or rate; poisson lambda; zipf s;
    triangular min, mode, max; pareto alpha, xm (1 by default); scipy.stats its shapes, loc and scale."""
