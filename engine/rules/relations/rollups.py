"""Roll-ups: a number of a parent's row from the rows of another table that reference it, exact and without a join.

The children's own plan makes the columns that are read, for the children of the parents at hand, and `aggregation` adds
them up. Roll-ups of one table over the same key share their children.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import polars as pl

from engine.errors import RuleError
from engine.rules.derived.comparison import to_condition
from engine.rules.derived.context import Context, Trace
from engine.rules.derived.expression_parsing import parse
from engine.rules.derived.scope import Found, UnknownName
from engine.rules.derived.tree import compile_node
from engine.rules.relations.aggregation import Aggregate
from engine.rules.relations.child_plan import ChildPlan, run_within
from engine.rules.relations.children import ChildScope, are_rising, distinct_parents
from engine.rules.relations.fit import check_fit, is_small_sum, restore, unscaled
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.rollups import Rollup


class ParentPlan(Protocol):
    """What the compiler of a parent offers."""

    def open_children(self, site: Site, table: TableSchema, key: ColumnSchema, also: Sequence[str]) -> ChildScope:
        """Return a new plan of the rows of `table` that reference the site's rows by `key`.

        Nothing in it may read the site's column, nor those that `also` names. Raises `UnknownName`.
        """

    def child(self, parent: TableSchema, name: str) -> TableSchema | None:
        """Return the table of that name that references `parent`, or None."""


def make_rollup(site: Site, rows: ParentPlan, siblings: Sequence[ColumnSchema]) -> pl.Expr:
    """Return the roll-up of a column; raises `RuleError` where it contradicts its table, its child or its type.

    `siblings` are columns of the same table that are made at the same row numbers: those over the same key share
    their children, if none of them reads another.
    """
    memo = ("rollups", site.where, site.row.meta.output_name())
    known = site.stages.known(memo)
    if known is not None:
        return known
    mine = _Rollups(site, rows)
    together = [one for one in siblings if one.rollup is not None and mine.is_same_key(site.at(one))]
    if len(together) > 1:
        try:
            return _make_together(mine, together, memo)
        except RuleError:  # one of them is wrong, or reads another: each on its own has its own error
            pass
    return _make_together(mine, [site.column], memo)


def _make_together(mine: _Rollups, columns: Sequence[ColumnSchema], memo: tuple[str, str, str]) -> pl.Expr:
    site = mine.site
    made = mine.make(columns)
    for column, value in zip(columns, made, strict=True):
        site.stages.add(value, memo=(memo[0], site.at(column).where, memo[2]))
    found = site.stages.known(memo)
    assert found is not None
    return found


class _Rollups:
    """The roll-ups of a table over one key, at the row numbers of a site."""

    def __init__(self, site: Site, rows: ParentPlan) -> None:
        self.site = site
        self._rows = rows
        self.table, self.key = self._find_source(site)

    def is_same_key(self, other: Site) -> bool:
        """Whether another roll-up reads the same rows."""
        try:
            table, key = self._find_source(other)
        except RuleError:
            return False
        return table is self.table and key is self.key

    def _find_source(self, site: Site) -> tuple[TableSchema, ColumnSchema]:
        rollup = rollup_of(site)
        name, key = rollup.source
        table = self._rows.child(site.table, name)
        if table is None:
            raise site.error(
                f"rollup reads {rollup.of}, and no table of that name references {site.table.key}.",
                'Write "of": "table.foreign_key_column" of a table with a foreign key to this one.',
            )
        try:
            return table, table.column(key)
        except KeyError:
            raise site.error(f'rollup reads {rollup.of}, and {table.key} has no column "{key}".') from None

    def make(self, columns: Sequence[ColumnSchema]) -> list[pl.Expr]:
        """Return the values of roll-ups, in the types of their columns."""
        site = self.site
        try:
            children = self._rows.open_children(site, self.table, self.key, [column.name for column in columns])
        except UnknownName as unknown:
            raise site.error(f"{unknown.message}.", unknown.hint) from unknown
        parts = [_Part(site.at(column), children) for column in columns]
        counts = children.plan.children.count.cast(pl.Int64)
        made_here = [part.finish(counts) if part.aggregate.is_width else None for part in parts]
        read = iter(self._read(children, [part for part in parts if not part.aggregate.is_width]))
        return [next(read) if value is None else value for value in made_here]

    def _read(self, children: ChildScope, parts: Sequence[_Part]) -> list[pl.Expr]:
        """Return the values of roll-ups that read the rows of the children."""
        if not parts:
            return []
        site, numbers = self.site, [part.aggregate for part in parts]
        fields = [pl.Field(str(index), one.result) for index, one in enumerate(numbers)]
        # A chunk at once, not by the batches of a streaming plan: a plan of children costs 3 ms each time it is run.
        values = pl.map_batches(
            children.plan.inputs, _runner(children.plan, numbers, site), return_dtype=pl.Struct(fields)
        )
        made = site.stages.add(values)
        return [part.finish(made.struct.field(str(index))) for index, part in enumerate(parts)]


def _runner(plan: ChildPlan, numbers: Sequence[Aggregate], site: Site) -> Callable[[Sequence[pl.Series]], pl.Series]:
    """Return the function that makes the children of a chunk of parents, and their numbers as a struct."""

    def run(inputs: Sequence[pl.Series]) -> pl.Series:
        parents = inputs[0]
        places = None
        if not are_rising(parents):
            first, places = distinct_parents(parents)
            inputs = [column.gather(first) for column in inputs]
        found: list[list[pl.DataFrame]] = [[] for _ in numbers]
        try:
            for frame, counted in plan.counted_frames(inputs):
                for one, partial in zip(numbers, found, strict=True):
                    partial.append(one.reduce(frame, counted))
        except RuleError as error:
            raise run_within(site.stages, error) from error
        owners = len(inputs[0])
        columns = [
            one.finish(partial, owners).alias(str(index))
            for index, (one, partial) in enumerate(zip(numbers, found, strict=True))
        ]
        result = pl.DataFrame(columns).to_struct("rollups")
        return result if places is None else result.gather(places)

    return run


class _Part:
    """One roll-up over the plan of its children."""

    def __init__(self, site: Site, children: ChildScope) -> None:
        self.site = site
        self._children = children
        self._rollup = rollup_of(site)
        self._found = self._find_column()
        self.aggregate = self._make_aggregate()

    def _find_column(self) -> Found | None:
        if not self._rollup.column:
            return None
        try:
            found = self._children.scope.find([self._rollup.column])
        except UnknownName as unknown:
            raise self.site.error(f"rollup: {unknown.message}.", unknown.hint) from unknown
        check_fit(self.site, self._rollup.aggregate, self._children.scope.table, found, self._children.most)
        return found

    def _make_aggregate(self) -> Aggregate:
        rollup, children, site, kind = self._rollup, self._children, self.site, self.site.type
        function = rollup.aggregate
        keep = [one for one in (children.is_child, self._condition(rollup.where)) if one is not None]
        kept = children.plan.output(pl.all_horizontal(keep)) if keep else None
        self._check_empty(function)
        if self._found is None:
            check_fit(self.site, function, children.scope.table, None, children.most)
            condition = self._condition(rollup.any or rollup.all)
            name = None if condition is None else children.plan.output(condition)
            return Aggregate(function, name, kept, pl.Boolean())
        value, dtype = unscaled(self._found)
        digits = kind.scale - self._found.column.type.scale
        is_small = function == "sum" and is_small_sum(
            self._found, children.most or site.counts[children.scope.table.key]
        )
        return Aggregate(function, children.plan.output(value), kept, dtype, digits, is_small)

    def _check_empty(self, function: str) -> None:
        """Raise where no rows give NULL and the column is required."""
        site, rollup = self.site, self._rollup
        if function not in ("min", "max", "avg") or site.column.is_nullable:
            return
        assert self._found is not None
        reasons = {
            f"a row of {site.table.key} can be without rows of {self._children.scope.table.key}": self._children.fewest
            == 0,
            "its where can leave no row": rollup.where is not None,
            f"{rollup.column} can be NULL": self._found.is_nullable or self._children.is_child is not None,
        }
        reason = next((reason for reason, holds in reasons.items() if holds), None)
        if reason is not None:
            raise site.error(
                f"{function} of no rows is NULL, the column is required, and {reason}.", 'Set "required": false.'
            )

    def _condition(self, text: str | None) -> pl.Expr | None:
        """Return a condition over the children, never NULL; messages name the roll-up."""
        if text is None:
            return None
        site, plan = self.site, self._children.plan
        inside = Site(
            plan.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, plan.stages.row
        )
        tree = parse(text, site.where)
        ctx = Context(inside, self._children.scope, tree, trace=Trace())
        try:
            return to_condition(ctx, compile_node(ctx, tree)).fill_null(False)
        except RecursionError as error:
            raise site.error(
                "The condition is nested too deeply.", "Compute a part of it in another column."
            ) from error

    def finish(self, value: pl.Expr) -> pl.Expr:
        """Return the result in the column's type; a run fails where it is too large for it."""
        return restore(self.site, self.aggregate, self._found, value)


def rollup_of(site: Site) -> Rollup:
    """Return the roll-up of a site's column."""
    assert site.column.rollup is not None
    return site.column.rollup
