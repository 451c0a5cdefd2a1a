"""The one place where identifiers and text values become SQL."""

from __future__ import annotations

from engine.schema.names import name_fault


def quote(identifier: str) -> str:
    """Return the identifier in double quotes, its own quotes doubled, for every dialect the workbench speaks."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return the text as a SQL string literal: in single quotes, its own quotes doubled.

    Prefer parameters; this is for statements that take none, such as ATTACH and SET.
    """
    return "'" + text.replace("'", "''") + "'"


def quote_if_needed(identifier: str) -> str:
    """Return the identifier as it is when that is a plain name everywhere, else in quotes.

    For text that people read; SQL that is run always uses `quote`.
    """
    return quote(identifier) if name_fault(identifier) else identifier
