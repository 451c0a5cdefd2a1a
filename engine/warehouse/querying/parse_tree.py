"""DuckDB's own parse tree of a query, on which permissions are checked.

`json_serialize_sql` returns it for everything that DuckDB calls a SELECT: VALUES, FROM, DESCRIBE, SHOW, SUMMARIZE and
UNPIVOT as well. EXPLAIN has no tree, but its query has one. PIVOT without a list of values has none either; its tree
is that of the same text with a list inserted, which contains every expression of the text.
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
    """Return the parse tree of a query, None where DuckDB has none.

    `query_location` counts bytes of `statement`; a PIVOT without a list has none.
    """
    explain = EXPLAIN.match(statement)
    if explain is not None:
        statement = " " * explain.end() + statement[explain.end() :]
    tree = _serialize(connection, statement)
    if tree is not None:
        return tree
    listed = _insert_pivot_lists(statement)
    made = None if listed is None else _serialize(connection, listed)
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


def _serialize(connection: duckdb.DuckDBPyConnection, statement: str) -> Tree | None:
    (text,) = connection.execute(_SERIALIZE, [statement]).fetchall()[0]
    try:
        tree = json.loads(text, object_hook=_drop_constants)
    except RecursionError:
        tree = _loads_deep(text)
    return None if tree is None or tree.get("error") else tree


def _drop_constants(node: Tree) -> Tree | None:
    """Drop constants: a query may have hundreds of thousands."""
    return None if node.get("class") == "CONSTANT" else node


def _loads_deep(text: str) -> Any:
    """Parse JSON of any depth; the parser of `json` is recursive."""
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


def _insert_pivot_lists(statement: str) -> str | None:
    """Return the text with `IN ('')` after each ON expression of a PIVOT, None without a PIVOT ... ON.

    DuckDB's tokens mark where an expression begins and ends. Nothing of the text is removed, so its tree
    holds every function and table of the statement.
    """
    data = statement.encode()
    tokens = list(_tokenize(statement, data))
    inserted = _find_insertions(tokens, len(data))
    if not inserted:
        return None
    pieces, at = [], 0
    for offset, text in sorted(inserted):
        pieces += [data[at:offset], text]
        at = offset
    return b"".join([*pieces, data[at:]]).decode()


def _tokenize(statement: str, data: bytes) -> Iterator[_Token]:
    """Yield the byte offset of each token except comments, with its first word in lower case or its first character."""
    for start, kind in duckdb.tokenize(statement):
        if kind.name != "comment":
            word = re.match(rb"\w+|.", data[start : start + 20], re.DOTALL)
            yield start, word[0].decode(errors="replace").lower() if word else ""


@dataclass
class _Pivot:
    """The state of a PIVOT; `start` is the offset of the current ON expression, -1 between two."""

    is_on: bool = False
    start: int = -1


def _find_insertions(tokens: Sequence[_Token], end: int) -> list[tuple[int, bytes]]:
    """Return the text to insert around each ON expression of each PIVOT, by byte offset.

    Each token is read once, for the PIVOT at its depth of parentheses only: all text there between ON and the end of
    the list is an expression, whatever names it holds. So a text gets no more insertions than it has tokens.
    """
    inserted: list[tuple[int, bytes]] = []
    pivots: dict[int, _Pivot] = {}
    depth = 0

    def finish(pivot: _Pivot | None, offset: int) -> None:
        if pivot is not None and pivot.start >= 0:
            inserted.extend([(pivot.start, b" ("), (offset, b") in ('') ")])
            pivot.start = -1

    for offset, word in tokens:
        pivot = pivots.get(depth)
        if word in _CLOSING:
            finish(pivots.pop(depth, None), offset)
            depth -= 1
        elif pivot is not None and word in _ENDS_OF_ON:
            finish(pivots.pop(depth), offset)
        elif pivot is not None and pivot.is_on and word == ",":
            finish(pivot, offset)
        elif word in _PIVOTS and (pivot is None or not pivot.is_on):
            pivots[depth] = _Pivot()
        elif pivot is not None and not pivot.is_on:
            pivot.is_on = word == "on"
        elif pivot is not None and pivot.start < 0:
            pivot.start = offset
        depth += word in _OPENING
    for pivot in pivots.values():
        finish(pivot, end)
    return inserted
