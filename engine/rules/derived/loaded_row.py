"""Expressions over rows that are loaded: the row's own columns and its parents' are read instead of made.

`LoadedScope` finds the column at the end of a path as an input of the plan; who evaluates it fetches the inputs, by
their steps along foreign keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl
from sqlglot import exp

from engine.errors import RuleError
from engine.rules.derived.context import Context, Trace
from engine.rules.derived.conversion import as_column
from engine.rules.derived.draw_choices import NotProvedError, draws_of, find_alternatives, has_draws
from engine.rules.derived.expression_parsing import parse
from engine.rules.derived.scope import COUNT, Found
from engine.rules.derived.tree import compile_node
from engine.rules.random.bits import u64
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.rules.stages import Stages
from engine.schema.limits import MAX_ROWS
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind

_ALL_BITS = 2**64 - 1


@dataclass(frozen=True)
class Step:
    """A step to a parent: its table and the pairs of key and target columns.

    `is_above`: a row that is its own parent has none.
    """

    parent: TableSchema
    pairs: tuple[tuple[str, str], ...]
    is_above: bool = False


@dataclass(frozen=True)
class Input:
    """A column of the row or, after steps, of a parent; or the number of rows of `counted` with the same key."""

    name: str
    column: ColumnSchema
    steps: tuple[Step, ...] = ()
    counted: TableSchema | None = None
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LoadedScope:
    """The row of a loaded table: like `Scope`, but its columns are inputs of the plan."""

    schema: ExperimentSchema
    table: TableSchema
    column: ColumnSchema
    stages: Stages
    inputs: dict[tuple[str, ...], Input]

    def find(self, path: Sequence[str]) -> Found:
        """Return the column at a path; raises `NotProvedError` where the loaded data do not tell its row."""
        folded = tuple(name.casefold() for name in path)
        if folded not in self.inputs:
            made = self._resolve(path, f"__in{len(self.inputs)}")
            self.stages.add_input(made.name, made.column.type.polars)
            self.inputs[folded] = made
        known = self.inputs[folded]
        kind = known.column.type
        bounds = kind.integer_bounds if kind.kind in (Kind.INTEGER, Kind.DECIMAL) else (0, 0)
        return Found(pl.col(known.name), known.column, True, (0, MAX_ROWS) if known.counted else bounds)

    def _resolve(self, path: Sequence[str], name: str) -> Input:
        table = self.table
        steps: list[Step] = []
        count = ColumnSchema(name=COUNT, data_type="BIGINT")
        if len(path) > 2 and path[-1].casefold() == COUNT and not _has(self.table, path[0]):
            child = self.schema.table(".".join(path[:-2]), within=self.table.schema_name)
            _, pairs = self._reference(child, path[-2])
            return Input(name, count, (), child, tuple((target, key) for key, target in pairs))
        for index, step in enumerate(path[:-1]):
            parent, pairs = self._reference(table, step)
            if index == len(path) - 2 and path[-1].casefold() == COUNT and not _has(parent, COUNT):
                return Input(name, count, tuple(steps), table, tuple((key, key) for key, _ in pairs))
            is_above = parent is table
            if is_above and parent.column(path[-1]) is not self.column and not table.column(step).is_nullable:
                raise NotProvedError(f"a row of {table.key} without a parent is its own")
            steps.append(Step(parent, pairs, is_above))
            table = parent
        column = table.column(path[-1])
        if column.hidden:
            raise NotProvedError(f"{column.name} is hidden, so its values are not stored")
        return Input(name, column, tuple(steps))

    def _reference(self, table: TableSchema, name: str) -> tuple[TableSchema, tuple[tuple[str, str], ...]]:
        column = table.column(name)
        if column.hidden:
            raise NotProvedError(f"{column.name} is hidden, so its values are not stored")
        for key in table.foreign_keys:
            if column.name.casefold() in map(str.casefold, key.columns):
                parent = self.schema.table(key.references_table, within=table.schema_name)
                groups = [{one.casefold() for one in group} for group in parent.composite_keys]
                if {one.casefold() for one in key.references_columns} not in groups:
                    raise NotProvedError(f"several rows of {parent.key} share the key of {column.name}")
                return parent, tuple(zip(key.columns, key.references_columns, strict=True))
        single = column.foreign_key
        if single is None:
            raise NotProvedError(f"{column.name} is not a foreign key")
        parent = self.schema.table(single.references_table, within=table.schema_name)
        if not parent.is_unique(parent.column(single.references_column)):
            raise NotProvedError(f"several rows of {parent.key} share the key of {column.name}")
        return parent, ((column.name, single.references_column),)


@dataclass(frozen=True)
class _EndSite(Site):
    """A site whose draws are at their ends: the streams in `highest` at the greatest value, all others at the least."""

    highest: frozenset[str] = frozenset()

    def bits(self, purpose: str = "value") -> pl.Expr:
        """Return the bits of an end of a stream."""
        bits = _ALL_BITS if purpose in self.highest else 0
        return self.stages.add(self.row * u64(0) + u64(bits), memo=("end", bits, self.row.meta.output_name()))


@dataclass(frozen=True)
class Witness:
    """An expression over loaded rows.

    `ends` holds the values of each alternative, with every draw at its ends; one alternative with one value for an
    expression without draws. `over` evaluates them.
    """

    stages: Stages
    inputs: Sequence[Input]
    ends: Sequence[Sequence[pl.Expr]]
    has_draws: bool
    is_number_as_text: bool = False

    def over(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the values over a frame of `__row` (UInt64) and the inputs: columns `e<alternative>_<end>`.

        Raises `RuleError` where a value cannot be computed.
        """
        outputs = [
            value.alias(f"e{number}_{end}") for number, ends in enumerate(self.ends) for end, value in enumerate(ends)
        ]
        with self.stages.failures():
            return self.stages.over(frame.lazy(), [*outputs, pl.col("^stored$|^__row$")]).collect()


