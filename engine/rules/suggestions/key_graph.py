"""Which table refers to which: the parents of each table, and an order with parents first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from engine.schema.models import ExperimentSchema, TableSchema


class KeyGraph:
    """The references between the tables of a schema, without those of a table to itself."""

    def __init__(self, schema: ExperimentSchema) -> None:
        self._parents: dict[str, list[TableSchema]] = {}
        self._referenced: set[str] = set()
        for table in schema.tables:
            found = {parent.key: parent for parent in _references(schema, table) if parent.key != table.key}
            self._parents[table.key] = list(found.values())
            self._referenced |= found.keys()
        self.ordered = list(self._parents_first(schema))
        """The tables, each after its parents; a cycle starts anywhere."""

    def parents(self, table: TableSchema) -> list[TableSchema]:
        """Return the tables that a table refers to."""
        return self._parents[table.key]

    def is_referenced(self, table: TableSchema) -> bool:
        """Return whether another table refers to this one."""
        return table.key in self._referenced

    def _parents_first(self, schema: ExperimentSchema) -> Iterator[TableSchema]:
        seen: set[str] = set()
        for start in schema.tables:
            pending = [(start, False)]
            while pending:
                table, is_done = pending.pop()
                if is_done:
                    yield table
                elif table.key not in seen:
                    seen.add(table.key)
                    pending.append((table, True))
                    pending += [(parent, False) for parent in self._parents[table.key] if parent.key not in seen]


def _references(schema: ExperimentSchema, table: TableSchema) -> Iterator[TableSchema]:
    names = [column.foreign_key.references_table for column in table.columns if column.foreign_key]
    for name in [*names, *(key.references_table for key in table.foreign_keys)]:
        with suppress(KeyError):  # an error of its own
            yield schema.table(name, within=table.schema_name)
