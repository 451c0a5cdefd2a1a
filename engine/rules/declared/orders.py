"""Comparisons between columns of a row, kept by construction: the later column is made from the earlier one.

`end_date >= start_date` makes end_date the start plus a drawn span; `price BETWEEN low AND high` draws between two
columns. A column whose values come from elsewhere (a key, a reference, a formula) stays, and the others follow it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from engine.rules.declared.conditions import Related, column_name
from engine.rules.declared.ranges import bound_keys, clear_rule, step_of
from engine.rules.derived.vendor_sql import write_expression
from engine.rules.values.numbers import DEFAULT_MAX, float_bounds, unscaled_bounds
from engine.rules.values.timestamps import moment_bounds
from engine.schema.column_rules import has_any_key, sources_of
from engine.schema.default_checks import is_key_column
from engine.schema.models import DEFAULT_NULL_FRACTION, ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_SPAN_DAYS = 30
_DAY_SECONDS = 86_400
_FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}
_ORDERED = NUMERIC | TIMESTAMPS | {Kind.DATE}
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class _Limit:
    """The other side of a comparison as SQL; `column` is its name when it is one column."""

    sql: str
    column: ColumnSchema | None
    is_open: bool
    may_be_null: bool


@dataclass
class _Limits:
    lows: list[_Limit] = field(default_factory=list)
    highs: list[_Limit] = field(default_factory=list)
    equal: str = ""


def keep_orders(table: TableSchema, relations: Sequence[Related]) -> dict[str, dict[str, Any]]:
    """Return the changes by column name that keep the comparisons; those it cannot keep change nothing."""
    found = [relation for relation in relations if _are_known(table, relation)]
    changes = _narrow(table, found)
    order = _sort_columns(table, found)
    for name in order:
        column = table.column(name)
        if _is_fixed(table, column):
            continue
        limits = _collect_limits(table, column, found, order[: order.index(name)])
        made = _make(column.model_copy(update=_plain(changes.get(name))), limits)
        if made:
            changes[name] = {**changes.get(name, {}), **made}
    return changes


def _plain(change: Mapping[str, Any] | None) -> dict[str, Any]:
    return dict(change or {})


def _are_known(table: TableSchema, relation: Related) -> bool:
    names = {column.name.casefold() for column in table.columns}
    return relation.column.casefold() in names


def _is_fixed(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether the column's values come from elsewhere, so that it cannot follow another one."""
    own = [rule.name for rule in sources_of(column)]
    is_declared = bool(own) and not column.suggested
    return is_key_column(table, column) or is_declared or column.type.kind not in _ORDERED


def _sort_columns(table: TableSchema, relations: Sequence[Related]) -> list[str]:
    """Return the compared columns, fixed ones first, then lower ones before higher ones."""
    names = [column.name for column in table.columns]
    folded = {name.casefold(): name for name in names}
    before: dict[str, set[str]] = {}
    for relation in relations:
        column = folded[relation.column.casefold()]
        others = {folded.get(each.casefold(), each) for each in _columns_of(relation)}
        before.setdefault(column, set())
        is_lower = relation.sign.startswith("<") and bool(column_name(relation.other))
        for other in others & set(names):
            before.setdefault(other, set())
            first, second = (column, other) if is_lower else (other, column)
            before[second].add(first)
    fixed = [name for name in names if name in before and _is_fixed(table, table.column(name))]
    done = list(fixed)
    waiting = [name for name in names if name in before and name not in fixed]
    while waiting:
        free = next((name for name in waiting if not (before[name] & set(waiting))), waiting[0])
        waiting.remove(free)
        done.append(free)
    return done


def _columns_of(relation: Related) -> set[str]:
    return {column.name for column in relation.other.find_all(exp.Column)}


def _collect_limits(
    table: TableSchema, column: ColumnSchema, relations: Sequence[Related], done: Sequence[str]
) -> _Limits:
    limits = _Limits()
    known = {name.casefold() for name in done}
    for relation in _turned(column, relations):
        used = _columns_of(relation)
        if not {name.casefold() for name in used} <= known:
            continue
        columns = [table.column(name) for name in used]
        single = column_name(relation.other)
        limit = _Limit(
            write_expression(relation.other),
            table.column(single) if single else None,
            len(relation.sign) == 1,
            any(other.is_nullable for other in columns),
        )
        if relation.sign == "=":
            limits.equal = limit.sql
        else:
            (limits.lows if relation.sign.startswith(">") else limits.highs).append(limit)
    return limits


