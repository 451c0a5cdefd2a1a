"""Bounds, lists, lengths and patterns that CHECKs ask of one column, as keys of its rule.

Several CHECKs of a column are taken together, and with the bounds of a suggested rule, so that a contradiction shows
before the first row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil, floor
from typing import Any

from engine.rules.declared.conditions import Bound, Constant, Length, Like, Listed
from engine.schema.column_rules import COLUMN_RULES
from engine.schema.models import ColumnSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind, WarehouseType
from engine.schema.values import parse_value, value_fault

Ranged = Bound | Listed | Length | Like

_KEYS = {
    **dict.fromkeys(NUMERIC, ("min_value", "max_value")),
    Kind.DATE: ("date_start", "date_end"),
    **dict.fromkeys(TIMESTAMPS, ("timestamp_start", "timestamp_end")),
    Kind.TIME: ("time_start", "time_end"),
}
_FLOAT_STEP = Decimal("0.000001")
_MAX_LISTED = 100
_LONGEST = 12
_RULE_KEYS = frozenset(key for rule in COLUMN_RULES.values() for key in rule.keys)


class Contradiction(Exception):  # noqa: N818 - it becomes a note, with the CHECK, by who knows it
    """Conditions that no value of the column meets; the text is the reason."""


@dataclass(frozen=True)
class Kept:
    """The changes of a column, and the conditions that they keep."""

    changes: dict[str, Any]
    conditions: tuple[Ranged, ...]


def keep_ranges(column: ColumnSchema, conditions: Sequence[Ranged]) -> Kept:
    """Return the keys with which the column keeps those of the conditions that a rule can keep.

    Raises `Contradiction` when no value of the type meets all of them.
    """
    bounds = [each for each in conditions if isinstance(each, Bound)]
    lists = [each for each in conditions if isinstance(each, Listed)]
    if lists:
        return Kept(_keep_list(column, lists, bounds), (*lists, *bounds))
    if bounds and column.type.kind in _KEYS:
        return Kept(_keep_bounds(column, bounds), tuple(bounds))
    if bounds and column.type.kind is Kind.TEXT and (letters := _letters_between(bounds)):
        return Kept({**clear_rule(column), "values": letters}, tuple(bounds))
    patterns = [each for each in conditions if isinstance(each, Like)]
    pattern = _write_pattern(patterns[0].pattern, column.type) if len(patterns) == 1 else ""
    if pattern and not bounds:
        return Kept({**clear_rule(column), "pattern": pattern}, tuple(patterns))
    return Kept({}, ())


def keep_length(column: ColumnSchema, lengths: Sequence[Length]) -> dict[str, Any]:
    """Return the keys of a text whose length is in the ranges, for a column whose own rule does not keep them."""
    low = max((each.low for each in lengths if each.low is not None), default=1)
    high = min((each.high for each in lengths if each.high is not None), default=max(low, _LONGEST))
    longest = column.type.length
    if low > high or (longest is not None and low > longest):
        raise Contradiction(f"no {column.type} has {low} to {high} characters")
    if column.type.kind is not Kind.TEXT:
        return {}
    size = min(high, max(low, _LONGEST), longest or high)
    return {**clear_rule(column), "pattern": "?" * size}


def clear_rule(column: ColumnSchema) -> dict[str, Any]:
    """Return the changes that remove a column's rule and bounds."""
    return {
        **dict.fromkeys(key for key in _RULE_KEYS if getattr(column, key, None) is not None),
        "suggested": False,
        "because": None,
    }


def step_of(kind: WarehouseType) -> Any:
    """Return the difference between neighbouring values of a number or time type."""
    if kind.kind in (Kind.INTEGER, Kind.DECIMAL):
        return Decimal(1).scaleb(-kind.scale)
    if kind.kind is Kind.FLOAT:
        return _FLOAT_STEP
    return timedelta(days=1) if kind.kind is Kind.DATE else timedelta(seconds=1)


def bound_keys(kind: Kind) -> tuple[str, str]:
    """Return the keys of the lower and the upper bound of a type."""
    return _KEYS[kind]


def _keep_list(column: ColumnSchema, lists: Sequence[Listed], bounds: Sequence[Bound]) -> dict[str, Any]:
    kind = column.type
    values: list[Constant] = list(lists[0].values)
    for other in lists[1:]:
        values = [value for value in values if value in other.values]
    typed = [to_json_value(value, kind) for value in values]
    allowed = [value for value in typed if value is not None and all(_meets(value, bound, kind) for bound in bounds)]
    if not allowed:
        raise Contradiction(f"no {kind} is one of them")
    if kind.kind is Kind.BOOLEAN:
        return {} if len(set(allowed)) > 1 else {**clear_rule(column), "probability": 1.0 if allowed[0] else 0.0}
    kept = _keep_weights(column, allowed)
    return kept or {**clear_rule(column), "values": list(dict.fromkeys(allowed))}


def _keep_weights(column: ColumnSchema, allowed: Sequence[Any]) -> dict[str, Any]:
    """Return nothing to change for a list with the same values, which may have weights."""
    same = column.values is not None and sorted(map(str, column.values)) == sorted(map(str, allowed))
    return {"values": column.values} if same else {}


