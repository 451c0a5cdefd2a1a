"""References that queries show: columns that they join to a unique key of another table.

A join says that two columns mean the same; which of the two refers to the other follows from uniqueness. Declared keys
and those suggested by names stay as they are, and no reference closes a cycle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from engine.schema.column_rules import sources_of
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, Kind
from engine.workload.changes import Change, change_column
from engine.workload.records import Join

_Side = tuple[TableSchema, tuple[str, ...]]


def suggest_references(schema: ExperimentSchema, joins: Sequence[Join]) -> list[Change]:
    """Return a change for each reference that joins show, those that most statements show first."""
    directions: dict[tuple[str, tuple[str, ...], str, tuple[str, ...]], list[tuple[str, int]]] = {}
    for join in joins:
        if join.kind == "set":
            continue
        for (child, own), (other, keys) in _directions(schema, join):
            place = (child.key, own, other.key, keys)
            directions.setdefault(place, []).append((join.statement, join.line))
    ranked = sorted(directions.items(), key=lambda each: (-len(each[0][1]), -len(set(each[1]))))
    changes: list[Change] = []
    taken: set[tuple[str, str]] = set()
    parents = _parents_of(schema)
    for (child_key, columns, parent_key, targets), serves in ranked:
        places = {(child_key, name) for name in columns}
        if places & taken or _reaches(parents, parent_key, child_key):
            continue
        table, parent = schema.table(child_key), schema.table(parent_key)
        changes.append(_change(table, columns, parent, targets, serves))
        parents[child_key].add(parent_key)
        taken |= places
    return changes


def _directions(schema: ExperimentSchema, join: Join) -> Iterable[tuple[_Side, _Side]]:
    """Yield the child and the parent of a join: whole keys, else single columns of it that are unique."""
    try:
        first, other = schema.table(join.table), schema.table(join.other_table)
    except KeyError:
        return
    if first.key == other.key:
        return
    pairs = [(first, join.columns, other, join.other_columns), (other, join.other_columns, first, join.columns)]
    for child, columns, parent, targets in pairs:
        key = next((key for key in parent.composite_keys if _is_within(key, targets)), None)
        if key is not None:
            by_target = dict(zip(map(str.casefold, targets), columns, strict=True))
            own = tuple(by_target[name.casefold()] for name in key)
            if all(_is_free(child, name) for name in own) and _are_alike(child, own, parent, key):
                yield (child, own), (parent, tuple(key))
                continue
        for name, target in zip(columns, targets, strict=True):
            is_parent = parent.is_unique(parent.column(target)) and not child.is_unique(child.column(name))
            if is_parent and _is_free(child, name) and _are_alike(child, (name,), parent, (target,)):
                yield (child, (name,)), (parent, (target,))


def _is_within(key: Sequence[str], targets: Sequence[str]) -> bool:
    return len(key) > 1 and {*map(str.casefold, key)} <= {*map(str.casefold, targets)}


def _is_free(table: TableSchema, name: str) -> bool:
    """Whether a column references nothing and has no rule of its own, or only a suggested one."""
    column = table.column(name)
    is_in_key = any(name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys)
    return column.foreign_key is None and not is_in_key and (column.suggested or not sources_of(column))


def _are_alike(child: TableSchema, own: Sequence[str], parent: TableSchema, targets: Sequence[str]) -> bool:
    return all(_is_alike(child.column(name), parent.column(target)) for name, target in zip(own, targets, strict=True))


def _is_alike(column: ColumnSchema, target: ColumnSchema) -> bool:
    kind, other = column.type.kind, target.type.kind
    fits = kind is not Kind.TEXT or column.type.length is None or (target.type.length or 0) <= column.type.length
    return (kind is other and fits) or (kind in NUMERIC and other in NUMERIC)


def _parents_of(schema: ExperimentSchema) -> dict[str, set[str]]:
    parents: dict[str, set[str]] = {table.key: set() for table in schema.tables}
    for table in schema.tables:
        names = [column.foreign_key.references_table for column in table.columns if column.foreign_key is not None]
        for name in [*names, *(key.references_table for key in table.foreign_keys)]:
            try:
                parents[table.key].add(schema.table(name, within=table.schema_name).key)
            except KeyError:
                continue
    return parents


def _reaches(parents: dict[str, set[str]], start: str, goal: str) -> bool:
    seen, open_keys = set[str](), [start]
    while open_keys:
        key = open_keys.pop()
        if key == goal:
            return True
        if key not in seen:
            seen.add(key)
            open_keys += parents[key]
    return False


def _change(
    table: TableSchema,
    columns: tuple[str, ...],
    parent: TableSchema,
    targets: tuple[str, ...],
    serves: list[tuple[str, int]],
) -> Change:
    reason = f"Queries join {', '.join(columns)} to {', '.join(targets)} of {parent.key}."
    statements = tuple(dict.fromkeys(serves))
    if len(columns) > 1:
        key = CompositeForeignKey(
            columns=list(columns), references_table=parent.key, references_columns=list(targets), suggested=True,
            because=reason,
        )  # fmt: skip
        old = {"foreign_keys": [each.model_dump(mode="json", exclude_defaults=True) for each in table.foreign_keys]}
        new = {"foreign_keys": [*old["foreign_keys"], key.model_dump(mode="json", exclude_defaults=True)]}
        return Change(table.key, None, "foreign_keys", old, new, statements, reason)
    column = table.column(columns[0])
    reference = ForeignKey(references_table=parent.key, references_column=targets[0], suggested=True, because=reason)
    removed = dict.fromkeys(name for rule in sources_of(column) for name in rule.keys)
    bounds = dict.fromkeys(BOUNDS)
    changed: dict[str, Any] = {
        **removed,
        **bounds,
        "foreign_key": reference.model_dump(mode="json", exclude_defaults=True),
    }
    return change_column(table, column, "foreign_key", changed, statements, reason)


BOUNDS = ("min_value", "max_value", "date_start", "date_end", "timestamp_start", "timestamp_end", "distribution",
          "distribution_by", "default_value", "default_fraction", "follows", "trend")  # fmt: skip
"""The keys that bound or shape the values of a column."""
