"""Permissions of a query: the session's own tables and an allow-list of functions, nothing else.

The check reads DuckDB's own parse tree, so the spelling, quoting, qualification and call form of a name do not matter.
A query without a tree is refused. DuckDB's system tables and functions hold paths and settings of this machine; files
and the network are refused by DuckDB as well, whose configuration is locked.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from engine.warehouse.querying.allowed_functions import ALLOWED, ALLOWED_TABLE_FUNCTIONS
from engine.warehouse.querying.allowed_tables import AllowedTables, is_of_duckdb
from engine.warehouse.querying.name_hints import explain_missing_function, explain_missing_table, name_at
from engine.warehouse.querying.parse_tree import Tree
from engine.warehouse.querying.query_text import QueryText, refusal
from engine.warehouse.querying.session import Session

_QUERIES = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_SOURCES = frozenset(
    "BASE_TABLE SUBQUERY JOIN TABLE_FUNCTION EXPRESSION_LIST EMPTY EMPTY_FROM PIVOT SHOW_REF CTE COLUMN_DATA".split()
)
_EXPRESSIONS = frozenset(
    "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT DEFAULT FUNCTION LAMBDA OPERATOR PARAMETER "
    "POSITIONAL_REFERENCE STAR SUBQUERY TYPE WINDOW".split()
)
_SHOWN = frozenset({"DESCRIBE", "SUMMARY", "SHOW_FROM"})
_SHOWN_NAMES = frozenset({'"tables"', '"databases"', '"schemas"', "__show_tables_expanded"})
_SETTING = "select 1 from duckdb_settings() where lower(name) = ? or list_contains(aliases, ?)"
_FUNCTION = "select 1 from duckdb_functions() where lower(function_name) = ? limit 1"
_FILE = re.compile(r"\.(?:csv|tsv|json|ndjson|parquet|txt|duckdb|db|gz|zst)$", re.IGNORECASE)
_FILES = "Queries cannot read files or folders, only the tables of the experiments."
_CHANGES = "Queries are read-only: this one would change data."
_HINT = "Queries read only the tables of the experiments."
_Scope = frozenset[str]


def check_internals(session: Session, text: QueryText, tree: Tree | None) -> None:
    """Raise `QueryError` if a query is not allowed; `tree` is its parse tree, None if it has none."""
    if tree is None:
        raise refusal(
            "This form of query cannot be checked, so it is not allowed.",
            text.whole,
            text.offset,
            hint="Write a SELECT; in a PIVOT, list the values with IN, and put a join or a subquery in parentheses.",
        )
    _Check(session, text).run(tree)


class _Check:
    """The check of one query; `scope` holds the WITH names visible at a node, in lower case."""

    def __init__(self, session: Session, text: QueryText) -> None:
        self._session = session
        self._text = text
        self._tables = AllowedTables.of(session)
        self._functions = ALLOWED | session.macros

    def run(self, tree: Tree) -> None:
        """Check every node, outermost first, without recursion."""
        waiting: list[tuple[Any, _Scope]] = [(statement["node"], frozenset()) for statement in tree["statements"]]
        while waiting:
            node, scope = waiting.pop()
            if isinstance(node, list):
                waiting.extend((each, scope) for each in node)
            elif isinstance(node, dict):
                waiting.extend(self._parts(node, scope))

    def _parts(self, node: Tree, scope: _Scope) -> Iterator[tuple[Any, _Scope]]:
        """Check a node and yield its children with their scopes."""
        kind = str(node.get("type"))
        if "class" in node:
            self._check_expression(node)
        elif "cte_map" in node or kind.endswith("_NODE"):
            if kind not in _QUERIES:
                position = self._text.find(kind.split("_")[0])
                raise refusal(_CHANGES, self._text.whole, self._text.offset if position is None else position)
            scope = yield from self._with_queries(node, scope)
        elif (kind in _SOURCES or "table_name" in node) and self._check_source(node, scope):
            yield [*node["function"].values()], scope
            node = {key: value for key, value in node.items() if key != "function"}
        for key, value in node.items():
            if key != "cte_map":
                yield value, scope

    def _with_queries(self, node: Tree, scope: _Scope) -> Generator[tuple[Any, _Scope], None, _Scope]:
        """Yield the queries of a WITH, each with the earlier ones in scope, and return the scope after it."""
        for entry in (node.get("cte_map") or {}).get("map") or ():
            yield entry.get("value"), scope
            scope |= {str(entry.get("key", "")).lower()}
        name = node.get("cte_name")
        return scope if name is None else scope | {str(name).lower()}

    def _check_expression(self, node: Tree) -> None:
        if node["class"] not in _EXPRESSIONS:
            self._refuse(str(node["class"]), node, "it is not known to be safe.")
        name = node.get("function_name")
        if name is not None and str(name).lower() not in self._functions:
            self._refuse_function(str(name), node)

    def _check_source(self, node: Tree, scope: _Scope) -> bool:
        """Check a FROM item; return whether it is a table function, whose arguments are still to be checked."""
        kind = node.get("type")
        if kind == "BASE_TABLE":
            self._check_table(_path(node), node, scope)
        elif kind == "TABLE_FUNCTION":
            function = node["function"]
            name = str(function.get("function_name", ""))
            if name.lower() not in ALLOWED_TABLE_FUNCTIONS:
                self._refuse_function(name, function)
            return True
        elif kind == "SHOW_REF":
            self._check_show(node, scope)
        elif kind not in _SOURCES:
            self._refuse(str(kind), node, "it is not known to be safe.")
        return False

    def _check_show(self, node: Tree, scope: _Scope) -> None:
        kind, name = node.get("show_type"), str(node.get("table_name", ""))
        if kind in _SHOWN or name in _SHOWN_NAMES:
            return
        if kind == "SHOW":
            setting = self._session.connection.execute(_SETTING, [name.lower()] * 2).fetchall()
            if not setting and self._tables.has(_path(node)):
                return
        self._refuse(name.strip('"'), node)

    def _check_table(self, path: Sequence[str], node: Tree, scope: _Scope) -> None:
        if self._tables.has(path) or (path[-1].lower() in scope and path[:-1] in ([], ["recurring"])):
            return
        if is_of_duckdb(path):
            self._refuse(path[-1], node)
        name = ".".join(path)
        offset = _offset(self._text, node)
        position = offset if offset is not None else self._text.find(path[-1])
        if len(path) == 1 and _FILE.search(name):
            raise refusal(_FILES, self._text.whole, self._text.offset if position is None else position)
        message, hint = explain_missing_table(name_at(self._text, position, name), self._session, self._text)
        raise refusal(message, self._text.whole, self._text.offset if position is None else position, hint=hint)

    def _refuse_function(self, name: str, node: Tree) -> None:
        """Refuse a function that is not on the list or does not exist."""
        if self._session.connection.execute(_FUNCTION, [name.lower()]).fetchall():
            self._refuse(name, node)
        offset = _offset(self._text, node)
        position = offset if offset is not None else self._text.find(name)
        message, hint = explain_missing_function(name)
        raise refusal(message, self._text.whole, self._text.offset if position is None else position, hint=hint)

    def _refuse(self, name: str, node: Tree, reason: str = "") -> None:
        offset = _offset(self._text, node)
        position = offset if offset is not None else self._text.find(name)
        message = f'"{name}" is not allowed: {reason or "it exposes this machine or reaches beyond the tables."}'
        raise refusal(message, self._text.whole, self._text.offset if position is None else position, hint=_HINT)


def _path(node: Mapping[str, Any]) -> list[str]:
    path = (node.get("qualified_name") or {}).get("path")
    return [str(part) for part in path] if path else [str(node.get("table_name", ""))]


def _offset(text: QueryText, node: Mapping[str, Any]) -> int | None:
    location = node.get("query_location")
    return text.at_byte(location) if isinstance(location, int) else None
