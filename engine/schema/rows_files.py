"""Files beside a schema file: given rows, and rows of values. CSV or Parquet, with the names of columns as header.

The rows become part of the schema when it is read, so that an experiment does not depend on the file.
"""

from __future__ import annotations

import base64
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.errors import Problem, did_you_mean
from engine.schema.fields import Cell
from engine.schema.given_rows import convert_cell
from engine.schema.limits import MAX_GIVEN_BYTES, MAX_GIVEN_ROWS
from engine.schema.types import WarehouseType, parse_type

if TYPE_CHECKING:
    import polars as pl

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


def add_file_values(data: dict[str, Any], folder: Path) -> list[Problem]:
    """Replace the `table` of each column's values_by in a schema's document by its `rows`; return what fails."""
    problems: list[Problem] = []
    tables = data.get("tables")
    for table in tables if isinstance(tables, list) else []:
        columns = table.get("columns") if isinstance(table, dict) else None
        for column in columns if isinstance(columns, list) else []:
            by = column.get("values_by") if isinstance(column, dict) else None
            if not (isinstance(by, dict) and isinstance(by.get("table"), str) and isinstance(by.get("columns"), list)):
                continue
            where = f"{table.get('name', 'table')}.{column.get('name', 'column')}.values_by"
            given = [key for key in ("rows", "weights") if by.get(key)]
            if given:
                problems.append(Problem(where, f"{given[0]} and table are both given.", "Keep one of them."))
                continue
            try:
                column["values_by"] = _read_values(_find_file(by["table"], folder), table, by)
            except _UnreadableError as error:
                problems.append(Problem(where, str(error), error.hint))
    return problems


def _read_values(path: Path, table: dict[str, Any], by: dict[str, Any]) -> dict[str, Any]:
    """Return a values_by with the rows and weights of a file, whose further columns are left out."""
    frame, types = _read_frame(path), _list_types(table)
    by_name = {name.strip().casefold(): name for name in frame.columns}
    weight = by.get("weight_column")
    for name in (*by["columns"], *([weight] if isinstance(weight, str) else [])):
        if str(name).casefold() not in by_name:
            hint = did_you_mean(str(name), frame.columns) or f"Its columns are: {', '.join(frame.columns[:20])}."
            raise _UnreadableError(f'"{path.name}" has no column "{name}".', hint)
    named = [(by_name[str(name).casefold()], types.get(str(name).casefold(), ("", None))[1]) for name in by["columns"]]
    rows = [[_to_cell(value, kind) for value, (_, kind) in zip(row, named, strict=True)]
            for row in frame.select([name for name, _ in named]).rows()]  # fmt: skip
    made: dict[str, Any] = {"columns": by["columns"], "rows": rows}
    if isinstance(weight, str):
        import polars as pl

        weights = frame[by_name[weight.casefold()]].cast(pl.Float64, strict=False)
        if weights.null_count():
            hint = "Write numbers of 0 or more."
            raise _UnreadableError(f'The column "{weight}" of "{path.name}" holds what is no number.', hint)
        made["weights"] = weights.to_list()
    return made | {key: value for key, value in by.items() if key not in (*made, "table", "weight_column")}


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


def _read_frame(path: Path) -> pl.DataFrame:
    import polars as pl

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
    return frame


def _read_rows(path: Path, table: dict[str, Any]) -> list[dict[str, Cell]]:
    frame, types = _read_frame(path), _list_types(table)
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
