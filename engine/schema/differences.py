"""What differs between two schemas of an experiment, table by table and column by column.

They are compared as they are written in a schema file, without defaults. The name and the description belong to the
experiment, not to a version, and are left out.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.display.html_tables import html_table
from engine.display.wording import counted, listed
from engine.schema.files import schema_to_json
from engine.schema.models import ExperimentSchema, TableSchema

_OF_EXPERIMENT = frozenset({"name", "description", "tables"})
_NAMES = frozenset({"name", "schema_name", "because"})
_LONGEST_VALUE = 80
_TABLES_SHOWN = 3
_SIGNS = {"added": "+", "removed": "-", "renamed": "~", "moved": "~", "changed": "~"}


class ChangeKind(StrEnum):
    """What happened to a table, a column or one of their keys."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True)
class Change:
    """One change between two schemas.

    `table` is the key of the table, empty for the experiment itself; `column` is empty for a change of the table, and
    `key` for a change of the whole table or column. `old` and `new` are JSON values: of the key if it is CHANGED, the
    whole definition of what is ADDED or REMOVED, the names of what is RENAMED. What is MOVED has the names of what
    stays before it, None at the start: a position can be the same as before when others come or go.
    """

    kind: ChangeKind
    table: str
    column: str = ""
    key: str = ""
    old: Any = None
    new: Any = None

    @property
    def place(self) -> str:
        """Where it is: `orders`, `orders.status`; empty for the experiment itself."""
        return f"{self.table}.{self.column}" if self.column else self.table

    def __str__(self) -> str:
        place, sign = self.place, _SIGNS[self.kind]
        match self.kind:
            case ChangeKind.ADDED | ChangeKind.REMOVED:
                definition = self.new if self.kind is ChangeKind.ADDED else self.old
                what = definition["data_type"] if self.column else counted(len(definition["columns"]), "column")
                return f"{sign} {place}: {self.kind} ({what})"
            case ChangeKind.RENAMED:
                return f"{sign} {place}: renamed from {self.old}"
            case ChangeKind.MOVED:
                target = "to the start" if self.new is None else f"after {self.new}"
                return f"{sign} {place}: moved {target} (was {_spot(self.old)})"
            case _:
                where = f"{place}: " if place else ""
                return f"{sign} {where}{self.key} {_text(self.old)} → {_text(self.new)}"


@dataclass(frozen=True)
class SchemaDiff:
    """The changes from one version of a schema to another, in the order of the tables; `str()` has a line for each."""

    experiment: str
    first: int
    second: int
    changes: tuple[Change, ...]

    @property
    def summary(self) -> str:
        """The changes in a few words: `2 changes in orders and users`; empty when there are none."""
        return summarize(self.changes)

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.changes)

    def __str__(self) -> str:
        return "\n".join([self._heading, *map(str, self.changes)])

    @property
    def _heading(self) -> str:
        what = counted(len(self.changes), "change") if self.changes else "no difference"
        return f"Version {self.first} → {self.second} of {self.experiment}: {what}"

    def _repr_html_(self) -> str:
        rows = [[each.place, str(each.kind), each.key, *map(_shown, _values_to_show(each))] for each in self.changes]
        return html_table(self._heading, ["where", "change", "key", "old", "new"], rows)


def compare_schemas(first: ExperimentSchema, second: ExperimentSchema) -> tuple[Change, ...]:
    """Return the changes from the first schema to the second: of the experiment, then table by table."""
    old, new = json.loads(schema_to_json(first)), json.loads(schema_to_json(second))
    found = list(_changed_keys(old, new, "", "", _OF_EXPERIMENT))
    old_tables = {table.key: data for table, data in zip(first.tables, old["tables"], strict=True)}
    new_tables = {table.key: data for table, data in zip(second.tables, new["tables"], strict=True)}
    pairs = _pairs(old_tables, new_tables)
    moved = _moves(list(old_tables), pairs)
    for key, data in new_tables.items():
        if key not in pairs:
            found.append(Change(ChangeKind.ADDED, key, new=data))
            continue
        old_key = pairs[key]
        if old_key != key:
            found.append(Change(ChangeKind.RENAMED, key, old=old_key, new=key))
        if key in moved:
            found.append(Change(ChangeKind.MOVED, key, old=moved[key][0], new=moved[key][1]))
        found += _changed_keys(old_tables[old_key], data, key, "", frozenset({"name", "schema_name", "columns"}))
        found += _changed_columns(old_tables[old_key], data, key)
    found += [
        Change(ChangeKind.REMOVED, key, old=data) for key, data in old_tables.items() if key not in pairs.values()
    ]
    return tuple(found)


def common_tables(first: ExperimentSchema, second: ExperimentSchema) -> list[TableSchema]:
    """Return the tables that both schemas have, each with the columns that both have."""
    if first is second:
        return first.tables
    others = {table.key: table for table in first.tables}
    found = []
    for table in second.tables:
        if table.key in others:
            names = {column.name for column in others[table.key].columns}
            columns = [column for column in table.columns if column.name in names]
            found.append(table.model_copy(update={"columns": columns}))
    return found


