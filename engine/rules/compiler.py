"""From a table's schema to the expressions of its columns.

`TableCompiler.value` is the one way to a value: any column of any table at any column of row numbers. A foreign key
asks it for its parent's column at the drawn row numbers, and so on along the chain. `final` is the same with the
NULLs that the user sees, which derived columns read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager

import polars as pl

from engine.errors import Problem, RuleError, WorkbenchError
from engine.rules.derived.scope import Parent, Scope
from engine.rules.derived.vendor_sql import read_check
from engine.rules.keys.references import References
from engine.rules.keys.table_rows import default_counts
from engine.rules.keys.unique_columns import domain_of, make_unique
from engine.rules.nulls import null_mask
from engine.rules.registry import MAKERS, maker_of
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.values.default_share import with_default
from engine.rules.values.timestamp_order import first_of_sequence, make_following
from engine.schema.column_rules import FOREIGN_KEY, shapes_of, sources_of
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.row_checks import check_fault

MAX_KEY_CHAIN = 32
"""The most tables in a chain of references: each adds to the plan of every table after it."""
_TRIED_ROWS = 1000
_CONDITION = "_condition"


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
        self._masks: dict[tuple[str, str, str], pl.Expr | None] = {}
        self._active: list[str] = []
        self._active_tables: list[str] = []

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of compiled outputs for the rows [first_row, first_row + rows)."""
        return self._stages.frame(first_row, rows, outputs)

    def outputs(self) -> list[pl.Expr]:
        """Return one expression for each column of the table, named and typed as the column."""
        return [self.output(column) for column in self._table.columns]

    def notes(self) -> list[str]:
        """Return notes for the user: rules that are ignored, and values from a small pool."""
        notes = (self._note(self._site(self._table, column, self._stages.row)) for column in self._table.columns)
        return [note for note in notes if note]

    def _note(self, site: Site) -> str:
        if site.column.weights is not None and self._references.place(site) is not None:
            return f"{site.where}: a composite key sets how often each value occurs, so its weights are ignored."
        return maker_of(site.column).note(site)

    def output(self, column: ColumnSchema) -> pl.Expr:
        """Return the expression of one column in the column's own type, so that a file holds plain strings.

        `RuleError` names the table and column when it cannot be made.
        """
        return self.final(self._table, column, self._stages.row).cast(column.type.polars).alias(column.name)

    def failures(self) -> AbstractContextManager[None]:
        """Return a context in which frames are collected: a check that a row fails becomes a `RuleError`."""
        return self._stages.failures()

    def final(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values with their NULLs at the row numbers `row` (a column of the plan)."""
        mask = self._null_mask(table, column, row)
        value = self.value(table, column, row)
        if mask is None:
            return value
        memo = ("final", f"{table.key}.{column.name}", row.meta.output_name())
        return self._stages.add(pl.when(~mask).then(value), memo=memo)

    def parent(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Parent | None:
        """Return the parent's row that a foreign key column refers to, or None when it is no foreign key."""
        reference = self._references.reference(table, column)
        if reference is None:
            return None
        parent_row = self._references.parent_row(self._site(table, column, row))
        return Parent(reference.parent, parent_row, self._null_mask(table, column, row))

    def scope(self, site: Site) -> Scope:
        """Return the columns that a derived column can read; raises `RuleError` in a composite key."""
        if self._references.place(site) is not None:
            raise site.error("A composite key cannot hold a derived column.", "Remove it from composite_keys.")
        return Scope(self, site.table, site.row)

    def parent_value(self, site: Site) -> pl.Expr:
        """Return the parent's value of a foreign key column, in the column's type."""
        reference = self._references.reference(site.table, site.column)
        assert reference is not None
        target = reference.target_of(site.column)
        value = self.value(reference.parent, target, self._references.parent_row(site))
        return _converted(value, target, site)

    def line_number(self, site: Site) -> pl.Expr:
        """Return 1, 2, 3, ... inside each parent of the column that `line_number_of` names."""
        return self._references.line_number(site).cast(site.type.polars)

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final` may hold NULL."""
        is_free = column.expression is not None and column.is_nullable
        return is_free or self._null_mask(table, column, self._stages.row) is not None

    def value(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values, before any NULLs, at the row numbers `row` (a column of the plan)."""
        name = f"{table.key}.{column.name}"
        memo = ("value", name, row.meta.output_name())
        known = self._stages.known(memo)
        if known is not None:
            return known
        if name in self._active:
            cycle = " -> ".join([*self._active[self._active.index(name) :], name])
            raise RuleError(f"These columns form a cycle: {cycle}.", where=name, hint="Remove one reference.")
        if len({*self._active_tables, table.key}) > MAX_KEY_CHAIN:
            raise RuleError(
                f"It follows a chain of references through more than {MAX_KEY_CHAIN} tables.",
                where=self._active[0],
                hint="Let a table in the middle of the chain have a key of its own, which is not a reference.",
            )
        self._active.append(name)
        self._active_tables.append(table.key)
        try:
            made = self._made(table, column, row)
            if column.default_value is not None:
                made = with_default(self._site(table, column, row), made)
            if column.type.kind is Kind.FLOAT and column.type.bits == 32:
                made = made.cast(pl.Float32)  # before anything reads it: a child and an expression see what is stored
            return self._stages.add(made, memo=memo)
        finally:
            self._active.pop()
            self._active_tables.pop()

    def _null_mask(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr | None:
        memo = table.key, column.name, row.meta.output_name()
        if memo not in self._masks:
            site = self._site(table, column, row)
            self._masks[memo] = null_mask(site, self._references.reference(table, column))
        return self._masks[memo]

    def _made(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        site = self._site(table, column, row)
        maker = maker_of(column)
        if not maker.reads_others and self._references.reference(table, column) is not None:
            maker = MAKERS[FOREIGN_KEY.name]  # a column of a foreign key of the table
        if maker.reads_others:
            return maker.make(site, self)
        place = self._references.place(site)
        if place is not None:
            return _key_value(site, place)
        if site.is_unique:
            return make_unique(site)
        first = first_of_sequence(table, column)
        if first is not None:
            return make_following(site, first, self.value(table, first, row))
        return maker.make(site, self)

    def _site(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Site:
        reach = self._reach if table.key == self._table.key else self._counts[table.key]
        locale = self._schema.locale
        return Site(self._stages, self._seed, locale, self._counts, reach, table, column, row)


def check_rules(schema: ExperimentSchema, faulty: Collection[str] = ()) -> list[Problem]:
    """Return the problems of columns that cannot be generated with the schema's own row counts.

    `faulty` are the places (`table.column`, `table`) whose problems are known; what follows from them is left out.
    """
    try:
        counts = default_counts(schema)
    except (RuleError, KeyError) as error:
        return [Problem(error.where, error.message, error.hint)] if isinstance(error, RuleError) else []
    problems: list[Problem] = []
    for table in schema.tables:
        compiler = TableCompiler(schema, table, 0, counts)
        derived: list[pl.Expr] = []
        for column in table.columns:
            if f"{table.key}.{column.name}" in faulty:
                continue
            try:
                output = compiler.output(column)
                if column.expression is not None:
                    derived.append(output)
            except WorkbenchError as error:
                problems.append(Problem(error.where, error.message, error.hint))
            except Exception:
                if not faulty:
                    raise
        if not problems and derived:
            problems += _first_rows_problems(compiler, derived, counts[table.key])
        if not problems and table.checks:
            problems += _check_problems(schema, table, counts)
    return list(dict.fromkeys(problems))


def _first_rows_problems(compiler: TableCompiler, derived: Sequence[pl.Expr], count: int) -> list[Problem]:
    """Return the first failure of an expression in the first rows, such as a division by zero."""
    try:
        with compiler.failures():
            compiler.frame(0, min(count, _TRIED_ROWS), derived).collect(engine="streaming")
    except RuleError as error:
        return [Problem(error.where, error.message, error.hint)]
    return []


def _check_problems(schema: ExperimentSchema, table: TableSchema, counts: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each check that no query can test, or that the first rows violate."""
    problems = []
    for check in table.checks:
        fault = check_fault(table, check, schema.dialect)
        if fault:
            problems.append(Problem(table.key, f'The check "{check}" cannot be tested: {fault}', "Fix or remove it."))
        elif _is_violated(schema, table, check, counts):
            message = f'Rows violate the check "{check}".'
            problems.append(Problem(table.key, message, "Give its columns rules that keep it, or remove the check."))
    return problems


def _is_violated(schema: ExperimentSchema, table: TableSchema, check: str, counts: Mapping[str, int]) -> bool:
    """Return whether one of the first rows violates a check; False when no expression can compute it."""
    try:
        expression = read_check(check, table, schema.dialect)
        column = ColumnSchema(name=_CONDITION, data_type="BOOLEAN", required=False, expression=expression)
        extended = table.model_copy(update={"columns": [*table.columns, column]})
        compiler = TableCompiler(schema, extended, 0, counts)
        output = compiler.output(column)
        with compiler.failures():
            frame = compiler.frame(0, min(counts[table.key], _TRIED_ROWS), [output]).collect(engine="streaming")
    except RuleError:
        return False
    return not frame[_CONDITION].all()


def _key_value(site: Site, place: pl.Expr) -> pl.Expr:
    """Return the values of a column of a composite key; the key sets how often each occurs."""
    for rule in (*shapes_of(site.column), *sources_of(site.column)):
        if rule.name in rule.repeating:
            raise site.error(
                f"{rule.name} cannot be combined with a composite key, which must be unique.",
                f"Remove {rule.name}, or remove the column from composite_keys.",
            )
    return domain_of(site).at(place)


def _converted(value: pl.Expr, target: ColumnSchema, site: Site) -> pl.Expr:
    """Return a parent's value in the type of the child's column."""
    same = target.type.polars == site.type.polars
    return value if same else value.cast(site.type.polars)
