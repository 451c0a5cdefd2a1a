"""Checks of given rows: a loaded table begins with them, and its rules hold for what follows.

A loaded table keeps the order of its rows, so that its row ids count them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from engine.display.wording import counted
from engine.schema.given_rows import given_column
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check
from engine.warehouse.loading.layout import stored_name

_OF_EVERY_ROW = frozenset({"type", "not_null", "length"})
_MAX_FAILING = 100


def given_count(table: TableSchema, rows: int) -> int:
    """Return how many rows of the loaded table are given."""
    return min(len(table.rows), rows)


def given_query(table: TableSchema, given: int) -> str:
    """Return the query for the loaded rows that are given, with their row ids."""
    names = ", ".join(_render_column(column) for column in table.columns)
    return f"select t.rowid, {names} from {stored_name(table)} as t where t.rowid < {given} order by t.rowid"


def given_check(table: TableSchema, found: Sequence[Sequence[Any]], given: int) -> Check:
    """Return the check that the rows found are those of the schema."""
    expected = [(column, *_list_cells(table, column)) for column in table.columns]
    failing: list[int] = []
    first = ""
    for number, row in enumerate(found):
        for (column, is_given, values), value in zip(expected, row[1:], strict=True):
            if is_given and is_given[number] and not _is_same(value, values[number]):
                failing.append(number)
                first = first or f"row {number + 1}: {column.name} is {value}"
                break
    shown = first or counted(len(found), "row")
    condition = f"t.rowid in ({', '.join(map(str, failing[:_MAX_FAILING]))})" if failing else ""
    return Check(
        "given_rows", table, "", f"{counted(given, 'row')} as given", "", lambda _: not failing and len(found) == given,
        lambda _: shown, condition, is_query=True,
    )  # fmt: skip


def beyond_given(checks: Iterable[Check], table: TableSchema, column: ColumnSchema, given: int) -> Iterator[Check]:
    """Yield the checks of a column, its rule's for the rows beyond the given ones: given cells need not follow it."""
    if not given or given_column(table, column) is None:
        yield from checks
        return
    key = column.foreign_key
    is_tree = key is not None and key.references_table.casefold() in (table.key.casefold(), table.name.casefold())
    for check in checks:
        if check.name in _OF_EVERY_ROW:
            yield check
        elif not (is_tree and check.name == "null_share"):  # the root may be a given row
            yield of_rows(check, f"s.rowid >= {given}")


def of_rows(check: Check, condition: str) -> Check:
    """Return a check of the rows of its table that meet a condition over a row `s` and its `rowid`."""
    name = stored_name(check.table)
    inside = f"t.rowid in (select s.rowid from {name} as s where {condition})"
    failing = f"({check.failing}) and {inside}" if check.failing else ""
    if check.is_query:
        return replace(check, sql=check.sql.replace(name, rows_sql(check.table, condition)), failing=failing)
    rows = f"({check.rows}) and ({condition})" if check.rows else condition
    return replace(check, rows=rows, failing=failing)


def rows_sql(table: TableSchema, condition: str) -> str:
    """Return the rows of a table that meet a condition over a row `s` and its `rowid`, to select from; all for none."""
    name = stored_name(table)
    return f"(select *, s.rowid from {name} as s where {condition})" if condition else name


def _render_column(column: ColumnSchema) -> str:
    name = f"t.{quote(column.name)}"
    return f"epoch_us({name})" if column.type.kind is Kind.TIMESTAMPTZ else name


def _list_cells(table: TableSchema, column: ColumnSchema) -> tuple[list[bool], list[Any]]:
    """Return which rows give the column, and its values; instants as microseconds since 1970."""
    cells = given_column(table, column)
    if cells is None:
        return [], []
    is_instant = column.type.kind is Kind.TIMESTAMPTZ
    values = cells.values.dt.epoch("us") if is_instant else cells.values
    return cells.is_given.to_list(), values.to_list()


def _is_same(found: Any, expected: Any) -> bool:
    return bool(found == expected) or (found is not None and expected is not None and str(found) == str(expected))
