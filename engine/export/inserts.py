"""A table's rows as INSERT statements, at most 1,000 rows each, for up to 10,000 rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl

from engine.export.layout import exported_columns
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.ddl_export import render_identifier, render_table_name
from engine.sql.quoting import literal

MAX_ROWS = 10_000
_ROWS_PER_STATEMENT = 1000
_JSON = {"redshift": "json_parse({})", "snowflake": "parse_json({})", "duckdb": "{}"}
_BINARY = {"redshift": "to_varbyte({}, 'hex')", "snowflake": "to_binary({}, 'HEX')", "duckdb": "unhex({})"}


def render_rows(table: TableSchema, frame: pl.DataFrame, dialect: str) -> Iterator[str]:
    """Yield the INSERT statements of the rows; Snowflake's VALUES takes no functions, so it selects from them."""
    columns = exported_columns(table)
    names = ", ".join(render_identifier(column.name, column.quoted) for column in columns)
    head = f"insert into {render_table_name(table)} ({names})"
    is_selected = dialect == "snowflake" and any(column.type.kind in (Kind.JSON, Kind.BINARY) for column in columns)
    if is_selected:
        selected = ", ".join(_function(column, dialect).format(f"column{i}") for i, column in enumerate(columns, 1))
        head = f"{head}\nselect {selected} from"
    for start in range(0, frame.height, _ROWS_PER_STATEMENT):
        rows = frame.slice(start, _ROWS_PER_STATEMENT).iter_rows()
        lines = ",\n".join(f"    ({_render_row(row, columns, dialect, is_selected)})" for row in rows)
        yield f"{head} values\n{lines};\n"


def _render_row(row: Sequence[Any], columns: Sequence[ColumnSchema], dialect: str, is_selected: bool) -> str:
    cells = []
    for value, column in zip(row, columns, strict=True):
        form = "{}" if is_selected or value is None else _function(column, dialect)
        cells.append(form.format(_literal(value, dialect)))
    return ", ".join(cells)


def _function(column: ColumnSchema, dialect: str) -> str:
    forms = {Kind.JSON: _JSON[dialect], Kind.BINARY: _BINARY[dialect]}
    return forms.get(column.type.kind, "{}")


def _literal(value: Any, dialect: str) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float() if value - value != 0:
            return literal(str(value))
        case int() | Decimal():
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        case float():
            return repr(value)
        case bytes():
            return literal(value.hex())
        case datetime():
            return literal(value.isoformat(" "))
        case date() | time():
            return literal(value.isoformat())
        case _:
            text = str(value)
            return literal(text if dialect == "duckdb" else text.replace("\\", "\\\\"))
