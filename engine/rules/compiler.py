"""From a table's schema to the expressions of its columns.

`TableCompiler.value` is the one way to a value: any column of any table at any column of row numbers. A foreign key
asks it for its parent's column at the drawn row numbers, and so on along the chain. `final` is the same with the
NULLs that the user sees, which derived columns read. The parts of a plan are apart: `column_values.py` chooses what
makes a value, `null_masks.py` where it is NULL, `child_rows.py` finds the rows around a row, `rule_plan.py` is what
rules read, and `open_columns.py` finds cycles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

import polars as pl

from engine.rules.child_rows import ChildRows
from engine.rules.column_values import ColumnValues
from engine.rules.derived.reading_order import in_reading_order
from engine.rules.derived.scope import Group, Parent, Scope
from engine.rules.first_rows import FirstRows
from engine.rules.keys.children import Children
from engine.rules.keys.given_tables import GivenTables
from engine.rules.keys.parent_conditions import compile_condition
from engine.rules.keys.parent_filters import ParentFilters
from engine.rules.keys.parents import Parents
from engine.rules.keys.reference import Reference
from engine.rules.keys.references import References
from engine.rules.locale_choice import locales_of, localized
from engine.rules.null_masks import NullMasks
from engine.rules.open_columns import NULL_WHEN, OpenColumns
from engine.rules.registry import maker_of
from engine.rules.relations.child_plan import ChildPlan
from engine.rules.relations.children import ChildScope
from engine.rules.rule_plan import RulePlan
from engine.rules.scenarios.placement import Placement
from engine.rules.site import Site
from engine.rules.sites import Sites
from engine.rules.stages import Stages
from engine.rules.trees import Trees
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind


class TableCompiler:
    """Compiles the columns of one table for a seed and the row counts of all tables (by table key).

    `reach` is how many rows of the table must be possible; its count by default. The compilers of one run share their
    `filters`. `outer` are the columns that other plans make from this one, outermost first; none may be read here.
    """

    def __init__(
        self,
        schema: ExperimentSchema,
        table: TableSchema,
        seed: int,
        counts: Mapping[str, int],
        reach: int | None = None,
        filters: ParentFilters | None = None,
        outer: Sequence[str] = (),
    ) -> None:
        self._schema = schema
        self._table = table
        self._stages = Stages()
        self._sites = Sites(
            self._stages, seed, schema.locale, counts, table.key, counts[table.key] if reach is None else reach
        )
        self._filters = ParentFilters() if filters is None else filters
        given = GivenTables(schema, seed, counts, TableCompiler)
        self._scenarios = Placement(schema, counts, self)
        self._references = References(schema, self.usable_parents, given, self._scenarios)
        self._trees = Trees(self._stages, self.parent)
        self._open = OpenColumns(self._sites, self._trees, outer)
        self._first_rows = FirstRows(self._sites, self._references, self._scenarios)
        self._nulls = NullMasks(
            self._sites, self._references, self._scenarios, self._first_rows, self._trees, self._open, self
        )
        self._child_rows = ChildRows(self._sites, self._references, self._nulls)
        plan = RulePlan(self._sites, self._references, self._child_rows, self, is_outermost=not outer)
        self._values = ColumnValues(self._sites, self._references, given, self._scenarios, self, plan)

    def site(self, column: str) -> Site:
        """Return the site of one of the table's columns."""
        return self._sites.site(self._table, self._table.column(column), self._stages.row)

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of compiled outputs for the rows [first_row, first_row + rows)."""
        return self._stages.frame(first_row, rows, outputs)

    def outputs(self, coded: int = 0) -> list[pl.Expr]:
        """Return one expression for each stored column of the table, named and typed as the column.

        Texts that are drawn from at most `coded` different ones may be an Enum.
        """
        made = {column.name: self.output(column, coded) for column in in_reading_order(self._table.columns)}
        return [made[column.name] for column in stored_columns(self._table)]

    def notes(self) -> list[str]:
        """Return notes for the user: rules that are ignored, and values from a small pool."""
        sites = [self._sites.site(self._table, column, self._stages.row) for column in self._table.columns]
        notes = (note for site in sites for note in (self._note(site), self._repeats_note(site)))
        return list(dict.fromkeys(note for note in notes if note))

    def _repeats_note(self, site: Site) -> str:
        reference = self._references.reference(site.table, site.column)
        if reference is None or reference.is_to_key:
            return ""
        targets = f"{reference.parent.key} ({', '.join(reference.targets)})"
        if reference.key.where is not None:
            return ""
        columns = ", ".join(site.table.column(name).name for name in reference.columns)
        return (
            f"{site.table.key}.{columns}: {targets} is not unique, so a join can find several rows; "
            'a "where" on the foreign key chooses among them.'
        )

    def _note(self, site: Site) -> str:
        if site.column.weights is not None and self._references.place(site) is not None:
            return f"{site.where}: a composite key sets how often each value occurs, so its weights are ignored."
        if site.column.locale_by is not None:
            localized_sites = (localized(site, locale) for locale in locales_of(site))
            notes = (self._note(self._sites.site(table, column, site.row)) for table, column in localized_sites)
            return next((note for note in notes if note), "")
        return maker_of(site.column).note(site)

    def condition(self, site: Site, text: str) -> pl.Expr:
        """Return a condition over the table's own columns; messages name the foreign key column of `site`."""
        row = self._stages.row
        return compile_condition(replace(site, stages=self._stages, row=row), Scope(self, self._table, row), text)

    def chunks(self, rows: int, size: int, outputs: Sequence[pl.Expr]) -> Iterator[pl.DataFrame]:
        """Return compiled outputs of the first `rows` rows, in chunks of `size`."""
        for start in range(0, rows, size):
            with self.failures():
                yield self.frame(start, min(size, rows - start), outputs).collect(engine="streaming")

    def targets(self, reference: Reference) -> list[pl.Expr]:
        """Return the columns of the table that a reference names."""
        return [self.output(self._table.column(name)) for name in reference.targets]

    def usable_parents(self, site: Site, reference: Reference) -> Parents:
        """Return the rows of the parent that a key may reference."""
        if reference.key.where is None:
            return Parents(self._sites.counts[reference.parent.key])
        return self._filters.find(site, reference, self._inner(reference.parent))

    def parent_row(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        """Return the parent's row numbers of a foreign key column, and where it has none."""
        return self._references.parent_row(site), self._nulls.mask(site.table, site.column, site.row)

    def scenario_number(self) -> pl.Expr:
        """Return the scenario of each row, by its place in the table; the number of scenarios for none."""
        return self._scenarios.number(self._table, self.site(self._table.columns[0].name))

    def output(self, column: ColumnSchema, coded: int = 0) -> pl.Expr:
        """Return the expression of one column in the column's own type, or as `outputs` says.

        `RuleError` names the table and column when it cannot be made.
        """
        made, dtype = self.final(self._table, column, self._stages.row), column.type.polars
        return (self._texts(made, coded) if dtype == pl.String() else made.cast(dtype)).alias(column.name)

    def _texts(self, made: pl.Expr, coded: int) -> pl.Expr:
        """Return texts as String; those of an Enum by their codes, at a third of what its cast takes."""
        dtype = self._stages.dtype(made)
        if not isinstance(dtype, pl.Enum):
            return made.cast(pl.String)
        if len(dtype.categories) <= coded:
            return made
        return pl.lit(dtype.categories).gather(made.to_physical().cast(pl.UInt32))

    def failures(self) -> AbstractContextManager[None]:
        """Return a context in which frames are collected: a check that a row fails becomes a `RuleError`."""
        return self._stages.failures()

    def final(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values with their NULLs at the row numbers `row` (a column of the plan)."""
        name, row = f"{table.key}.{column.name}", self._first_rows.row_of(table, column, row)
        if self._open.is_innermost(name + NULL_WHEN, row):
            return self.value(table, column, row)  # its own null_when reads the column as it is without NULLs
        mask = self._nulls.mask(table, column, row)
        value = self.value(table, column, row)
        if mask is None:
            return value
        memo = ("final", name, row.meta.output_name())
        return self._stages.add(pl.when(~mask).then(value), memo=memo)

    def parent(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Parent | None:
        """Return the parent's row that a foreign key column refers to, or None when it is no foreign key."""
        reference = self._references.reference(table, column)
        if reference is None:
            return None
        row = self._first_rows.row_of(table, column, row)
        parent_row = self._references.parent_row(self._sites.site(table, column, row))
        parent = Parent(reference.parent, parent_row, self._nulls.mask(table, column, row))
        return self._trees.step(table, column, row, parent) if reference.parent.key == table.key else parent

    def count(self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, is_drawn: bool) -> pl.Expr:
        """Return how many rows of the table have, in a foreign key column, each of the parents (row numbers)."""
        return self._child_rows.count(table, column, parent, is_drawn=is_drawn)

    def children(
        self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, with_nulls: bool = False
    ) -> Children:
        """Return the rows of the table that have, in a foreign key column, each of the parents (row numbers).

        Those whose key is NULL are among them `with_nulls`, without which such a key is an error. Raises
        `UnknownName` with a hint when they are not known without reading rows.
        """
        return self._child_rows.children(table, column, parent, with_nulls=with_nulls)

    def group(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Group | None:
        """Return the group of each row by a column with `groups`, or of a foreign key with a fan-out; else None.

        Beyond the natural number of rows of a fan-out, the rows of a parent are not next to each other.
        """
        return self._child_rows.group(table, column, row)

    def child(self, parent: TableSchema, name: str) -> TableSchema | None:
        """Return the table of that name that references `parent`, or None."""
        try:
            table = self._schema.table(name, within=parent.schema_name)
        except KeyError:
            return None
        references = (self._references.reference(table, column) for column in table.columns)
        return table if any(found is not None and found.parent.key == parent.key for found in references) else None

    def open_children(self, site: Site, table: TableSchema, key: ColumnSchema, also: Sequence[str]) -> ChildScope:
        """Return a new plan of the rows of `table` that reference the site's rows by `key`.

        Nothing in it may read what is being made, nor the columns of the site's table that `also` names. Raises
        `UnknownName` when the rows of a parent are not known.
        """
        children = self.children(table, key, site.row, with_nulls=True)
        outer = dict.fromkeys([*self._open.names(), *(f"{site.table.key}.{name}" for name in also)])
        return self._inner(table, [*outer]).child_scope(key, children, site.row)

    def _inner(self, table: TableSchema, outer: Sequence[str] = ()) -> TableCompiler:
        """Return a compiler of another plan, for the same seed and rows."""
        seed, counts = self._sites.seed, self._sites.counts
        return TableCompiler(self._schema, table, seed, counts, filters=self._filters, outer=outer)

    def child_scope(self, key: ColumnSchema, children: Children, parent: pl.Expr) -> ChildScope:
        """Return this plan as that of the children by a foreign key of parents in another plan."""
        site = self._sites.site(self._table, key, self._stages.row)
        reference = self._references.reference(self._table, key)
        assert reference is not None
        plan = ChildPlan(self._stages, children, parent)
        mask = self._nulls.mask(self._table, key, self._stages.row)
        fewest, most = self._references.child_range(site, reference)
        scope = Scope(self, self._table, self._stages.row)
        return ChildScope(plan, scope, None if mask is None else ~mask, fewest, most)

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final` may hold NULL."""
        return self._nulls.is_nullable(table, column)

    def is_recursive(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final`, once made, has read the same column at the parent's row."""
        return self._trees.is_recursive(f"{table.key}.{column.name}")

    def value(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values, before any NULLs, at the row numbers `row` (a column of the plan)."""
        name, row = f"{table.key}.{column.name}", self._first_rows.row_of(table, column, row)
        memo = ("value", name, row.meta.output_name())
        known = self._stages.known(memo)
        if known is not None:
            return known
        end = self._trees.end(row, column.type.polars) if self._trees.is_recursive(name) else None
        if end is not None:
            return self._stages.add(end, memo=memo)
        return self._open.make_once(name, table, row, lambda at: self._valued(table, column, at))

    def _valued(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        memo = ("value", f"{table.key}.{column.name}", row.meta.output_name())
        known = self._stages.known(memo)
        if known is not None:
            return known
        made = self._values.make(table, column, row)
        if column.type.kind is Kind.FLOAT and column.type.bits == 32:
            made = made.cast(pl.Float32)  # before anything reads it: a child and an expression see what is stored
        return self._stages.add(made, memo=memo)
