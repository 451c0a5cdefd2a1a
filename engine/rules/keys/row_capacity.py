"""How many rows a table can have: its unique columns, its composite keys and its fan-outs end somewhere.

A limit is a number of values times the rows of some parents, so that it follows the row counts of the parents without
another look at the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import prod

from engine.errors import WorkbenchError
from engine.rules.keys.composite_keys import column_size
from engine.rules.keys.event_rows import count_events
from engine.rules.keys.fan_out import natural_rows
from engine.rules.keys.table_rows import Key, following_key
from engine.rules.keys.unique_columns import domain_of
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.relations import bounds_of


@dataclass(frozen=True)
class _Limit:
    """At most `values` times the product of the rows of `parents` (table keys)."""

    values: int
    parents: tuple[str, ...] = ()

    def rows(self, counts: Mapping[str, int]) -> int:
        return self.values * prod(counts.get(parent, 0) for parent in self.parents)


class RowCapacity:
    """The limits of the tables of a schema; the columns are looked at once."""

    def __init__(self, schema: ExperimentSchema) -> None:
        self._schema = schema
        self._limits = {table.key: list(self._limits_of(table)) for table in schema.tables}
        self._followed = {table.key: self._followed_key(table) for table in schema.tables}

    def rows(self, table: TableSchema, wanted: int, counts: Mapping[str, int]) -> int:
        """Return `wanted` rows of a table, or as many as it can have beside the parents' rows in `counts`."""
        return max(0, min([wanted, *(limit.rows(counts) for limit in self._limits[table.key])]))

    def natural_rows(self, table: TableSchema, counts: Mapping[str, int]) -> int | None:
        """Return the rows that a fan-out or a one-to-one key gives the table; None without such a key."""
        followed = self._followed[table.key]
        if followed is None or followed[0] not in counts:
            return None
        parent, key = followed
        lifecycle = None if table.events_of is None else self._schema.table(parent).lifecycle
        if lifecycle is not None:
            return count_events(lifecycle, counts[parent])
        return counts[parent] if key.spread is None else natural_rows(counts[parent], key.spread)

    def _limits_of(self, table: TableSchema) -> Iterator[_Limit]:
        for column in table.columns:
            key = column.foreign_key
            if key is not None and key.spread is not None and (parent := self._parent(table, key.references_table)):
                yield _Limit(bounds_of(key.spread)[1], (parent,))
            if table.is_unique(column) or (key is not None and key.unique):
                if key is not None:
                    if (parent := self._parent(table, key.references_table)) and parent != table.key:
                        yield _Limit(1, (parent,))
                elif column.expression is None and (size := self._size(table, column, is_unique=True)) is not None:
                    yield _Limit(size)
        for several in table.foreign_keys:
            parent = self._parent(table, several.references_table)
            if parent and (several.unique or several.spread is not None):
                yield _Limit(1 if several.unique or several.spread is None else bounds_of(several.spread)[1], (parent,))
        for group in table.composite_keys:
            yield from self._limits_of_group(table, group)

    def _limits_of_group(self, table: TableSchema, group: Sequence[str]) -> Iterator[_Limit]:
        """Yield the limit of a composite key: the product of the values of its columns, where each has an end."""
        values, parents, seen = 1, [], set()
        for name in group:
            column = table.column(name)
            together = next((key for key in table.foreign_keys if column.name.casefold() in _fold(key.columns)), None)
            key = column.foreign_key or together
            is_counted = any(rule is not None for rule in (column.line_number_of, column.every, column.groups))
            if is_counted or table.is_unique(column):
                return  # a number that counts has no end
            if key is None:
                size = self._size(table, column, is_unique=False)
                if size is None or column.expression is not None:
                    return
                values *= size
            elif together is None or id(together) not in seen:
                seen.add(id(together))
                parent = self._parent(table, key.references_table)
                if parent is None or parent == table.key:
                    return
                parents.append(parent)
        yield _Limit(values, tuple(parents))

    def _size(self, table: TableSchema, column: ColumnSchema, *, is_unique: bool) -> int | None:
        """Return the number of values of a column; None when it has no end, or a fault that other checks report."""
        stages = Stages()
        site = Site(stages, 0, self._schema.locale, {}, 1, table, column, stages.row)
        with suppress(WorkbenchError):
            return domain_of(site).size if is_unique else column_size(site)
        return None

    def _parent(self, table: TableSchema, name: str) -> str | None:
        with suppress(KeyError):
            return self._schema.table(name, within=table.schema_name).key
        return None

    def _followed_key(self, table: TableSchema) -> tuple[str, Key] | None:
        """Return the parent and the key whose fan-out, or whose one-to-one relation, gives the table its rows."""
        key = following_key(table)
        parent = None if key is None else self._parent(table, key.references_table)
        return None if key is None or parent is None or parent == table.key else (parent, key)


def _fold(names: Sequence[str]) -> list[str]:
    return [name.casefold() for name in names]
