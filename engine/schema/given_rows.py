"""The given rows of a table, by column: which cells are given, and their values in the column's type.

A row in column order gives every cell; a row as an object leaves the columns that it does not name to their rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.schema.fields import Cell, Row
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import parse_value

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, eq=False)
class GivenColumn:
    """The cells of one column: `values` in its type, NULL where NULL is given or nothing; `is_given` tells which."""

    values: pl.Series
    is_given: pl.Series

    @property
    def is_whole(self) -> bool:
        """Whether every given row has a cell of the column."""
        return bool(self.is_given.all())

    @property
    def rows(self) -> list[int]:
        """The numbers of the rows that have a cell of the column."""
        return self.is_given.arg_true().to_list()

    @property
    def nulls(self) -> pl.Series:
        """Whether NULL is given, for each row."""
        return self.is_given & self.values.is_null()


def given_column(table: TableSchema, column: ColumnSchema) -> GivenColumn | None:
    """Return the given cells of a column; None when no row gives one.

    Raises `ValueError` for a cell that does not fit the type; `given_checks` reports it first.
    """
    if not table.rows:
        return None
    known = table.given_columns
    if column.name not in known:
        known[column.name] = _read_column(table, column)
    found: GivenColumn | None = known[column.name]
    return found


def given_cells(table: TableSchema, column: ColumnSchema) -> Iterator[tuple[int, Cell]]:
    """Yield the row number (from 0) and the cell of each row that gives the column."""
    position = next(place for place, each in enumerate(table.columns) if each.name == column.name)
    folded = column.name.casefold()
    for number, row in enumerate(table.rows):
        if isinstance(row, list):
            if position < len(row):
                yield number, row[position]
        else:
            for name, cell in row.items():
                if name == column.name or name.casefold() == folded:
                    yield number, cell
                    break


def parse_cell(cell: Cell, kind: WarehouseType) -> Any:
    """Return a cell as a Python object of the type; raises `ValueError` with the reason if it does not fit."""
    if cell is None:
        return None
    if type(cell) is int and kind.kind is Kind.INTEGER:
        low, high = kind.integer_bounds
        if low <= cell <= high:
            return cell
    return parse_value(cell, kind)


def convert_cell(cell: Cell, kind: WarehouseType) -> Cell:
    """Return a cell of a file or script as the type has it: the text 12 as a number, t as true, 1 as a text."""
    if cell is None:
        return None
    match kind.kind:
        case Kind.BOOLEAN:
            return _BOOLEANS.get(str(cell).strip().casefold(), cell)
        case Kind.FLOAT if isinstance(cell, str):
            return _to_float(cell)
        case Kind.INTEGER | Kind.DECIMAL if isinstance(cell, str):
            return cell.strip()
        case Kind.INTEGER if isinstance(cell, float) and cell.is_integer():
            return int(cell)
        case Kind.TEXT if kind.is_fixed_length and isinstance(cell, str):
            return cell.rstrip(" ") if kind.length is not None and len(cell) > kind.length else cell
        case Kind.TEXT | Kind.JSON if not isinstance(cell, str):
            return str(cell).lower() if isinstance(cell, bool) else str(cell)
        case Kind.DATE if isinstance(cell, str):
            return cell.strip()[:10] if cell.strip()[10:].strip(" T0:.Z") == "" else cell.strip()
        case Kind.TIMESTAMP | Kind.TIMESTAMPTZ | Kind.TIME if isinstance(cell, str):
            return cell.strip()
    return cell


_BOOLEANS: dict[str, Cell] = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}


def _to_float(text: str) -> Cell:
    try:
        return float(text)
    except ValueError:
        return text


def _read_column(table: TableSchema, column: ColumnSchema) -> GivenColumn | None:
    import polars as pl

    cells = list(given_cells(table, column))
    if not cells:
        return None
    values: list[Any] = [None] * len(table.rows)
    is_given = [False] * len(table.rows)
    for number, cell in cells:
        values[number] = parse_cell(cell, column.type)
        is_given[number] = True
    return GivenColumn(pl.Series(values, dtype=column.type.polars, strict=False), pl.Series(is_given, dtype=pl.Boolean))


def given_tuples(table: TableSchema, columns: Sequence[ColumnSchema]) -> dict[int, tuple[Any, ...]]:
    """Return the values of several columns by row number, for the rows that give all of them and none as NULL."""
    found = [given_column(table, column) for column in columns]
    if any(each is None for each in found):
        return {}
    lists = [each.values.to_list() for each in found if each is not None]
    return {
        number: values for number, values in enumerate(zip(*lists, strict=True)) if all(v is not None for v in values)
    }


def row_names(row: Row) -> Sequence[str]:
    """Return the column names of a row that is an object."""
    return list(row) if isinstance(row, dict) else ()
