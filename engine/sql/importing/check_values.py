"""Values listed by a CHECK on one column: `CHECK (status IN ('active', 'closed'))`."""

from __future__ import annotations

from collections.abc import Sequence

from engine.schema.types import Kind
from engine.sql.importing.table_drafts import ColumnDraft
from engine.sql.importing.tokens import Token, TokenKind

_UNLIMITED = 2**31


def read_allowed_texts(condition: Sequence[Token], column: ColumnDraft) -> tuple[str, ...]:
    """Return the listed texts; empty for any other condition, or when a text does not fit the column."""
    if len(condition) < 5 or condition[0].value.casefold() != column.identifier.folded:
        return ()
    if condition[1].upper != "IN" or condition[2].text != "(" or condition[-1].text != ")":
        return ()
    listed, commas = condition[3:-1:2], condition[4:-1:2]
    if any(token.kind is not TokenKind.STRING for token in listed) or any(token.text != "," for token in commas):
        return ()
    values = tuple(dict.fromkeys(token.value for token in listed))
    return values if all(len(value.encode()) <= _max_bytes(column) for value in values) else ()


def _max_bytes(column: ColumnDraft) -> int:
    """Return the maximum size of the column's texts in bytes; 0 for a column that is not text."""
    if column.type.kind is not Kind.TEXT:
        return 0
    return column.type.varchar_length or column.type.char_length or _UNLIMITED
