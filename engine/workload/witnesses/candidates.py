"""Candidates: values that a column may have, from what its rule makes and from the literals of a query."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice, pairwise
from random import Random
from typing import Any

from sqlglot import exp

from engine.schema.given_rows import parse_cell
from engine.schema.models import ColumnSchema
from engine.schema.scenario_checks import column_fault
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.workload.like_texts import texts_like
from engine.workload.samples import as_json

_OWN_VALUES = 60
_BETWEEN = 12
_LITERALS = 120
_WILD = re.compile("[%_]+")


def candidates(
    column: ColumnSchema, own: Sequence[Any], conditions: Sequence[exp.Expr], random: Random, *, is_nulled: bool
) -> list[Any]:
    """Return values that a column allows: first those of literals, then some of its own."""
    found: dict[Any, None] = {}
    values = [each for each in own if each is not None]
    if column.values is not None:
        values = list(dict.fromkeys([*values, *column.declared_values]))
    for value in [*_named(values, conditions), *_from_literals(column, values, conditions), *_some(values, random)]:
        if value not in found and is_allowed(column, value):
            found[value] = None
    if is_nulled and column.is_nullable:
        return [*found, None]
    return list(found)


def is_allowed(column: ColumnSchema, value: Any) -> bool:
    """Return whether a scenario may give a value to a column, as far as the column says."""
    try:
        parsed = parse_cell(placed_value(value), column.type)
    except (ValueError, TypeError, ArithmeticError):
        return False
    return parsed is not None and not column_fault(column, parsed)


def placed_value(value: Any) -> Any:
    """Return a value as the JSON of a scenario has it."""
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return str(value)
    if isinstance(value, time):
        return value.isoformat()
    return as_json(value)


def _named(values: Sequence[Any], conditions: Sequence[exp.Expr]) -> Iterator[Any]:
    """Yield texts that have the parts of a LIKE pattern, which a choice among many would miss."""
    for condition in conditions:
        for each in condition.find_all(exp.Like, exp.ILike):
            parts = [part.casefold() for part in _WILD.split(each.expression.name) if part]
            having = (value for value in values if all(part in str(value).casefold() for part in parts))
            yield from islice(having, _OWN_VALUES)


def _some(values: Sequence[Any], random: Random) -> list[Any]:
    distinct = list(dict.fromkeys(values))
    return distinct if len(distinct) <= _OWN_VALUES else random.sample(distinct, _OWN_VALUES)


def _from_literals(column: ColumnSchema, own: Sequence[Any], conditions: Sequence[exp.Expr]) -> Iterator[Any]:
    literals = [each for condition in conditions for each in condition.find_all(exp.Literal)][:_LITERALS]
    kind = column.type.kind
    if kind in NUMERIC:
        yield from _numbers(column, literals)
    elif kind is Kind.TEXT:
        yield from _texts(column, own, literals)
    elif kind is Kind.DATE or kind in TIMESTAMPS:
        yield from _dates(literals, is_date=kind is Kind.DATE)
    elif kind is Kind.BOOLEAN:
        yield from (True, False)


def _numbers(column: ColumnSchema, literals: Sequence[exp.Literal]) -> Iterator[Any]:
    points: set[Decimal] = set()
    for each in literals:
        try:
            number = Decimal(each.this)
        except InvalidOperation:
            continue
        points |= {number, -number} if isinstance(each.parent, exp.Neg) else {number}
    unit = Decimal(1) if column.type.kind is Kind.INTEGER else Decimal("0.01")
    if column.type.kind is Kind.DECIMAL:
        unit = Decimal(1).scaleb(-column.type.scale)
    edges = sorted(points)
    made = [number + step for number in edges for step in (Decimal(0), unit, -unit, Decimal(1), Decimal(-1))]
    for low, high in pairwise(edges):
        made += [low + (high - low) * part / _BETWEEN for part in range(1, _BETWEEN)]
    made += [number * factor for number in edges for factor in (Decimal(2), Decimal("0.5"))]
    for number in made:
        if column.type.kind is Kind.INTEGER:
            yield int(number)
        elif column.type.kind is Kind.FLOAT:
            yield float(number)
        else:
            yield number.quantize(unit)


def _texts(column: ColumnSchema, own: Sequence[Any], literals: Sequence[exp.Literal]) -> Iterator[str]:
    length = column.type.length
    for each in literals:
        if not each.is_string:
            continue
        if isinstance(each.parent, exp.Like | exp.ILike):
            yield from texts_like(each.this, list(dict.fromkeys(own))[:20], length)
            continue
        yield each.this
        for value in own[:3]:  # its beginning, for comparisons with a part of a text
            yield each.this + str(value)[len(each.this) :]
    for each in literals:
        if each.is_string and not isinstance(each.parent, exp.Like | exp.ILike):
            yield each.this.upper()
            yield each.this.lower()


def _dates(literals: Sequence[exp.Literal], *, is_date: bool) -> Iterator[Any]:
    for each in literals:
        if not each.is_string:
            continue
        try:
            day = date.fromisoformat(each.this.strip()[:10])
        except ValueError:
            continue
        for days in (0, 1, -1, 7, -7, 15, 30, -30, 45, 80, 360):
            moved = day + timedelta(days=days)
            yield moved if is_date else datetime(moved.year, moved.month, moved.day, 12)
