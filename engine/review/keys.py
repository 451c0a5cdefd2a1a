"""Keys under review: changing the primary key, and finding the tables affected by a change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from engine.review.lines import Line
from engine.schema.diagram import links
from engine.schema.models import SURROGATE_KEY, ExperimentSchema, TableSchema


def is_unique(line: Line, lines: Sequence[Line]) -> bool:
    """Return whether a column's values never repeat: it is unique, or the only key of its table."""
    return bool(line["unique"] or (line["key"] and sum(each["key"] for each in lines) == 1))


def set_primary_key(entry: dict[str, Any], table: TableSchema, selected: Sequence[str]) -> None:
    """Set the primary key in a table's description to the selected columns.

    Several columns form one key, unique as a tuple. Replacing a key also removes its composite key and the warning
    about its surrogate key.
    """
    before = [table.column(name).name for name in table.primary_key]
    if set(before) == set(selected):
        return
    entry["primary_key"] = [name for name in before if name in selected]
    entry["primary_key"] += [name for name in selected if name not in before]
    if len(before) > 1:
        groups = entry.get("composite_keys", [])
        entry["composite_keys"] = [group for group in groups if not _is_same(group, before)]
    if len(before) == 1 and before[0].startswith(SURROGATE_KEY):
        entry["warnings"] = [warning for warning in table.warnings if before[0] not in warning]


def key_warnings(table: TableSchema) -> list[str]:
    """Explain a primary key of several columns."""
    if len(table.primary_key) < 2:
        return []
    names = ", ".join(table.column(name).name for name in table.primary_key)
    return [
        f"{table.key} has a composite primary key ({names}). Its columns are never NULL and unique as a tuple. "
        "A single column can repeat, so foreign keys must reference all of them."
    ]


def key_facts(table: TableSchema) -> list[str]:
    """Describe the keys of several columns, except the primary key."""
    facts = [
        f"({', '.join(group)}) is unique as a tuple"
        for group in table.composite_keys
        if not _is_same(group, table.primary_key)
    ]
    return facts + [
        f"({', '.join(key.columns)}) references {key.references_table} ({', '.join(key.references_columns)})"
        for key in table.foreign_keys
    ]


def find_affected_tables(schema: ExperimentSchema, changed: Collection[str]) -> set[str]:
    """Return the changed tables and all that reference them, recursively: their values depend on their parents."""
    children: dict[str, set[str]] = {}
    for link in links(schema):
        children.setdefault(link.parent, set()).add(link.child)
    found: set[str] = set()
    queue = list(changed)
    while queue:
        table = queue.pop()
        if table not in found:
            found.add(table)
            queue += children.get(table, ())
    return found


def _is_same(first: Sequence[str], second: Sequence[str]) -> bool:
    return {name.casefold() for name in first} == {name.casefold() for name in second}
