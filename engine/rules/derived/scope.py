"""The columns an expression can use: those of its own row, and those of its parents along foreign keys.

Where a foreign key has a fan-out, the number of the parent's children can be read too, as `foreign_key_column.count`.
A column with groups leads to its group: `order_no.count` and `order_no.line` are the number of its rows and the row's
place in it from 1, `order_no.next.column` is a column of the group's next row, NULL in its last,
`order_no.previous.column` one of the row before, NULL in its first, and `order_no.first.column` one of the first row;
`order_no.is_last` is whether it is the last. A foreign key with a fan-out has all these too, unless its parent has
columns of these names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from engine.errors import did_you_mean
from engine.rules.values.numbers import unscaled_bounds
from engine.schema.column_rules import sources_of
from engine.schema.events import is_event_key
from engine.schema.limits import MAX_ROWS
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

COUNT = "count"
"""The name after a foreign key column that stands for the number of children; a column of that name goes first."""
LINE = "line"
"""The name after a column with groups that stands for the row's place in its group, from 1."""
NEXT = "next"
"""The name after a column with groups that leads to the next row of the group."""
PREVIOUS = "previous"
"""The name after a column with groups that leads to the row before in the group."""
FIRST = "first"
"""The name after a column with groups that leads to the first row of the group."""
IS_LAST = "is_last"
"""The name after a column with groups that stands for whether the row is the last of its group."""
TO_ROWS = (NEXT, PREVIOUS, FIRST)
"""The names after a column with groups that lead to a row of the group."""
OF_GROUPS = (LINE, IS_LAST, *TO_ROWS)
"""The names after a foreign key with a fan-out that its parent's columns go before."""


@dataclass(frozen=True)
class Parent:
    """The row of a parent: its table, its row numbers (UInt64), and where the foreign key is NULL (None: nowhere).

    `is_root` is where a row of a table that references itself is its own parent; None for other tables.
    """

    table: TableSchema
    row: pl.Expr
    is_missing: pl.Expr | None
    is_root: pl.Expr | None = None


@dataclass(frozen=True)
class Group:
    """The group of a row, by a column with groups: its line from 1, the group's rows, and the rows around it (UInt64).

    `is_last` is where the group has no next row; there `next_row` is the row itself, as `previous_row` is in the first.
    """

    line: pl.Expr
    count: pl.Expr
    next_row: pl.Expr
    is_last: pl.Expr
    previous_row: pl.Expr
    is_first: pl.Expr
    first_row: pl.Expr

    def step(self, name: str) -> tuple[pl.Expr, pl.Expr | None]:
        """Return the row that one of `TO_ROWS` leads to, and where there is none (None: nowhere)."""
        if name == FIRST:
            return self.first_row, None
        return (self.next_row, self.is_last) if name == NEXT else (self.previous_row, self.is_first)


