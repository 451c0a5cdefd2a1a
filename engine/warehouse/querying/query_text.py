"""The text of a query as its user wrote it, and the places in it.

DuckDB counts bytes from the start of the statement it was given; people count lines and characters from 1.
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
    """What a user wrote: all of it, and where its one statement begins (a character offset)."""

    whole: str
    statement: str
    offset: int

    def at_byte(self, position: int) -> int | None:
        """Return the character offset in the whole text of a byte of the statement, None for a place outside."""
        data = self.statement.encode()
        if not 0 <= position <= len(data):
            return None
        return self.offset + len(data[:position].decode(errors="ignore"))

    @property
    def is_show_tables(self) -> bool:
        """Whether the statement only asks which tables there are."""
        return _SHOW_TABLES.fullmatch(self.statement) is not None

    def find(self, name: str) -> int | None:
        """Return the character offset in the whole text where a name first stands in the statement."""
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.statement, re.IGNORECASE)
        return self.offset + found.start() if found else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader of the result should know of the text that ran."""
        return ()


@dataclass(frozen=True)
class TranslatedText(QueryText):
    """A translated query: `statement` runs, `whole` is what its user wrote; places go from one to the other."""

    translation: Translation

    def at_byte(self, position: int) -> int | None:
        """Return where in the user's text the thing at a byte of the translation was written."""
        data = self.statement.encode()
        if not 0 <= position <= len(data):
            return None
        return self.translation.source_offset(len(data[:position].decode(errors="ignore")))

    def find(self, name: str) -> int | None:
        """Return the character offset in the user's text where a name first stands."""
        found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", self.whole, re.IGNORECASE)
        return found.start() if found else None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the translation approximates."""
        return self.translation.notes


def refusal(message: str, sql: str, offset: int, *, hint: str = "") -> QueryError:
    """Return the error for a fault at a character offset of the text `sql`."""
    line, column, caret = locate(sql, offset)
    return QueryError(message, line=line, column=column, caret=caret, hint=hint)
