"""The text of a query and positions in it.

DuckDB counts bytes from the start of the statement; users count lines and characters from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.errors import QueryError
from engine.sql.positions import locate
from engine.sql.translation import Translation

_SHOW_TABLES = re.compile(r"show\s+tables\s*;?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class QueryText:
    """The whole text of a user, its one statement, and the character offset of that statement."""

    whole: str
    statement: str
    offset: int

    def at_byte(self, position: int) -> int | None:
        """Return the character offset in the whole text of a byte of the statement, None if outside."""
        data = self.statement.encode()
        if not 0 <= position <= len(data):
            return None
        return self.offset + len(data[:position].decode(errors="ignore"))

    @property
    def is_show_tables(self) -> bool:
        """Whether the statement is SHOW TABLES."""
        return _SHOW_TABLES.fullmatch(self.statement) is not None

    def find(self, name: str) -> int | None:
        """Return the character offset in the whole text of the first occurrence of a name in the statement."""
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.statement, re.IGNORECASE)
        return self.offset + found.start() if found else None

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for the user on the text that ran."""
        return ()


@dataclass(frozen=True)
class TranslatedText(QueryText):
    """A translated query: `statement` runs, `whole` is the user's text; positions are mapped back to it."""

    translation: Translation

    def at_byte(self, position: int) -> int | None:
        """Return the character offset in the user's text of a byte of the translation."""
        data = self.statement.encode()
        if not 0 <= position <= len(data):
            return None
        return self.translation.source_offset(len(data[:position].decode(errors="ignore")))

    def find(self, name: str) -> int | None:
        """Return the character offset of the first occurrence of a name in the user's text."""
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.whole, re.IGNORECASE)
        return found.start() if found else None

    @property
    def notes(self) -> tuple[str, ...]:
        """The approximations of the translation."""
        return self.translation.notes


def refusal(message: str, sql: str, offset: int, *, hint: str = "") -> QueryError:
    """Return a `QueryError` positioned at a character offset of `sql`."""
    line, column, caret = locate(sql, offset)
    return QueryError(message, line=line, column=column, caret=caret, hint=hint)
