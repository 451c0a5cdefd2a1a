"""DuckDB's own parse tree of a query, for whoever decides what the query may do.

`json_serialize_sql` gives it for everything that DuckDB calls a SELECT: VALUES, FROM, DESCRIBE, SHOW, SUMMARIZE and
UNPIVOT as well. EXPLAIN has no tree, but what it explains has one. PIVOT without a list of values has none either; the
tree is then that of the same text with a list in place, where every expression of the text is found again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

Tree = dict[str, Any]
EXPLAIN = re.compile(
    r"explain\b(?:\s+analyze\b)?(?:\s*\(\s*(?:analyze|format)\b[\w\s,]*\))?", re.IGNORECASE
)  # no comment can begin inside it
_SERIALIZE = "select json_serialize_sql(?, skip_default := true, skip_empty := true, skip_null := true)"
_ENDS_OF_ON = frozenset({"using", "group", "order", "limit", "offset", "having", "qualify", "window", "union", ";"})
_PIVOTS = frozenset({"pivot", "pivot_wider"})
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_JSON_TOKEN = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*"|[^\[\]{}",:\s]+')
_Token = tuple[int, str]


def parse_tree(connection: duckdb.DuckDBPyConnection, statement: str) -> Tree | None:
    """Return the parse tree of a query, None where DuckDB has none to give.

    `query_location` counts bytes of `statement`; it is missing in a PIVOT without a list.
    """
    explain = EXPLAIN.match(statement)
    if explain is not None:
        statement = " " * explain.end() + statement[explain.end() :]
    tree = _serialized(connection, statement)
    if tree is not None:
        return tree
    listed = _with_listed_pivots(statement)
    made = None if listed is None else _serialized(connection, listed)
    if made is not None:
        for node in nodes(made):
            node.pop("query_location", None)
    return made


def nodes(tree: Any) -> Iterator[Tree]:
    """Yield every node of a tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _serialized(connection: duckdb.DuckDBPyConnection, statement: str) -> Tree | None:
    (text,) = connection.execute(_SERIALIZE, [statement]).fetchall()[0]
    try:
        tree = json.loads(text, object_hook=_without_constants)
    except RecursionError:
        tree = _loads_deep(text)
    return None if tree is None or tree.get("error") else tree


def _without_constants(node: Tree) -> Tree | None:
    """Drop the constants, of which there may be hundreds of thousands."""
    return None if node.get("class") == "CONSTANT" else node


def _loads_deep(text: str) -> Any:
    """Return what JSON holds, however deep: the parser of `json` calls itself."""
    root: list[Any] = []
    open_ones: list[Any] = [root]
    key: str | None = None
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token in "]}":
            open_ones.pop()
            continue
        parent = open_ones[-1]
        if isinstance(parent, dict) and key is None:
            key = json.loads(token)
            continue
        value: Any = {} if token == "{" else [] if token == "[" else json.loads(token)
        if isinstance(parent, dict):
            parent[key] = value
        else:
            parent.append(value)
        key = None
        if token in "[{":
            open_ones.append(value)
    return root[0]


def _with_listed_pivots(statement: str) -> str | None:
    """Return a text with `IN ('')` behind each expression a PIVOT is on, None without a PIVOT ... ON.

    DuckDB's tokens say where an expression begins and ends. As nothing of the text is left out, the tree of what is
    returned holds every function and table of the statement.
    """
    data = statement.encode()
    tokens = list(_tokens(statement, data))
    inserted = _around_expressions(tokens, len(data))
    if not inserted:
        return None
    pieces, at = [], 0
    for place, text in sorted(inserted):
        pieces += [data[at:place], text]
        at = place
    return b"".join([*pieces, data[at:]]).decode()


def _tokens(statement: str, data: bytes) -> Iterator[_Token]:
    """Yield the byte offset of each token but the comments, and its first word in lower case or its first character."""
    for start, kind in duckdb.tokenize(statement):
        if kind.name != "comment":
            word = re.match(rb"\w+|.", data[start : start + 20], re.DOTALL)
            yield start, word[0].decode(errors="replace").lower() if word else ""


@dataclass
class _Pivot:
    """A PIVOT that is being read; `start` is the offset of its expression that is being read, -1 between two."""

    is_on: bool = False
    start: int = -1


def _around_expressions(tokens: Sequence[_Token], end: int) -> list[tuple[int, bytes]]:
    """Return what goes around each expression of each PIVOT, by offset.

    Each token is looked at once, for the PIVOT at its depth of parentheses only: what stands there between ON and the
    end of the list is an expression, whatever names are in it. So a long text inserts no more than it has tokens.
    """
    inserted: list[tuple[int, bytes]] = []
    pivots: dict[int, _Pivot] = {}
    depth = 0

    def finish(pivot: _Pivot | None, place: int) -> None:
        if pivot is not None and pivot.start >= 0:
            inserted.extend([(pivot.start, b" ("), (place, b") in ('') ")])
            pivot.start = -1

    for place, word in tokens:
        pivot = pivots.get(depth)
        if word in _CLOSING:
            finish(pivots.pop(depth, None), place)
            depth -= 1
        elif pivot is not None and word in _ENDS_OF_ON:
            finish(pivots.pop(depth), place)
        elif pivot is not None and pivot.is_on and word == ",":
            finish(pivot, place)
        elif word in _PIVOTS and (pivot is None or not pivot.is_on):
            pivots[depth] = _Pivot()
        elif pivot is not None and not pivot.is_on:
            pivot.is_on = word == "on"
        elif pivot is not None and pivot.start < 0:
            pivot.start = place
        depth += word in _OPENING
    for pivot in pivots.values():
        finish(pivot, end)
    return inserted
