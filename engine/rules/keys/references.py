"""References: the parent row of each foreign key column.

Foreign keys of one or several columns become the same `Reference`. Columns of one foreign key, and the line number that
counts within it, share one draw. A composite key draws for its columns in `composite_places.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from engine.rules.keys.batches import Block, make_blocks
from engine.rules.keys.child_counts import fan_out_children
from engine.rules.keys.children import Children
from engine.rules.keys.chosen_keys import GivenKeys, PlacedKeys
from engine.rules.keys.composite_places import CompositePlaces
from engine.rules.keys.counted import Slots, find_children, find_parents, make_slots, place_rows, unused
from engine.rules.keys.event_rows import Event, count_events, find_event_rows, find_events
from engine.rules.keys.fan_out import fan_out_rows, natural_lines, natural_rows
from engine.rules.keys.growing import draw_grown, grown_children, grown_line_counts, grown_lines, grown_slots
from engine.rules.keys.parent_choice import parent_row
from engine.rules.keys.parents import Parents
from engine.rules.keys.reference import Reference, find_reference
from engine.rules.keys.row_groups import Lines, group_lines
from engine.rules.keys.table_rows import batch_ends, following_key
from engine.rules.random.bits import u64
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.relations import Spread, bounds_of


class References:
    """The references of a schema's tables; caches the draws of one plan.

    `find_parents` returns the parents that a reference, of the column of a site, may use; `given` finds given keys, and
    `scenarios` those that scenarios place.
    """

    def __init__(
        self,
        schema: ExperimentSchema,
        find_parents: Callable[[Site, Reference], Parents],
        given: GivenKeys | None = None,
        scenarios: PlacedKeys | None = None,
    ) -> None:
        self._schema = schema
        self._scenarios = scenarios
        self._find_parents = find_parents
        self._given = given
        self._rows: dict[tuple[str, ...], tuple[pl.Expr, pl.Expr | None]] = {}
        self._through: list[str] = []
        self._lines: dict[tuple[str, str], tuple[pl.Expr, pl.Expr]] = {}
        self._groups: dict[tuple[str, str], Lines] = {}
        self._grown: dict[tuple[str, str], tuple[pl.Expr, ...]] = {}
        self._events: dict[tuple[str, str], Event] = {}
        self._slots_by_key: dict[str, Slots] = {}
        self._slots: dict[tuple[str, str], tuple[Slots, pl.Expr, Lines]] = {}
        self._places = CompositePlaces(schema, find_parents, self.lines, given, scenarios)

    def reference(self, table: TableSchema, column: ColumnSchema) -> Reference | None:
        """Return the reference of a column, or None when it has none."""
        return find_reference(self._schema, table, column)

    def parents(self, site: Site, reference: Reference) -> Parents:
        """Return the parents that a column's reference may use."""
        return self._find_parents(site, reference)

    def parent_row(self, site: Site) -> pl.Expr:
        """Return the parent's row numbers for a column that has a reference."""
        return self._get_rows(site)[0]

    def check_given(self, site: Site) -> None:
        """Raise `RuleError` when a given cell of a foreign key column has no parent."""
        reference = self.reference(site.table, site.column)
        if reference is not None and self._given is not None:
            self._given.parent_rows(site.at(site.table.column(reference.columns[0])), reference, site.row)

    def line_number(self, site: Site, within: ColumnSchema | None = None) -> pl.Expr:
        """Return 1, 2, 3, ... within each parent of a column, by default of that which `line_number_of` names."""
        owner = site.at(within or site.table.column(site.column.line_number_of or ""))
        if owner.column.groups is not None:
            return self.groups(owner).line
        line = self._get_rows(owner)[1]
        assert line is not None
        return line

    def groups(self, site: Site) -> Lines:
        """Return the groups of rows of a column with `groups`."""
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._groups:
            self._groups[memo] = group_lines(site)
        return self._groups[memo]

    def lines(self, site: Site) -> Lines:
        """Return parent and line of each row for a column with groups, or of a foreign key with a fan-out."""
        if site.column.groups is not None:
            return self.groups(site)
        reference = self.reference(site.table, site.column)
        assert reference is not None
        owner = site.at(site.table.column(reference.columns[0]))
        if reference.key.counted:
            if len(self._blocks(owner, reference)) > 1:
                hint = "Number the lines within a key with a fan_out, or leave out batches."
                raise site.error(f"The lines of {owner.where}, a counted key, cannot be numbered over batches.", hint)
            return self._get_slots(owner, reference)[2]
        if reference.events is not None:
            event = self._get_event(owner, reference)
            return Lines(event.parent, owner.stages.add(event.step + u64(1)), event.steps, reference.events.longest)
        assert reference.key.spread is not None
        key = reference.key.spread
        parents = self._find_parents(owner, reference)
        parent, line = self._get_lines(owner, reference, parents, key)
        blocks, max_lines = self._blocks(owner, reference), bounds_of(key)[1]
        if len(blocks) > 1:
            count = grown_line_counts(owner, blocks, key, parent)
            return Lines(parent, line, owner.stages.add(pl.max_horizontal(count, line)), max_lines)
        is_full = owner.counts[owner.table.key] > natural_rows(blocks[0].parents, key)
        count = u64(max_lines) if is_full else natural_lines(owner, blocks[0].parents, key, parent)
        return Lines(parent, line, owner.stages.add(pl.max_horizontal(count, line)), max_lines)

    def children(self, site: Site, reference: Reference, parent: pl.Expr) -> Children:
        """Return the rows of the site's table that have each of the parents (row numbers).

        The key is counted, or has a fan-out.
        """
        usable, rows, spread = self._find_parents(site, reference), site.counts[site.table.key], reference.key.spread
        if reference.events is not None:
            return find_event_rows(site, reference.parent, reference.events, parent)
        index = parent if usable.rows is None else site.stages.add(usable.index_of(parent))
        blocks = self._blocks(site, reference)
        if spread is not None and len(blocks) > 1 and usable.count > 0:
            known = grown_children(site, blocks, spread, index)
        elif spread is not None or usable.count == 0:
            known = fan_out_children(site, rows, blocks[0].parents, spread or (0, 1), index)
        else:
            known = find_children(site, self._slots_of(site, reference), index)
        if usable.rows is None:
            return known
        is_usable = site.stages.add(usable.row_at(index) == parent)
        return replace(known, ranges=tuple(one.where(site.stages, is_usable) for one in known.ranges))

    def without_parent(self, site: Site, reference: Reference) -> pl.Expr | None:
        """Return whether each row of a counted key has no parent, by its share of NULLs; None for other keys."""
        owner = site.at(site.table.column(reference.columns[0]))
        if not reference.key.counted or self._find_parents(owner, reference).count == 0:
            return None
        if len(self._blocks(owner, reference)) > 1:
            return self._get_grown(owner, reference)[1]
        slots, place, _ = self._get_slots(owner, reference)
        return unused(owner, slots, place)

    def is_grown(self, site: Site, reference: Reference) -> bool:
        """Return whether the rows of the site's table were made in several batches."""
        return len(self._blocks(site, reference)) > 1

    def child_range(self, site: Site, reference: Reference) -> tuple[int, int]:
        """Return the fewest and the most rows of the site's table that a row of the parent can have (0: not known)."""
        rows, key = site.counts[site.table.key], reference.key
        if reference.events is not None:
            return 1, reference.events.longest
        if key.spread is None:
            return 0, 0
        fewest, most = bounds_of(key.spread)
        is_whole = key.where is None and not self.is_grown(site, reference)
        is_natural = is_whole and rows >= natural_rows(site.counts[reference.parent.key], key.spread)
        return fewest if is_natural else 0, min(most, rows)

    def place(self, site: Site) -> pl.Expr | None:
        """Return the column's index in its composite key, or None when it can be drawn freely."""
        return self._places.of(site).get(site.column.name.casefold())

    def _get_rows(self, site: Site) -> tuple[pl.Expr, pl.Expr | None]:
        reference = self.reference(site.table, site.column)
        assert reference is not None
        memo = (site.table.key, *reference.columns, site.row.meta.output_name())
        if memo not in self._rows:
            first = site.at(site.table.column(reference.columns[0]))
            drawn, line = self._draw(first, reference)
            if self._given is not None and site.table.rows:
                drawn = self._given.parent_rows(first, reference, drawn)
            if self._scenarios is not None and site.table.scenarios:
                drawn = self._scenarios.parent_rows(first, reference, drawn)
            self._rows[memo] = drawn, line
        return self._rows[memo]

    def _draw(self, site: Site, reference: Reference) -> tuple[pl.Expr, pl.Expr | None]:
        key, parents = reference.key, self._find_parents(site, reference)
        if reference.events is not None:
            event = self._get_event(site, reference)
            return event.parent, site.stages.add(event.step + u64(1))
        if key.spread is not None and parents.count > 0:
            parent, line = self._get_lines(site, reference, parents, key.spread)
            self._places.of(site)  # raises where the fan-out contradicts a composite key
            return site.stages.add(parents.row_at(parent)), line
        place = self.place(site)
        if key.counted and place is not None:
            raise site.error("A counted key cannot be drawn within a composite key.", "Use fan_out, or remove counted.")
        blocks = self._blocks(site, reference)
        if place is not None and self._is_growing(reference.parent):
            raise site.error(
                f"A composite key cannot hold a reference to {reference.parent.key}, which has batches.",
                f"Number the lines of the key with line_number_of, or leave out the batches of {reference.parent.key}.",
            )
        if key.counted and parents.count > 0 and len(blocks) > 1:
            return site.stages.add(parents.row_at(self._get_grown(site, reference)[0])), None
        if key.counted and parents.count > 0:
            lines = self._get_slots(site, reference)[2]
            return site.stages.add(parents.row_at(lines.parent)), lines.line
        if place is not None:
            if key.unique:
                raise site.error(
                    "unique cannot be combined with a composite key that holds only a part of the foreign key.",
                    f"List all of {', '.join(reference.columns)} in the key, or remove unique.",
                )
            if key.through is not None:
                raise site.error("through cannot be combined with a composite key.", "Remove through.")
            return site.stages.add(parents.row_at(place)), None
        if key.through is not None:
            return self._row_through(site, reference, key.through), None
        if self._given is not None and (key.unique or site.is_unique):
            site = self._given.clear_of(site, reference.columns)
        if self._is_growing(reference.parent) and reference.parent.key != site.table.key:
            return site.stages.add(parents.row_at(draw_grown(site, blocks, key))), site.row
        return parent_row(site, reference.parent, key, parents), site.row

    def natural_rows(self, site: Site, reference: Reference) -> int:
        """Return how many rows of a fan-out follow each other parent by parent; 0 where a batch has others."""
        if reference.events is not None:
            return site.counts[site.table.key]
        owner, spread = site.at(site.table.column(reference.columns[0])), reference.key.spread
        assert spread is not None
        blocks = self._blocks(owner, reference)
        natural = [natural_rows(block.new_parents, spread) for block in blocks]
        is_natural = all(block.rows == rows for block, rows in zip(blocks[:-1], natural[:-1], strict=True))
        return sum(natural) if is_natural else 0

    def event(self, site: Site) -> Event:
        """Return the event that each row of a table of events is; `site` is that of the key to the parent."""
        reference = self.reference(site.table, site.column)
        assert reference is not None
        return self._get_event(site.at(site.table.column(reference.columns[0])), reference)

    def _get_event(self, site: Site, reference: Reference) -> Event:
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._events:
            assert reference.events is not None
            parent, table = reference.parent.key, site.table.key
            rows, made = count_events(reference.events, site.counts[parent]), site.counts[table]
            if made != rows:
                message = f"{parent} goes {rows:,} steps, and {made:,} rows of {table} are asked for."
                raise site.error(message, "Give no number of rows for a table with events_of.")
            self._events[memo] = find_events(site, reference.parent, reference.events)
        return self._events[memo]

    def _is_growing(self, table: TableSchema) -> bool:
        return self._schema.has_batches and bool(table.batches or following_key(table))

    def _blocks(self, site: Site, reference: Reference) -> tuple[Block, ...]:
        """Return the blocks of rows of the site's table that a reference draws for by themselves."""
        if not self._schema.has_batches:
            return (Block(0, 0, site.counts[site.table.key], 0, self._find_parents(site, reference).count),)
        ends, above = (batch_ends(self._schema, one, site.counts) for one in (site.table, reference.parent))
        return make_blocks(ends, above, self._find_parents(site, reference))

    def _get_grown(self, site: Site, reference: Reference) -> tuple[pl.Expr, ...]:
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._grown:
            blocks = self._blocks(site, reference)
            self._grown[memo] = grown_slots(site, blocks, reference.columns, reference.key)
        return self._grown[memo]

    def _row_through(self, site: Site, reference: Reference, name: str) -> pl.Expr:
        """Return the parent's row numbers of the row that the foreign key column `name` references."""
        if site.where in self._through:
            raise site.error(f"through forms a cycle: {' -> '.join([*self._through, site.where])}.", "Remove one.")
        self._through.append(site.where)
        via = site.at(site.table.column(name))
        middle = self.reference(site.table, via.column)
        assert middle is not None
        same = _middle_column(self.reference, middle.parent, reference)
        row = site.stages.add(self._get_rows(via)[0])
        there = replace(site, table=middle.parent, column=same, row=row, reach=site.counts[middle.parent.key])
        found = site.stages.add(self._get_rows(there)[0])
        self._through.pop()
        return found

    def _get_slots(self, site: Site, reference: Reference) -> tuple[Slots, pl.Expr, Lines]:
        """Return the slots of a counted key, the slot of each row, and its parent and line."""
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._slots:
            slots = self._slots_of(site, reference)
            place = place_rows(site, slots)
            self._slots[memo] = slots, place, find_parents(site, slots, place)
        return self._slots[memo]

    def _slots_of(self, site: Site, reference: Reference) -> Slots:
        if site.where not in self._slots_by_key:
            rows, parents = site.counts[site.table.key], self._blocks(site, reference)[0].parents
            self._slots_by_key[site.where] = make_slots(site, rows, parents, reference.columns, reference.key)
        return self._slots_by_key[site.where]

    def _get_lines(
        self, site: Site, reference: Reference, parents: Parents, fan_out: Spread
    ) -> tuple[pl.Expr, pl.Expr]:
        memo = (site.where, site.row.meta.output_name())
        if memo not in self._lines:
            blocks = self._blocks(site, reference)
            if len(blocks) > 1:
                parent, line = grown_lines(site, blocks, fan_out)
                self._lines[memo] = parent, line
            else:
                self._lines[memo] = fan_out_rows(site, blocks[0].parents, fan_out)
        return self._lines[memo]


def _middle_column(
    find: Callable[[TableSchema, ColumnSchema], Reference | None], middle: TableSchema, reference: Reference
) -> ColumnSchema:
    """Return the column of a table whose foreign key references the same table; one of the same name goes first."""
    for column in sorted(middle.columns, key=lambda one: one.name.casefold() != reference.columns[0]):
        found = find(middle, column)
        if found is not None and len(found.columns) == 1 and found.parent.key == reference.parent.key:
            return column
    raise KeyError(middle.key)
