"""Row counts of tables: from the schema, or from a foreign key with a fan-out or one to one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from engine.errors import RuleError
from engine.rules.keys.fan_out import natural_rows
from engine.schema.models import DEFAULT_ROWS, ExperimentSchema, ForeignKey, TableSchema


def default_counts(schema: ExperimentSchema, given: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return the rows of each table by its key; `given` counts override those of the schema.

    A table without its own count gets its rows from the parents if its foreign key has a fan-out, and as many rows as
    there are parents if the key is one to one. Raises `RuleError` when fan-outs form a cycle.
    """
    counts: dict[str, int] = {}
    for table in schema.tables:
        _count(schema, table, given or {}, counts, [])
    return {table.key: counts[table.key] for table in schema.tables}


def followed_tables(schema: ExperimentSchema) -> dict[str, str]:
    """Return the tables without their own row count by key, each with the key of the table it takes its count from."""
    followed = {}
    for table in schema.tables:
        key = _fanned_key(table) or _paired_key(table)
        if table.target_rows is None and key is not None:
            with suppress(KeyError):  # an error of its own
                followed[table.key] = schema.table(key.references_table, within=table.schema_name).key
    return followed


def _count(
    schema: ExperimentSchema, table: TableSchema, given: Mapping[str, int], counts: dict[str, int], active: list[str]
) -> int:
    if table.key in counts:
        return counts[table.key]
    key = _fanned_key(table) or _paired_key(table)
    if table.key in given:
        counts[table.key] = given[table.key]
    elif table.target_rows is not None or key is None:
        counts[table.key] = DEFAULT_ROWS if table.target_rows is None else table.target_rows
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
            parent = schema.table(key.references_table, within=table.schema_name)
        except KeyError:  # an error of its own
            return counts.setdefault(table.key, DEFAULT_ROWS)
        parents = _count(schema, parent, given, counts, [*active, table.key])
        counts[table.key] = parents if key.fan_out is None else natural_rows(parents, key.fan_out)
    return counts[table.key]


def _fanned_key(table: TableSchema) -> ForeignKey | None:
    keys = (column.foreign_key for column in table.columns)
    return next((key for key in keys if key is not None and key.fan_out is not None), None)


def _paired_key(table: TableSchema) -> ForeignKey | None:
    """Return the table's key that takes each parent at most once."""
    for column in table.columns:
        key = column.foreign_key
        if key is not None and (key.unique or table.is_unique(column)):
            return key
    return None
