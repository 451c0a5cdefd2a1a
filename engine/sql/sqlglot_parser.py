"""Use of sqlglot without its log messages, which the user would not see."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlglot
from sqlglot.errors import SqlglotError


@contextmanager
def silent_sqlglot() -> Iterator[None]:
    """Disable sqlglot's log; callers check the result of any fallback instead."""
    log = logging.getLogger("sqlglot")
    was_disabled, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = was_disabled


def is_sql(text: str, dialect: str) -> bool:
    """Return whether the text parses as SQL."""
    try:
        with silent_sqlglot():
            return sqlglot.parse_one(text, read=dialect) is not None
    except (SqlglotError, RecursionError):
        return False
