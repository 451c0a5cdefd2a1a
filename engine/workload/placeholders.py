"""Values that a query leaves open, and their replacement by the values that are given.

The forms are those of drivers, tools and benchmarks: `:name`, `?`, `$1`, `$name`, `%s`, `%(name)s`, `[NAME]`,
`${name}`, `&name`. A value takes the form of its place: inside a string it is text of that string, after FROM or beside
a dot it is a name, elsewhere a number or a string. A break in a line is never added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.sql.importing.tokens import Token, TokenKind, tokenize
from engine.workload.records import Placeholder

_BEFORE_OPERANDS = frozenset(
    "SELECT DISTINCT ALL WHERE AND OR NOT ON HAVING QUALIFY WHEN THEN ELSE CASE BETWEEN IN LIKE ILIKE LIMIT OFFSET TOP "
    "BY ANY ESCAPE TO IS INTERVAL DATE TIMESTAMP FROM JOIN".split()
)
_SYMBOLS_BEFORE_OPERANDS = frozenset("( , + - * / % = < > <= >= <> != ||".split())
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_KEYWORD = re.compile(r"null|true|false|current_date|current_timestamp", re.I)
_BRACKETED = re.compile(r"\[([A-Z_][A-Z0-9_.]*)\]")
_TEMPLATE = re.compile(r"\$\{([^{}\n]+)\}|&\{([^{}\n]+)\}|&([A-Za-z_]\w*)|<([A-Za-z_]\w*)>|\{([A-Za-z_]\w*)\}")
_POSITION = re.compile(r"\$\d+")
_VARIABLE = re.compile(r"\$[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    start: int
    end: int
    line: int
    is_in_string: bool = False
    is_part_of_name: bool = False


def fill(
    sql: str, line: int, dialect: str, values: Mapping[str, str], statement: str
) -> tuple[str, tuple[Placeholder, ...]]:
    """Return the text with values in place of its placeholders, and the placeholders.

    `line` is that of the text's start in its file. Names of `values` are in lower case; one for a single statement
    begins with the name of the statement: `q07.sql:1`. What has no value stays.
    """
    pieces: list[str] = []
    placeholders: list[Placeholder] = []
    end = 0
    for found in find(sql, dialect):
        written = sql[found.start : found.end]
        value = values.get(f"{statement}:{found.name}".lower(), values.get(found.name.lower()))
        if found.is_in_string and value is None and written[0] == "[" and len(found.name) < 4:
            continue  # a set of characters of a pattern
        placeholders.append(Placeholder(found.name, written, line + found.line - 1, is_given=value is not None))
        if value is None:
            continue
        pieces += [sql[end : found.start], _write(value, found)]
        end = found.end
    return "".join(pieces) + sql[end:], tuple(placeholders)


def find(sql: str, dialect: str) -> Iterator[_Found]:
    """Yield the placeholders of a text in order."""
    tokens = tokenize(sql, dialect)
    position = 0
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.STRING:
            yield from _find_in_string(token)
        elif token.kind is TokenKind.WORD:
            yield from _find_in_word(sql, token, dialect)
        elif token.kind is not TokenKind.SYMBOL:
            continue
        elif token.text == "?" and _is_operand_start(tokens, index):
            position += 1
            yield _Found(str(position), token.start, token.end, token.line)
        elif token.text == ":" and _is_operand_start(tokens, index) and (word := _adjacent(tokens, index)):
            if word.kind in (TokenKind.WORD, TokenKind.NUMBER):
                yield _Found(word.text, token.start, word.end, token.line)
        elif token.text == "%" and _is_operand_start(tokens, index) and (word := _adjacent(tokens, index)):
            if word.text == "s":
                position += 1
                yield _Found(str(position), token.start, word.end, token.line)
            elif word.text == "(" and (named := re.compile(r"%\((\w+)\)s").match(sql, token.start)):
                yield _Found(named[1], token.start, named.end(), token.line)
        elif token.text == "[" and (bracketed := _BRACKETED.match(sql, token.start)):
            before = tokens[index - 1] if index else None
            if before is None or before.end < token.start or before.kind is TokenKind.SYMBOL:
                yield _Found(bracketed[1], token.start, bracketed.end(), token.line)


def _find_in_string(token: Token) -> Iterator[_Found]:
    for pattern in (_BRACKETED, re.compile(r"\$\{([^{}\n]+)\}")):
        for match in pattern.finditer(token.text):
            line = token.line + token.text.count("\n", 0, match.start())
            yield _Found(match[1], token.start + match.start(), token.start + match.end(), line, is_in_string=True)


def _find_in_word(sql: str, token: Token, dialect: str) -> Iterator[_Found]:
    if _POSITION.fullmatch(token.text):
        if dialect != "snowflake":  # there `$1` is a column by its position
            yield _Found(token.text[1:], token.start, token.end, token.line)
    elif _VARIABLE.fullmatch(token.text):
        yield _Found(token.text[1:], token.start, token.end, token.line)
    else:
        for match in _TEMPLATE.finditer(token.text):
            name = next(group for group in match.groups() if group is not None).strip()
            start, end = token.start + match.start(), token.start + match.end()
            is_part = match[0] != token.text or sql[end : end + 1] == "." or sql[start - 1 : start] == "."
            yield _Found(name, start, end, token.line, is_part_of_name=is_part or _is_table(sql, start))


def _is_table(sql: str, start: int) -> bool:
    return re.search(r"\b(?:from|join|into|update)\s+$", sql[max(0, start - 40) : start], re.I) is not None


def _is_operand_start(tokens: Sequence[Token], index: int) -> bool:
    if index == 0:
        return True
    before = tokens[index - 1]
    return before.upper in _BEFORE_OPERANDS or before.text in _SYMBOLS_BEFORE_OPERANDS


def _adjacent(tokens: Sequence[Token], index: int) -> Token | None:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following if following is not None and following.start == tokens[index].end else None


def _write(value: str, found: _Found) -> str:
    if found.is_in_string:
        return value.replace("'", "''")
    if found.is_part_of_name or _NUMBER.fullmatch(value) or _KEYWORD.fullmatch(value) or value[:1] == "'":
        return value
    return "'" + value.replace("'", "''") + "'"
