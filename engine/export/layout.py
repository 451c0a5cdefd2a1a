"""The layout of an export: the names of its objects, and which columns of a table it has.

sales/orders/part-0000000.parquet     the rows of a table, in order; the names sort up to 10,000,000 files
ddl.sql, load.sql                     to create and fill the tables in the target
manifest.json                         seed, row counts, schema, every file with its checksum, versions
_SUCCESS                              empty, the last of all: the export is complete
_dw_sim/                              what a resumed export needs
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable

from engine.schema.hidden import stored_schema
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.ddl_export import find_surrogate

DDL = "ddl.sql"
LOAD = "load.sql"
MANIFEST = "manifest.json"
SUCCESS = "_SUCCESS"
CLAIM = "_dw_sim/export.json"
NO_SCHEMA = "main"
"""The folder of tables without a schema."""
_PLAIN = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_$-]{0,99}")


def table_folder(table: TableSchema) -> str:
    """Return the folder of a table: its schema and its name."""
    return f"{_safe(table.schema_name or NO_SCHEMA)}/{_safe(table.name)}"


def part_name(number: int, extension: str) -> str:
    """Return the name of a file; names sort like their numbers up to 9,999,999."""
    return f"part-{number:07d}{extension}"


def record_name(part: str) -> str:
    """Return the name of the record of a part."""
    return f"_dw_sim/parts/{part}.json"


def exported_columns(table: TableSchema) -> list[ColumnSchema]:
    """Return the columns that are exported: those of the DDL, without hidden ones and an added surrogate key."""
    surrogate = find_surrogate(table)
    return [column for column in table.columns if not column.hidden and column is not surrogate]


def exported_schema(schema: ExperimentSchema, keys: Collection[str], target: str) -> ExperimentSchema:
    """Return the schema whose DDL the exported tables need: without given rows, which the files have.

    References to tables that are not exported are left out, and in DuckDB those of a table to itself, as it checks each
    row at once, and those to another schema, which it does not have.
    """
    schema = stored_schema(schema)
    tables = [table for table in schema.tables if table.key in keys]

    def is_kept(table: TableSchema, referenced: str) -> bool:
        parent = schema.table(referenced, within=table.schema_name)
        is_refused = parent.key == table.key or parent.schema_name != table.schema_name
        return parent.key in keys and not (target == "duckdb" and is_refused)

    def without(table: TableSchema) -> TableSchema:
        columns = [
            column
            if column.foreign_key is None or is_kept(table, column.foreign_key.references_table)
            else column.model_copy(update={"foreign_key": None})
            for column in table.columns
        ]
        foreign = [key for key in table.foreign_keys if is_kept(table, key.references_table)]
        return table.model_copy(update={"columns": columns, "foreign_keys": foreign, "rows": []})

    return schema.model_copy(update={"tables": [without(table) for table in tables]})


def unique_names(tables: Iterable[TableSchema], longest: int) -> dict[str, str]:
    """Return a name for each table by its key: its own, or that with its schema where two would be the same."""
    found: dict[str, str] = {}
    for table in tables:
        name = _safe(table.name)[:longest]
        if name.casefold() in map(str.casefold, found.values()):
            name = f"{_safe(table.schema_name or NO_SCHEMA)}__{name}"
        while name.casefold() in map(str.casefold, found.values()) or len(name) > longest:
            name = f"{name[: longest - 9]}_{hashlib.sha256((table.key + name).encode()).hexdigest()[:8]}"
        found[table.key] = name
    return found


def _safe(name: str) -> str:
    if _PLAIN.fullmatch(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9_]+", "_", name)[:60]
    return f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:16]}"
