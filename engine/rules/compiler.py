"""From a table's schema to the expressions of its columns.

`TableCompiler.value` is the one way to a value: any column of any table at any column of row numbers. A foreign key
asks it for its parent's column at the drawn row numbers, and so on along the chain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from engine.errors import NotBuiltError, Problem, RuleError, WorkbenchError
from engine.rules.choices import make_choice
from engine.rules.composite_keys import KeyPart, column_size, split_places
from engine.rules.domains import domain_of, make_unique
from engine.rules.faker_pool import make_faker
from engine.rules.foreign_keys import null_mask, parent_row
from engine.rules.moments import make_moment
from engine.rules.numbers import make_boolean, make_number
from engine.rules.pattern import make_pattern
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.text import DEFAULT_TEXTS
from engine.schema.models import (
    DEFAULT_ROWS,
    ColumnSchema,
    CompositeForeignKey,
    ExperimentSchema,
    ForeignKey,
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
    "line_number_of",
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
        self._places: dict[tuple[str, str], dict[str, pl.Expr]] = {}
        self._parents: dict[tuple[str, str, str], pl.Expr] = {}
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
        parent = self._parent(self._table, column)
        mask = null_mask(site, parent)
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
        for key in table.foreign_keys:
            if column.name.casefold() in _folded(key.columns):
                return self._from_parent(
                    site, key, dict(zip(_folded(key.columns), key.references_columns, strict=True))
                )
        if column.foreign_key is not None:
            key = column.foreign_key
            return self._from_parent(site, key, {column.name.casefold(): key.references_column})
        place = self._composite_places(site).get(column.name.casefold())
        if place is not None:
            return domain_of(site).at(place)
        return make_unique(site) if site.is_unique else _rule_value(site)

    def _from_parent(self, site: Site, key: ForeignKey | CompositeForeignKey, targets: Mapping[str, str]) -> pl.Expr:
        parent = self._schema.table(key.references_table, within=site.table.schema_name)
        target = parent.column(targets[site.column.name.casefold()])
        row = self._parent_row(site, parent, key)
        value = self.value(parent, target, row)
        return _converted(value, target, site)

    def _parent_row(self, site: Site, parent: TableSchema, key: ForeignKey | CompositeForeignKey) -> pl.Expr:
        """Return the parent's row numbers; columns of one composite foreign key share them."""
        place = self._composite_places(site).get(site.column.name.casefold())
        if place is not None:
            return place
        if isinstance(key, ForeignKey):
            return parent_row(site, parent, key)
        memo = (site.table.key, ",".join(key.columns), site.row.meta.output_name())
        if memo not in self._parents:
            first = site.at(site.table.column(key.columns[0]))
            if key.distribution is not None:
                raise NotBuiltError("foreign_keys.distribution is not built yet.", where=site.where)
            plain = ForeignKey(references_table=key.references_table, references_column=key.references_columns[0])
            self._parents[memo] = parent_row(first, parent, plain)
        return self._parents[memo]

    def _composite_places(self, site: Site) -> dict[str, pl.Expr]:
        """Return the places of the columns whose tuple must be unique, at the site's row numbers."""
        memo = (site.table.key, site.row.meta.output_name())
        if memo not in self._places:
            self._places[memo] = {}
            for group in site.table.composite_keys:
                if any(site.table.is_unique(site.table.column(name)) for name in group):
                    continue
                parts = self._key_parts(site, group)
                if any(set(part.columns) & self._places[memo].keys() for part in parts):
                    raise site.error(f"({', '.join(group)}) shares a column with another composite key.")
                group_site = site.at(site.table.column(group[0]))
                for columns, place in split_places(group_site, parts, group).items():
                    self._places[memo].update(dict.fromkeys(columns, place))
        return self._places[memo]

    def _key_parts(self, site: Site, group: Sequence[str]) -> list[KeyPart]:
        parts: dict[tuple[str, ...], KeyPart] = {}
        for name in group:
            column = site.table.column(name)
            folded = name.casefold()
            columns, size = (folded,), None
            composite = next((key for key in site.table.foreign_keys if folded in _folded(key.columns)), None)
            reference = column.foreign_key.references_table if column.foreign_key is not None else None
            if composite is not None:
                columns, reference = tuple(_folded(composite.columns)), composite.references_table
            if reference is not None:
                size = self._counts[self._schema.table(reference, within=site.table.schema_name).key]
            else:
                size = column_size(site.at(column))
            parts.setdefault(columns, KeyPart(columns, size))
        return list(parts.values())

    def _site(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Site:
        reach = self._reach if table.key == self._table.key else self._counts[table.key]
        locale = self._schema.locale
        return Site(self._stages, self._seed, locale, self._counts, reach, table, column, row)

    def _parent(self, table: TableSchema, column: ColumnSchema) -> TableSchema | None:
        if column.foreign_key is None:
            return None
        return self._schema.table(column.foreign_key.references_table, within=table.schema_name)


def default_counts(schema: ExperimentSchema) -> dict[str, int]:
    """Return the rows of each table, by its key, that the schema asks for."""
    return {table.key: DEFAULT_ROWS if table.target_rows is None else table.target_rows for table in schema.tables}


def check_rules(schema: ExperimentSchema) -> list[Problem]:
    """Return what keeps any column from being made with the schema's own row counts."""
    problems: list[Problem] = []
    counts = default_counts(schema)
    for table in schema.tables:
        compiler = TableCompiler(schema, table, 0, counts)
        for column in table.columns:
            try:
                compiler.output(column)
            except WorkbenchError as error:
                problems.append(Problem(error.where, error.message, error.hint))
    return problems


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


def _folded(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]
