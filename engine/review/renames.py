"""Renaming a table or a column of a schema: everything that names it follows.

Names stand in keys, in references, and in the SQL of expressions, conditions and checks. SQL is changed name by name,
so that the rest of a text stays as it was written. A path such as `customer_id.country` is followed along its foreign
keys, as an expression follows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from engine.schema.conditional import CASE_KEYS
from engine.schema.events import EventsOf
from engine.schema.files import schema_to_json
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.names import name_fault
from engine.schema.rollups import OF_COLUMNS, OF_CONDITIONS, Rollup
from engine.schema.time_rules import parse_moment

_NAME = r'(?:"(?:[^"]|"")*"|[A-Za-z_][\w$]*)'
_TOKEN = re.compile(
    rf"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/|(?<![\w.])(?P<path>{_NAME}(?:\s*\.\s*{_NAME})*)", re.DOTALL | re.ASCII
)
_PIECE = re.compile(r"\{\{|\}\}|\{(?P<path>[^{}:|]*)(?P<rest>[^{}]*)\}")
_SEGMENT = re.compile(_NAME, re.ASCII)
_BEFORE_A_WORD = re.compile(r"(::|\bas|\bextract\s*\()\s*$", re.IGNORECASE)
_OWN_NAMES = ("split_weight", "same_within", "rising_within", "line_number_of")
_TO_THE_ROW = ("count", "line", "next", "previous", "first", "is_last")

Data = dict[str, Any]


class Renaming:
    """A renaming of a table, or of one of its columns; `places` are those of its name, with their tables."""

    def __init__(self, schema: ExperimentSchema, table: TableSchema, column: str | None, name: str) -> None:
        self._schema = schema
        self._table = table
        self._column = column
        self._name = name
        self.places: dict[str, str] = {}

    def apply(self, data: Data) -> None:
        """Rename in the JSON document of the schema."""
        for table, entry in zip(self._schema.tables, data["tables"], strict=True):
            self._rename_in_keys(table, entry)
            self._change(table, entry, "checks", table.key, partial(self._in_texts, table))
            for column, described in zip(table.columns, entry["columns"], strict=True):
                self._rename_in_column(table, column, described)
            if table is self._table and self._column is not None and "correlation" in entry:
                where = f"{table.key}.correlation"
                self._change(table, entry["correlation"], "columns", where, self._own_each)
            if table is self._table and self._column is not None:
                for outcome in entry.get("outcomes", []):
                    for key in ("of", "by", "sum"):
                        self._change(table, outcome, key, f"{table.key}.outcomes", self._own)
                self._rename_in_lifecycle(table, entry.get("lifecycle"))
            if "events_of" in entry and table.events_of is not None:
                self._rename_in_events(table, table.events_of, entry["events_of"])
            if table is self._table:
                self._rename_in_scenarios(table, entry)
                self._rename_itself(entry)

    def _in_texts(self, table: TableSchema, texts: list[str]) -> list[str]:
        return [self.in_sql(table, text) for text in texts]

    def in_sql(self, table: TableSchema, text: str) -> str:
        """Return SQL over the row of a table with the new name."""

        def replaced(match: re.Match[str]) -> str:
            path = match["path"]
            if path is None:
                return match[0]
            after = text[match.end() :].lstrip()[:1]
            if "." not in path and (after in ("(", "'") or _BEFORE_A_WORD.search(text[: match.start()])):
                return match[0]  # a function, a type, or the part of a date
            return self._in_path(table, path)

        return _TOKEN.sub(replaced, text)

    def _rename_itself(self, entry: Data) -> None:
        if self._column is None:
            entry["name"] = self._name
            return
        for described in entry["columns"]:
            if self._is_it(described["name"]):
                described["name"] = self._name
        for row in entry.get("rows", []):
            if isinstance(row, dict):
                for name in [name for name in row if self._is_it(name)]:
                    row[self._name] = row.pop(name)

    def _rename_in_scenarios(self, table: TableSchema, entry: Data) -> None:
        """Rename a column in the scenarios of its table; they name no table."""
        for scenario in entry.get("scenarios", []) if self._column is not None else ():
            where = f"{table.key}.scenarios.{scenario['name']}"
            self._change(table, scenario, "within", where, self._own)
            self._change(table, scenario, "values", where, self._own_keys)

    def _rename_in_keys(self, table: TableSchema, entry: Data) -> None:
        if table is self._table and self._column is not None:
            for key in ("primary_key", "composite_keys"):
                if key in entry:
                    names = entry[key]
                    entry[key] = (
                        [self._own(name) for name in names]
                        if key == "primary_key"
                        else [[self._own(name) for name in group] for group in names]
                    )
        for key in entry.get("foreign_keys", []):
            where = f"{table.key} ({', '.join(key['columns'])})"
            if table is self._table:
                key["columns"] = [self._own(name) for name in key["columns"]]
            self._rename_in_reference(table, key, "references_columns", where)

    def _rename_in_reference(self, table: TableSchema, key: Data, columns: str, where: str) -> None:
        parent = self._parent_named(table, key["references_table"])
        if parent is None:
            return
        self._change(table, key, "where", where, lambda text: self.in_sql(parent, text))
        if parent is not self._table:
            return
        if self._column is None:
            prefix, dot, _ = key["references_table"].rpartition(".")
            key["references_table"] = f"{prefix}{dot}{self._name}"
            self._note(where, table)
            return
        named = key[columns]
        key[columns] = [self._own(name) for name in named] if isinstance(named, list) else self._own(named)
        if key[columns] != named:
            self._note(where, table)

    def _rename_in_column(self, table: TableSchema, column: ColumnSchema, described: Data) -> None:
        where = f"{table.key}.{column.name}"
        if "foreign_key" in described:
            key = described["foreign_key"]
            self._rename_in_reference(table, key, "references_column", where)
            if table is self._table:
                self._change(table, key, "through", where, self._own)
        if table is self._table and self._column is not None:
            for name in _OWN_NAMES:
                self._change(table, described, name, where, self._own)
        for name in ("expression", "null_when"):
            self._change(table, described, name, where, lambda text: self.in_sql(table, text))
        self._change(table, described, "template", where, lambda text: self._in_template(table, text))
        if "follows" in described:
            follows = {self._in_loading(table, path): each for path, each in described["follows"].items()}
            self._change(table, described, "follows", where, lambda _: follows)
        for name in CASE_KEYS:
            if name in described:
                self._rename_in_cases(table, described, name, where)
        self._change(table, described, "split_of", where, lambda path: self._in_path(table, path))
        if "running" in described:
            running = described["running"]
            self._change(table, running, "start", where, lambda path: self._in_path(table, path))
            for name in ("sum", "within") if table is self._table and self._column is not None else ():
                self._change(table, running, name, where, self._own)
        if "every" in described:
            every = described["every"]
            if parse_moment(every["start"]) is None:
                self._change(table, every, "start", where, lambda path: self._in_path(table, path))
            if table is self._table and self._column is not None:
                self._change(table, every, "within", where, self._own)
        if "series" in described:
            self._rename_in_series(table, described["series"], where)
        if column.rollup is not None:
            self._rename_in_rollup(table, column.rollup, described["rollup"], where)
        if "locale_by" in described:
            self._change(table, described["locale_by"], "column", where, lambda path: self._in_path(table, path))

    def _rename_in_series(self, table: TableSchema, series: Data, where: str) -> None:
        """Rename the foreign key, the time column and the parent's columns that a series names."""
        for name in ("level", "start"):
            path = series.get(name)
            if isinstance(path, str) and (name == "level" or parse_moment(path) is None):
                self._change(table, series, name, where, lambda path: self._in_path(table, path))
        if table is self._table and self._column is not None:
            for name in ("within", "time"):
                self._change(table, series, name, where, self._own)

    def _rename_in_cases(self, table: TableSchema, described: Data, key: str, where: str) -> None:
        """Rename the deciding column, or the columns that are drawn together."""
        by = described[key]
        is_rows = key == "values_by" and isinstance(by.get("columns"), list)
        if is_rows or (key == "values_by" and isinstance(by.get("row_of"), str)):
            if table is self._table and self._column is not None:
                name = "columns" if is_rows else "row_of"
                own: Callable[[Any], Any] = self._own_each if is_rows else self._own
                self._change(table, by, name, where, own)
            return
        changed = {self._in_path(table, path): cases for path, cases in by.items()}
        self._change(table, described, key, where, lambda _: changed)

    def _in_loading(self, table: TableSchema, path: str) -> str:
        """Return the path of a hidden normal with the new name; its last name is that of no column."""
        keys, dot, latent = path.rpartition(".")
        return f"{self._in_path(table, keys)}{dot}{latent}"

    def _rename_in_rollup(self, table: TableSchema, rollup: Rollup, entry: Data, where: str) -> None:
        name, key = rollup.source
        child = self._parent_named(table, name)
        if child is None:
            return
        if child is self._table:
            prefix, dot, _ = name.rpartition(".")
            renamed = f"{prefix}{dot}{self._name}.{key}" if self._column is None else f"{name}.{self._own(key)}"
            self._change(table, entry, "of", where, lambda _: renamed)
            for aggregate in OF_COLUMNS if self._column is not None else ():
                self._change(table, entry, aggregate, where, self._own)
        for condition in ("where", *OF_CONDITIONS):
            self._change(table, entry, condition, where, lambda text: self.in_sql(child, text))

    def _rename_in_lifecycle(self, table: TableSchema, entry: Data | None) -> None:
        """Name the status and the times that were found by their names."""
        if entry is None or table.lifecycle is None:
            return
        if self._is_it(table.lifecycle.status):
            entry["status"] = self._name
            self._note(f"{table.key}.lifecycle", table)
        first, *others = table.lifecycle.states
        if self._is_it(table.lifecycle.column_of(first)):
            entry["start"] = self._name
            self._note(f"{table.key}.lifecycle", table)
        for state in others:
            if self._is_it(table.lifecycle.column_of(state)):
                entry["at"] = {**entry.get("at", {}), state: self._name}
                self._note(f"{table.key}.lifecycle", table)

    def _rename_in_events(self, table: TableSchema, events: EventsOf, entry: Data) -> None:
        """Name the key, the state and the time of events, and the status of the table with the life cycle."""
        where = f"{table.key}.events_of"
        self._change(table, entry, "of", where, lambda _: self._in_path(table, events.of))
        if table is self._table and self._column is not None:
            if self._is_it(events.state):
                entry["state"] = self._name
                self._note(where, table)
            self._change(table, entry, "at", where, self._own)

    def _in_template(self, table: TableSchema, text: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            if match["path"] is None:
                return match[0]
            return f"{{{self._in_path(table, match['path'])}{match['rest']}}}"

        return _PIECE.sub(replaced, text)

    def _in_path(self, table: TableSchema, path: str) -> str:
        """Return a path of names from the row of a table with the new name."""
        segments = list(_SEGMENT.finditer(path))
        names = [_unquoted(segment[0]) for segment in segments]
        for index in reversed(list(self._find(table, names))):
            segment = segments[index]
            path = path[: segment.start()] + quote_if_needed(self._name) + path[segment.end() :]
        return path

    def _find(self, table: TableSchema, names: list[str]) -> Iterator[int]:
        """Yield where in a path the table or column is named, in order."""
        if len(names) > 2 and names[-1].casefold() == "count" and not _has(table, names[0]):
            child = self._parent_named(table, ".".join(names[:-2]))
            if child is self._table:
                if self._column is None:
                    yield len(names) - 3
                elif self._is_it(names[-2]):
                    yield len(names) - 2
            return
        index = 0
        while index < len(names) and _has(table, names[index]):
            if table is self._table and self._column is not None and self._is_it(names[index]):
                yield index
            if index + 1 == len(names):
                return
            parent = self._parent_of(table, names[index])
            following = names[index + 1].casefold()
            if following in _TO_THE_ROW and (parent is None or not _has(parent, following)):
                index += 2
                continue
            if parent is None:
                return
            table, index = parent, index + 1

    def _parent_of(self, table: TableSchema, column: str) -> TableSchema | None:
        key = table.column(column).foreign_key
        if key is not None:
            return self._parent_named(table, key.references_table)
        for composite in table.foreign_keys:
            if column.casefold() in (name.casefold() for name in composite.columns):
                return self._parent_named(table, composite.references_table)
        return None

    def _parent_named(self, table: TableSchema, name: str) -> TableSchema | None:
        try:
            return self._schema.table(name, within=table.schema_name)
        except KeyError:
            return None

    def _is_it(self, name: str) -> bool:
        return self._column is not None and name.casefold() == self._column.casefold()

    def _own_each(self, names: list[str]) -> list[str]:
        return [self._own(name) for name in names]

    def _own_keys(self, values: Data) -> Data:
        return {self._own(name): value for name, value in values.items()}

    def _own(self, name: str) -> str:
        return self._name if self._is_it(name) else name

    def _change(self, table: TableSchema, entry: Data, key: str, where: str, change: Callable[[Any], Any]) -> None:
        if entry.get(key) is None:
            return
        changed = change(entry[key])
        if changed != entry[key]:
            entry[key] = changed
            self._note(where, table)

    def _note(self, where: str, table: TableSchema) -> None:
        self.places[where] = table.key


def find_uses(schema: ExperimentSchema, table: TableSchema, column: str | None = None) -> list[str]:
    """Return the places outside of a table or column that name it, such as `orders.customer_id`."""
    renaming = Renaming(schema, table, column, "unused name")
    renaming.apply(json.loads(schema_to_json(schema)))
    own = table.key if column is None else f"{table.key}.{table.column(column).name}"
    return [where for where, owner in renaming.places.items() if own not in (owner, where)]


def quote_if_needed(name: str) -> str:
    """Return a name as it is written in SQL."""
    return f'"{name.replace(chr(34), chr(34) * 2)}"' if name_fault(name, is_column=True) else name


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _has(table: TableSchema, name: str) -> bool:
    try:
        table.column(name)
    except KeyError:
        return False
    return True
