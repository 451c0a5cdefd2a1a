"""Files of given rows beside a schema file: CSV or Parquet, with the names of columns as their header.

The rows become part of the schema when it is read, so that an experiment does not depend on the file.
"""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl

from engine.errors import Problem, did_you_mean
from engine.schema.given_rows import convert_cell
from engine.schema.limits import MAX_GIVEN_BYTES, MAX_GIVEN_ROWS
from engine.schema.models import Cell
from engine.schema.types import WarehouseType, parse_type

_READABLE = (".csv", ".parquet")


def add_file_rows(data: dict[str, Any], folder: Path) -> list[Problem]:
    """Replace each table's `rows_file` in a schema's document by its `rows`; return what cannot be read."""
    problems: list[Problem] = []
    tables = data.get("tables")
    for table in tables if isinstance(tables, list) else []:
        if not isinstance(table, dict) or not isinstance(table.get("rows_file"), str):
            continue
        where = f"{table.get('name', 'table')}.rows_file"
        if table.get("rows"):
            problems.append(Problem(where, "rows and rows_file are both given.", "Keep one of them."))
            continue
        try:
            table["rows"] = _read_rows(_find_file(table["rows_file"], folder), table)
            del table["rows_file"]
        except _UnreadableError as error:
            problems.append(Problem(where, str(error), error.hint))
    return problems


class _UnreadableError(Exception):
    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _find_file(name: str, folder: Path) -> Path:
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise _UnreadableError(f'"{name}" is not beside the schema file.', "Put it into the folder of the schema file.")
    if path.suffix.lower() not in _READABLE:
        raise _UnreadableError(f'"{name}" is neither CSV nor Parquet.', "Name it .csv or .parquet.")
    if not path.is_file():
        raise _UnreadableError(f'There is no file "{name}" beside the schema file.', "Check its name.")
    if path.stat().st_size > MAX_GIVEN_BYTES:
        raise _UnreadableError(f'"{name}" is larger than {MAX_GIVEN_BYTES // 1024**2} MiB.', "Give fewer rows.")
    return path


def _read_rows(path: Path, table: dict[str, Any]) -> list[dict[str, Cell]]:
    try:
        if path.suffix.lower() == ".csv":
            frame = pl.read_csv(path, infer_schema=False, n_rows=MAX_GIVEN_ROWS + 1)
        else:
            frame = pl.read_parquet(path, n_rows=MAX_GIVEN_ROWS + 1)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as error:
        raise _UnreadableError(
            f'"{path.name}" cannot be read: {str(error).splitlines()[0]}.', "Write it again."
        ) from error
    if frame.height > MAX_GIVEN_ROWS:
        raise _UnreadableError(f'"{path.name}" has more than {MAX_GIVEN_ROWS:,} rows.', "Give fewer rows.")
    types = _list_types(table)
    for name in frame.columns:
        if name.strip().casefold() not in types:
            known = [found for found, _ in types.values()]
            hint = did_you_mean(name, known) or f"The columns are: {', '.join(known[:20])}."
            raise _UnreadableError(f'"{path.name}" has a column "{name}", which the table has not.', hint)
    named = {name: types[name.strip().casefold()] for name in frame.columns}
    return [
        {named[name][0]: _to_cell(value, named[name][1]) for name, value in row.items()} for row in frame.to_dicts()
    ]


def _list_types(table: dict[str, Any]) -> dict[str, tuple[str, WarehouseType | None]]:
    """Return the name and type of each column by its folded name; None for a type that is a problem of its own."""
    found: dict[str, tuple[str, WarehouseType | None]] = {}
    columns = table.get("columns")
    for column in columns if isinstance(columns, list) else []:
        if isinstance(column, dict) and isinstance(column.get("name"), str):
            try:
                kind = parse_type(str(column.get("data_type")))
            except ValueError:
                kind = None
            found[column["name"].casefold()] = (column["name"], kind)
    return found


def _to_cell(value: Any, kind: WarehouseType | None) -> Cell:
    if isinstance(value, datetime):
        value = value.isoformat(sep=" ")
    elif isinstance(value, date | time):
        value = value.isoformat()
    elif isinstance(value, bytes):
        value = value.decode("utf-8", "strict") if _is_text(value) else base64.b64encode(value).decode()
    elif isinstance(value, Decimal | UUID):
        value = str(value)
    elif not isinstance(value, bool | int | float | str | None):
        raise _UnreadableError(f"A cell is of type {type(value).__name__}.", "Write it as a text.")
    return value if kind is None else convert_cell(value, kind)


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
