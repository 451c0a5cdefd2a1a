"""The one place where identifiers and text values become SQL."""

from __future__ import annotations

from engine.schema.names import name_fault


def quote(identifier: str) -> str:
    """Return the identifier in double quotes, with its own quotes doubled, as every supported dialect expects."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return the text as a SQL string literal: in single quotes, its own quotes doubled.

    Prefer parameters; this is for statements that take none, such as ATTACH and SET.
    """
    return "'" + text.replace("'", "''") + "'"


def quote_if_needed(identifier: str) -> str:
    """Return the identifier unquoted if it is a plain name in every dialect, else in quotes.

    For SQL that people read; SQL that is executed always uses `quote`.
    """
    return quote(identifier) if name_fault(identifier) else identifier
