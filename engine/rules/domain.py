"""A domain: the values of a column counted from 0, for columns whose values must not repeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Domain:
    """How many different values there are, and the value at an index (UInt64, in [0, size)).

    `is_open` marks a domain that its user has not bounded, which a table may fill from its start; `is_permuted` one
    whose values already come in a random order; `is_ordered` one whose values stay in the order of the rows.
    `index_of` returns the index of a value, None for one outside.
    """

    size: int
    at: Callable[[pl.Expr], pl.Expr]
    is_open: bool = False
    is_permuted: bool = False
    is_ordered: bool = False
    index_of: Callable[[Any], int | None] | None = None
