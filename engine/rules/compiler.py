"""From a table's schema to the expressions of its columns.

`TableCompiler.value` is the one way to a value: any column of any table at any column of row numbers. A foreign key
asks it for its parent's column at the drawn row numbers, and so on along the chain. `final` is the same with the
NULLs that the user sees, which derived columns read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeVar

import polars as pl

from engine.errors import RuleError
from engine.rules.dependent.conditional_values import null_by_condition
from engine.rules.dependent.latents import ordered_site
from engine.rules.derived.expression import make_condition
from engine.rules.derived.reading_order import in_reading_order
from engine.rules.derived.scope import Group, Parent, Scope, UnknownName
from engine.rules.keys.children import Children
from engine.rules.keys.given_cells import given_mask, given_values
from engine.rules.keys.given_tables import GivenTables
from engine.rules.keys.parent_conditions import compile_condition
from engine.rules.keys.parent_filters import ParentFilters
from engine.rules.keys.parents import Parents
from engine.rules.keys.references import Reference, References
from engine.rules.keys.row_groups import first_row, make_group_values, make_rising
from engine.rules.keys.unique_columns import domain_of, make_unique
from engine.rules.locale_choice import choose_locale, locales_of, localized
from engine.rules.nulls import null_mask
from engine.rules.random.bits import u64
from engine.rules.registry import MAKERS, maker_of
from engine.rules.relations.child_plan import ChildPlan
from engine.rules.relations.children import ChildScope
from engine.rules.relations.events import make_event
from engine.rules.relations.every import make_every
from engine.rules.relations.lifecycles import has_lifecycle, make_lifecycle, start_column
from engine.rules.relations.outcomes import has_outcome, make_outcome
from engine.rules.relations.rollups import make_rollup
from engine.rules.relations.series import RowsOfParent, make_series
from engine.rules.relations.shares import Family, make_running, make_split
from engine.rules.scenarios.placement import Placement
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.rules.trees import RecursionFound, Trees, two_keys_error
from engine.rules.values.default_share import with_default
from engine.rules.values.timestamp_order import first_of_sequence, make_following
from engine.schema.column_rules import FOREIGN_KEY, shapes_of, sources_of
from engine.schema.conditional import has_null_cells
from engine.schema.events import is_event_value
from engine.schema.given_rows import GivenColumn, given_column
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind

MAX_KEY_CHAIN = 32
"""The most tables in a chain of references: each adds to the plan of every table after it."""
_TRIED_ROWS = 1000
_CONDITION = "_condition"
_NULL_WHEN = " (null_when)"
_DECIDE = "Let one column decide, with a null_fraction, and the others follow it with null_when."
_Made = TypeVar("_Made")


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
        self._seed = seed
        self._counts = counts
        self._reach = counts[table.key] if reach is None else reach
        self._stages = Stages()
        self._filters = ParentFilters() if filters is None else filters
        self._given = GivenTables(schema, seed, counts, TableCompiler)
        self._scenarios = Placement(schema, counts, self)
        self._references = References(schema, self._find_parents, self._given, self._scenarios)
        self._masks: dict[tuple[str, str, str], pl.Expr | None] = {}
        self._active: list[tuple[str, str]] = []
        self._active_tables: list[str] = []
        self._conditional: dict[str, bool] = {}
        self._trees = Trees(self._stages, self.parent)
        self._first_rows: set[tuple[str, str]] = set()
        self._outer = tuple(outer)

    def site(self, column: str) -> Site:
        """Return the site of one of the table's columns."""
        return self._site(self._table, self._table.column(column), self._stages.row)

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of compiled outputs for the rows [first_row, first_row + rows)."""
        return self._stages.frame(first_row, rows, outputs)

    def outputs(self) -> list[pl.Expr]:
        """Return one expression for each stored column of the table, named and typed as the column."""
        made = {column.name: self.output(column) for column in in_reading_order(self._table.columns)}
        return [made[column.name] for column in stored_columns(self._table)]

    def notes(self) -> list[str]:
        """Return notes for the user: rules that are ignored, and values from a small pool."""
        sites = [self._site(self._table, column, self._stages.row) for column in self._table.columns]
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
            notes = (self._note(self._site(table, column, site.row)) for table, column in localized_sites)
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

    def _find_parents(self, site: Site, reference: Reference) -> Parents:
        if reference.key.where is None:
            return Parents(self._counts[reference.parent.key])
        parent = TableCompiler(self._schema, reference.parent, self._seed, self._counts, filters=self._filters)
        return self._filters.find(site, reference, parent)

    def usable_parents(self, site: Site, reference: Reference) -> Parents:
        """Return the rows of the parent that a key may reference."""
        return self._find_parents(site, reference)

    def parent_row(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        """Return the parent's row numbers of a foreign key column, and where it has none."""
        return self._references.parent_row(site), self._null_mask(site.table, site.column, site.row)

    def scenario_number(self) -> pl.Expr:
        """Return the scenario of each row, by its place in the table; the number of scenarios for none."""
        return self._scenarios.number(self._table, self.site(self._table.columns[0].name))

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
        name, row = f"{table.key}.{column.name}", self._row_of(table, column, row)
        if self._active and self._active[-1] == (name + _NULL_WHEN, row.meta.output_name()):
            return self.value(table, column, row)  # its own null_when reads the column as it is without NULLs
        mask = self._null_mask(table, column, row)
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
        row = self._row_of(table, column, row)
        parent_row = self._references.parent_row(self._site(table, column, row))
        parent = Parent(reference.parent, parent_row, self._null_mask(table, column, row))
        return self._trees.step(table, column, row, parent) if reference.parent.key == table.key else parent

    def count(self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, is_drawn: bool) -> pl.Expr:
        """Return how many rows of the table have, in a foreign key column, each of the parents (row numbers)."""
        reference = self._references.reference(table, column)
        is_single = reference is not None and is_drawn and (reference.key.unique or table.is_unique(column))
        if is_single:
            return self._stages.add(parent * u64(0) + u64(1))
        return self._stages.add(self.children(table, column, parent).count)

    def children(
        self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, with_nulls: bool = False
    ) -> Children:
        """Return the rows of the table that have, in a foreign key column, each of the parents (row numbers).

        Those whose key is NULL are among them `with_nulls`, without which such a key is an error. Raises
        `UnknownName` with a hint when they are not known without reading rows.
        """
        site = self._site(table, column, parent)
        reference = self._references.reference(table, column)
        if reference is None:
            raise UnknownName(f'"{column.name}" of {table.key} is not a foreign key', "")
        if not reference.is_known:
            hint = f'Give {site.where} a foreign_key with "fan_out": [1, 4], or with "counted": true.'
            raise UnknownName(f"The number of rows of each parent of {site.where} is not known", hint)
        is_decided = bool(self._null_conditions(table, column))
        if not with_nulls and (
            is_decided or (not reference.key.counted and self._null_mask(table, column, self._stages.row) is not None)
        ):
            hint = f'Set "required": true on {site.where}.'
            raise UnknownName(f"{site.where} may be NULL, so the rows of each parent cannot be counted", hint)
        owner = site.at(table.column(reference.columns[0]))
        if reference.key.counted and self._references.is_grown(owner, reference):
            hint = "Use a fan_out, whose rows belong to the parents of their own batch."
            raise UnknownName(f"Later batches give earlier parents of {site.where}, a counted key, more rows", hint)
        return self._references.children(owner, reference, parent)

    def group(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Group | None:
        """Return the group of each row by a column with `groups`, or of a foreign key with a fan-out; else None.

        Beyond the natural number of rows of a fan-out, the rows of a parent are not next to each other.
        """
        site = self._site(table, column, row)
        reference = self._references.reference(table, column)
        if reference is not None and reference.key.counted:
            message = f"The rows of each parent of {site.where}, a counted key, do not follow each other"
            raise UnknownName(message, f'Give {site.where} a "fan_out" in place of counted.')
        if reference is not None and reference.is_fanned:
            natural = self._references.natural_rows(site, reference)
            if self._null_mask(table, column, row) is not None or self._counts[table.key] > natural:
                message = f"The rows of each parent of {site.where} do not follow each other"
                raise UnknownName(message, f"Make at most {natural:,} rows of {table.key}, each with a parent.")
        elif column.groups is None:
            return None
        lines = self._references.lines(site)
        rows, first = u64(self._counts[table.key]), first_row(site, lines)
        left = pl.max_horizontal(rows, row + u64(1)) - first
        count = self._stages.add(pl.min_horizontal(lines.count, left))
        is_last = self._stages.add(lines.line >= count)
        following = self._stages.add(pl.when(is_last).then(row).otherwise(row + u64(1)))
        is_first = self._stages.add(lines.line == u64(1))
        before = self._stages.add(pl.when(is_first).then(row).otherwise(pl.max_horizontal(row, u64(1)) - u64(1)))
        return Group(lines.line, count, following, is_last, before, is_first, self._stages.add(first))

    def child(self, parent: TableSchema, name: str) -> TableSchema | None:
        """Return the table of that name that references `parent`, or None."""
        try:
            table = self._schema.table(name, within=parent.schema_name)
        except KeyError:
            return None
        references = (self._references.reference(table, column) for column in table.columns)
        return table if any(found is not None and found.parent.key == parent.key for found in references) else None

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

    def rollup(self, site: Site) -> pl.Expr:
        """Return the roll-up of the rows of another table that reference each row, in the column's type."""
        is_output = site.table.key == self._table.key and site.row.meta.eq(self._stages.row) and not self._outer
        return make_rollup(site, self, site.table.columns if is_output else [])

    def split(self, site: Site) -> pl.Expr:
        """Return the row's share of its parent's number, in the column's type."""
        key = (site.column.split_of or "").partition(".")[0]
        return make_split(site, self.scope(site), self._family(site, key, with_nulls=False))

    def running(self, site: Site) -> pl.Expr:
        """Return the running total within the row's parent, in the column's type."""
        assert site.column.running is not None
        return make_running(site, self.scope(site), self._family(site, site.column.running.within, with_nulls=True))

    def every(self, site: Site) -> pl.Expr:
        """Return dates or timestamps at a fixed interval within the row's parent, in the column's type."""
        assert site.column.every is not None
        return make_every(site, self.scope(site), self._family(site, site.column.every.within, with_nulls=True))

    def series(self, site: Site) -> pl.Expr:
        """Return the values of a series within the row's parent, in the column's type."""
        series, scope = site.column.series, self.scope(site)
        assert series is not None
        key = site.table.column(series.within)
        parent, reference = self.parent(site.table, key, site.row), self._references.reference(site.table, key)
        assert parent is not None and reference is not None
        most = self._references.child_range(site.at(key), reference)[1] or self._counts[site.table.key]
        line = None
        if series.time is None:
            line = self._family(site, series.within, with_nulls=True).line - u64(1)
        return make_series(site, scope, RowsOfParent(parent.row, parent.is_missing, line, most))

    def _family(self, site: Site, name: str, *, with_nulls: bool) -> Family:
        """Return the parent of each row by a foreign key column, and the rows of that parent."""
        table, key, row = site.table, site.table.column(name), site.row
        parent = self.parent(table, key, row)
        if parent is None:
            raise site.error(f"{name} is not a foreign key.", "Name a foreign key column of the table.")
        try:
            siblings = self.children(table, key, parent.row, with_nulls=with_nulls)
        except UnknownName as unknown:
            raise site.error(f"{unknown.message}.", unknown.hint) from unknown
        line = self._references.line_number(site.at(key), key)
        return Family(
            parent.row, line, self._stages.add(siblings.count), parent.is_missing,
            lambda: self.open_children(replace(site, row=parent.row), table, key, [site.column.name]),
        )  # fmt: skip

    def open_children(self, site: Site, table: TableSchema, key: ColumnSchema, also: Sequence[str]) -> ChildScope:
        """Return a new plan of the rows of `table` that reference the site's rows by `key`.

        Nothing in it may read what is being made, nor the columns of the site's table that `also` names. Raises
        `UnknownName` when the rows of a parent are not known.
        """
        children = self.children(table, key, site.row, with_nulls=True)
        active = [name for name, _ in self._active]
        outer = dict.fromkeys([*self._outer, *active, *(f"{site.table.key}.{name}" for name in also)])
        inner = TableCompiler(self._schema, table, self._seed, self._counts, filters=self._filters, outer=[*outer])
        return inner.child_scope(key, children, site.row)

    def child_scope(self, key: ColumnSchema, children: Children, parent: pl.Expr) -> ChildScope:
        """Return this plan as that of the children by a foreign key of parents in another plan."""
        site = self._site(self._table, key, self._stages.row)
        reference = self._references.reference(self._table, key)
        assert reference is not None
        plan = ChildPlan(self._stages, children, parent)
        mask = self._null_mask(self._table, key, self._stages.row)
        fewest, most = self._references.child_range(site, reference)
        scope = Scope(self, self._table, self._stages.row)
        return ChildScope(plan, scope, None if mask is None else ~mask, fewest, most)

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final` may hold NULL."""
        made = (column.expression, column.rollup, column.split_of, column.running, column.every, column.series)
        has_own_nulls = any(rule is not None for rule in made) or has_null_cells(column, table)
        has_own_nulls = has_own_nulls or has_lifecycle(table, column)
        has_own_nulls = has_own_nulls or is_event_value(table.events_of, column.name)
        is_free = has_own_nulls and column.is_nullable
        return (
            is_free
            or bool(self._null_conditions(table, column))
            or self._null_mask(table, column, self._stages.row) is not None
        )

    def is_recursive(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final`, once made, has read the same column at the parent's row."""
        return self._trees.is_recursive(f"{table.key}.{column.name}")

    def value(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's values, before any NULLs, at the row numbers `row` (a column of the plan)."""
        name, row = f"{table.key}.{column.name}", self._row_of(table, column, row)
        memo = ("value", name, row.meta.output_name())
        known = self._stages.known(memo)
        if known is not None:
            return known
        end = self._trees.end(row, column.type.polars) if self._trees.is_recursive(name) else None
        if end is not None:
            return self._stages.add(end, memo=memo)
        return self._once(name, table, row, lambda at: self._valued(table, column, at))

    def _valued(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        memo = ("value", f"{table.key}.{column.name}", row.meta.output_name())
        known = self._stages.known(memo)
        if known is not None:
            return known
        made = self._made(table, column, row)
        if column.type.kind is Kind.FLOAT and column.type.bits == 32:
            made = made.cast(pl.Float32)  # before anything reads it: a child and an expression see what is stored
        return self._stages.add(made, memo=memo)

    def _once(self, name: str, table: TableSchema, row: pl.Expr, make: Callable[[pl.Expr], _Made]) -> _Made:
        """Return what `make` makes at a row; one that reads itself at the parent's row starts at the root."""
        if name in self._outer:
            cycle = " -> ".join(
                [*self._outer[self._outer.index(name) :], *(active for active, _ in self._active), name]
            )
            raise RuleError(f"These columns form a cycle: {cycle}.", where=self._outer[0], hint="Remove one reference.")
        if any(active == name for active, _ in self._active):
            self._trees.check_cycle(name, row, self._active)
            names = [active for active, _ in self._active]
            cycle = " -> ".join([*names[names.index(name) :], name])
            hint = _DECIDE if name.endswith(_NULL_WHEN) else "Remove one reference."
            raise RuleError(f"These columns form a cycle: {cycle}.", where=name.removesuffix(_NULL_WHEN), hint=hint)
        if len({*self._active_tables, table.key}) > MAX_KEY_CHAIN:
            raise RuleError(
                f"It follows a chain of references through more than {MAX_KEY_CHAIN} tables.",
                where=self._active[0][0],
                hint="Let a table in the middle of the chain have a key of its own, which is not a reference.",
            )
        try:
            return self._entered(name, table, row, make)
        except RecursionFound as found:
            if found.name != name:
                raise
            key = found.key
        above = self._trees.rows_above(table, key, row, self._reach_of(table), name.removesuffix(_NULL_WHEN))
        try:
            for at in reversed(above):
                self._entered(name, table, at, make)
            return self._entered(name, table, row, make)
        except RecursionFound as other:
            raise two_keys_error(name.removesuffix(_NULL_WHEN), [key.name, other.key.name]) from other

    def _entered(self, name: str, table: TableSchema, row: pl.Expr, make: Callable[[pl.Expr], _Made]) -> _Made:
        self._active.append((name, row.meta.output_name()))
        self._active_tables.append(table.key)
        try:
            return make(row)
        finally:
            self._active.pop()
            self._active_tables.pop()

    def _row_of(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the row numbers whose values the column has: with `same_within`, those of the first rows of groups."""
        if column.same_within is None:
            return row
        owner = self._site(table, table.column(column.same_within), row)
        if (owner.where, row.meta.output_name()) in self._first_rows:
            return row
        memo = ("first row", owner.where, row.meta.output_name())
        first = self._stages.known(memo)
        if first is None:
            first = self._stages.add(first_row(owner, self._references.groups(owner), self._alone(owner)), memo=memo)
        self._first_rows.add((owner.where, first.meta.output_name()))
        return first

    def _null_mask(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr | None:
        name, row = f"{table.key}.{column.name}{_NULL_WHEN}", self._row_of(table, column, row)
        if (table.key, column.name, row.meta.output_name()) in self._masks or not self._null_conditions(table, column):
            return self._masked(table, column, row)
        end = self._trees.end(row, pl.Boolean()) if self._trees.is_recursive(name) else None
        if end is not None:
            return self._stages.add(end.is_null())
        return self._once(name, table, row, lambda at: self._masked(table, column, at))

    def _masked(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr | None:
        memo = table.key, column.name, row.meta.output_name()
        if memo not in self._masks:
            site = self._site(table, column, row)
            given = given_column(table, column)
            if given is not None and self._is_all_given(site, given):
                self._masks[memo] = given_mask(site, given, None)
                return self._masks[memo]
            conditions = [
                condition
                for one in self._null_conditions(table, column)
                for condition in self._conditions_of(site, one)
            ]
            reference = self._references.reference(table, column)
            first = 0
            if reference is not None and reference.key.where is not None and reference.parent.key == table.key:
                first = self._find_parents(site, reference).first_row
            counted = None if reference is None else self._references.without_parent(site, reference)
            mask = null_mask(site, reference, first, conditions, counted)
            if table.scenarios:
                mask = self._scenarios.mask(site, mask, conditions)
            self._masks[memo] = mask if given is None else given_mask(site, given, mask)
        return self._masks[memo]

    def _conditions_of(self, site: Site, column: ColumnSchema) -> Iterator[pl.Expr]:
        scope = Scope(self, site.table, site.row)
        if column.null_when is not None:
            yield make_condition(site.at(column), scope, column.null_when)
        if column.null_by is not None:
            yield null_by_condition(site, column, scope)

    def _is_all_given(self, site: Site, given: GivenColumn) -> bool:
        return given.is_whole and site.reach <= len(given.values)

    def _null_conditions(self, table: TableSchema, column: ColumnSchema) -> list[ColumnSchema]:
        """Return the columns whose null_when or null_by counts for a column: itself, and those of its composite key."""
        if not self._has_conditions(table):
            return []
        reference = self._references.reference(table, column)
        together = [column] if reference is None else [table.column(name) for name in reference.columns]
        return [one for one in together if one.has_null_condition]

    def _has_conditions(self, table: TableSchema) -> bool:
        """Return whether a column of the table has a null_when or null_by; asked for few tables of a schema of many."""
        if table.key not in self._conditional:
            self._conditional[table.key] = any(column.has_null_condition for column in table.columns)
        return self._conditional[table.key]

    def _made(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the given cells of the column, and elsewhere the values of its rule."""
        site = self._site(table, column, row)
        given = given_column(table, column)
        if given is None:
            return self._placed(site)
        if self._is_all_given(site, given):
            self._references.check_given(site)
            return given_values(site, given, None)
        return given_values(site, given, _typed(self._placed(site), site))

    def _placed(self, site: Site) -> pl.Expr:
        """Return the values that scenarios give to the column, and elsewhere those of its rule."""
        made = self._defaulted(site)
        if not site.table.scenarios:
            return made
        return self._scenarios.place(site, _typed(made, site))

    def _alone(self, site: Site) -> pl.Expr | None:
        """Return which rows scenarios take out of the groups of a column, if they take any."""
        return self._scenarios.with_own_group(site) if site.table.scenarios else None

    def _defaulted(self, site: Site) -> pl.Expr:
        """Return the values of the column's rule, and its default in its share of the rows."""
        made = self._ruled(site)
        return made if site.column.default_value is None else with_default(site, made)

    def _ruled(self, site: Site) -> pl.Expr:
        site = ordered_site(site, self)
        table, column, row = site.table, site.column, site.row
        if table.outcomes and has_outcome(table, column):
            return make_outcome(site)
        if table.lifecycle is not None and has_lifecycle(table, column):
            return make_lifecycle(site, self.final(table, start_column(table), row))
        if is_event_value(table.events_of, column.name):
            return self._event(site)
        if column.locale_by is not None:
            return choose_locale(
                site, Scope(self, table, row), lambda table, column: self._ruled(self._site(table, column, row))
            )
        if column.groups is not None:
            return make_group_values(site, self._references.groups(site), self._alone(site))
        if column.rising_within is not None:
            return make_rising(site, self._references.lines(site.at(table.column(column.rising_within))))
        maker = maker_of(column)
        if not maker.reads_others and self._references.reference(table, column) is not None:
            maker = MAKERS[FOREIGN_KEY.name]  # a column of a foreign key of the table
        if maker.reads_others:
            return maker.make(site, self)
        place = self._references.place(site)
        if place is not None:
            return _key_value(site, place)
        if site.is_unique:
            return make_unique(site, self._given.unique)
        first = None if site.is_ordered else first_of_sequence(table, column)
        if first is not None:
            return make_following(site, first, self.value(table, first, row))
        return maker.make(site, self)

    def _event(self, site: Site) -> pl.Expr:
        """Return the state, or the time, of the step that each row of a table of events is."""
        events = site.table.events_of
        assert events is not None
        event = self._references.event(site.at(site.table.column(events.key)))
        reference = self._references.reference(site.table, site.table.column(events.key))
        assert reference is not None and reference.events is not None
        parent = reference.parent
        above = self._site(parent, start_column(parent), event.parent)
        return make_event(site, above, event, lambda: self.final(parent, above.column, event.parent))

    def _site(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Site:
        locale, reach = self._schema.locale, self._reach_of(table)
        return Site(self._stages, self._seed, locale, self._counts, reach, table, column, row)

    def _reach_of(self, table: TableSchema) -> int:
        return self._reach if table.key == self._table.key else self._counts[table.key]


def _key_value(site: Site, place: pl.Expr) -> pl.Expr:
    """Return the values of a column of a composite key; the key sets how often each occurs."""
    for rule in (*shapes_of(site.column), *sources_of(site.column)):
        if rule.name in rule.repeating:
            raise site.error(
                f"{rule.name} cannot be combined with a composite key, which must be unique.",
                f"Remove {rule.name}, or remove the column from composite_keys.",
            )
    return domain_of(site).at(place)


def _typed(value: pl.Expr, site: Site) -> pl.Expr:
    """Return a rule's values in the column's own type, as given cells are: texts may be drawn as categories."""
    return value.cast(site.type.polars)


def _converted(value: pl.Expr, target: ColumnSchema, site: Site) -> pl.Expr:
    """Return a parent's value in the type of the child's column."""
    same = target.type.polars == site.type.polars
    return value if same else value.cast(site.type.polars)
