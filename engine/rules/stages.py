"""Intermediate columns in layers, so that an expression used twice is computed once and trees stay small.

Polars evaluates the expressions of one `with_columns` in parallel. Each stage goes into the first layer in which all
its inputs exist; the layers become successive `with_columns` of one lazy, streaming plan.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from engine.errors import Problem, RuleError

_ROW = "__row"
_TOO_GREAT = 1000
_FAILED_CAST = re.compile(r"conversion from `i16` to `i8` failed in column '(__\d+)'")


class Stages:
    """The plan of one table's frame: the column of row numbers and all columns computed from it."""

    def __init__(self) -> None:
        self._layer_of: dict[str, int] = {_ROW: 0}
        self._layers: list[list[pl.Expr]] = []
        self._expressions: dict[str, pl.Expr] = {}
        self._dtypes: dict[str, pl.DataType] = {_ROW: pl.UInt64()}
        self._memo: dict[Hashable, pl.Expr] = {}
        self._failures: dict[str, Problem] = {}
        self._kept: RuleError | None = None

    @property
    def row(self) -> pl.Expr:
        """The row numbers, UInt64 from 0."""
        return pl.col(_ROW)

    def known(self, memo: Hashable) -> pl.Expr | None:
        """Return the column that was added under a memo, or None."""
        return self._memo.get(memo)

    def add(self, expression: pl.Expr, memo: Hashable = None) -> pl.Expr:
        """Add the expression as a column and return a reference to it.

        A `memo` that was used before returns the column added then.
        """
        if memo is not None and memo in self._memo:
            return self._memo[memo]
        layer = 1 + max((self._layer_of[name] for name in expression.meta.root_names()), default=0)
        name = f"__{len(self._layer_of)}"
        self._layer_of[name] = layer
        if layer > len(self._layers):
            self._layers.append([])
        self._layers[layer - 1].append(expression.alias(name))
        self._expressions[name] = expression
        reference = pl.col(name)
        if memo is not None:
            self._memo[memo] = reference
        return reference

    def add_input(self, name: str, dtype: pl.DataType) -> None:
        """Add a column that the frame given to `over` has."""
        self._layer_of[name] = 0
        self._dtypes[name] = dtype

    def dtype(self, expression: pl.Expr) -> pl.DataType:
        """Return the data type of an expression over columns of the plan."""
        names = expression.meta.root_names()
        for name in names:
            if name not in self._dtypes:
                self._dtypes[name] = self.dtype(self._expressions[name])
        frame = pl.LazyFrame(schema={name: self._dtypes[name] for name in names})
        return frame.select(expression.alias(_ROW)).collect_schema()[_ROW]

    def add_check(self, is_bad: pl.Expr, failure: Problem) -> pl.Expr:
        """Fail a run with `failure` if `is_bad` (never NULL) is true in any row; return an always true condition.

        In the middle of a plan Polars raises only on a failed cast: here of a number that is too large in the bad rows,
        in a separate column by whose name `failures` finds the check. The protected expression must use the returned
        condition, otherwise the check is never evaluated.
        """
        great, small = pl.lit(_TOO_GREAT, dtype=pl.Int16), pl.lit(0, dtype=pl.Int16)
        code = self.add(pl.when(is_bad).then(great).otherwise(small))
        self._failures[code.meta.output_name()] = failure
        return self.add(code.cast(pl.Int8) == 0)

    def keep(self, error: RuleError) -> None:
        """Keep the error of a plan that this one runs inside a column: Polars replaces it by one without its parts."""
        self._kept = error

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Raise the `RuleError` of a check that fails while a frame is collected in this context."""
        try:
            yield
        except RuleError as error:
            kept, self._kept = self._kept, None
            raise (kept or error) from error
        except pl.exceptions.PolarsError as error:
            found = _FAILED_CAST.search(str(error))
            failure = self._failures.get(found[1]) if found else None
            if failure is None:
                raise
            raise RuleError(failure.message, where=failure.where, hint=failure.hint) from error

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of `outputs` for the rows [first_row, first_row + rows)."""
        numbers = pl.int_range(first_row, first_row + rows, dtype=pl.UInt64).alias(_ROW)
        return self.over(pl.LazyFrame().select(numbers), outputs)

    def reads(self, name: str, outputs: Sequence[pl.Expr]) -> bool:
        """Return whether a stage or one of the outputs reads the input of that name."""
        columns = [*(column for layer in self._layers for column in layer), *outputs]
        return any(name in column.meta.root_names() for column in columns)

    def over(self, frame: pl.LazyFrame, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of `outputs` over a frame with the row numbers `__row` (UInt64) and all inputs."""
        for layer in self._layers:
            frame = frame.with_columns(layer)
        return frame.select(outputs)
