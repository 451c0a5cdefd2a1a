"""Hidden columns: made with a table, and in none of what is stored of it.

`stored_schema` is the schema of what is stored. Whatever reads stored data or writes its DDL takes that one; whatever
makes data takes the whole schema.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from engine.errors import Problem
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema


def has_hidden(schema: ExperimentSchema) -> bool:
    """Return whether a column of the schema is hidden."""
    return any(column.hidden for table in schema.tables for column in table.columns)


def stored_columns(table: TableSchema) -> list[ColumnSchema]:
    """Return the columns of a table that are stored."""
    return [column for column in table.columns if not column.hidden]


def stored_schema(schema: ExperimentSchema) -> ExperimentSchema:
    """Return the schema without its hidden columns; the same one when it has none."""
    if not has_hidden(schema):
        return schema
    tables = [stored_table(table) for table in schema.tables]
    return schema.model_copy(update={"tables": tables})


def stored_table(table: TableSchema) -> TableSchema:
    """Return a table without its hidden columns; the same one when it has none."""
    columns = stored_columns(table)
    if len(columns) == len(table.columns):
        return table
    places = [place for place, column in enumerate(table.columns) if not column.hidden]
    hidden = {column.name.casefold() for column in table.columns if column.hidden}

    def without(row: Any) -> Any:
        if isinstance(row, list):
            return [row[place] for place in places if place < len(row)]
        return {name: cell for name, cell in row.items() if name.casefold() not in hidden}

    return table.model_copy(update={"columns": columns, "rows": [without(row) for row in table.rows]})


def check_hidden(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of hidden columns: stored keys, references and checks cannot name them."""
    hidden = {column.name.casefold(): column for column in table.columns if column.hidden}
    yield from _check_targets(schema, table)
    if not hidden:
        return
    if len(hidden) == len(table.columns):
        yield Problem(table.key, "All columns are hidden.", "Leave one of them to be stored.")
    keys = [table.primary_key, *table.composite_keys, *(key.columns for key in table.foreign_keys)]
    for column in hidden.values():
        where = f"{table.key}.{column.name}"
        if any(column.name.casefold() in map(str.casefold, names) for names in keys):
            yield Problem(where, "A hidden column cannot be part of a key.", 'Remove "hidden", or the key.')
        if any(_names_word(check, column.name) for check in table.checks):
            yield Problem(where, "A check of the table names this hidden column.", 'Remove "hidden", or the check.')


def _check_targets(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    singles = [
        (f"{table.key}.{column.name}", column.foreign_key.references_table, [column.foreign_key.references_column])
        for column in table.columns
        if column.foreign_key is not None and not column.hidden
    ]
    groups = [(f"{table.key}.foreign_keys", key.references_table, key.references_columns) for key in table.foreign_keys]
    for where, name, targets in (*singles, *groups):
        try:
            parent = schema.table(name, within=table.schema_name)
            found = [parent.column(target) for target in targets]
        except KeyError:
            continue  # a problem of its own
        for column in found:
            if column.hidden:
                message = f"It references {parent.key}.{column.name}, which is hidden."
                yield Problem(where, message, 'Remove "hidden" there, or reference another column.')


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset("".join(c if c.isalnum() or c in "_$" else " " for c in text.casefold()).split())


def _names_word(text: str, name: str) -> bool:
    return _words(name) <= _words(text)
