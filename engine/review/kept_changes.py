"""Input that stays beside a schema whose structure changes: that of columns with problems, under their new names."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.review.lines import Line
from engine.schema.models import ExperimentSchema

_Column = tuple[str, str]


def renamed_changes(
    changes: Mapping[_Column, Line],
    schema: ExperimentSchema,
    kept: Collection[_Column],
    renamed: tuple[_Column, str] | None,
) -> dict[_Column, Line]:
    """Return the kept changes of the columns that are in the changed schema, with what was renamed."""
    columns = {(table.key, column.name) for table in schema.tables for column in table.columns}
    found = {}
    for place in kept:
        new = _renamed(place, renamed)
        if new in columns:
            line = dict(changes[place])
            if line.get("references"):
                line["references"] = ".".join(_renamed(_split(line["references"]), renamed))
            found[new] = line
    return found


def table_key(entry: Mapping[str, Any]) -> str:
    """Return the key of a table in the document of a schema."""
    schema_name = entry.get("schema_name")
    return f"{schema_name}.{entry['name']}" if schema_name else str(entry["name"])


def _renamed(place: _Column, renamed: tuple[_Column, str] | None) -> _Column:
    if renamed is None:
        return place
    (table, column), name = renamed
    if place[0] != table:
        return place
    if not column:
        return name, place[1]
    return (table, name) if place[1].casefold() == column.casefold() else place


def _split(text: str) -> _Column:
    table, _, column = text.rpartition(".")
    return table, column