def _turned(column: ColumnSchema, relations: Sequence[Related]) -> Iterator[Related]:
    """Yield the relations of a column with it on the left side."""
    for relation in relations:
        if relation.column.casefold() == column.name.casefold():
            yield relation
        elif column_name(relation.other).casefold() == column.name.casefold():
            other = exp.column(exp.to_identifier(relation.column, quoted=True))
            yield replace(relation, column=column.name, sign=_FLIPPED[relation.sign], other=other)


def _make(column: ColumnSchema, limits: _Limits) -> dict[str, Any]:
    """Return the keys of a column that keeps its limits; empty without any."""
    if limits.equal:
        return {**clear_rule(column), "expression": limits.equal}
    if not limits.lows and not limits.highs:
        return {}
    kinds = {each.column.type.kind for each in (*limits.lows, *limits.highs) if each.column is not None}
    is_number = column.type.kind in NUMERIC
    if any((kind in NUMERIC) is not is_number or kind not in _ORDERED for kind in kinds):
        return {}
    write = _write_number if is_number else _write_moment
    expression = write(column, limits)
    nulls = {"null_fraction": DEFAULT_NULL_FRACTION} if column.is_nullable and column.null_fraction is None else {}
    return {**clear_rule(column), "expression": expression, **nulls} if expression else {}


def _write_number(column: ColumnSchema, limits: _Limits) -> str:
    step = step_of(column.type)
    least, most = _number_range(column)
    low = _join("greatest", [_shift(each, step, "+", least) for each in limits.lows])
    high = _join("least", [_shift(each, step, "-", most) for each in limits.highs])
    if low and high:
        return f"uniform({low}, greatest({high}, {low}), random())"
    if high:
        floor = _text(least, column)
        return f"uniform(least({floor}, {high}), {high}, random())"
    if column.min_value is not None:
        low = f"greatest({low}, {_text(least, column)})"
    if column.max_value is not None or _is_near_limit(column, limits):
        ceiling = _text(most if column.max_value is not None else _type_max(column), column)
        return f"uniform({low}, greatest({ceiling}, {low}), random())"
    return f"{low} + uniform({_text(Decimal(0), column)}, {_text(_span(limits), column)}, random())"


def _shift(limit: _Limit, step: Any, sign: str, missing: Decimal) -> str:
    sql = f"coalesce({limit.sql}, {missing:f})" if limit.may_be_null else limit.sql
    sql = sql if limit.column is not None or limit.may_be_null else f"({sql})"
    return f"{sql} {sign} {step:f}" if limit.is_open else sql


