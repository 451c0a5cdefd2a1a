"""Errors of DuckDB as errors of the query: what is wrong, where in the user's own text, and what was meant.

A session reports errors as JSON (`errors_as_json`), whose `position` counts bytes of UTF-8 from the start of the
text that was run.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.errors import QueryError
from engine.sql.translation.functions.raising import raised_message
from engine.sql.translation.reading.syntax_errors import find_misspelled_modifier
from engine.warehouse.querying.name_hints import name_at, no_column, no_source, no_table
from engine.warehouse.querying.query_text import QueryText, refusal
from engine.warehouse.querying.session import Session
from engine.warehouse.querying.value_errors import value_error

_BLANK = re.compile(r"(?:\s|;|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_NO_COLUMN = re.compile(r'(?:Referenced column|does not have a column named|^Column) "((?:[^"]|"")*)"')
_NO_SOURCE = re.compile(r'^Referenced table "((?:[^"]|"")*)" not found')
_SETTING = re.compile(r"[^.]*\b(?:SET|PRAGMA) .*")  # advice that a locked session cannot follow
_DAMAGE_KINDS = frozenset({"SERIALIZATION", "FATAL", "CORRUPTION"})
_DAMAGE = re.compile(r"Corrupt database|Could not read enough bytes|not a valid DuckDB database")
_NO_ROOM = re.compile(r"No space left on device|max_temp_directory_size|File too large|Disk quota exceeded")
_QUOTED_PATH = re.compile(r"""\s*["'](?:/|[A-Za-z]:\\)[^"']*["']""")
_CATALOG = re.compile(r'"?experiment_\w+"?\.(?:"?main"?\.)?')


def query_error(error: BaseException, text: QueryText, session: Session | None = None) -> QueryError:
    """Return an error of DuckDB, which ran the statement of `text`, as a `QueryError` on the user's text."""
    details = _as_raised(_details(error))
    offset = _offset(details, text)
    message, hint = _explained(details, text, session, offset)
    if offset is None and details.get("exception_type") == "Parser":
        blank = _BLANK.match(text.statement)
        offset = text.offset + (blank.end() if blank else 0)
    if offset is None:
        return QueryError(message, hint=hint)
    return refusal(message, text.whole, offset, hint=hint)


def error_offset(error: BaseException, text: QueryText) -> int | None:
    """Return the character offset that an error of DuckDB marks in the user's text, None when it marks none."""
    return _offset(_details(error), text)


def interruption(seconds: float) -> QueryError:
    """Return the error for a query that ran into its time limit."""
    return QueryError(
        f"The query was stopped at its time limit of {seconds:g} seconds.",
        hint="Ask for less, or raise DW_SIM_QUERY_TIMEOUT_SECONDS.",
    )


def _details(error: BaseException) -> dict[str, Any]:
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


def _as_raised(details: dict[str, Any]) -> dict[str, Any]:
    """Return what a macro raised as an error of its own; the place is left out, as it is one in the macro."""
    message = raised_message(str(details.get("exception_message", "")))
    return details if message is None else {"exception_type": "Invalid Input", "exception_message": message}


def _offset(details: dict[str, Any], text: QueryText) -> int | None:
    """Return the character offset of the fault in the user's text; a missing table without a place is looked for."""
    try:
        return text.at_byte(int(details["position"]))
    except (KeyError, ValueError):
        pass
    if details.get("type") == "Table" and details.get("name"):
        return text.find(str(details["name"]))
    return None


def _explained(
    details: dict[str, Any], text: QueryText, session: Session | None, offset: int | None
) -> tuple[str, str]:
    kind, message = str(details.get("exception_type", "")), str(details.get("exception_message", ""))
    first = _SETTING.sub("", _CATALOG.sub("", message.strip().split("\n")[0])).strip()
    if kind == "Catalog" and details.get("type") == "Table" and session is not None:
        return no_table(name_at(text, offset, str(details.get("name", ""))), session, text)
    if kind == "Catalog" and "does not exist because schema" in message and session is not None:
        return no_table(name_at(text, offset, first.split('"')[1] if '"' in first else ""), session, text)
    source = _NO_SOURCE.search(first)
    if source is not None:
        return no_source(source[1].replace('""', '"'), message, text, session)
    column = _NO_COLUMN.search(first)
    if column is not None:
        name = column[1].replace('""', '"')
        keyword = find_misspelled_modifier(text.whole, offset, name)
        if keyword:
            return f'Syntax error at "{name}".', f'Did you mean "{keyword.lower()}"?'
        return no_column(name, message, text, session)
    of_value = value_error(first)
    if of_value is not None:
        return of_value
    if is_damage(kind, message):
        return _damage(first, session)
    if kind.upper() == "INTERNAL":
        return first, "Write the query in another way; if that fails too, load a completed run again."
    if _NO_ROOM.search(message):
        reason = _QUOTED_PATH.sub(" of the home folder", first)
        return f"The disk is full: {reason}", "Free some space on the disk, or ask for less."
    if kind == "Out of Memory":
        limit = "its limit" if session is None else f"its limit of {session.settings.query_memory_mb:,} MB"
        return f"The query needs more memory than {limit}.", "Ask for less, or raise DW_SIM_QUERY_MEMORY_MB."
    if kind == "Permission" and "file" in message:
        return "A query cannot reach files or folders; it reads the tables of the experiments only.", ""
    if "read-only mode" in message or ("read-only" in message and kind == "Invalid Input"):
        return "The query would change data, which is not allowed: a query only reads.", ""
    return first, _rest(message, details)


def is_damage(kind: str, message: str) -> bool:
    """Return whether an error of DuckDB, by its kind and message, means that a file cannot be read."""
    if _NO_ROOM.search(message) is not None:
        return False
    return kind.upper() in _DAMAGE_KINDS or kind == "IO" or _DAMAGE.search(message) is not None


def _damage(reason: str, session: Session | None) -> tuple[str, str]:
    """Return what to say, and to advise, when DuckDB cannot read the data itself."""
    named = [] if session is None else [each for each in session.attached.values() if each.path is not None]
    if not named:
        return reason, "Ask again; if it fails again, simplify the query."
    files = ", ".join(f'"{each.name}" ({each.path})' for each in named)
    return (
        f"The data cannot be read: {reason} The warehouse file of {files} may be damaged.",
        "Load a completed run again, or reset the tables.",
    )


def _rest(message: str, details: dict[str, Any]) -> str:
    """Return DuckDB's own advice, on one line: its further lines without the place, which we show ourselves."""
    if details.get("error_subtype") == "NO_MATCHING_FUNCTION":
        return " ".join(message.split("\n", 1)[-1].split())
    lines = message.strip().split("\n\nLINE ")[0].split("\n")[1:]
    return _SETTING.sub("", _CATALOG.sub("", " ".join(" ".join(lines).split()))).strip()
