"""DuckDB errors as `QueryError`: the message, its position in the user's text, and a hint.

A session reports errors as JSON (`errors_as_json`); `position` counts UTF-8 bytes from the start of the text that ran.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.errors import QueryError
from engine.sql.translation.functions.raising import raised_message
from engine.sql.translation.reading.syntax_errors import find_misspelled_modifier
from engine.warehouse.querying.name_hints import (
    explain_missing_column,
    explain_missing_source,
    explain_missing_table,
    name_at,
)
from engine.warehouse.querying.query_text import QueryText, refusal
from engine.warehouse.querying.session import Session
from engine.warehouse.querying.value_errors import explain_value_error

_BLANK = re.compile(r"(?:\s|;|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_NO_COLUMN = re.compile(r'(?:Referenced column|does not have a column named|^Column) "((?:[^"]|"")*)"')
_NO_SOURCE = re.compile(r'^Referenced table "((?:[^"]|"")*)" not found')
_SETTING = re.compile(r"[^.]*\b(?:SET|PRAGMA) .*")  # hints that a locked session cannot follow
_DAMAGE_KINDS = frozenset({"SERIALIZATION", "FATAL", "CORRUPTION"})
_DAMAGE = re.compile(r"Corrupt database|Could not read enough bytes|not a valid DuckDB database")
_NO_SPACE = re.compile(r"No space left on device|max_temp_directory_size|File too large|Disk quota exceeded")
_QUOTED_PATH = re.compile(r"""\s*["'](?:/|[A-Za-z]:\\)[^"']*["']""")
_CATALOG = re.compile(r'"?experiment_\w+"?\.(?:"?main"?\.)?')


def query_error(error: BaseException, text: QueryText, session: Session | None = None) -> QueryError:
    """Convert a DuckDB error in the statement of `text` to a `QueryError` positioned in the user's text."""
    details = _unwrap_raised(_parse_details(error))
    offset = _offset(details, text)
    message, hint = _explain(details, text, session, offset)
    if offset is None and details.get("exception_type") == "Parser":
        blank = _BLANK.match(text.statement)
        offset = text.offset + (blank.end() if blank else 0)
    if offset is None:
        return QueryError(message, hint=hint)
    return refusal(message, text.whole, offset, hint=hint)


def error_offset(error: BaseException, text: QueryText) -> int | None:
    """Return the character offset of a DuckDB error in the user's text, None if it has none."""
    return _offset(_parse_details(error), text)


def timeout_error(seconds: float) -> QueryError:
    """Return the error of a query that reached its time limit."""
    return QueryError(
        f"The query was stopped at its time limit of {seconds:g} seconds.",
        hint="Read fewer rows or columns, or raise DW_SIM_QUERY_TIMEOUT_SECONDS.",
    )


def _parse_details(error: BaseException) -> dict[str, Any]:
    text = str(error)
    start = text.find('{"exception_type"')
    if start >= 0:
        try:
            details: dict[str, Any] = json.JSONDecoder(strict=False).raw_decode(text[start:])[0]
            return details
        except ValueError:
            pass
    kind, _, message = text.partition(" Error: ")
    return {"exception_type": kind if message else "", "exception_message": message or text}


def _unwrap_raised(details: dict[str, Any]) -> dict[str, Any]:
    """Return the error that a macro raised, without its position, which is inside the macro."""
    message = raised_message(str(details.get("exception_message", "")))
    return details if message is None else {"exception_type": "Invalid Input", "exception_message": message}


def _offset(details: dict[str, Any], text: QueryText) -> int | None:
    """Return the character offset of the error in the user's text; a missing table without one is searched by name."""
    try:
        return text.at_byte(int(details["position"]))
    except (KeyError, ValueError):
        pass
    if details.get("type") == "Table" and details.get("name"):
        return text.find(str(details["name"]))
    return None


def _explain(details: dict[str, Any], text: QueryText, session: Session | None, offset: int | None) -> tuple[str, str]:
    kind, message = str(details.get("exception_type", "")), str(details.get("exception_message", ""))
    first = _SETTING.sub("", _CATALOG.sub("", message.strip().split("\n")[0])).strip()
    if kind == "Catalog" and details.get("type") == "Table" and session is not None:
        return explain_missing_table(name_at(text, offset, str(details.get("name", ""))), session, text)
    if kind == "Catalog" and "does not exist because schema" in message and session is not None:
        return explain_missing_table(name_at(text, offset, first.split('"')[1] if '"' in first else ""), session, text)
    source = _NO_SOURCE.search(first)
    if source is not None:
        return explain_missing_source(source[1].replace('""', '"'), message, text, session)
    column = _NO_COLUMN.search(first)
    if column is not None:
        name = column[1].replace('""', '"')
        keyword = find_misspelled_modifier(text.whole, offset, name)
        if keyword:
            return f'Syntax error near "{name}".', f'Did you mean "{keyword.lower()}"?'
        return explain_missing_column(name, message, text, session)
    of_value = explain_value_error(first)
    if of_value is not None:
        return of_value
    if is_damage(kind, message):
        return _damage(first, session)
    if kind.upper() == "INTERNAL":
        return first, "Rewrite the query. If that fails too, load a completed run again."
    if _NO_SPACE.search(message):
        reason = _QUOTED_PATH.sub(" of the home folder", first)
        return f"The disk is full: {reason}", "Free some disk space, or read less data."
    if kind == "Out of Memory":
        limit = "" if session is None else f" of {session.settings.query_memory_mb:,} MB"
        return (
            f"The query exceeded its memory limit{limit}.",
            "Read fewer rows or columns, or raise DW_SIM_QUERY_MEMORY_MB.",
        )
    if kind == "Permission" and "file" in message:
        return "Queries cannot read files or folders, only the tables of the experiments.", ""
    if "read-only mode" in message or ("read-only" in message and kind == "Invalid Input"):
        return "Queries are read-only: this one would change data.", ""
    return first, _rest(message, details)


def is_damage(kind: str, message: str) -> bool:
    """Return whether the kind and message of a DuckDB error mean that a file cannot be read."""
    if _NO_SPACE.search(message) is not None:
        return False
    return kind.upper() in _DAMAGE_KINDS or kind == "IO" or _DAMAGE.search(message) is not None


def _damage(reason: str, session: Session | None) -> tuple[str, str]:
    """Return the message and hint for data that DuckDB cannot read."""
    named = [] if session is None else [each for each in session.attached.values() if each.path is not None]
    if not named:
        return reason, "Run it again. If it fails again, simplify the query."
    files = ", ".join(f'"{each.name}" ({each.path})' for each in named)
    return (
        f"The data cannot be read: {reason} The warehouse file of {files} may be damaged.",
        "Load a completed run again, or reset the tables.",
    )


def _rest(message: str, details: dict[str, Any]) -> str:
    """Return DuckDB's own hint on one line: its further lines without the position, which is shown separately."""
    if details.get("error_subtype") == "NO_MATCHING_FUNCTION":
        return " ".join(message.split("\n", 1)[-1].split())
    lines = message.strip().split("\n\nLINE ")[0].split("\n")[1:]
    return _SETTING.sub("", _CATALOG.sub("", " ".join(" ".join(lines).split()))).strip()