def to_json_value(value: Constant, kind: WarehouseType) -> Any:
    """Return a constant as a JSON value of the type; None for one that does not fit."""
    if kind.kind is Kind.BOOLEAN:
        words = {"true": True, "t": True, "1": True, "y": True, "false": False, "f": False, "0": False, "n": False}
        return words.get(str(value).lower())
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal):
        number = int(value) if value == int(value) else float(value)
        return (
            to_json_value(str(value), kind) if kind.kind is Kind.TEXT else None if value_fault(number, kind) else number
        )
    if kind.kind in NUMERIC and isinstance(value, str):
        try:
            return to_json_value(Decimal(value), kind)
        except ArithmeticError:
            return None
    return None if value_fault(value, kind) else value


def _meets(value: Any, bound: Bound, kind: WarehouseType) -> bool:
    limit = _parse_limit(bound.value, kind)
    if limit is None:
        return True
    found = parse_value(value, kind)
    found = Decimal(str(found)) if kind.kind in NUMERIC else found
    checks = {">": found > limit, ">=": found >= limit, "<": found < limit, "<=": found <= limit}
    return bool(checks[bound.sign])


def _keep_bounds(column: ColumnSchema, bounds: Sequence[Bound]) -> dict[str, Any]:
    kind = column.type
    first, last = _KEYS[kind.kind]
    low, high = _current(column, first), _current(column, last)
    for bound in bounds:
        limit = _parse_limit(bound.value, kind)
        if limit is None:
            raise Contradiction(f"{bound.value} is no {kind}")
        is_open = len(bound.sign) == 1
        if bound.sign.startswith(">"):
            limit = _round(limit, kind, is_open, up=True)
            low = limit if low is None else max(low, limit)
        else:
            limit = _round(limit, kind, is_open, up=False)
            high = limit if high is None else min(high, limit)
    if low is not None and high is not None and low > high:
        raise Contradiction(f"no {kind} is at least {low} and at most {high}")
    low, high = _fit_type(low, high, kind)
    found: dict[str, Any] = {first: low, last: high}
    if kind.kind in TIMESTAMPS:
        found |= {"date_start": None, "date_end": None}
    values = column.values
    if values is not None:
        kept = [value for value in values if all(_meets(value, bound, kind) for bound in bounds)]
        if len(kept) == len(values):
            return {}
        return {**clear_rule(column), **found}
    return found


def _current(column: ColumnSchema, key: str) -> Any:
    value = getattr(column, key)
    if value is None and key.startswith("timestamp"):
        day: date | None = getattr(column, key.replace("timestamp", "date"))
        return None if day is None else datetime.combine(day, time.max if key.endswith("end") else time.min)
    return value


def _fit_type(low: Any, high: Any, kind: WarehouseType) -> tuple[Any, Any]:
    """Drop a bound that lies beyond the type's own, and raise when nothing of the type is left."""
    if kind.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return low, high
    least, most = (Decimal(each).scaleb(-kind.scale) for each in kind.integer_bounds)
    if (low is not None and low > most) or (high is not None and high < least):
        raise Contradiction(f"no {kind} is at {'least' if low is not None and low > most else 'most'} {low or high}")
    return (None if low is not None and low < least else low), (None if high is not None and high > most else high)


def _parse_limit(value: Constant, kind: WarehouseType) -> Any:
    """Return a constant as a number, or as a date or time of the type; None when it is none."""
    try:
        if kind.kind in NUMERIC:
            number = Decimal(str(value))
            return number if number.is_finite() else None
        if kind.kind is Kind.TIME:
            return time.fromisoformat(str(value))
        moment = datetime.fromisoformat(str(value).strip())
    except (ValueError, ArithmeticError):
        return None
    return moment.date() if kind.kind is Kind.DATE else moment


def _round(limit: Any, kind: WarehouseType, is_open: bool, *, up: bool) -> Any:
    """Return the nearest value of the type that meets a bound."""
    step = step_of(kind)
    if kind.kind in (Kind.INTEGER, Kind.DECIMAL):
        steps = limit / step
        rounded = ceil(steps) if up else floor(steps)
        moved = rounded + (1 if up else -1) if is_open and rounded == steps else rounded
        return moved * step
    if not is_open:
        return limit
    if kind.kind is Kind.TIME:
        moment = datetime.combine(date(2000, 1, 2), limit)
        return (moment + step if up else moment - step).time()
    return limit + step if up else limit - step


def _letters_between(bounds: Sequence[Bound]) -> list[str]:
    """Return the letters of `grade BETWEEN 'A' AND 'F'`; empty for other bounds of a text."""
    lows = [str(bound.value) for bound in bounds if bound.sign == ">="]
    highs = [str(bound.value) for bound in bounds if bound.sign == "<="]
    if len(lows) != 1 or len(highs) != 1 or len(bounds) != 2 or len(lows[0]) != 1 or len(highs[0]) != 1:
        return []
    if ord(highs[0]) - ord(lows[0]) > _MAX_LISTED:
        return []
    return [chr(code) for code in range(ord(lows[0]), ord(highs[0]) + 1)]


def _write_pattern(like: str, kind: WarehouseType) -> str:
    """Return the pattern of a LIKE with text, _ and a final %: `ORD-%` is ORD-####; empty when there is none."""
    body = like.removesuffix("%")
    if kind.kind is not Kind.TEXT or "%" in body or any(symbol in body for symbol in "#?\\"):
        return ""
    free = 0
    if body != like:
        room = _LONGEST if kind.length is None else kind.length - len(body)
        free = max(0, min(room, 6))
    fits = kind.length is None or len(body) <= kind.length
    return body.replace("_", "?") + "#" * free if fits else ""
