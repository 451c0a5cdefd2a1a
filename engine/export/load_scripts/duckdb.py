"""The load script of DuckDB. Text is read as text and cast, so that nothing is guessed."""

from __future__ import annotations

from engine.export.load_scripts.tables import LoadContext, LoadScript, LoadTable
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind
from engine.sql.ddl_export import type_sql
from engine.sql.quoting import literal, quote

_HEAD = """-- Run ddl.sql first, then this script, in the folder of the export: duckdb shop.duckdb < load.sql
-- From elsewhere, set its path here.
set variable place = '.';"""


def duckdb_script(context: LoadContext) -> LoadScript:
    """Return the script: an INSERT from the files of each table, in one transaction."""
    head = _HEAD.replace("shop", context.experiment)
    statements = [_insert(table) for table in context.tables]
    return LoadScript("\n\n".join([head, "begin;", *statements, "commit;"]) + "\n")


def _insert(table: LoadTable) -> str:
    pattern = f"getvariable('place') || {literal(f'/{table.files.folder}/part-*{table.form.extension}')}"
    is_text = table.form.name != "parquet"
    values = ",\n    ".join(_value(column, is_text) for column in table.columns)
    return f"insert into {table.name} ({table.column_names})\nselect\n    {values}\nfrom {_source(table, pattern)};"


def _value(column: ColumnSchema, is_text: bool) -> str:
    name = quote(column.name)
    if column.type.kind is Kind.BINARY:
        return f"unhex({name})" if is_text else name
    return f"cast({name} as {type_sql(column, 'duckdb')})"


def _source(table: LoadTable, pattern: str) -> str:
    if table.form.name == "parquet":
        return f"read_parquet({pattern})"
    types = ", ".join(f"{literal(column.name)}: 'VARCHAR'" for column in table.columns)
    if table.form.name == "jsonl":
        return f"read_json({pattern}, format = 'newline_delimited', columns = {{{types}}})"
    options = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"'"
    nulls = f"nullstr = {literal(table.form.null)}, allow_quoted_nulls = false"
    return f"read_csv({pattern}, {options}, {nulls}, max_line_size = 67108864, columns = {{{types}}})"
