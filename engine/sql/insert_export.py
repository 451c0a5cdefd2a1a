"""Export of given rows as INSERT statements, which an import reads back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from engine.display.wording import counted
from engine.schema.fields import Cell, Row
from engine.schema.models import SURROGATE_KEY, ColumnSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import literal, quote, quote_if_needed

_ROWS_PER_STATEMENT = 1000
_JSON_READERS = {"redshift": "json_parse", "snowflake": "parse_json"}


def render_inserts(table: TableSchema, dialect: str) -> Iterator[str]:
    """Yield the INSERT statements of a table's given rows, in order, at most 1,000 rows each."""
    for names, rows in groupby(table.rows, key=lambda row: _list_given(table, row)):
        columns = [column for column in table.columns if column.name in names]
        columns = [column for column in columns if not column.name.startswith(SURROGATE_KEY)]
        listed = list(rows)
        missing = [column.name for column in table.columns if column.name not in names and not column.is_nullable]
        missing = [name for name in missing if not name.startswith(SURROGATE_KEY)]
        if missing:
            yield f"-- {counted(len(listed), 'given row')} of {table.key} without {missing[0]} left out."
            continue
        for start in range(0, len(listed) if columns else 0, _ROWS_PER_STATEMENT):
            yield _render_statement(table, columns, listed[start : start + _ROWS_PER_STATEMENT], dialect)


def _list_given(table: TableSchema, row: Row) -> tuple[str, ...]:
    """Return the names of the columns that a row gives, in column order."""
    if isinstance(row, list):
        return tuple(column.name for column in table.columns)
    folded = {name.casefold() for name in row}
    return tuple(column.name for column in table.columns if column.name.casefold() in folded)


def _render_statement(table: TableSchema, columns: Sequence[ColumnSchema], rows: Sequence[Row], dialect: str) -> str:
    target = quote(table.name) if table.quoted else quote_if_needed(table.name)
    target = f"{quote_if_needed(table.schema_name)}.{target}" if table.schema_name else target
    names = ", ".join(quote(column.name) if column.quoted else quote_if_needed(column.name) for column in columns)
    reads_json = dialect in _JSON_READERS and any(column.type.kind is Kind.JSON for column in columns)
    is_selected = reads_json and dialect == "snowflake"  # its VALUES takes no functions
    places = [place for place, column in enumerate(table.columns) if column in columns]
    lines = []
    for row in rows:
        cells = [row[place] for place in places] if isinstance(row, list) else _order_cells(row, columns)
        rendered = [
            _render_cell(cell, column, "" if is_selected else dialect)
            for cell, column in zip(cells, columns, strict=True)
        ]
        lines.append(f"    ({', '.join(rendered)})")
    body = ",\n".join(lines)
    if not is_selected:
        return f"insert into {target} ({names}) values\n{body};"
    selected = ", ".join(
        f"parse_json(column{number})" if column.type.kind is Kind.JSON else f"column{number}"
        for number, column in enumerate(columns, start=1)
    )
    return f"insert into {target} ({names})\nselect {selected} from values\n{body};"


def _order_cells(row: dict[str, Cell], columns: Sequence[ColumnSchema]) -> list[Cell]:
    by_name = {name.casefold(): cell for name, cell in row.items()}
    return [by_name[column.name.casefold()] for column in columns]


def _render_cell(cell: Cell, column: ColumnSchema, dialect: str) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float) or (isinstance(cell, str) and column.type.kind is Kind.DECIMAL):
        return str(cell)
    text = literal(cell if dialect in ("duckdb",) else cell.replace("\\", "\\\\"))
    if column.type.kind is Kind.JSON and dialect == "redshift":
        return f"json_parse({text})"
    return text
