"""Scenarios as expressions: the scenario of each row, and what its columns and foreign keys take there.

A row belongs to at most one scenario. Those with places of their own come first, then those within a parent's, in
their order. The rows of a parent's scenario are listed once, at most MAX_PARENTS of them, and taken in turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import polars as pl

from engine.rules.keys.composite_keys import row_of_places
from engine.rules.keys.given_cells import exchanged_row
from engine.rules.keys.parents import Parents
from engine.rules.keys.reference import Reference
from engine.rules.keys.table_rows import batch_ends
from engine.rules.random.bits import u64
from engine.rules.scenarios.layout import Layout, make_layout
from engine.rules.site import Site
from engine.schema.given_rows import parse_cell
from engine.schema.models import ExperimentSchema, TableSchema
from engine.schema.scenario_keys import PlacedKey, find_scenario, needs_own_group, placed_keys, within_key
from engine.schema.scenarios import RowParent, ScenarioParent

MAX_PARENTS = 16_384
"""The most rows of a parent's scenario that are referenced, in turn."""


class RowFinder(Protocol):
    """What the compiler offers: the parents of a key, and those of each row with their NULLs."""

    def usable_parents(self, site: Site, reference: Reference) -> Parents:
        """Return the rows of the parent that a key may reference."""

    def parent_row(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        """Return the parent's row numbers of a foreign key column, and where it has none."""


@dataclass
class TablePlan:
    """The scenarios of one table: where they lie, the values and the keys that they place."""

    table: TableSchema
    layout: Layout
    values: dict[str, dict[int, Any]] = field(default_factory=dict)
    keys: dict[tuple[str, ...], dict[int, PlacedKey]] = field(default_factory=dict)

    @property
    def none(self) -> int:
        """The number of a row that belongs to no scenario."""
        return len(self.table.scenarios)

    @cached_property
    def within(self) -> list[int]:
        """The scenarios whose rows follow those of a parent."""
        return [number for number, one in enumerate(self.table.scenarios) if one.within is not None]


class Placement:
    """The scenarios of a schema's tables in one plan, at one set of row counts."""

    def __init__(self, schema: ExperimentSchema, counts: Mapping[str, int], finder: RowFinder) -> None:
        self._schema = schema
        self._counts = counts
        self._finder = finder
        self._plans: dict[str, TablePlan] = {}
        self._parents: dict[tuple[str, ...], pl.Series] = {}

    def place(self, site: Site, made: pl.Expr) -> pl.Expr:
        """Return the values that scenarios give to a column, and elsewhere those that were made."""
        plan = self._plan(site.table)
        given = plan.values.get(site.column.name.casefold())
        if not given:
            return made
        number, _ = self._find(site, given)
        values = {one: value for one, value in given.items() if value is not None}
        return made if not values else _choose(number, values, plan.none, made, site.type.polars)

    def mask(self, site: Site, mask: pl.Expr | None, conditions: Sequence[pl.Expr]) -> pl.Expr | None:
        """Return the mask of NULLs: in the rows that scenarios place, theirs and those of conditions."""
        plan, folded = self._plan(site.table), site.column.name.casefold()
        placed: dict[int, bool] = {one: value is None for one, value in plan.values.get(folded, {}).items()}
        for columns, keys in plan.keys.items():
            placed |= dict.fromkeys(keys, False) if folded in columns else {}
        if not placed or (mask is None and not any(placed.values())):
            return mask
        number, _ = self._find(site, placed)
        rest = pl.lit(False) if mask is None else mask
        chosen = _choose(number, placed, plan.none, rest, pl.Boolean())
        return site.stages.add(chosen | pl.any_horizontal(conditions) if conditions else chosen)

    def parent_rows(self, site: Site, reference: Reference, drawn: pl.Expr) -> pl.Expr:
        """Return the parent's rows that scenarios give to a foreign key, and elsewhere those that were drawn."""
        plan = self._plan(site.table)
        placed = plan.keys.get(reference.columns)
        if not placed:
            return drawn
        number, turn = self._find(site, placed)
        memo = (site.table.key, *reference.columns)
        rows = {one: self._rows_of(site, reference, key, (*memo, str(one))) for one, key in placed.items()}
        starts, total = dict[int, int](), 0
        for one, found in rows.items():
            starts[one], total = total, total + len(found)
        start = _choose(number, starts, plan.none, u64(0), pl.UInt64())
        size = _choose(number, {one: len(found) for one, found in rows.items()}, plan.none, u64(1), pl.UInt64())
        index = site.stages.add(start + turn % size)
        chosen = pl.lit(pl.concat(list(rows.values()))).gather(index)
        return site.stages.add(pl.when(_is_in(number, placed, plan.none)).then(chosen).otherwise(drawn))

    def clear_of(self, site: Site, group: Sequence[str], references: Sequence[Reference], sizes: Sequence[int]) -> Site:
        """Return the site at the row numbers whose keys the rows take, so that none is one that a scenario places."""
        plan = self._plan(site.table)
        rows: list[int] = []
        taken: dict[tuple[int, ...], str] = {}
        for lane in plan.layout.lanes:
            scenario = plan.table.scenarios[lane.scenario]
            keys = [plan.keys.get(reference.columns, {}).get(lane.scenario) for reference in references]
            parents = [
                self._rows_of(site, reference, key, (site.table.key, *reference.columns, str(lane.scenario)))
                for reference, key in zip(references, keys, strict=True)
                if key is not None
            ]
            if not parents:
                continue
            for turn, row in enumerate(plan.layout.rows(lane, 2**62, scenario.rows or 1).tolist()):
                places = tuple(int(each[turn % len(each)]) for each in parents)
                if places in taken:
                    both = f'"{taken[places]}" and "{scenario.name}"'
                    raise site.error(
                        f"Scenarios {both} give two rows the key ({', '.join(group)}).",
                        "Reduce their rows, or give the parents' scenarios more rows.",
                    )
                taken[places] = scenario.name
                rows.append(row)
        if not rows:
            return site
        hits = [row_of_places(site, sizes, places, group) for places in taken]
        return replace(site, row=exchanged_row(site.row, site, rows, hits))

    def with_own_group(self, site: Site) -> pl.Expr | None:
        """Return which rows scenarios take out of the groups of a column; None if they take none."""
        if not site.table.scenarios:
            return None
        plan = self._plan(site.table)
        name = site.column.name.casefold()
        alone = {
            number: True for number, one in enumerate(plan.table.scenarios)
            if name in needs_own_group(self._schema, plan.table, one)
        }  # fmt: skip
        if not alone:
            return None
        number, _ = self._find(site, alone)
        return site.stages.add(_is_in(number, alone, plan.none))

    def number(self, table: TableSchema, site: Site) -> pl.Expr:
        """Return the scenario of each row of a table, by its place; the number of scenarios for none."""
        return self._find(site, self._plan(table).within or [0])[0]

    def _plan(self, table: TableSchema) -> TablePlan:
        if table.key not in self._plans:
            self._plans[table.key] = self._make_plan(table)
        return self._plans[table.key]

    def _make_plan(self, table: TableSchema) -> TablePlan:
        plan = TablePlan(table, make_layout(table))
        for number, scenario in enumerate(table.scenarios):
            for name, value in scenario.values.items():
                if not isinstance(value, ScenarioParent | RowParent):
                    column = table.column(name)
                    plan.values.setdefault(name.casefold(), {})[number] = parse_cell(value, column.type)
            for key in placed_keys(self._schema, table, scenario):
                plan.keys.setdefault(key.of.columns, {})[number] = key
        return plan

    def _find(self, site: Site, needed: Mapping[int, Any] | Sequence[int]) -> tuple[pl.Expr, pl.Expr]:
        """Return the scenario of each row and its turn; those within a parent's only where some are `needed`.

        A key that others are within is placed by scenarios with places of their own, so that no search needs itself.
        """
        plan, row = self._plan(site.table), site.row.meta.output_name()
        is_whole = bool(plan.within) and any(number in needed for number in plan.within)
        memos = [("scenario", part, is_whole, site.table.key, row) for part in ("number", "turn")]
        known = [site.stages.known(memo) for memo in memos]
        if known[0] is not None and known[1] is not None:
            return known[0], known[1]
        if is_whole:
            found = self._find_within(site, plan)
        elif plan.layout.lanes:
            lane, turn = plan.layout.find(site.stages, site.row)
            found = self._renumbered(lane, plan), turn
        else:
            found = _number(plan.none), u64(0)
        added = [site.stages.add(one, memo=memo) for one, memo in zip(found, memos, strict=True)]
        return added[0], added[1]

    def _renumbered(self, lane: pl.Expr, plan: TablePlan) -> pl.Expr:
        if not plan.within:
            return lane
        places = [*(one.scenario for one in plan.layout.lanes), plan.none]
        return pl.lit(pl.Series(places, dtype=pl.UInt32)).gather(lane)

    def _find_within(self, site: Site, plan: TablePlan) -> tuple[pl.Expr, pl.Expr]:
        number, turn = self._find(site, [])
        for here in plan.within:
            scenario = plan.table.scenarios[here]
            of = within_key(self._schema, plan.table, scenario)
            above = None if of is None else find_scenario(of.parent, scenario.name)
            if of is None or above is None:
                raise site.error(f'Scenario "{scenario.name}" is within no scenario of a parent.', "Remove within.")
            there = of.parent.scenarios.index(above)
            owner = site.at(plan.table.column(of.columns[0]))
            row, missing = self._finder.parent_row(owner)
            parent = replace(owner, table=of.parent, column=of.parent.columns[0], row=row)
            its, place = self._find(parent, [there])
            is_here = (number == plan.none) & (its == there)
            if missing is not None:
                is_here = is_here & ~missing
            if plan.layout.given:
                is_here = is_here & (site.row >= u64(plan.layout.given))
            is_here = site.stages.add(is_here)
            number = site.stages.add(pl.when(is_here).then(_number(here)).otherwise(number))
            turn = site.stages.add(pl.when(is_here).then(place).otherwise(turn))
        return number, turn

    def _rows_of(self, site: Site, reference: Reference, key: PlacedKey, memo: tuple[str, ...]) -> pl.Series:
        """Return the parent's rows that a scenario's key references, in turn."""
        if memo not in self._parents:
            self._parents[memo] = self._list_rows(site, reference, key)
        return self._parents[memo]

    def _list_rows(self, site: Site, reference: Reference, key: PlacedKey) -> pl.Series:
        parent, target = reference.parent, key.target
        ends = batch_ends(self._schema, parent, self._counts) if self._schema.has_batches else ()
        count = ends[0] if ends else self._counts[parent.key]  # rows of later batches change no earlier key
        if isinstance(target, RowParent):
            rows = pl.Series([target.row] if target.row < count else [], dtype=pl.UInt64)
            subject, least = f"row {target.row:,}", target.row + 1
        else:
            layout = self._plan(parent).layout
            named = find_scenario(parent, target.scenario)
            lane = next(one for one in layout.lanes if parent.scenarios[one.scenario] is named)
            rows = pl.Series(layout.rows(lane, count, MAX_PARENTS), dtype=pl.UInt64)
            subject, least = f'scenario "{target.scenario}"', layout.given + layout.size
        if rows.is_empty():
            raise site.error(
                f"{parent.key} has {count:,} rows, and none of them is of {subject}.",
                f"Make at least {least:,} rows of {parent.key}, or remove the scenario.",
            )
        usable = self._finder.usable_parents(site, reference)
        if usable.rows is not None:
            rows = rows.filter(rows.is_in(usable.rows.cast(pl.UInt64).implode()))
            if rows.is_empty():
                raise site.error(
                    f"No row of {subject} of {parent.key} meets {reference.key.where}.",
                    "Give the scenario of the parent values that meet it.",
                )
        return rows


def _number(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt32)


def _is_in(number: pl.Expr, placed: Mapping[int, Any], none: int) -> pl.Expr:
    if len(placed) == 1:
        return number == _number(next(iter(placed)))
    if len(placed) == none:
        return number < _number(none)
    return pl.lit(pl.Series([one in placed for one in range(none + 1)], dtype=pl.Boolean)).gather(number)


def _choose(number: pl.Expr, placed: Mapping[int, Any], none: int, otherwise: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return the value of each row's scenario, and `otherwise` where it has none."""
    is_here = _is_in(number, placed, none)
    values = list(placed.values())
    if all(type(one) is type(values[0]) and one == values[0] for one in values):
        same = pl.lit(pl.Series([values[0]], dtype=dtype, strict=False)).first()
        return pl.when(is_here).then(same).otherwise(otherwise)
    listed = pl.Series([placed.get(one) for one in range(none + 1)], dtype=dtype, strict=False)
    return pl.when(is_here).then(pl.lit(listed).gather(number)).otherwise(otherwise)
