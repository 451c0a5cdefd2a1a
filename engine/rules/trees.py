"""Columns that read the parent's same column in a table that references itself: a level, a path, a budget.

The compiler meets such a column as a cycle: a value asks for the same column at the parent's row. Here the steps from
a row to its parent are known, so the value is made from the top of the tree down: first at the last of as many steps
as the deepest row needs, where every row is a root and has nothing above it, then at each step below.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from engine.errors import Problem, RuleError
from engine.rules.derived.scope import Parent
from engine.rules.keys.tree_depth import MAX_LEVELS, MEASURED_ROWS, bound_depth, measure_depth
from engine.rules.random.bits import u64
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, TableSchema

StepOf = Callable[[TableSchema, ColumnSchema, pl.Expr], Parent | None]


class RecursionFound(Exception):  # noqa: N818 - it is caught where the value that reads itself is made
    """A value asks for itself at the parent's row: its name, and the foreign key column that leads there."""

    def __init__(self, name: str, key: ColumnSchema) -> None:
        self.name = name
        self.key = key
        super().__init__(name)


def two_keys_error(name: str, keys: Sequence[str]) -> RuleError:
    """Return the error of a column that reads itself through several keys: each step would double the values."""
    return RuleError(
        f"It reads itself through {' and '.join(keys)}.",
        where=name,
        hint="Follow one foreign key to the table itself in each column.",
    )


@dataclass(frozen=True)
class _Step:
    """A step to the parent: the table's key, the foreign key column and the row numbers it starts from."""

    table: str
    key: ColumnSchema
    start: str


class Trees:
    """The steps from rows to their parents in the same table, in one plan, and the columns that follow them."""

    def __init__(self, stages: Stages, step_of: StepOf) -> None:
        self._stages = stages
        self._step_of = step_of
        self._steps: dict[str, _Step] = {}
        self._ends: dict[str, pl.Expr | None] = {}
        self._columns: set[str] = set()
        self._depths: dict[tuple[str, str], int] = {}

    def step(self, table: TableSchema, key: ColumnSchema, row: pl.Expr, parent: Parent) -> Parent:
        """Return the parent with row numbers that lead from a root without a parent to row 0, and its `is_root`."""
        memo = ("tree", table.key, key.name, row.meta.output_name())
        up = parent.row
        if parent.is_missing is not None:
            up = self._stages.add(pl.when(parent.is_missing).then(u64(0)).otherwise(up), memo=memo)
        self._steps.setdefault(up.meta.output_name(), _Step(table.key, key, row.meta.output_name()))
        is_root = self._stages.add(up == row, memo=(*memo, "root"))
        return Parent(table, up, parent.is_missing, is_root)

    def is_recursive(self, name: str) -> bool:
        """Return whether a column (`table.column`) is known to read itself at the parent's row."""
        return name in self._columns

    def check_cycle(self, name: str, row: pl.Expr, active: list[tuple[str, str]]) -> None:
        """Raise `RecursionFound` if `row` is above the row at which `name` is being made.

        `active` are the names being made and their row numbers, outermost first.
        """
        index = [entry[0] for entry in active].index(name)
        keys: dict[str, ColumnSchema] = {}
        current = row.meta.output_name()
        while current != active[index][1]:
            step = self._steps.get(current)
            if step is None:
                return
            keys[step.key.name] = step.key
            current = step.start
        if not keys:
            return
        if len(keys) > 1:
            raise two_keys_error(name, list(keys))
        self._columns.update(entry[0] for entry in active[index:])
        raise RecursionFound(name, next(iter(keys.values())))

    def end(self, row: pl.Expr, dtype: pl.DataType) -> pl.Expr | None:
        """Return NULL for row numbers above the last root of every row, or None for others."""
        current = row.meta.output_name()
        while current not in self._ends:
            step = self._steps.get(current)
            if step is None:
                return None
            current = step.start
        flag = self._ends[current]
        nothing = pl.lit(None, dtype=dtype)
        return nothing if flag is None else pl.when(flag).then(nothing)

    def rows_above(self, table: TableSchema, key: ColumnSchema, row: pl.Expr, reach: int, where: str) -> list[pl.Expr]:
        """Return the row numbers of the parents of `row`, their parents and so on, to the root of the deepest row.

        `reach` is the number of rows of the table that must be possible. Raises `RuleError` for trees too deep.
        """
        memo = (table.key, key.name)
        if memo not in self._depths:
            self._depths[memo] = self._depth(table, key, reach, where)
        rows, step = [row], None
        for _ in range(self._depths[memo] + 1):
            step = self._step_of(table, key, rows[-1])
            assert step is not None
            rows.append(step.row)
        assert step is not None
        flag = None
        if reach > MEASURED_ROWS and step.is_root is not None:
            is_bad = ~step.is_root if step.is_missing is None else ~step.is_root & ~step.is_missing
            hint = "Give the key a higher null_fraction, or make fewer rows."
            flag = self._stages.add_check(is_bad, Problem(where, "Its trees are deeper than expected.", hint))
        self._ends.setdefault(rows[-1].meta.output_name(), flag)
        return rows[1:-1]

    def _depth(self, table: TableSchema, key: ColumnSchema, reach: int, where: str) -> int:
        if reach > MEASURED_ROWS:
            depth: int | None = bound_depth(reach)
            if key.foreign_key is not None and key.foreign_key.spread is not None:
                depth = None
        else:
            step = self._step_of(table, key, self._stages.row)
            assert step is not None
            depth = measure_depth(self._parents(step, reach))
        if depth is None or depth > MAX_LEVELS:
            raise RuleError(
                f"It reads itself through {key.name}, whose trees have more than {MAX_LEVELS} levels.",
                where=where,
                hint=f"Let {key.name} have no fan_out, or read another column of the parent.",
            )
        return depth

    def _parents(self, step: Parent, rows: int) -> np.ndarray:
        """Return the parent's row number of each of the first rows; that of a root is its own."""
        is_root = pl.lit(False) if step.is_missing is None else step.is_missing
        parent = pl.when(is_root).then(self._stages.row).otherwise(step.row)
        with self._stages.failures():
            frame = self._stages.frame(0, rows, [parent.alias("parent")]).collect(engine="streaming")
        return frame["parent"].to_numpy().astype(np.int64)
