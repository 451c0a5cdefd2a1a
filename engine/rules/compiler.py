"""From a table's schema to the expressions of its columns.

`TableCompiler.value` is the one way to a value: any column of any table at any column of row numbers. A foreign key
asks it for its parent's column at the drawn row numbers, and so on along the chain.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from engine.errors import NotBuiltError, Problem, RuleError, WorkbenchError
from engine.rules.choices import make_choice
from engine.rules.domains import domain_of, make_unique
from engine.rules.faker_pool import make_faker
from engine.rules.foreign_keys import null_mask
from engine.rules.moments import make_moment
from engine.rules.numbers import make_boolean, make_number
from engine.rules.pattern import make_pattern
from engine.rules.references import References
from engine.rules.sequences import first_of_sequence, make_following
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.table_rows import default_counts
from engine.rules.text import DEFAULT_TEXTS
from engine.schema.models import (
    ColumnSchema,
    ExperimentSchema,
    TableSchema,
)
from engine.schema.types import NUMERIC, Kind

_NOT_BUILT = (
    "mimesis_rule",
    "template",
    "distribution",
    "weekday_weights",
    "hour_weights",
    "trend",
    "expression",
)


class TableCompiler:
    """Compiles the columns of one table for a seed and the row counts of all tables (by table key).

    `reach` is how many rows of the table must be possible; its count by default.
    """

    def __init__(
        self,
        schema: ExperimentSchema,
        table: TableSchema,
        seed: int,
        counts: Mapping[str, int],
        reach: int | None = None,
    ) -> None:
        self._schema = schema
        self._table = table
        self._seed = seed
        self._counts = counts
        self._reach = counts[table.key] if reach is None else reach
        self._stages = Stages()
        self._references = References(schema, counts)
        self._active: list[str] = []

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of compiled outputs for the rows [first_row, first_row + rows)."""
        return self._stages.frame(first_row, rows, outputs)

    def outputs(self) -> list[pl.Expr]:
        """Return one expression for each column of the table, named and typed as the column."""
        return [self.output(column) for column in self._table.columns]

    def output(self, column: ColumnSchema) -> pl.Expr:
        """Return the expression of one column; `RuleError` names the table and column when it cannot be made."""
        site = self._site(self._table, column, self._stages.row)
        reference = self._references.reference(self._table, column)
        mask = null_mask(site, None if reference is None else reference.parent)
        value = self.value(self._table, column, self._stages.row)
        if mask is not None:
            value = pl.when(~mask).then(value)
        return value.alias(column.name)

    def value(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values, before any NULLs, at the row numbers `row` (a column of the plan)."""
        name = f"{table.key}.{column.name}"
        if name in self._active:
            circle = " -> ".join([*self._active[self._active.index(name) :], name])
            raise RuleError(f"The foreign keys go in a circle: {circle}.", where=name, hint="Let one of them go.")
        self._active.append(name)
        try:
            return self._stages.add(self._made(table, column, row), memo=("value", name, row.meta.output_name()))
        finally:
            self._active.pop()

    def _made(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        site = self._site(table, column, row)
        for rule in _NOT_BUILT:
            if getattr(column, rule) is not None:
                raise NotBuiltError(f"{rule} is not built yet.", where=site.where, hint=f"Remove {rule}.")
        reference = self._references.reference(table, column)
        if reference is not None:
            target = reference.target_of(column)
            value = self.value(reference.parent, target, self._references.parent_row(site))
            return _converted(value, target, site)
        if column.line_number_of is not None:
            return self._references.line_number(site).cast(site.type.polars)
        place = self._references.place(site)
        if place is not None:
            return domain_of(site).at(place)
        if site.is_unique:
            return make_unique(site)
        first = first_of_sequence(table, column)
        if first is not None:
            return make_following(site, first, self.value(table, first, row))
        return _rule_value(site)

    def _site(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Site:
        reach = self._reach if table.key == self._table.key else self._counts[table.key]
        locale = self._schema.locale
        return Site(self._stages, self._seed, locale, self._counts, reach, table, column, row)


def check_rules(schema: ExperimentSchema, faulty: Collection[str] = ()) -> list[Problem]:
    """Return what keeps any column from being made with the schema's own row counts.

    `faulty` are the places (`table.column`, `table`) whose problems are known; what follows from them is left out.
    """
    try:
        counts = default_counts(schema)
    except (RuleError, KeyError) as error:
        return [Problem(error.where, error.message, error.hint)] if isinstance(error, RuleError) else []
    problems: list[Problem] = []
    for table in schema.tables:
        compiler = TableCompiler(schema, table, 0, counts)
        for column in table.columns:
            if f"{table.key}.{column.name}" in faulty:
                continue
            try:
                compiler.output(column)
            except WorkbenchError as error:
                problems.append(Problem(error.where, error.message, error.hint))
            except Exception:
                if not faulty:
                    raise
    return list(dict.fromkeys(problems))


def _rule_value(site: Site) -> pl.Expr:
    column, kind = site.column, site.type.kind
    if column.values is not None:
        return make_choice(site)
    if column.faker_rule is not None:
        return make_faker(site)
    if column.pattern is not None:
        return make_pattern(site)
    if kind in NUMERIC:
        return make_number(site)
    if kind is Kind.BOOLEAN:
        return make_boolean(site)
    if kind in DEFAULT_TEXTS:
        return DEFAULT_TEXTS[kind](site)
    return make_moment(site)


def _converted(value: pl.Expr, target: ColumnSchema, site: Site) -> pl.Expr:
    """Return a parent's value in the type of the child's column."""
    same = target.type.polars == site.type.polars
    return value if same else value.cast(site.type.polars)
