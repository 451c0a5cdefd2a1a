"""Binding of a query: the names it uses are checked, then resolved by DuckDB, before any row is read."""

from __future__ import annotations

import duckdb

from engine.warehouse.querying.hash_functions import find_hashes, register_hashes
from engine.warehouse.querying.parse_tree import parse_tree
from engine.warehouse.querying.permissions import check_internals
from engine.warehouse.querying.query_text import QueryText, TranslatedText
from engine.warehouse.querying.session import Session


def bind(session: Session, text: QueryText) -> duckdb.DuckDBPyRelation:
    """Bind a query and return its relation; rows are fetched later.

    Raises `QueryError` for a table or function that is not allowed, and DuckDB errors with their position.
    """
    connection = session.connection
    if text.is_show_tables:
        return connection.sql("select unnest(?::varchar[]) as name", params=[session.tables()])
    if isinstance(text, TranslatedText):
        register_hashes(session.instance.connection, find_hashes(text.statement))  # for all its sessions
    if not session.instance.allowed.get(text.statement):
        tree = parse_tree(connection, text.statement)
        if tree is None and isinstance(text, TranslatedText):
            connection.extract_statements(text.statement)  # raises for SQL that sqlglot reads and DuckDB does not
        check_internals(session, text, tree)
        session.instance.allowed.put(text.statement, True)
    try:
        return connection.sql(text.statement)
    except duckdb.Error as error:
        if "exception_type" not in str(error):
            connection.execute(text.statement)  # fails again, now with its position
        raise