def make_witness(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Witness:
    """Return a column's expression over loaded rows; raises `NotProvedError` with the reason it cannot be."""
    where = f"{table.key}.{column.name}"
    stages = Stages()
    inputs: dict[tuple[str, ...], Input] = {}
    try:
        tree = parse(column.expression or "", where)
        is_drawn = has_draws(tree)
        inner = _number_of_text(tree, column) if is_drawn else None
        target = column if inner is None else column.model_copy(update=UNLIMITED_TEXT)
        alternatives = find_alternatives(inner or tree) if is_drawn else [tree]
        site = _EndSite(stages, 0, schema.locale, {}, 0, table, target, stages.row)
        scope = LoadedScope(schema, table, column, stages, inputs)
        ends = []
        for alternative in alternatives:
            draws = draws_of(alternative) if is_drawn else []
            if draws and column.type.kind is Kind.TIME:
                raise NotProvedError("a time of day goes round at midnight")
            ends.append([_compile(site, scope, alternative, draws, corner) for corner in _corners(draws)])
    except (RuleError, KeyError, RecursionError) as error:
        raise NotProvedError(str(error)) from error
    return Witness(stages, tuple(inputs.values()), ends, is_drawn, inner is not None)


def _corners(draws: Sequence[str]) -> list[frozenset[str]]:
    picks = product((False, True), repeat=len(draws))
    return [frozenset(name for name, high in zip(draws, pick, strict=True) if high) for pick in picks]


def _compile(
    site: _EndSite, scope: LoadedScope, tree: exp.Expr, draws: Sequence[str], highest: frozenset[str]
) -> pl.Expr:
    at = _EndSite(
        site.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, site.row, highest
    )
    ctx = Context(at, scope, tree, trace=Trace())
    return as_column(ctx, compile_node(ctx, tree), at.type)


def _number_of_text(tree: exp.Expr, column: ColumnSchema) -> exp.Expr | None:
    """Return the number whose digits a text column holds, or None."""
    tree = tree.unnest()
    if column.type.kind is not Kind.TEXT or not isinstance(tree, exp.Cast) or not tree.is_type("varchar", "text"):
        return None
    number: exp.Expr = tree.this
    return number


def _has(table: TableSchema, name: str) -> bool:
    return any(column.name.casefold() == name.casefold() for column in table.columns)
