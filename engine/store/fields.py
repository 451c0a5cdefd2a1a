"""Typed readers of the columns of a catalog row.

A damaged file can have anything in a column: other bytes, other types, invalid JSON. Each reader then raises
`ValueError`, and `Faults` collects the damaged columns of a row that can be shown without them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from engine.schema.models import ExperimentSchema

T = TypeVar("T")
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""The substitute for a time that cannot be read."""


def decode_text(data: bytes) -> Any:
    """Return the text of a column, or its bytes when they are not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def shown(value: object) -> str:
    """Return any value as text for people: bytes that are not UTF-8 become replacement characters."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def as_text(value: object) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError("it is not text")
    return value


def as_optional_text(value: object) -> str | None:
    """Return a text or None."""
    return None if value is None else as_text(value)


def as_time(value: object) -> datetime:
    """Return a time, in UTC."""
    time = datetime.fromisoformat(as_text(value))
    if time.tzinfo is None:
        raise ValueError("it has no time zone")
    return time


def as_integer(value: object) -> int:
    """Return an integer, also from text."""
    if isinstance(value, float) or not isinstance(value, int | str):
        raise ValueError("it is not a number")
    return int(value)


def as_float(value: object) -> float:
    """Return a floating-point number."""
    if not isinstance(value, int | float):
        raise ValueError("it is not a number")
    return float(value)


def as_optional_integer(value: object) -> int | None:
    """Return an integer or None."""
    return None if value is None else as_integer(value)


def as_counts(value: object) -> dict[str, int]:
    """Return the rows of each table from JSON."""
    counts = json.loads(as_text(value))
    if not isinstance(counts, dict) or not all(type(rows) is int and rows >= 0 for rows in counts.values()):
        raise ValueError("it is not a mapping of tables to rows")
    return counts


def as_batches(value: object) -> dict[str, list[int]]:
    """Return the rows of tables after each earlier batch from JSON."""
    batches = json.loads(as_text(value))
    if not isinstance(batches, dict) or not all(isinstance(ends, list) for ends in batches.values()):
        raise ValueError("it is not a mapping of tables to lists")
    if not all(type(rows) is int and rows >= 0 for ends in batches.values() for rows in ends):
        raise ValueError("it is not a mapping of tables to rows")
    return batches


def as_chart(value: object) -> dict[str, str]:
    """Return the settings of a chart from JSON: texts by name."""
    return as_text_map(value)


def as_text_map(value: object) -> dict[str, str]:
    """Return texts by name from JSON."""
    texts = json.loads(as_text(value))
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("it is not a mapping of texts")
    return texts


def as_texts(value: object) -> tuple[str, ...]:
    """Return a list of texts from JSON."""
    texts = json.loads(as_text(value))
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise ValueError("it is not a list of texts")
    return tuple(texts)


def stored_schema(text: str) -> ExperimentSchema:
    """Return the schema of a JSON text, with every type checked; raises `ValueError`."""
    schema = ExperimentSchema.model_validate_json(text)
    for table in schema.tables:
        for column in table.columns:
            try:
                _ = column.type
            except ValueError as error:
                raise ValueError(f"{table.key}.{column.name}: {error}") from error
    return schema


class Faults:
    """Reads the columns of one row; `damaged` names those that could not be read."""

    def __init__(self) -> None:
        self.damaged: list[str] = []

    def read(self, column: str, reader: Callable[[object], T], value: object, default: T) -> T:
        """Return the column's value, or the default when it is damaged."""
        try:
            return reader(value)
        except (ValueError, TypeError, OverflowError, RecursionError):
            self.damaged.append(column)
            return default
