"""Correlated columns: hidden standard normals of a table, and the loadings of its columns on them.

Two columns with loadings l and m on the same hidden normals, of the same row, correlate as sum(l * m) before their
rules make values of them. The rank correlation (Spearman's) of values without ties is then 6 / pi * asin(sum / 2):
Pearson, "On further methods of determining correlation" (1907); Kruskal, "Ordinal measures of association" (1958).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.conditional import Path
from engine.schema.fields import Model, Storable

Loading = Annotated[float, Field(ge=-1, le=1)]
Loadings = Annotated[dict[Path, Loading], Field(min_length=1, max_length=limits.MAX_KEY_COLUMNS)]
LatentName = Annotated[str, Field(min_length=1, max_length=limits.MAX_NAME), Storable]
_DIGITS = 12
_SMALLEST = 1e-9


class Correlation(Model):
    """Rank correlations of columns of one row, each with each; turned into loadings on hidden normals."""

    columns: Annotated[list[LatentName], Field(min_length=2, max_length=limits.MAX_KEY_COLUMNS)]
    """The columns. A further one at the end changes no value of those before it."""
    matrix: Annotated[list[list[Loading]], Field(min_length=2, max_length=limits.MAX_KEY_COLUMNS)]
    """The rank correlation of each column with each, with 1 along the diagonal."""


def rank_correlation(normal: float) -> float:
    """Return the rank correlation of values made from two normals with this correlation."""
    return 6 / math.pi * math.asin(max(-1.0, min(1.0, normal)) / 2)


def normal_correlation(rank: float) -> float:
    """Return the correlation of two normals that gives values this rank correlation."""
    return round(2 * math.sin(math.pi * rank / 6), _DIGITS)


def factors_of(matrix: Sequence[Sequence[float]]) -> list[list[float]] | None:
    """Return the loadings of each column on the normals of the columns up to it; None for an impossible matrix.

    Row by row (Cholesky): a further column adds a row, and changes none before it.
    """
    rows: list[list[float]] = []
    for place, given in enumerate(matrix):
        row: list[float] = []
        for other in range(place):
            rest = normal_correlation(given[other]) - sum(a * b for a, b in zip(row, rows[other], strict=False))
            own = rows[other][other]
            if own < _SMALLEST:
                if abs(rest) > 1e-6:
                    return None
                row.append(0.0)
            else:
                row.append(round(rest / own, _DIGITS))
        left = 1 - sum(each * each for each in row)
        if left < -1e-6:
            return None
        row.append(round(math.sqrt(max(left, 0.0)), _DIGITS))
        rows.append(row)
    return rows


def loadings_of(correlation: Correlation | None, column: str, follows: Mapping[str, float] | None) -> dict[str, float]:
    """Return the loadings of a column by hidden normal; those of a correlation are named by its columns, with `=`."""
    if follows:
        return dict(follows)
    if correlation is None:
        return {}
    names = [name.casefold() for name in correlation.columns]
    if column.casefold() not in names:
        return {}
    factors = factors_of(correlation.matrix)
    if factors is None:
        return {}
    return {f"={name}": each for name, each in zip(names, factors[names.index(column.casefold())], strict=False)}


def residual(loadings: Mapping[str, float]) -> float:
    """Return the weight of a column's own normal, so that the sum has a variance of 1."""
    left = 1 - math.fsum(each * each for each in loadings.values())
    return math.sqrt(left) if left > _SMALLEST else 0.0


def is_shared_by_rows(follows: Mapping[str, float] | None) -> bool:
    """Return whether a parent's hidden normals move a column: then its rows are not drawn one by one."""
    return any("." in path for path in follows or ())
