"""Sums over the rows of a row's own parent: those up to it, and all of them, without a state that passes rows.

A row's parent and line are known, and with them all rows of the parent: their own plan makes the column that is
added, for the parents of the rows at hand. A window of rows alone gives what the whole table does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.errors import Problem, RuleError
from engine.rules.derived.scope import Found
from engine.rules.keys.children import OWNER
from engine.rules.relations.child_plan import ChildPlan, run_within
from engine.rules.relations.children import ChildScope, are_rising, distinct_parents
from engine.rules.relations.fit import unscaled
from engine.rules.stages import Stages

_SAFE = 2**62


@dataclass(frozen=True)
class Sums:
    """The sum of the rows of a parent before a row, that up to it, and that of all its rows (Int128)."""

    before: pl.Expr
    upto: pl.Expr
    total: pl.Expr


def add_siblings(
    stages: Stages, siblings: ChildScope, found: Found, line: pl.Expr, negative: Problem | None = None
) -> Sums:
    """Return the sums of an exact number `found` in the plan of the rows of the parents; `line` is the line from 1.

    NULLs count as 0. A run fails with `negative`, if it is given, where a number is below 0.
    """
    value, _ = unscaled(found)
    if negative is not None:
        number = siblings.plan.stages.add(value)
        is_sound = siblings.plan.stages.add_check((number < 0).fill_null(False), negative)
        value = pl.when(is_sound).then(number)
    kept = value.fill_null(0)
    if siblings.is_child is not None:
        kept = pl.when(siblings.is_child).then(kept).otherwise(pl.lit(0, dtype=pl.Int64))
    name = siblings.plan.output(kept)
    fields = {name: pl.Int128() for name in ("before", "upto", "total")}
    sums = pl.map_batches(
        [line, *siblings.plan.inputs],
        _runner(siblings.plan, name, stages),
        return_dtype=pl.Struct(fields),
        is_elementwise=True,
    )
    made = stages.add(sums)
    return Sums(*(stages.add(made.struct.field(name)) for name in fields))


def _runner(plan: ChildPlan, name: str, stages: Stages) -> Callable[[Sequence[pl.Series]], pl.Series]:
    def run(inputs: Sequence[pl.Series]) -> pl.Series:
        line, parents = inputs[0].to_numpy().astype(np.int64), inputs[1]
        places, owners = list(inputs[1:]), np.arange(len(line))
        if not are_rising(parents):
            first, index = distinct_parents(parents)
            places, owners = [column.gather(first) for column in places], index.to_numpy().astype(np.int64)
        try:
            frames = list(plan.frames(places))
        except RuleError as error:
            raise run_within(stages, error) from error
        counts = np.bincount(
            _joined([frame[OWNER] for frame in frames], pl.UInt64()).to_numpy(), minlength=len(places[0])
        )
        ends = np.cumsum(counts)
        starts = ends - counts
        sums = _prefix_sums(_joined([frame[name] for frame in frames], pl.Int64()))
        at = starts[owners] + np.clip(line, 1, np.maximum(counts[owners], 1))
        base = pl.Series(starts[owners])
        last = np.minimum(at, len(sums) - 1)
        return (
            pl.DataFrame(
                {
                    "base": sums.gather(base),
                    "before": sums.gather(pl.Series(np.maximum(last - 1, 0))),
                    "upto": sums.gather(pl.Series(last)),
                    "total": sums.gather(pl.Series(ends[owners])),
                }
            )
            .select(pl.col(field) - pl.col("base") for field in ("before", "upto", "total"))
            .to_struct("sums")
        )

    return run


def _joined(columns: Sequence[pl.Series], dtype: pl.DataType) -> pl.Series:
    return pl.concat(columns) if columns else pl.Series([], dtype=dtype)


def _prefix_sums(values: pl.Series) -> pl.Series:
    """Return the sums of the first 0, 1, 2, ... values, as Int128."""
    if values.dtype == pl.Int64 and len(values):
        numbers = values.to_numpy()
        if max(abs(int(numbers.min())), abs(int(numbers.max()))) * len(numbers) < _SAFE:
            return pl.Series(np.concatenate([[0], np.cumsum(numbers)])).cast(pl.Int128)
    start = pl.Series([0], dtype=pl.Int64).cast(pl.Int128)
    return pl.concat([start, values.cast(pl.Int128).cum_sum()])
