"""Checks of `default_value`: it fits the type, the bounds and the list of the column, and no key repeats it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.errors import Problem
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import parse_value, value_fault

_HINT = "Change it, or remove default_value."
_BOUNDS = (("min_value", "max_value"), ("date_start", "date_end"), ("timestamp_start", "timestamp_end"))
_TIMES = (("time_start", "time_end"),)
_SHAPES = ("weekday_weights", "hour_weights", "trend", "seasonality", "spikes")


def check_default(table: TableSchema, column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    """Yield the problems of a column's default_value and default_fraction."""
    value = column.default_value
    if value is None:
        if column.default_fraction is not None:
            yield Problem(where, "default_fraction can only be used with default_value.", 'Add "default_value".')
        return
    if fault := value_fault(value, kind):
        yield Problem(where, f"The default_value {value!r} {fault}", f"Fix it, or the type {kind}.")
        return
    if kind.kind is Kind.BINARY:
        yield Problem(where, "default_value does not apply to a binary column.", "Remove default_value.")
    if is_key_column(table, column):
        yield Problem(where, "A key column cannot have a default_value, which would repeat.", "Remove default_value.")
    for shape in _SHAPES:
        if getattr(column, shape) is not None:
            yield Problem(where, f"default_value cannot be combined with {shape}.", "Keep one of them.")
    parsed = parse_value(value, kind)
    if column.values is not None and parsed not in _parse_all(column, kind):
        yield Problem(where, f"The default_value {value!r} is not one of the values.", _HINT)
    for low, high in (*_BOUNDS, *_TIMES):
        for bound, sign in ((low, -1), (high, 1)):
            limit = getattr(column, bound)
            if limit is not None and _is_beyond(parsed, limit, sign):
                yield Problem(where, f"The default_value {value!r} is outside of {bound} {limit}.", _HINT)


def is_key_column(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether the column is unique, part of a key, a reference, or a line number."""
    folded = column.name.casefold()
    groups = [*table.composite_keys, *(key.columns for key in table.foreign_keys)]
    is_grouped = any(folded in map(str.casefold, group) for group in groups)
    is_linked = column.foreign_key is not None or column.line_number_of is not None
    return table.is_unique(column) or is_grouped or is_linked


def _parse_all(column: ColumnSchema, kind: WarehouseType) -> list[Any]:
    return [parse_value(value, kind) for value in column.values or () if not value_fault(value, kind)]


def _is_beyond(value: Any, limit: Any, sign: int) -> bool:
    """Return whether a value lies beyond a bound: below it for sign -1, above it for 1."""
    if isinstance(limit, Decimal):
        value = Decimal(str(value))
    elif isinstance(value, datetime):
        limit = limit if isinstance(limit, datetime) else datetime.combine(limit, value.min.time())
        value, limit = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in (value, limit))
        if sign > 0 and limit.time() == limit.min.time():
            value, limit = value.date(), limit.date()
    elif isinstance(value, date) and isinstance(limit, datetime):
        limit = limit.date()
    return bool(value < limit if sign < 0 else value > limit)
