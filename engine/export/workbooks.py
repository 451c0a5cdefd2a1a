"""Excel workbooks: one sheet for each table, written row by row.

Excel holds 1,048,576 rows a sheet, 15 digits of a number and 32,767 characters of a text. Longer numbers are written as
text; tables and texts that do not fit are refused. Empty text and NULL are both empty cells; times have milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from engine.errors import WorkbenchError
from engine.export.extras import import_extra
from engine.export.layout import exported_columns, unique_names
from engine.generation.batches import MAX_BATCH
from engine.schema.models import TableSchema
from engine.schema.types import Kind

MAX_ROWS = 1_048_575
"""The rows of a sheet below its header."""
_MAX_TEXT = 32_767
_MAX_SHEET_NAME = 31
_MAX_EXACT = 10**15
_FIRST_YEAR = 1900
_FORMATS = {Kind.DATE: "yyyy-mm-dd", Kind.TIMESTAMP: "yyyy-mm-dd hh:mm:ss.000", Kind.TIME: "hh:mm:ss.000"}


def write_workbook(path: Path, tables: Sequence[tuple[TableSchema, Sequence[Path]]]) -> None:
    """Write the tables, each with its Parquet files in row order, to one workbook."""
    xlsxwriter = import_extra("xlsxwriter", "xlsx")
    names = unique_names([table for table, _ in tables], _MAX_SHEET_NAME)
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        for table, files in tables:
            columns = exported_columns(table)
            styles = [_style(book, column.type.kind) for column in columns]
            sheet = book.add_worksheet(names[table.key])
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column.name)
            for number, row in enumerate(_rows(files), start=1):
                for place, value in enumerate(row):
                    if value is not None:
                        where = f"{table.key}.{columns[place].name}"
                        _write(sheet, number, place, value, styles[place], where)


def _style(book: Any, kind: Kind) -> Any:
    text = _FORMATS.get(Kind.TIMESTAMP if kind is Kind.TIMESTAMPTZ else kind)
    return book.add_format({"num_format": text}) if text else None


def _rows(files: Sequence[Path]) -> Iterator[tuple[Any, ...]]:
    for file in files:
        for frame in pl.scan_parquet(file).collect_batches(chunk_size=MAX_BATCH, maintain_order=True):
            yield from frame.iter_rows()


def _write(sheet: Any, row: int, place: int, value: Any, style: Any, where: str) -> None:
    match value:
        case bool():
            sheet.write_boolean(row, place, value)
        case int() if abs(value) < _MAX_EXACT:
            sheet.write_number(row, place, value)
        case Decimal() if len(value.as_tuple().digits) <= 15:
            sheet.write_number(row, place, value)
        case float() if value - value == 0:
            sheet.write_number(row, place, value)
        case datetime() if value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, place, value.replace(tzinfo=None), style)
        case date() if not isinstance(value, datetime) and value.year >= _FIRST_YEAR:
            sheet.write_datetime(row, place, value, style)
        case time():
            sheet.write_datetime(row, place, value, style)
        case _:
            text = value.hex() if isinstance(value, bytes) else str(value)
            if len(text) > _MAX_TEXT:
                raise WorkbenchError(
                    f"A text has {len(text):,} characters, a cell of Excel at most {_MAX_TEXT:,}.",
                    where=where,
                    hint="Export it as parquet or csv.",
                )
            sheet.write_string(row, place, text)
