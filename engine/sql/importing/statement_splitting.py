"""Splitter of a script into statements, without parsing them.

A statement ends at its semicolon; a psql or SnowSQL command is one line. A `BEGIN ... END` block, or a procedure with
such a body, is one statement with all its semicolons; without an END, BEGIN starts a transaction, so that one missing
word does not swallow the rest of the script. A statement that starts on a new line after a complete CREATE TABLE is
separate even if the semicolon is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.sql.importing.tokens import Token, TokenKind, tokenize


@dataclass(frozen=True)
class Statement:
    """One statement: text without the semicolon, start line (from 1), start offset, tokens."""

    text: str
    line: int
    offset: int
    tokens: tuple[Token, ...]

    @property
    def is_command(self) -> bool:
        """Whether this is a command of psql or SnowSQL, such as `\\copy` or `!set`."""
        return self.tokens[0].kind is TokenKind.COMMAND

    @property
    def words(self) -> tuple[str, ...]:
        """The first words in upper case, at most eight, which show the kind of statement."""
        words: list[str] = []
        for token in self.tokens[:8]:
            if token.kind is not TokenKind.WORD:
                break
            words.append(token.upper)
        return tuple(words)


_TRANSACTION = frozenset({"WORK", "TRANSACTION", "TRAN", "ISOLATION", "READ", "NAME", "DEFERRABLE"})
_WITH_OWN_END = frozenset({"IF", "LOOP", "FOR", "WHILE", "REPEAT"})
_STARTS = frozenset({"CREATE", "ALTER", "DROP", "INSERT", "GRANT"})


def split_statements(text: str, dialect: str = "redshift") -> list[Statement]:
    """Return the statements of a script in order, without those that are only comments."""
    tokens = tokenize(text, dialect)
    statements: list[Statement] = []
    start, has_blocks = 0, True
    while start < len(tokens):
        end = _find_end(tokens, start, has_blocks)
        if end is None:
            has_blocks = False
            continue
        if end > start:
            statements.append(_build_statement(text, tokens[start:end]))
        start = end + 1 if end < len(tokens) and tokens[end].is_symbol(";") else max(end, start)
    return statements


def _build_statement(text: str, tokens: Sequence[Token]) -> Statement:
    head = next((token for token in tokens if token.kind is not TokenKind.TEMPLATE), tokens[0])
    return Statement(text[tokens[0].start : tokens[-1].end], head.line, tokens[0].start, tuple(tokens))


def _find_end(tokens: Sequence[Token], start: int, has_blocks: bool) -> int | None:
    """Return the index of the token after the statement, or None when a block in it has no END."""
    if tokens[start].kind is TokenKind.COMMAND:
        return start + 1
    block = _Block()
    is_table = False
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.kind is TokenKind.SYMBOL:
            if token.text == ";" and not block.is_open:
                return index
        elif token.kind is TokenKind.COMMAND:
            if not block.is_open:
                return index
        elif token.kind is TokenKind.WORD:
            if has_blocks:
                block.read(tokens, index, is_first=index == start)
            if is_table and not block.is_open and _is_next_statement(tokens, index):
                return index
            is_table = is_table or (token.upper == "TABLE" and _is_create(tokens[start:index]))
    return None if block.is_open else len(tokens)


def _is_create(before: Sequence[Token]) -> bool:
    """Return whether the tokens before the word TABLE make it a CREATE TABLE: `create or replace transient`."""
    return 0 < len(before) < 8 and before[0].upper == "CREATE" and all(token.upper for token in before)


def _is_next_statement(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a word on a new line begins a statement although the semicolon before it is missing."""
    token, before = tokens[index], tokens[index - 1]
    if token.upper not in _STARTS or token.line == before.line or index + 1 >= len(tokens):
        return False
    following = tokens[index + 1].upper
    if token.upper == "CREATE":
        return following in _CREATED
    return following in _OBJECTS


_CREATED = frozenset(
    "TABLE OR TEMP TEMPORARY TRANSIENT EXTERNAL LOCAL GLOBAL HYBRID DYNAMIC VIEW MATERIALIZED SCHEMA DATABASE "
    "SEQUENCE STAGE UNIQUE INDEX PROCEDURE FUNCTION".split()
)


_OBJECTS = frozenset("TABLE DYNAMIC EXTERNAL INTO VIEW SCHEMA DATABASE SESSION TASK ALL SELECT USAGE".split())


class _Block:
    """Nesting depth of BEGIN ... END; `is_open` from BEGIN or DECLARE to the matching END."""

    def __init__(self) -> None:
        self._depth = 0
        self._is_declared = False

    @property
    def is_open(self) -> bool:
        return self._depth > 0 or self._is_declared

    def read(self, tokens: Sequence[Token], index: int, *, is_first: bool) -> None:
        word = tokens[index].upper
        if word not in ("BEGIN", "DECLARE", "CASE", "END"):
            return
        before = tokens[index - 1] if index else None
        is_body = is_first or (before is not None and before.upper == "AS")
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if word == "BEGIN" and (is_body or self.is_open) and _starts_block(following):
            self._depth += 1
            self._is_declared = False
        elif word == "DECLARE" and is_body and not self.is_open:
            self._is_declared = True
        elif self._depth:
            self._read_inside(word, before, following)

    def _read_inside(self, word: str, before: Token | None, following: Token | None) -> None:
        if word == "CASE" and (before is None or before.upper != "END"):
            self._depth += 1
        elif word == "END" and (following is None or following.upper not in _WITH_OWN_END):
            self._depth -= 1


def _starts_block(following: Token | None) -> bool:
    return following is not None and not following.is_symbol(";") and following.upper not in _TRANSACTION
