"""Intermediate columns in layers, so that an expression used twice is computed once and trees stay small.

Polars evaluates expressions of one `with_columns` side by side. Each stage goes into the first layer in which all
that it reads is there; the layers become successive `with_columns` of one lazy, streaming plan.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import polars as pl

_ROW = "__row"


class Stages:
    """The plan of one table's frame: the column of row numbers and everything made from it."""

    def __init__(self) -> None:
        self._layer_of: dict[str, int] = {_ROW: 0}
        self._layers: list[list[pl.Expr]] = []
        self._memo: dict[Hashable, pl.Expr] = {}

    @property
    def row(self) -> pl.Expr:
        """The row numbers, UInt64 from 0."""
        return pl.col(_ROW)

    def add(self, expression: pl.Expr, memo: Hashable = None) -> pl.Expr:
        """Make the expression a column of its own and return a reference to it.

        A `memo` that was given before returns the column made then.
        """
        if memo is not None and memo in self._memo:
            return self._memo[memo]
        layer = 1 + max((self._layer_of[name] for name in expression.meta.root_names()), default=0)
        name = f"__{len(self._layer_of)}"
        self._layer_of[name] = layer
        if layer > len(self._layers):
            self._layers.append([])
        self._layers[layer - 1].append(expression.alias(name))
        reference = pl.col(name)
        if memo is not None:
            self._memo[memo] = reference
        return reference

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of `outputs` for the rows [first_row, first_row + rows)."""
        numbers = pl.int_range(first_row, first_row + rows, dtype=pl.UInt64).alias(_ROW)
        frame = pl.LazyFrame().select(numbers)
        for layer in self._layers:
            frame = frame.with_columns(layer)
        return frame.select(outputs)
