"""DDL export: CREATE TABLE statements for Redshift, Snowflake and DuckDB, in executable order.

A type name is unchanged if the dialect knows it, so that importing the export returns the same schema; otherwise it
becomes the dialect's nearest type. A surrogate key added by the import is omitted, and the composite key it replaced
is the primary key again. Given rows become INSERT statements. Rules for generating data are not exported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import sqlglot
from sqlglot.errors import SqlglotError

from engine.errors import WorkbenchError, did_you_mean
from engine.schema.hidden import stored_schema
from engine.schema.models import SURROGATE_KEY, ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.insert_export import render_inserts
from engine.sql.quoting import literal, quote, quote_if_needed
from engine.sql.sqlglot_parser import silent_sqlglot

_NATIVE = {
    "redshift": "SMALLINT INT2 INT INTEGER INT4 BIGINT INT8 DECIMAL NUMERIC FLOAT DOUBLE FLOAT8 REAL FLOAT4 BOOLEAN "
    "BOOL VARCHAR NVARCHAR TEXT CHAR NCHAR BPCHAR CHARACTER DATE TIMESTAMP TIMESTAMPTZ TIME TIMETZ SUPER VARBYTE "
    "VARBINARY",
    "snowflake": "TINYINT SMALLINT INT INTEGER BIGINT BYTEINT DECIMAL NUMERIC NUMBER FLOAT DOUBLE FLOAT8 REAL FLOAT4 "
    "BOOLEAN VARCHAR NVARCHAR STRING TEXT CHAR NCHAR CHARACTER DATE TIMESTAMP TIMESTAMP_NTZ TIMESTAMP_LTZ "
    "TIMESTAMP_TZ DATETIME TIME VARIANT OBJECT ARRAY BINARY VARBINARY",
    "duckdb": "TINYINT SMALLINT INT2 INT INTEGER INT4 BIGINT INT8 DECIMAL NUMERIC FLOAT8 DOUBLE REAL FLOAT4 BOOLEAN "
    "BOOL VARCHAR TEXT STRING CHAR BPCHAR DATE TIMESTAMP DATETIME TIMESTAMPTZ TIME UUID JSON BLOB BYTEA BINARY "
    "VARBINARY",
}
_NEAREST = {
    "redshift": {
        Kind.FLOAT: "DOUBLE PRECISION",
        Kind.TIMESTAMP: "TIMESTAMP",
        Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
        Kind.TIME: "TIME",
        Kind.UUID: "CHAR(36)",
        Kind.JSON: "SUPER",
        Kind.BINARY: "VARBYTE",
        Kind.TEXT: "VARCHAR",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.DECIMAL: "NUMERIC",
    },
    "snowflake": {
        Kind.FLOAT: "FLOAT",
        Kind.TIMESTAMP: "TIMESTAMP_NTZ",
        Kind.TIMESTAMPTZ: "TIMESTAMP_TZ",
        Kind.TIME: "TIME",
        Kind.UUID: "CHAR(36)",
        Kind.JSON: "VARIANT",
        Kind.BINARY: "BINARY",
        Kind.TEXT: "VARCHAR",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.DECIMAL: "NUMBER",
    },
    "duckdb": {
        Kind.FLOAT: "DOUBLE",
        Kind.TIMESTAMP: "TIMESTAMP",
        Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
        Kind.TIME: "TIME",
        Kind.JSON: "JSON",
        Kind.BINARY: "BLOB",
        Kind.TEXT: "VARCHAR",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.DECIMAL: "DECIMAL",
    },
}
_INTEGERS = {8: "SMALLINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}
_MAX_VARCHAR = {"redshift": 65_535, "snowflake": 16_777_216}


def export_ddl(schema: ExperimentSchema, dialect: str) -> str:
    """Return the script that creates the schema's tables in the dialect: redshift, snowflake or duckdb.

    Tables come after those they reference; foreign keys of a cycle follow as ALTER TABLE statements, except in DuckDB,
    which cannot add them. Hidden columns are left out. Raises `WorkbenchError` for an unknown dialect.
    """
    chosen = dialect.lower()
    if chosen not in _NATIVE:
        hint = did_you_mean(dialect, _NATIVE) or f"The dialects are: {', '.join(_NATIVE)}."
        raise WorkbenchError(f'There is no dialect "{dialect}".', hint=hint)
    schema = stored_schema(schema)
    names = dict.fromkeys(table.schema_name for table in schema.tables if table.schema_name)
    parts = [f"create schema if not exists {quote_if_needed(name)};" for name in names]
    done: set[str] = set()
    deferred: list[str] = []
    for table in sort_tables(schema):
        done.add(table.key)
        parts.append(_create_table(schema, table, chosen, done, deferred))
        parts += _render_comments(table)
        parts += render_inserts(table, chosen)
    if chosen != "duckdb":
        parts += deferred
    return "\n\n".join(parts) + "\n"


def sort_tables(schema: ExperimentSchema) -> list[TableSchema]:
    """Return the tables with parents before children, except in a cycle; otherwise in schema order."""
    order: dict[str, TableSchema] = {}

    def visit(table: TableSchema, active: tuple[str, ...]) -> None:
        for name in _list_parents(table):
            parent = schema.table(name, within=table.schema_name)
            if parent.key not in order and parent.key not in active:
                visit(parent, (*active, parent.key))
        order.setdefault(table.key, table)

    for table in schema.tables:
        visit(table, (table.key,))
    return list(order.values())


def _list_parents(table: TableSchema) -> Iterator[str]:
    for column in table.columns:
        if column.foreign_key is not None:
            yield column.foreign_key.references_table
    for key in table.foreign_keys:
        yield key.references_table


def _create_table(
    schema: ExperimentSchema, table: TableSchema, dialect: str, done: set[str], deferred: list[str]
) -> str:
    surrogate = find_surrogate(table)
    columns = [column for column in table.columns if column is not surrogate]
    lines = [_render_column(table, column, dialect) for column in columns]
    lines += _render_keys(table, surrogate)
    lines += [f"check ({check})" for check in _translate_checks(table, schema.dialect or "duckdb", dialect)]
    for child, parent, targets in _list_references(schema, table):
        target = f"{render_table_name(parent)} ({_render_names(targets, parent)})"
        clause = f"foreign key ({_render_names(child, table)}) references {target}"
        if parent.key in done:
            lines.append(clause)
        else:
            deferred.append(f"alter table {render_table_name(table)} add {clause};")
    body = ",\n".join(f"    {line}" for line in lines)
    return f"create table {render_table_name(table)} (\n{body}\n);"


def find_surrogate(table: TableSchema) -> ColumnSchema | None:
    """Return the column an import added as the key of a composite primary key, or None."""
    first = table.columns[0]
    if table.primary_key == [first.name] and table.composite_keys and first.name.startswith(SURROGATE_KEY):
        return first
    return None


def _render_column(table: TableSchema, column: ColumnSchema, dialect: str) -> str:
    is_key = [name.casefold() for name in table.primary_key] == [column.name.casefold()]
    parts = [render_identifier(column.name, column.quoted), type_sql(column, dialect)]
    parts += ["not null"] if not column.is_nullable else []
    parts += ["primary key"] if is_key else ["unique"] if column.is_unique else []
    return " ".join(parts)


def _render_keys(table: TableSchema, surrogate: ColumnSchema | None) -> Iterator[str]:
    for index, group in enumerate(table.composite_keys):
        is_primary = _fold(group) == _fold(table.primary_key) or (surrogate is not None and index == 0)
        word = "primary key" if is_primary else "unique"
        yield f"{word} ({_render_names(group, table)})"


def _translate_checks(table: TableSchema, source: str, dialect: str) -> Iterator[str]:
    """Yield the checks of a table in the dialect of the script; those of its own dialect unchanged."""
    for check in table.checks:
        if source == dialect:
            yield check
            continue
        with silent_sqlglot(), suppress(SqlglotError):
            yield sqlglot.transpile(check, read=source, write=dialect)[0]


def _fold(names: Sequence[str]) -> set[str]:
    return {name.casefold() for name in names}


def _list_references(
    schema: ExperimentSchema, table: TableSchema
) -> Iterator[tuple[Sequence[str], TableSchema, Sequence[str]]]:
    for column in table.columns:
        if column.foreign_key is not None:
            parent = schema.table(column.foreign_key.references_table, within=table.schema_name)
            target = column.foreign_key.references_column
            if parent.is_unique(parent.column(target)):
                yield [column.name], parent, [target]
    for key in table.foreign_keys:
        parent = schema.table(key.references_table, within=table.schema_name)
        if _is_key(parent, key.references_columns):
            yield key.columns, parent, key.references_columns


def _is_key(table: TableSchema, names: Sequence[str]) -> bool:
    """Return whether a FOREIGN KEY can reference the columns: a database rejects one to values that repeat."""
    if len(names) == 1:
        return table.is_unique(table.column(names[0]))
    return any(_fold(group) == _fold(names) for group in table.composite_keys)


def _render_comments(table: TableSchema) -> Iterator[str]:
    if table.comment:
        yield f"comment on table {render_table_name(table)} is {literal(table.comment)};"
    for column in table.columns:
        if column.comment:
            name = f"{render_table_name(table)}.{render_identifier(column.name, column.quoted)}"
            yield f"comment on column {name} is {literal(column.comment)};"


def type_sql(column: ColumnSchema, dialect: str) -> str:
    """Return the column's type in the SQL of the dialect."""
    kind = column.type
    is_native = kind.name in _NATIVE[dialect].split()
    if kind.kind is Kind.INTEGER:
        return kind.name if is_native else _INTEGERS[kind.bits]
    if dialect == "duckdb" and kind.kind in (Kind.UUID, Kind.DATE):
        return kind.kind.upper()
    name = kind.name if is_native else _NEAREST[dialect].get(kind.kind, kind.name)
    if kind.kind is Kind.FLOAT and kind.bits == 32 and not is_native:
        return "REAL"
    if kind.kind is Kind.FLOAT and dialect == "redshift" and name == "DOUBLE":
        return "DOUBLE PRECISION"
    if kind.kind is Kind.DECIMAL:
        return f"{name}({kind.precision},{kind.scale})"
    if kind.kind is Kind.TEXT:
        return _render_text_type(column, name, dialect)
    if kind.kind is Kind.BINARY and kind.length is not None and dialect != "duckdb":
        return f"{name}({kind.length})"
    return name


def _render_text_type(column: ColumnSchema, name: str, dialect: str) -> str:
    length, max_length = column.type.length, _MAX_VARCHAR.get(dialect)
    if length is None:
        return name if dialect != "redshift" else f"VARCHAR({max_length})"
    if max_length is not None:
        length = min(length, max_length)
    if dialect == "redshift" and name in ("TEXT", "BPCHAR"):
        name = "VARCHAR" if name == "TEXT" else "CHAR"
    return f"{name}({length})"


def render_table_name(table: TableSchema) -> str:
    """Return the name of a table as the script writes it, with its schema."""
    name = render_identifier(table.name, table.quoted)
    return f"{quote_if_needed(table.schema_name)}.{name}" if table.schema_name else name


def _render_names(names: Sequence[str], table: TableSchema) -> str:
    columns = [table.column(name) for name in names]
    return ", ".join(render_identifier(column.name, column.quoted) for column in columns)


def render_identifier(name: str, quoted: bool) -> str:
    """Return a name as the script writes it: in quotes if the schema says so, or if it needs them."""
    return quote(name) if quoted else quote_if_needed(name)
