"""Row counts of tables: from the schema, or from a foreign key with a fan-out or one to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from engine.errors import RuleError
from engine.rules.keys.event_rows import count_events
from engine.rules.keys.fan_out import natural_rows
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import DEFAULT_ROWS, ExperimentSchema, TableSchema
from engine.schema.outcomes import declared_rows
from engine.schema.relations import Spread

Key = ForeignKey | CompositeForeignKey


CountParents = Callable[[TableSchema, Key, Mapping[str, int]], int]
"""Returns the number of parents that meet the `where` of a table's key, given the row counts of all tables."""


def default_counts(
    schema: ExperimentSchema, given: Mapping[str, int] | None = None, count_parents: CountParents | None = None
) -> dict[str, int]:
    """Return the rows of each table by its key; `given` counts override those of the schema.

    A table without its own count has just its given rows, if there are any. Else it gets its rows from the parents if
    its foreign key has a fan-out, and as many rows as there are parents if the key is one to one; without such a key
    those that its outcomes count. Without `count_parents` all parents are counted, also where the key has a `where`.
    Raises `RuleError` when fan-outs form a cycle.
    """
    work = _Counting(schema, given or {}, count_parents)
    for table in schema.tables:
        work.count(table, [])
    return {table.key: work.counts[table.key] for table in schema.tables}


def followed_tables(schema: ExperimentSchema) -> dict[str, str]:
    """Return the tables without their own row count by key, each with the key of the table it takes its count from."""
    followed = {}
    for table in schema.tables:
        key = following_key(table)
        if table.target_rows is None and not table.rows and key is not None:
            with suppress(KeyError):  # an error of its own
                followed[table.key] = schema.table(key.references_table, within=table.schema_name).key
    return followed


def following_key(table: TableSchema) -> Key | None:
    """Return the foreign key whose parents give the table its rows when it has no count: a fan-out, or one to one."""
    singles = [(column, column.foreign_key) for column in table.columns if column.foreign_key is not None]
    keys: list[Key] = [*(key for _, key in singles), *table.foreign_keys]
    if table.events_of is not None:
        return key_of_events(table)
    fanned = next((key for key in keys if key.spread is not None), None)
    if fanned is not None:
        return fanned
    paired = next((key for column, key in singles if key.unique or table.is_unique(column)), None)
    return paired or next((key for key in table.foreign_keys if key.unique), None)


def key_of_events(table: TableSchema) -> Key | None:
    """Return the foreign key to the rows whose steps the table has; None where it has none, which checks report."""
    if table.events_of is None:
        return None
    folded = table.events_of.key.casefold()
    several = next((key for key in table.foreign_keys if folded in map(str.casefold, key.columns)), None)
    single = next((column.foreign_key for column in table.columns if column.name.casefold() == folded), None)
    return several or single


def referencing_columns(table: TableSchema, key: Key) -> list[str]:
    """Return the names of the columns that hold a foreign key of the table."""
    if isinstance(key, CompositeForeignKey):
        return list(key.columns)
    return [column.name for column in table.columns if column.foreign_key is key]


def batch_ends(schema: ExperimentSchema, table: TableSchema, counts: Mapping[str, int]) -> tuple[int, ...]:
    """Return how many rows the table has after each batch, the last one included."""
    count = counts[table.key]
    if table.batches:
        return (*(min(end, count) for end in table.batches), count)
    key = following_key(table)
    is_counted = table.target_rows is not None or table.rows or table.events_of is not None
    if key is None or is_counted or not schema.has_batches:
        return (count,)
    with suppress(KeyError):  # an error of its own
        parent = schema.table(key.references_table, within=table.schema_name)
        if parent.key == table.key:
            return (count,)
        ends = batch_ends(schema, parent, counts)
        found = ends if key.spread is None else added_rows(ends, key.spread)
        return (*(min(end, count) for end in found[:-1]), count)
    return (count,)


def added_rows(ends: Sequence[int], spread: Spread) -> tuple[int, ...]:
    """Return the natural number of rows of a fan-out after each batch, from the parents after each batch."""
    totals, before, total = [], 0, 0
    for end in ends:
        total += natural_rows(end - before, spread)
        totals.append(total)
        before = end
    return tuple(totals)


class _Counting:
    """The counts found so far."""

    def __init__(self, schema: ExperimentSchema, given: Mapping[str, int], count_parents: CountParents | None) -> None:
        self.counts: dict[str, int] = {}
        self._schema = schema
        self._given = given
        self._count_parents = count_parents

    def count(self, table: TableSchema, active: list[str]) -> int:
        if table.key in self.counts:
            return self.counts[table.key]
        key = following_key(table)
        events = self._events(table, active)
        if events is not None:
            self.counts[table.key] = events
        elif table.key in self._given:
            self.counts[table.key] = self._given[table.key]
        elif table.target_rows is None and table.rows:
            self.counts[table.key] = len(table.rows)
        elif table.target_rows is not None or key is None:
            rows = declared_rows(table.outcomes) if table.target_rows is None else table.target_rows
            self.counts[table.key] = DEFAULT_ROWS if rows is None else rows
        else:
            if table.key in active:
                if key.spread is None:
                    return DEFAULT_ROWS
                cycle = " -> ".join([*active[active.index(table.key) :], table.key])
                raise RuleError(
                    f"Fan-outs form a cycle: {cycle}.",
                    where=table.key,
                    hint="Set target_rows for one of these tables.",
                )
            try:
                parent = self._schema.table(key.references_table, within=table.schema_name)
            except KeyError:  # an error of its own
                return self.counts.setdefault(table.key, DEFAULT_ROWS)
            parents = self._usable(table, key, self.count(parent, [*active, table.key]))
            self.counts[table.key] = parents if key.spread is None else self._spread(parent, key.spread, parents)
        return self.counts[table.key]

    def _events(self, table: TableSchema, active: list[str]) -> int | None:
        """Return the rows of a table of events; None for others, and for faults that other checks report."""
        key = None if table.events_of is None else following_key(table)
        with suppress(KeyError):
            parent = None if key is None else self._schema.table(key.references_table, within=table.schema_name)
            if parent is not None and parent.lifecycle is not None and parent.events_of is None:
                return count_events(parent.lifecycle, self.count(parent, [*active, table.key]))
        return None

    def _spread(self, parent: TableSchema, spread: Spread, parents: int) -> int:
        """Return the rows that the parents have, batch by batch where there are several."""
        if not self._schema.has_batches:
            return natural_rows(parents, spread)
        ends = batch_ends(self._schema, parent, self.counts)
        return natural_rows(parents, spread) if len(ends) == 1 else added_rows(ends, spread)[-1]

    def _usable(self, table: TableSchema, key: Key, parents: int) -> int:
        """Return how many of the parents the key may use."""
        if key.where is None or self._count_parents is None:
            return parents
        known = default_counts(self._schema, {**self._given, **self.counts})
        return self._count_parents(table, key, known)
