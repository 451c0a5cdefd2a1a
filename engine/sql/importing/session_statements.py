"""Statements that create no table but affect others: USE, SET, CREATE SCHEMA, DROP TABLE."""

from __future__ import annotations

from engine.sql.importing.cursor import Cursor, split_items
from engine.sql.importing.identifiers import Identifier, read_identifier
from engine.sql.importing.script_state import Context
from engine.sql.importing.tokens import TokenKind


def read_session(cursor: Cursor, context: Context) -> None:
    """Apply a statement that sets the current schema or a session variable; ignore any other."""
    if cursor.accept("USE"):
        return _read_use(cursor, context)
    if cursor.accept("SET"):
        return _read_set(cursor, context)
    if cursor.accept("CREATE") and context.dialect == "snowflake":
        return _read_create(cursor, context)
    return None


def read_drop_table(cursor: Cursor, context: Context) -> None:
    """Drop tables created earlier in the script."""
    cursor.accept("IF", "EXISTS")
    cascades = any(token.upper == "CASCADE" for token in cursor.rest)
    for item in split_items(cursor.rest):
        name = context.read_name(Cursor(item))
        table = context.script.find(name, within=context.script.schema) if name is not None else None
        if table is not None:
            context.for_object(table.key).note(
                "info", f"DROP TABLE: the {table.key} at line {table.place.line} is dropped."
            )
            context.script.drop(table, cascades=cascades)
        else:
            named = context if name is None else context.for_object(name.key)
            named.skip("DROP TABLE: this table is not created earlier in the script.")


def read_drop_schema(cursor: Cursor, context: Context) -> None:
    """Drop the tables of a schema created earlier in the script."""
    cursor.accept("IF", "EXISTS")
    dropped: list[str] = []
    for item in split_items(cursor.rest):
        name = context.read_name(Cursor(item))
        if name is not None:
            dropped += [table.key for table in context.script.drop_schema(name.table)]
    if dropped:
        context.note("info", f"DROP SCHEMA: drops {', '.join(dropped)}.")
    else:
        context.skip("DROP SCHEMA: no table in it is created earlier in the script.")


def read_undrop_table(cursor: Cursor, context: Context) -> None:
    """Restore a dropped table.

    https://docs.snowflake.com/en/sql-reference/sql/undrop-table
    """
    name = context.read_name(cursor)
    table = context.script.undrop(name) if name is not None else None
    if table is None:
        named = context if name is None else context.for_object(name.key)
        return named.skip("UNDROP TABLE: no such table was dropped, or its name is taken.")
    return context.for_object(table.key).note(
        "info", f"UNDROP TABLE: the {table.key} at line {table.place.line} is restored."
    )


def _read_use(cursor: Cursor, context: Context) -> None:
    """Set the schema of USE; Snowflake's `USE database` resets it to the default schema.

    https://docs.snowflake.com/en/sql-reference/sql/use-schema
    """
    if cursor.word() in ("ROLE", "WAREHOUSE", "SECONDARY") and cursor.peek(1) is not None:
        return
    is_schema = cursor.accept("SCHEMA")
    is_database = not is_schema and cursor.accept("DATABASE")
    name = context.read_name(cursor)
    if name is None:
        return
    if is_database or (not is_schema and name.schema is None):
        context.script.schema = None
    else:
        context.script.schema = name.table


def _read_create(cursor: Cursor, context: Context) -> None:
    """Set the schema created by Snowflake's CREATE SCHEMA or CREATE DATABASE, which also makes it current.

    https://docs.snowflake.com/en/sql-reference/sql/create-schema
    """
    cursor.accept("OR", "REPLACE")
    cursor.accept("TRANSIENT")
    kind = cursor.accept_any(("SCHEMA", "DATABASE"))
    cursor.accept("IF", "NOT", "EXISTS")
    name = context.read_name(cursor) if kind else None
    if name is not None:
        context.script.schema = name.table if kind == "SCHEMA" else None


def _read_set(cursor: Cursor, context: Context) -> None:
    """Apply `SET search_path TO schema, ...` and `SET variable = 'value'`."""
    if cursor.accept("SEARCH_PATH"):
        _ = cursor.accept("TO") or cursor.accept_symbol("=")
        context.script.schema = _read_search_path(cursor, context)
        return
    variable = read_identifier(cursor, context.dialect)
    if variable is not None and cursor.accept_symbol("="):
        value = cursor.accept_string()
        if value is not None:
            context.script.variables[variable.folded] = value


def _read_search_path(cursor: Cursor, context: Context) -> Identifier | None:
    token = cursor.peek()
    if token is None:
        return None
    if token.kind is TokenKind.STRING:
        return Identifier(token.value, quoted=False, line=token.line) if token.value.isidentifier() else None
    name = read_identifier(cursor, context.dialect)
    return None if name is None or name.folded in ("public", "$user", "default") else name
