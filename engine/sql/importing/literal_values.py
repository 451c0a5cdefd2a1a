"""The values of literals in an INSERT: numbers, texts, NULL, casts of them, and columns of a VALUES list.

What only the warehouse knows (a sequence, the current time, a function of its own) is `BY_RULE`: the column's rule
fills the cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum

from engine.schema.fields import Cell
from engine.sql.importing.cursor import split_items
from engine.sql.importing.tokens import Token, TokenKind, tokenize


class ByRule(Enum):
    """The mark of a cell whose value is not in the script; with DEFAULT its column says so itself."""

    UNKNOWN = "unknown"
    DEFAULT = "default"


Value = Cell | ByRule

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PLAIN_STRING = re.compile(r"'(?:[^'\\]|'')*+'")
_TYPED_STRING = re.compile(r"(?:date|time|timestamp(?:_?\w{2,3})?)\s*('[^'\\]*+')|('[^'\\]*+')::[\w ]+", re.I)
_WORDS: dict[str, Value] = {
    "NULL": None,
    "TRUE": True,
    "FALSE": False,
    "DEFAULT": ByRule.DEFAULT,
}
_TYPED = frozenset("DATE TIME TIMESTAMP TIMESTAMPTZ TIMESTAMP_NTZ TIMESTAMP_LTZ TIMESTAMP_TZ DATETIME".split())
_UNCHANGED = frozenset(
    "PARSE_JSON TRY_PARSE_JSON JSON_PARSE TO_VARIANT TO_DATE TO_TIMESTAMP TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_TIME "
    "TO_NUMBER TO_DECIMAL TO_NUMERIC TO_DOUBLE TO_BOOLEAN TO_VARCHAR TO_CHAR TRY_TO_DATE TRY_TO_NUMBER DATE TIMESTAMP "
    "TO_OBJECT TO_ARRAY".split()
)


def read_value(text: str, dialect: str, columns: Mapping[str, Value] | None = None) -> Value:
    """Return the value of an expression's text; `columns` are the values of names in it, folded."""
    if text[:1] == "'" and _PLAIN_STRING.fullmatch(text):
        return text[1:-1].replace("''", "'")
    if _NUMBER.fullmatch(text):
        return to_number(text)
    word = text.upper()
    if word in _WORDS:
        return _WORDS[word]
    typed = _TYPED_STRING.fullmatch(text)
    if typed is not None:
        return (typed[1] or typed[2])[1:-1]
    return evaluate(tokenize(text, dialect), columns or {})


def evaluate(tokens: Sequence[Token], columns: Mapping[str, Value]) -> Value:
    """Return the value of an expression's tokens."""
    tokens = _without_casts(list(tokens))
    if len(tokens) > 2 and tokens[0].is_symbol("(") and _closing(tokens, 0) == len(tokens) - 1:
        return evaluate(tokens[1:-1], columns)
    if len(tokens) == 1:
        return _read_token(tokens[0], columns)
    if len(tokens) == 2 and tokens[0].kind is TokenKind.SYMBOL and tokens[0].text in "+-":
        value = evaluate(tokens[1:], columns)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return -value if tokens[0].text == "-" else value
        return f"-{value}" if isinstance(value, str) and tokens[0].text == "-" else value
    if len(tokens) == 2 and tokens[0].upper in _TYPED and tokens[1].kind is TokenKind.STRING:
        return tokens[1].value
    if len(tokens) == 3 and tokens[1].is_symbol(".") and tokens[2].kind in (TokenKind.WORD, TokenKind.QUOTED):
        return _read_token(tokens[2], columns)
    if len(tokens) > 3 and tokens[1].is_symbol("(") and _closing(tokens, 1) == len(tokens) - 1:
        return _call(tokens[0].upper, tokens[2:-1], columns)
    return ByRule.UNKNOWN


def to_number(text: str) -> Cell:
    """Return a number; as text when a double cannot hold it exactly as written."""
    if not set(text) & set(".eE"):
        return int(text)
    number = float(text)
    return number if repr(number) == text.lstrip("+") or len(text) <= 15 else text


def _call(function: str, arguments: Sequence[Token], columns: Mapping[str, Value]) -> Value:
    if function in ("CAST", "TRY_CAST"):
        end = next((index for index, token in enumerate(arguments) if token.upper == "AS"), len(arguments))
        return evaluate(arguments[:end], columns)
    items = split_items(arguments)
    if function in _UNCHANGED and items and (len(items) == 1 or function in ("TO_NUMBER", "TO_DECIMAL", "TO_NUMERIC")):
        return evaluate(items[0], columns)
    return ByRule.UNKNOWN


def _read_token(token: Token, columns: Mapping[str, Value]) -> Value:
    if token.kind is TokenKind.STRING:
        return token.value if token.text[0] not in "xXbB" else ByRule.UNKNOWN
    if token.kind is TokenKind.NUMBER:
        return to_number(token.text)
    if token.kind is TokenKind.WORD and token.upper in _WORDS:
        return _WORDS[token.upper]
    if token.kind in (TokenKind.WORD, TokenKind.QUOTED):
        return columns.get(token.value.casefold(), ByRule.UNKNOWN)
    return ByRule.UNKNOWN


def _without_casts(tokens: list[Token]) -> list[Token]:
    """Return the tokens before a `::type` at their end; the column's own type decides."""
    for index, token in enumerate(tokens):
        if token.is_symbol("::") and index:
            rest = tokens[index + 1 :]
            is_type = bool(rest) and all(
                each.kind in (TokenKind.WORD, TokenKind.NUMBER) or each.text in "(),::" for each in rest
            )
            if is_type and (index == 1 or (tokens[0].is_symbol("(") and _closing(tokens, 0) == index - 1) or index > 1):
                return tokens[:index]
    return tokens


def _closing(tokens: Sequence[Token], start: int) -> int:
    depth = 0
    for index in range(start, len(tokens)):
        depth += {"(": 1, ")": -1}.get(tokens[index].text, 0) if tokens[index].kind is TokenKind.SYMBOL else 0
        if depth == 0:
            return index
    return -1
