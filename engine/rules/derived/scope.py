"""The columns an expression can use: those of its own row, and those of its parents along foreign keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from engine.errors import did_you_mean
from engine.rules.values.numbers import unscaled_bounds
from engine.schema.column_rules import sources_of
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind


@dataclass(frozen=True)
class Parent:
    """The row of a parent: its table, its row numbers (UInt64), and where the foreign key is NULL (None: nowhere)."""

    table: TableSchema
    row: pl.Expr
    is_missing: pl.Expr | None


class Rows(Protocol):
    """What a scope needs from the compiler, at any row numbers of any table."""

    def final(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the column's final values, with NULLs."""

    def parent(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> Parent | None:
        """Return the parent row that a foreign key column references, or None for other columns."""

    def is_nullable(self, table: TableSchema, column: ColumnSchema) -> bool:
        """Return whether `final` can contain NULL."""


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
        for name in path[:-1]:
            parent = self._step(table, row, name)
            if parent.is_missing is not None:
                missing.append(parent.is_missing)
            table, row = parent.table, parent.row
        column = _column(table, path[-1])
        expr = self.rows.final(table, column, row)
        is_nullable = bool(missing) or self.rows.is_nullable(table, column)
        if missing:
            expr = pl.when(~pl.any_horizontal(missing)).then(expr)
        is_key = column.name.casefold() in {name.casefold() for name in _foreign_keys(table)}
        return Found(expr, column, is_nullable, _bounds(column, is_key=is_key))

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
