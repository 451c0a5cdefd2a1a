"""Changes of a schema's structure: tables and columns are added, renamed, moved and dropped.

Each takes a checked schema and returns the document of the changed one; whoever calls it reads and checks that. What
refers to a dropped table or column is named instead of dropped with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.display.wording import counted, listed
from engine.errors import ConflictError, WorkbenchError
from engine.review.new_columns import guess_type, key_name, with_defaults
from engine.review.renames import Renaming, find_uses
from engine.schema.files import read_schema, schema_to_json
from engine.schema.models import ExperimentSchema, TableSchema
from engine.schema.names import name_fault

Data = dict[str, Any]
_USES_SHOWN = 5
_SEPARATOR = re.compile(r"[,;\n](?![^()]*\))")


@dataclass(frozen=True)
class NewColumn:
    """A column to add. Without a type or a reference, its name suggests them; it may be NULL if it `is_nullable`."""

    name: str
    data_type: str = ""
    is_nullable: bool = False
    is_unique: bool = False
    is_key: bool = False
    references: str = ""
    """The column it refers to, as `table.column`."""


def read_columns(text: str) -> list[NewColumn]:
    """Read columns as they are typed: `email, price DECIMAL(12,2), note VARCHAR(40) NULL UNIQUE`.

    What follows a name is its type, and NULL, UNIQUE or KEY.
    """
    found = []
    for part in filter(None, (part.strip() for part in _SEPARATOR.split(text))):
        name, *rest = part.split()
        flags = {word.casefold() for word in rest} & {"null", "unique", "key"}
        data_type = " ".join(word for word in rest if word.casefold() not in flags)
        found.append(NewColumn(name, data_type, "null" in flags, "unique" in flags, "key" in flags))
    if not found:
        raise WorkbenchError("There is no column.", hint="Write names, such as: email, price DECIMAL(12,2)")
    return found


def blank_schema(name: str, table: str) -> Data:
    """Return the document of a schema with one table, which has a key."""
    return {"name": name, "tables": [_new_table(table, None)]}


def add_table(schema: ExperimentSchema, name: str, schema_name: str | None) -> Data:
    """Add a table with a key as the last one."""
    _check_name(name, "")
    data = _document(schema)
    data["tables"].append(_new_table(name, schema_name))
    return data


def rename_table(schema: ExperimentSchema, table: TableSchema, name: str) -> Data:
    """Rename a table; references and expressions follow."""
    _check_name(name, table.key)
    data = _document(schema)
    Renaming(schema, table, None, name).apply(data)
    return data


def move_table(schema: ExperimentSchema, table: TableSchema, position: int) -> Data:
    """Move a table to a position, from 0."""
    data = _document(schema)
    _move(data["tables"], _index(schema, table), position)
    return data


def drop_table(schema: ExperimentSchema, table: TableSchema) -> Data:
    """Remove a table; raises `ConflictError` when another one refers to it."""
    if len(schema.tables) == 1:
        raise ConflictError("The last table stays.", where=table.key, hint="Rename it, or add another one first.")
    _check_unused(find_uses(schema, table), table.key)
    data = _document(schema)
    del data["tables"][_index(schema, table)]
    return data


def add_columns(schema: ExperimentSchema, table: TableSchema, columns: Sequence[NewColumn]) -> Data:
    """Add columns at the end of a table; names suggest what they leave open."""
    data = _document(schema)
    entry = data["tables"][_index(schema, table)]
    for column in columns:
        _check_name(column.name, table.key, is_column=True)
        entry["columns"].append(_describe(schema, column))
        if column.is_key:
            entry["primary_key"] = [*entry.get("primary_key", []), column.name]
    open_columns = [column.name for column in columns if not (column.references or column.is_key or column.is_unique)]
    typed = {column.name for column in columns if column.data_type}
    checked = read_schema(data)
    for group, keeps_types in (
        ([name for name in open_columns if name not in typed], False),
        ([name for name in open_columns if name in typed], True),
    ):
        if group:
            data = with_defaults(checked, table.key, group, keeps_types=keeps_types)
            checked = read_schema(data)
    return data


def rename_column(schema: ExperimentSchema, table: TableSchema, column: str, name: str) -> Data:
    """Rename a column; keys, references and expressions follow."""
    _check_name(name, f"{table.key}.{column}", is_column=True)
    data = _document(schema)
    Renaming(schema, table, table.column(column).name, name).apply(data)
    return data


def move_column(schema: ExperimentSchema, table: TableSchema, column: str, position: int) -> Data:
    """Move a column to a position in its table, from 0; given rows follow."""
    data = _document(schema)
    entry = data["tables"][_index(schema, table)]
    index = [each.name for each in table.columns].index(table.column(column).name)
    _move(entry["columns"], index, position)
    for row in entry.get("rows", []):
        if isinstance(row, list):
            _move(row, index, position)
    return data


def drop_column(schema: ExperimentSchema, table: TableSchema, column: str) -> Data:
    """Remove a column with the keys it is part of; raises `ConflictError` when another column refers to it."""
    name = table.column(column).name
    place = f"{table.key}.{name}"
    if len(table.columns) == 1:
        raise ConflictError("The last column of a table stays.", where=place, hint="Drop the table, or add a column.")
    _check_unused(find_uses(schema, table, name), place)
    data = _document(schema)
    entry = data["tables"][_index(schema, table)]
    index = [each.name for each in table.columns].index(name)
    del entry["columns"][index]
    entry["primary_key"] = [each for each in entry.get("primary_key", []) if each.casefold() != name.casefold()]
    for key in ("composite_keys", "foreign_keys"):
        entry[key] = [
            group
            for group in entry.get(key, [])
            if name.casefold()
            not in (each.casefold() for each in (group if isinstance(group, list) else group["columns"]))
        ]
    for row in entry.get("rows", []):
        if isinstance(row, list):
            del row[index]
        else:
            for key in [key for key in row if key.casefold() == name.casefold()]:
                del row[key]
    return data


def _new_table(name: str, schema_name: str | None) -> Data:
    key = key_name(name)
    column = {"name": key, "data_type": "BIGINT", "is_unique": True}
    entry: Data = {"name": name, "columns": [column], "primary_key": [key]}
    return entry | ({"schema_name": schema_name} if schema_name else {})


def _describe(schema: ExperimentSchema, column: NewColumn) -> Data:
    described: Data = {"name": column.name, "data_type": column.data_type.strip() or guess_type(column.name)}
    if column.references:
        table, _, parent = column.references.rpartition(".")
        found = schema.table(table)
        described["foreign_key"] = {"references_table": table, "references_column": parent}
        if not column.data_type:
            described["data_type"] = str(found.column(parent).type)
    if column.is_nullable and not column.is_key:
        described["required"] = False
    if column.is_unique:
        described["is_unique"] = True
    return described


def _check_name(name: str, where: str, *, is_column: bool = False) -> None:
    if fault := name_fault(name, is_column=is_column):
        raise WorkbenchError(f'The name "{name}" {fault}', where=where, hint="Choose another name.")


def _check_unused(uses: Sequence[str], where: str) -> None:
    if not uses:
        return
    more = len(uses) - _USES_SHOWN
    named = listed([*uses[:_USES_SHOWN], counted(more, "more place")] if more > 0 else list(uses))
    raise ConflictError(f"It is used by {named}.", where=where, hint="Change or drop that first.")


def _document(schema: ExperimentSchema) -> Data:
    data: Data = json.loads(schema_to_json(schema))
    return data


def _index(schema: ExperimentSchema, table: TableSchema) -> int:
    return next(index for index, each in enumerate(schema.tables) if each is table)


def _move(items: list[Any], index: int, position: int) -> None:
    items.insert(max(0, min(position, len(items) - 1)), items.pop(index))
