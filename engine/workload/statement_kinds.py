"""The query in a statement: that of a SELECT, of a view, of CREATE TABLE AS, INSERT, UNLOAD or EXPLAIN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.sql.importing.statement_splitting import Statement as Piece
from engine.sql.importing.tokens import Token, TokenKind

_QUERY_STARTS = frozenset({"SELECT", "WITH", "VALUES", "FROM"})
_OTHER_STARTS = frozenset(
    "ALTER ANALYZE BEGIN CALL COMMENT COMMIT COPY CREATE DECLARE DELETE DESC DESCRIBE DROP END EXECUTE FETCH "
    "GET GRANT INSERT LIST LOCK MERGE PREPARE PUT REFRESH REMOVE RESET REVOKE ROLLBACK SET SHOW START SUSPEND RESUME "
    "TRUNCATE UNDROP UNLOAD UNSET UPDATE USE VACUUM".split()
)
_EXPLAIN_OPTIONS = frozenset({"EXPLAIN", "VERBOSE", "ANALYZE", "USING", "TEXT", "TABULAR", "JSON"})


@dataclass(frozen=True, slots=True)
class Part:
    """The query in a statement, with its line in the file, and the view that it makes; without one, a reason."""

    sql: str
    line: int
    view: str | None = None
    columns: str = ""
    reason: str | None = None
    is_known: bool = True
    """Whether the statement is of a known kind."""

    setting: tuple[str, str] | None = None
    """A variable that the statement sets for those after it, and its literal."""


def read_part(piece: Piece, text: str) -> Part:
    """Return the query in a statement of a text."""
    tokens = piece.tokens
    words = [token.upper for token in tokens[:8]]
    first = words[0]
    if first in _QUERY_STARTS or tokens[0].is_symbol("("):
        return Part(piece.text, piece.line)
    if first == "EXPLAIN":
        start = next((index for index, token in enumerate(tokens) if token.upper not in _EXPLAIN_OPTIONS), None)
        return _without(piece, "EXPLAIN of nothing.") if start is None else _from(piece, text, start)
    if first == "CREATE" and ("VIEW" in words or "TABLE" in words):
        return _read_created(piece, text)
    if first == "INSERT" and (start := _find_query(tokens, 1)) is not None:
        return _from(piece, text, start)
    if first == "UNLOAD" and len(tokens) > 2 and tokens[2].kind is TokenKind.STRING:
        return Part(tokens[2].value, tokens[2].line)
    if first == "SET" and len(tokens) == 4 and tokens[2].is_symbol("="):
        return Part("", piece.line, reason="A setting; it finds no rows.", setting=(tokens[1].value, tokens[3].value))
    if piece.is_command:
        return _without(piece, "A command of a client program.")
    is_known = first in _OTHER_STARTS
    reason = f"No query: {first}." if is_known else f"No statement begins with {tokens[0].text[:40]}."
    return Part(piece.text, piece.line, reason=reason, is_known=is_known)


def _without(piece: Piece, reason: str) -> Part:
    return Part(piece.text, piece.line, reason=reason)


def _from(piece: Piece, text: str, start: int, view: str | None = None, columns: str = "") -> Part:
    token = piece.tokens[start]
    return Part(text[token.start : _find_end(piece.tokens)], token.line, view, columns)


def _find_end(tokens: Sequence[Token]) -> int:
    """Return the offset of the end of a view's query, without Redshift's `WITH NO SCHEMA BINDING`."""
    last = [token.upper for token in tokens[-4:]]
    return tokens[-5].end if last == ["WITH", "NO", "SCHEMA", "BINDING"] and len(tokens) > 4 else tokens[-1].end


def _read_created(piece: Piece, text: str) -> Part:
    tokens = piece.tokens
    kind = next(index for index, token in enumerate(tokens) if token.upper in ("VIEW", "TABLE"))
    index = kind + 1
    while index < len(tokens) and tokens[index].upper in ("IF", "NOT", "EXISTS"):
        index += 1
    name = ""
    while index < len(tokens) and tokens[index].kind in (TokenKind.WORD, TokenKind.QUOTED):
        name = tokens[index].value
        index += 1
        if index < len(tokens) and tokens[index].is_symbol("."):
            index += 1
        else:
            break
    query = _find_query(tokens, index)
    if query is None or not name:
        return _without(piece, f"No query: CREATE {tokens[kind].upper}.")
    return _from(piece, text, query, name, _read_columns(tokens, index, text))


def _read_columns(tokens: Sequence[Token], index: int, text: str) -> str:
    """Return `(a, b)` where a view names its columns without types or comments."""
    if index >= len(tokens) or not tokens[index].is_symbol("("):
        return ""
    for end in range(index + 1, len(tokens)):
        token = tokens[end]
        if token.is_symbol(")"):
            return text[tokens[index].start : token.end].replace("\n", " ")
        is_name = (end - index) % 2 == 1
        if is_name != (token.kind in (TokenKind.WORD, TokenKind.QUOTED)) or not (is_name or token.is_symbol(",")):
            return ""
    return ""


def _find_query(tokens: Sequence[Token], start: int) -> int | None:
    """Return the index of the SELECT, WITH or parenthesis that begins the query in a statement."""
    depth = 0
    for index in range(start, len(tokens)):
        token = tokens[index]
        if depth == 0 and token.upper in ("SELECT", "WITH") and _begins_query(tokens, index):
            return index
        if depth == 0 and token.is_symbol("(") and tokens[index - 1].upper == "AS":
            return index
        depth += token.is_symbol("(") - token.is_symbol(")")
    return None


def _begins_query(tokens: Sequence[Token], index: int) -> bool:
    """Return whether SELECT or WITH begins a query, and no option such as `WITH TAG (...)`."""
    if tokens[index].upper == "SELECT":
        return True
    following = tokens[index + 1 : index + 3]
    return (len(following) == 2 and (following[1].upper == "AS" or following[1].is_symbol("("))) or (
        bool(following) and following[0].upper == "RECURSIVE"
    )
