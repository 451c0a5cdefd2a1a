"""Row counts of tables: from the schema, or from a foreign key with a fan-out or one to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from engine.errors import RuleError
from engine.rules.keys.fan_out import natural_rows
from engine.schema.models import DEFAULT_ROWS, CompositeForeignKey, ExperimentSchema, ForeignKey, TableSchema

Key = ForeignKey | CompositeForeignKey


CountParents = Callable[[TableSchema, Key, Mapping[str, int]], int]
"""Returns the number of parents that meet the `where` of a table's key, given the row counts of all tables."""


def default_counts(
    schema: ExperimentSchema, given: Mapping[str, int] | None = None, count_parents: CountParents | None = None
) -> dict[str, int]:
    """Return the rows of each table by its key; `given` counts override those of the schema.

    A table without its own count has just its given rows, if there are any. Else it gets its rows from the parents if
    its foreign key has a fan-out, and as many rows as there are parents if the key is one to one. Without
    `count_parents` all parents are counted, also where the key has a `where`. Raises `RuleError` when fan-outs form a
    cycle.
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
    fanned = next((key for key in keys if key.fan_out is not None), None)
    if fanned is not None:
        return fanned
    paired = next((key for column, key in singles if key.unique or table.is_unique(column)), None)
    return paired or next((key for key in table.foreign_keys if key.unique), None)


def referencing_columns(table: TableSchema, key: Key) -> list[str]:
    """Return the names of the columns that hold a foreign key of the table."""
    if isinstance(key, CompositeForeignKey):
        return list(key.columns)
    return [column.name for column in table.columns if column.foreign_key is key]


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
        if table.key in self._given:
            self.counts[table.key] = self._given[table.key]
        elif table.target_rows is None and table.rows:
            self.counts[table.key] = len(table.rows)
        elif table.target_rows is not None or key is None:
            self.counts[table.key] = DEFAULT_ROWS if table.target_rows is None else table.target_rows
        else:
            if table.key in active:
                if key.fan_out is None:
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
            self.counts[table.key] = parents if key.fan_out is None else natural_rows(parents, key.fan_out)
        return self.counts[table.key]

    def _usable(self, table: TableSchema, key: Key, parents: int) -> int:
        """Return how many of the parents the key may use."""
        if key.where is None or self._count_parents is None:
            return parents
        known = default_counts(self._schema, {**self._given, **self.counts})
        return self._count_parents(table, key, known)
