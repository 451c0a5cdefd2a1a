"""The value at a path of a document, from the conditions that hold for it together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.workload.like_texts import texts_like
from engine.workload.records import Predicate

_FILTERS = frozenset({"=", "<", "<=", ">", ">=", "in", "between", "like", "ilike", "is not null"})
_BY_TYPE = {
    "INTEGER": 7, "DECIMAL": 7.5, "DOUBLE": 7.5, "VARCHAR": "x", "BOOLEAN": True, "ARRAY": ["x"], "OBJECT": {"no": 1},
    "NULL_VALUE": None,
}  # fmt: skip
"""A value of each type that TYPEOF of Snowflake names."""
_WHOLE = frozenset({"int", "integer", "bigint", "smallint", "tinyint", "length"})


def is_filter(predicate: Predicate) -> bool:
    """Return whether a predicate asks for a value of a document in a row."""
    return (
        predicate.operator in _FILTERS
        and predicate.place in ("where", "on")
        and not predicate.is_negated
        and not predicate.is_aggregated
        and not any(step.name in ("lag", "lead") for step in predicate.path)
    )


def leaf_value(predicates: Sequence[Predicate], number: int) -> Any:
    """Return a value that meets the conditions; `number` chooses among those that they allow."""
    for each in predicates:
        if any(step.name == "typeof" for step in each.path) and each.values:
            return _BY_TYPE.get(str(each.values[0]).upper())
    for each in predicates:
        if each.operator in ("=", "in") and each.values:
            return _as_cast(each, each.values[number % len(each.values)])
    for each in predicates:
        if each.operator in ("like", "ilike"):
            texts = list(texts_like(str(each.values[0]), [], None))
            return texts[number % len(texts)] if texts else str(each.values[0]).strip("%")
    return _between(predicates, number)


def _between(predicates: Sequence[Predicate], number: int) -> Any:
    """Return a number or a day within the bounds."""
    low = [each.values[0] for each in predicates if each.operator in (">", ">=", "between")]
    high = [each.values[-1] for each in predicates if each.operator in ("<", "<=", "between")]
    if not low and not high:
        return "x"
    is_whole = all(_is_whole(each) for each in predicates)
    numbers = [_number(value) for value in (*low, *high)]
    if any(value is None for value in numbers):
        return _day_between(low, high, number)
    lows = [found for value in low if (found := _number(value)) is not None]
    highs = [found for value in high if (found := _number(value)) is not None]
    lowest = max(lows) if lows else None
    highest = min(highs) if highs else None
    if lowest is None:
        assert highest is not None
        lowest = Decimal(0) if highest > 0 else highest - max(abs(highest), Decimal(10))
    if highest is None:
        highest = lowest + max(abs(lowest) / 4, Decimal(10))
    chosen = lowest + (highest - lowest) * (number + 1) / 4
    return int(chosen.to_integral_value("ROUND_CEILING")) if is_whole else round(float(chosen), 6)


def _day_between(low: Sequence[Any], high: Sequence[Any], number: int) -> str | None:
    days = [_day(value) for value in low], [_day(value) for value in high]
    first = max((day for day in days[0] if day is not None), default=None)
    last = min((day for day in days[1] if day is not None), default=None)
    if first is None and last is None:
        return str((low or high)[0])
    try:
        if first is None:
            assert last is not None
            return (last - timedelta(days=1 + number)).isoformat()
        if last is None:
            return (first + timedelta(days=1 + number)).isoformat()
        return (first + (last - first) * (number + 1) / 4).isoformat()
    except OverflowError:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        return None


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool | date | datetime | time):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _is_whole(predicate: Predicate) -> bool:
    casts = [str(step.arguments[0]).lower() for step in predicate.path if step.name == "cast" and step.arguments]
    is_size = any(step.name in ("arraysize", "array_size", "length") for step in predicate.path)
    return is_size or bool(_WHOLE.intersection(casts))


def _as_cast(predicate: Predicate, value: Any) -> Any:
    """Return a literal as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date | time) else value