class Rows(Protocol):
    """What a scope needs from the compiler, at any row numbers of any table."""

    def final(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's final values, with NULLs."""

    def parent(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Parent | None:
        """Return the parent row that a foreign key column references, or None for other columns."""

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final` can contain NULL."""

    def is_recursive(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final`, once made, has read the same column at the parent's row."""

    def count(self, table: TableSchema, column: ColumnSchema, parent: pl.Expr, *, is_drawn: bool) -> pl.Expr:
        """Return how many rows of the table have, in a foreign key column, each of the parents (row numbers).

        `is_drawn`: the parents are drawn by that key. Raises `UnknownName` where the numbers are not known.
        """

    def group(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Group | None:
        """Return the group of each row by a column with `groups`, or of a foreign key with a fan-out; else None."""

    def child(self, parent: TableSchema, name: str) -> TableSchema | None:
        """Return the table of that name that references `parent`, or None."""


class UnknownName(Exception):  # noqa: N818 - it is turned into a RuleError, with the place, by who knows it
    """A path that does not lead to a column: the reason and a hint."""

    def __init__(self, message: str, hint: str) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@dataclass(frozen=True)
class Found:
    """The column at the end of a path: its values with the NULLs along the path, and whether there can be any.

    `bounds` are the unscaled bounds of the values of an INTEGER or DECIMAL.
    """

    expr: pl.Expr
    column: ColumnSchema
    is_nullable: bool
    bounds: tuple[int, int]


class Finder(Protocol):
    """What an expression needs to read columns."""

    def find(self, path: Sequence[str]) -> Found:
        """Return the column at a path."""


@dataclass(frozen=True)
class Scope:
    """The row of a table at given row numbers, and all columns reachable from it."""

    rows: Rows
    table: TableSchema
    row: pl.Expr

    def find(self, path: Sequence[str]) -> Found:
        """Return the column at a path: one name, or foreign key columns and then a column of the last parent.

        Names match regardless of case. Raises `UnknownName`.
        """
        table, row = self.table, self.row
        missing: list[pl.Expr] = []
        roots: list[pl.Expr] = []
        is_next = False
        counted = self._find_own_count(path)
        if counted is not None:
            return counted
        for index, name in enumerate(path[:-1]):
            if is_next:
                is_next = False
                continue
            group = self._group(table, name, path[index + 1], row)
            if group is not None:
                end = path[index + 1].casefold()
                if index == len(path) - 2 and end in (COUNT, LINE):
                    return _found_count(group.count if end == COUNT else group.line, missing)
                if index == len(path) - 2 and end == IS_LAST:
                    return _found_flag(group.is_last, missing)
                if index < len(path) - 2 and end in TO_ROWS:
                    is_next = True
                    row, is_outside = group.step(end)
                    missing += [] if is_outside is None else [is_outside]
                    continue
                raise UnknownName(
                    f'"{path[index + 1]}" does not follow "{name}", a column with groups',
                    f"Write {name}.{COUNT}, .{LINE} or .{IS_LAST}, or {name}.{NEXT}.column, .{PREVIOUS} or .{FIRST}.",
                )
            parent = self._step(table, row, name)
            if parent.is_missing is not None:
                missing.append(parent.is_missing)
            if parent.is_root is not None:
                roots.append(parent.is_root)
            if index == len(path) - 2 and _is_count(parent.table, path[-1]):
                count = self.rows.count(table, _column(table, name), parent.row, is_drawn=True)
                return _found_count(count, missing)
            table, row = parent.table, parent.row
        column = _column(table, path[-1])
        expr = self.rows.final(table, column, row)
        if self.rows.is_recursive(table, column):
            missing += roots
        is_nullable = bool(missing) or self.rows.is_nullable(table, column)
        if missing:
            expr = pl.when(~pl.any_horizontal(missing)).then(expr)
        is_key = column.name.casefold() in {name.casefold() for name in _foreign_keys(table)}
        return Found(expr, column, is_nullable, _bounds(column, is_key=is_key))

    def _find_own_count(self, path: Sequence[str]) -> Found | None:
        """Return the count of the row's own children, as `child_table.foreign_key_column.count`; None for others."""
        if len(path) < 3 or path[-1].casefold() != COUNT or _has(self.table, path[0]):
            return None
        child = self.rows.child(self.table, ".".join(path[:-2]))
        if child is None:
            return None
        return _found_count(self.rows.count(child, _column(child, path[-2]), self.row, is_drawn=False), [])

    def _group(self, table: TableSchema, name: str, end: str, row: pl.Expr) -> Group | None:
        """Return the group that a column leads to: it has groups, or a fan-out and a parent without such a column."""
        if not _has(table, name):
            return None
        column = table.column(name)
        key = column.foreign_key
        if column.groups is None:
            is_fanned = key is not None and (key.spread is not None or is_event_key(table.events_of, name))
            if not is_fanned or end.casefold() not in OF_GROUPS:
                return None
            parent = self.rows.parent(table, column, row)
            if parent is None or _has(parent.table, end):
                return None
        return self.rows.group(table, column, row)

    def _step(self, table: TableSchema, row: pl.Expr, name: str) -> Parent:
        if name.casefold() == table.name.casefold() and not _has(table, name):
            raise UnknownName(f'"{name}" is the table itself', "Write the column's name alone.")
        column = _column(table, name)
        parent = self.rows.parent(table, column, row)
        if parent is None:
            keys = _foreign_keys(table)
            hint = f"Foreign keys of {table.key}: {', '.join(keys)}." if keys else f"{table.key} has no foreign keys."
            raise UnknownName(f'"{column.name}" of {table.key} is not a foreign key', hint)
        return parent


def _is_count(parent: TableSchema, name: str) -> bool:
    return name.casefold() == COUNT and not _has(parent, name)


def _found_count(count: pl.Expr, missing: Sequence[pl.Expr]) -> Found:
    column = ColumnSchema(name=COUNT, data_type="BIGINT", required=not missing)
    expr = count.cast(pl.Int64)
    if missing:
        expr = pl.when(~pl.any_horizontal(missing)).then(expr)
    return Found(expr, column, bool(missing), (0, MAX_ROWS))


def _found_flag(flag: pl.Expr, missing: Sequence[pl.Expr]) -> Found:
    column = ColumnSchema(name=IS_LAST, data_type="BOOLEAN", required=not missing)
    expr = pl.when(~pl.any_horizontal(missing)).then(flag) if missing else flag
    return Found(expr, column, bool(missing), (0, 0))


def _bounds(column: ColumnSchema, *, is_key: bool) -> tuple[int, int]:
    """Return the type's bounds, or the column's own when its numbers are drawn between them."""
    kind = column.type
    if kind.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return 0, 0
    has_own = column.min_value is not None and column.max_value is not None and not is_key
    if has_own and not sources_of(column):
        return unscaled_bounds(column)
    return kind.integer_bounds


def _foreign_keys(table: TableSchema) -> list[str]:
    composite = [name for key in table.foreign_keys for name in key.columns]
    return [*(column.name for column in table.columns if column.foreign_key is not None), *composite]


def _has(table: TableSchema, name: str) -> bool:
    return any(column.name.casefold() == name.casefold() for column in table.columns)


def _column(table: TableSchema, name: str) -> ColumnSchema:
    if not _has(table, name):
        names = [column.name for column in table.columns]
        hint = did_you_mean(name, names) or f"The columns are: {', '.join(names[:20])}."
        raise UnknownName(f'There is no column "{name}" in {table.key}', hint)
    return table.column(name)
