"""Binding a query: which tables its names mean, before any row is read.

DuckDB searches the schemas of all attached experiments. A plain name must mean a table of the current experiment
though: else what a query means would depend on which other experiments it names. DuckDB's own parse tree tells the
plain names; it has none for EXPLAIN and for PIVOT without IN, whose plain names are not looked into.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import duckdb

from engine.warehouse.failures import no_table
from engine.warehouse.internals import check_internals
from engine.warehouse.query_text import QueryText, refusal
from engine.warehouse.session import Session


def bind(session: Session, text: QueryText) -> duckdb.DuckDBPyRelation:
    """Return the relation of a query, whose rows are fetched later.

    Raises `QueryError` for a plain name out of place, and DuckDB's errors with their place.
    """
    connection = session.connection
    if text.is_show_tables:
        return connection.sql("select unnest(?::varchar[]) as name", params=[session.tables()])
    nodes = _parsed(connection, text.statement)
    check_internals(session, text, nodes)
    _check_plain_names(session, text, nodes or [])
    try:
        return connection.sql(text.statement)
    except duckdb.Error as error:
        if "exception_type" not in str(error):
            connection.execute(text.statement)  # fails again, now with its place
        raise


def _check_plain_names(session: Session, text: QueryText, nodes: Sequence[dict[str, Any]]) -> None:
    layouts = list(session.layouts())
    foreign = {name for layout, is_current in layouts if not is_current for name in layout.plain}
    for layout, is_current in layouts:
        foreign -= layout.plain.keys() if is_current else set()
        foreign -= {view.name.lower() for view in layout.views if view.schema_name == layout.flat}
    if not foreign:
        return
    for name, byte_offset in _plain_references(nodes):
        if name.lower() in foreign:
            message, hint = no_table(name, session)
            offset = text.at_byte(byte_offset) or text.find(name) or text.offset
            raise refusal(message, text.whole, offset, hint=hint)


def _plain_references(nodes: Sequence[dict[str, Any]]) -> list[tuple[str, int]]:
    """Return the tables that a query names without a schema, with their byte offsets; names of its WITH are none."""
    with_names = {entry["key"].lower() for node in nodes for entry in node.get("cte_map", {}).get("map", ())}
    return [
        (node["table_name"], node["query_location"])
        for node in nodes
        if node.get("type") == "BASE_TABLE" and not node["schema_name"] and node["table_name"].lower() not in with_names
    ]


def _parsed(connection: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]] | None:
    """Return the nodes of a query's parse tree, None where DuckDB has none to give."""
    (text,) = connection.execute("select json_serialize_sql(?)", [statement]).fetchall()[0]
    try:
        tree = json.loads(text)
    except RecursionError:  # thousands of brackets, one inside the other
        return None
    return None if tree.get("error") else list(_nodes(tree))


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
