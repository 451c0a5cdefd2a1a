"""The columns that are being made: one that reads itself is a cycle, or starts at the root of its tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from engine.errors import RuleError
from engine.rules.sites import Sites
from engine.rules.trees import RecursionFound, Trees, two_keys_error
from engine.schema.models import TableSchema

MAX_KEY_CHAIN = 32
"""The most tables in a chain of references: each adds to the plan of every table after it."""
NULL_WHEN = " (null_when)"
"""What follows the name of a column while its NULLs are being made."""
_DECIDE = "Let one column decide, with a null_fraction, and the others follow it with null_when."
_Made = TypeVar("_Made")


class OpenColumns:
    """The columns (`table.column`) that are being made in one plan, outermost first.

    `outer` are the columns that other plans make from this one; none may be read here.
    """

    def __init__(self, sites: Sites, trees: Trees, outer: Sequence[str]) -> None:
        self._sites = sites
        self._trees = trees
        self._outer = tuple(outer)
        self._active: list[tuple[str, str]] = []
        self._active_tables: list[str] = []

    def names(self) -> list[str]:
        """Return the names of all columns that are being made, with those of the plans around this one."""
        return [*self._outer, *(name for name, _ in self._active)]

    def is_innermost(self, name: str, row: pl.Expr) -> bool:
        """Return whether a column is made last of all, at the row numbers `row`."""
        return bool(self._active) and self._active[-1] == (name, row.meta.output_name())

    def make_once(self, name: str, table: TableSchema, row: pl.Expr, make: Callable[[pl.Expr], _Made]) -> _Made:
        """Return what `make` makes at a row; one that reads itself at the parent's row starts at the root.

        Raises `RuleError` for a cycle, and for a chain of more than `MAX_KEY_CHAIN` tables.
        """
        self._check(name, table, row)
        try:
            return self._make(name, table, row, make)
        except RecursionFound as found:
            if found.name != name:
                raise
            key = found.key
        column = name.removesuffix(NULL_WHEN)
        above = self._trees.rows_above(table, key, row, self._sites.reach_of(table), column)
        try:
            for at in reversed(above):
                self._make(name, table, at, make)
            return self._make(name, table, row, make)
        except RecursionFound as other:
            raise two_keys_error(column, [key.name, other.key.name]) from other

    def _check(self, name: str, table: TableSchema, row: pl.Expr) -> None:
        if name in self._outer:
            cycle = " -> ".join(
                [*self._outer[self._outer.index(name) :], *(active for active, _ in self._active), name]
            )
            raise RuleError(f"These columns form a cycle: {cycle}.", where=self._outer[0], hint="Remove one reference.")
        if any(active == name for active, _ in self._active):
            self._trees.check_cycle(name, row, self._active)
            names = [active for active, _ in self._active]
            cycle = " -> ".join([*names[names.index(name) :], name])
            hint = _DECIDE if name.endswith(NULL_WHEN) else "Remove one reference."
            raise RuleError(f"These columns form a cycle: {cycle}.", where=name.removesuffix(NULL_WHEN), hint=hint)
        if len({*self._active_tables, table.key}) > MAX_KEY_CHAIN:
            raise RuleError(
                f"It follows a chain of references through more than {MAX_KEY_CHAIN} tables.",
                where=self._active[0][0],
                hint="Let a table in the middle of the chain have a key of its own, which is not a reference.",
            )

    def _make(self, name: str, table: TableSchema, row: pl.Expr, make: Callable[[pl.Expr], _Made]) -> _Made:
        self._active.append((name, row.meta.output_name()))
        self._active_tables.append(table.key)
        try:
            return make(row)
        finally:
            self._active.pop()
            self._active_tables.pop()
