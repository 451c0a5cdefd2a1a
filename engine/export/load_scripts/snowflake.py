"""The load script of Snowflake, after its pages "COPY INTO <table>", "CREATE FILE FORMAT" and "Transforming data during
a load", with the change of 2024_02 "Disallow using MATCH_BY_COLUMN_NAME with a SELECT statement".

Parquet is loaded by the names of its columns. A column of JSON would become a text in a VARIANT: a table with one is
loaded by a query that parses it, which MATCH_BY_COLUMN_NAME does not allow. In CSV, NULL_IF = () and
ESCAPE_UNENCLOSED_FIELD = NONE keep texts such as \\N, and EMPTY_FIELD_AS_NULL = TRUE makes only unquoted fields NULL.
"""

from __future__ import annotations

from engine.export.load_scripts.tables import LoadContext, LoadScript, LoadTable
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind
from engine.sql.ddl_export import type_sql
from engine.sql.quoting import literal, quote

_PARQUET = "type = parquet use_logical_type = true binary_as_text = false"
_CSV = (
    "type = csv compression = {compression} skip_header = 1 field_optionally_enclosed_by = '\"' null_if = () "
    "empty_field_as_null = true escape = none escape_unenclosed_field = none binary_format = hex"
)
_INTEGRATION = "YOUR_INTEGRATION"
_FOLDER = "/YOUR-FOLDER"


def snowflake_script(context: LoadContext) -> LoadScript:
    """Return the script: the stage, PUT for a local export, and a COPY INTO for each table."""
    stage = context.names.stage or f"dw_sim_{context.experiment}"
    if not stage.replace(".", "").replace("$", "").isidentifier():
        stage = "dw_sim_export"
    statements = ["-- Run ddl.sql first, then this script."]
    if context.names.location:
        integration = context.names.integration or _INTEGRATION
        note = "" if context.names.integration else f"-- Replace {_INTEGRATION} by a storage integration.\n"
        location = context.names.location.rstrip("/")
        for scheme, name in (("gs://", "gcs://"), ("az://", "azure://")):
            location = name + location.removeprefix(scheme) if location.startswith(scheme) else location
        statements.append(
            f"{note}create stage if not exists {stage}\n"
            f"url = {literal(f'{location}/')}\nstorage_integration = {integration};"
        )
    else:
        note = "" if context.place else f"-- Replace {_FOLDER} by the folder of the unpacked files.\n"
        statements.append(f"{note}create stage if not exists {stage};")
        statements += [_put(table, context.place, stage) for table in context.tables]
    statements += [_copy(table, stage) for table in context.tables]
    return LoadScript("\n\n".join(statements) + "\n")


def _put(table: LoadTable, place: str, stage: str) -> str:
    files = literal(f"file://{place or _FOLDER}/{table.files.folder}/part-*{table.form.extension}")
    return f"put {files} @{stage}/{table.files.folder}/ auto_compress = false;"


def _copy(table: LoadTable, stage: str) -> str:
    source = f"@{stage}/{table.files.folder}/"
    has_json = any(column.type.kind is Kind.JSON for column in table.columns)
    if table.form.name == "parquet" and not has_json:
        return (
            f"-- By name: {table.column_names}\ncopy into {table.name}\nfrom {source}\n"
            f"file_format = ({_PARQUET})\nmatch_by_column_name = case_insensitive\non_error = abort_statement;"
        )
    if table.form.name == "parquet":
        options = _PARQUET
    elif table.form.name == "jsonl":
        options = "type = json"
    else:
        options = _CSV.format(compression="gzip" if table.form.name == "csv.gz" else "none")
    values = ",\n    ".join(_value(column, place, table) for place, column in enumerate(table.columns, start=1))
    return (
        f"copy into {table.name} ({table.column_names})\nfrom (select\n    {values}\nfrom {source})\n"
        f"file_format = ({options})\non_error = abort_statement;"
    )


def _value(column: ColumnSchema, place: int, table: LoadTable) -> str:
    is_csv = table.form.name.startswith("csv")
    value = f"${place}" if is_csv else f"$1:{quote(column.name)}"
    if column.type.kind is Kind.JSON:
        parsed = f"parse_json({value if is_csv else f'{value}::varchar'})"
        return f"{parsed}::{column.type.name}" if column.type.name in ("OBJECT", "ARRAY") else parsed
    if column.type.kind is Kind.BINARY and table.form.name != "parquet":
        return f"to_binary({value if is_csv else f'{value}::varchar'}, 'HEX')"
    return value if is_csv else f"{value}::{type_sql(column, 'snowflake')}"