def _join(function: str, parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{function}({', '.join(parts)})" if parts else ""


def _number_range(column: ColumnSchema) -> tuple[Decimal, Decimal]:
    """Return the bounds between which a column is drawn without a rule."""
    if column.type.kind is Kind.FLOAT:
        low, high = float_bounds(column)
        return Decimal(str(low)), Decimal(str(high))
    first, last = unscaled_bounds(column)
    return Decimal(first).scaleb(-column.type.scale), Decimal(last).scaleb(-column.type.scale)


def _type_max(column: ColumnSchema) -> Decimal:
    return Decimal(column.type.integer_bounds[1]).scaleb(-column.type.scale)


def _is_near_limit(column: ColumnSchema, limits: _Limits) -> bool:
    """Return whether a span above the lower column may not fit the type."""
    if column.type.kind is Kind.FLOAT:
        return False
    highest = max(
        (_number_range(each.column)[1] for each in limits.lows if each.column is not None), default=Decimal(0)
    )
    return highest + _span(limits) > _type_max(column)


def _span(limits: _Limits) -> Decimal:
    ranges = [_number_range(each.column) for each in limits.lows if each.column is not None]
    return max((high - low for low, high in ranges), default=Decimal(DEFAULT_MAX)) or Decimal(DEFAULT_MAX)


def _text(number: Decimal, column: ColumnSchema) -> str:
    """Return a number with the decimal places of the column, which a draw takes over."""
    if column.type.kind is Kind.FLOAT:
        return f"{number:f}" if "." in f"{number:f}" else f"{number:f}.0"
    return f"{number.quantize(step_of(column.type)):f}"


def _write_moment(column: ColumnSchema, limits: _Limits) -> str:
    unit, span = ("day", _SPAN_DAYS) if column.type.kind is Kind.DATE else ("second", _SPAN_DAYS * _DAY_SECONDS)
    first, last = bound_keys(column.type.kind)
    least, most = getattr(column, first), getattr(column, last)
    kind = "date" if column.type.kind is Kind.DATE else "timestamp"
    lows = [_coalesce(each, kind, is_low=True) for each in limits.lows]
    highs = [_coalesce(each, kind, is_low=False) for each in limits.highs]
    if least is not None:
        lows.append(f"{kind} '{least}'")
    if most is not None:
        highs.append(f"{kind} '{most}'")
    low, high = _join("greatest", lows), _join("least", highs)
    gap = 1 if any(each.is_open or _loses_time(column, each) for each in limits.lows) else 0
    back = 1 if any(each.is_open for each in limits.highs) else 0
    if not limits.lows and not least:
        return f"{_cast(column)}dateadd({unit}, -uniform({back}, {span}, random()), {high}){_end(column)}"
    room = f"least({span}, datediff({unit}, {low}, {high}) - {back})" if high else str(span)
    length = f"uniform({gap}, greatest({gap}, {room}), random())" if high else f"uniform({gap}, {span}, random())"
    return f"{_cast(column)}dateadd({unit}, {length}, {low}){_end(column)}"


def _cast(column: ColumnSchema) -> str:
    return "cast(" if column.type.kind is Kind.DATE else ""


def _end(column: ColumnSchema) -> str:
    return " as date)" if column.type.kind is Kind.DATE else ""


def _loses_time(column: ColumnSchema, limit: _Limit) -> bool:
    """Return whether a date follows a timestamp, whose time of day it lacks."""
    return column.type.kind is Kind.DATE and limit.column is not None and limit.column.type.kind in TIMESTAMPS


def _coalesce(limit: _Limit, kind: str, *, is_low: bool) -> str:
    if not limit.may_be_null:
        return limit.sql
    bounds = moment_bounds(limit.column)[:2] if limit.column is not None else (18_262, 20_088)
    is_date = limit.column is None or limit.column.type.kind is Kind.DATE
    ticks = bounds[0] if is_low else bounds[1]
    moment = _EPOCH + (timedelta(days=ticks) if is_date else timedelta(microseconds=ticks))
    return f"coalesce({limit.sql}, {'date' if is_date else 'timestamp'} '{moment.date() if is_date else moment}')"


def _narrow(table: TableSchema, relations: Sequence[Related]) -> dict[str, dict[str, Any]]:
    """Return upper bounds for the lower columns whose higher column has one, so that it has room above."""
    found: dict[str, dict[str, Any]] = {}
    for _ in range(len(relations)):
        for relation in relations:
            single = column_name(relation.other)
            if not single or relation.sign == "=":
                continue
            pair = table.column(relation.column), table.column(single)
            low, high = pair if relation.sign.startswith("<") else pair[::-1]
            _narrow_one(table, low, high, len(relation.sign) == 1, found)
    return found


def _narrow_one(
    table: TableSchema,
    low: ColumnSchema,
    high: ColumnSchema,
    is_open: bool,
    found: dict[str, dict[str, Any]],
) -> None:
    if low.type.kind != high.type.kind or low.type.kind not in _ORDERED:
        return
    if _is_fixed(table, low) or _is_fixed(table, high):
        return
    _, last = bound_keys(low.type.kind)
    limit = found.get(high.name, {}).get(last, getattr(high, last))
    if limit is None:
        return
    limit = limit - step_of(low.type) if is_open else limit
    own = found.get(low.name, {}).get(last, getattr(low, last))
    if own is None or own > limit:
        if has_any_key(low) and low.suggested and low.values is not None:
            return
        found[low.name] = {last: limit}


def drop_bounds(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change in which an expression has no bounds beside it."""
    if "expression" not in change:
        return dict(change)
    bounds = {key for kind in _ORDERED for key in bound_keys(kind)}
    return {key: (None if key in bounds else value) for key, value in change.items()}