def summarize(changes: Sequence[Change]) -> str:
    """Return the changes in a few words: `2 changes in orders and users`; empty when there are none."""
    if not changes:
        return ""
    if len(changes) == 1:
        return str(changes[0]).removeprefix(f"{_SIGNS[changes[0].kind]} ")
    tables = list(dict.fromkeys(change.table for change in changes if change.table))
    if not tables:
        return counted(len(changes), "change")
    more = len(tables) - _TABLES_SHOWN
    names = [*tables[:_TABLES_SHOWN], counted(more, "more table")] if more > 0 else tables
    return f"{counted(len(changes), 'change')} in {listed(names)}"


def _changed_columns(old: Mapping[str, Any], new: Mapping[str, Any], table: str) -> Iterator[Change]:
    old_columns = {column["name"]: column for column in old["columns"]}
    new_columns = {column["name"]: column for column in new["columns"]}
    pairs = _pairs(old_columns, new_columns)
    moved = _moves(list(old_columns), pairs)
    for name, data in new_columns.items():
        if name not in pairs:
            yield Change(ChangeKind.ADDED, table, name, new=data)
            continue
        old_name = pairs[name]
        if old_name != name:
            yield Change(ChangeKind.RENAMED, table, name, old=old_name, new=name)
        if name in moved:
            yield Change(ChangeKind.MOVED, table, name, old=moved[name][0], new=moved[name][1])
        yield from _changed_keys(old_columns[old_name], data, table, name, frozenset({"name"}))
    for name, data in old_columns.items():
        if name not in pairs.values():
            yield Change(ChangeKind.REMOVED, table, name, old=data)


def _changed_keys(
    old: Mapping[str, Any], new: Mapping[str, Any], table: str, column: str, left_out: frozenset[str]
) -> Iterator[Change]:
    for key in dict.fromkeys([*old, *new]):
        if key not in left_out and old.get(key) != new.get(key):
            yield Change(ChangeKind.CHANGED, table, column, key, old.get(key), new.get(key))


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return the old name of each new item that has one: the same name, else that of the same contents.

    Where several have the same contents, they are paired in their order if they are as many as before.
    """
    gone = _by_contents({name: data for name, data in old.items() if name not in new})
    come = _by_contents({name: data for name, data in new.items() if name not in old})
    renamed: dict[str, str] = {}
    for text, names in come.items():
        if len(gone.get(text, ())) == len(names):
            renamed |= zip(names, gone[text], strict=True)
    return {name: name if name in old else renamed[name] for name in new if name in old or name in renamed}


def _by_contents(items: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, data in items.items():
        found.setdefault(_unnamed(data), []).append(name)
    return found


def _unnamed(data: Mapping[str, Any]) -> str:
    return json.dumps({key: value for key, value in data.items() if key not in _NAMES}, sort_keys=True)


def _moves(old: Sequence[str], pairs: Mapping[str, str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the new names that move, each with the name that stays before it in the old and in the new order.

    These two always differ: what is between the same names as before stays.
    """
    new_names = {old_name: name for name, old_name in pairs.items()}
    before = [new_names[name] for name in old if name in new_names]
    staying = _staying(before, list(pairs))
    earlier, later = _names_before(before, staying), _names_before(list(pairs), staying)
    return {name: (earlier[name], later[name]) for name in pairs if name not in staying}


def _names_before(names: Sequence[str], staying: set[str]) -> dict[str, str | None]:
    """Return the nearest staying name before each name, None where there is none."""
    found: dict[str, str | None] = {}
    last = None
    for name in names:
        found[name] = last
        last = name if name in staying else last
    return found


def _staying(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return the names that need not move to get the new order: a longest rising subsequence."""
    position = {name: index for index, name in enumerate(old)}
    ends: list[int] = []  # the smallest last position of a rising subsequence of each length
    lasts: list[str] = []  # and its last name
    before: dict[str, str | None] = {}
    for name in new:
        length = bisect_left(ends, position[name])
        ends[length:] = [position[name], *ends[length + 1 :]]
        lasts[length:] = [name, *lasts[length + 1 :]]
        before[name] = lasts[length - 1] if length else None
    staying = set()
    last = lasts[-1] if lasts else None
    while last is not None:
        staying.add(last)
        last = before[last]
    return staying


def _spot(name: str | None) -> str:
    return "first" if name is None else f"after {name}"


def _values_to_show(change: Change) -> tuple[Any, Any]:
    if change.kind is ChangeKind.MOVED:
        return _spot(change.old), _spot(change.new)
    if change.kind in (ChangeKind.ADDED, ChangeKind.REMOVED) and not change.column:
        return tuple(  # type: ignore[return-value]
            None if value is None else counted(len(value["columns"]), "column") for value in (change.old, change.new)
        )
    return change.old, change.new


def _shown(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else _text(value)


def _text(value: Any) -> str:
    """Return a JSON value for people: none, or its JSON text, cut when it is long."""
    if value is None:
        return "none"
    text = json.dumps(_plain(value), ensure_ascii=False)
    if len(text) <= _LONGEST_VALUE:
        return text
    size = f" ({counted(len(value), 'item')})" if isinstance(value, list) else ""
    return f"{text[: _LONGEST_VALUE - 1]}…{size}"


def _plain(value: Any) -> Any:
    """Return a JSON value with whole numbers as such: a weight of 5.0 was written as 5."""
    match value:
        case float():
            return int(value) if value.is_integer() else value
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case _:
            return value
