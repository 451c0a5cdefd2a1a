"""Conditions of a query as an operator, an expression and literals: `5 < x` is `x > 5`, `not x = 1` is `x <> 1`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from engine.workload.literals import literal_value
from engine.workload.places import is_under_own_not
from engine.workload.records import LiteralValue, PredicateOperator

_COMPARISONS: dict[type[exp.Expr], PredicateOperator] = {
    exp.EQ: "=",
    exp.NullSafeEQ: "=",
    exp.NEQ: "<>",
    exp.NullSafeNEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_FLIPPED: dict[PredicateOperator, PredicateOperator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: dict[PredicateOperator, PredicateOperator] = {
    "=": "<>",
    "<": ">=",
    "<=": ">",
    "in": "not in",
    "between": "not between",
    "like": "not like",
    "ilike": "not ilike",
    "regexp": "not regexp",
    "is null": "is not null",
}
_OPPOSITE |= {second: first for first, second in _OPPOSITE.items()}
CONDITIONS = (
    *_COMPARISONS,
    exp.In,
    exp.Between,
    exp.Like,
    exp.ILike,
    exp.Is,
    exp.StartsWith,
    exp.EndsWith,
    exp.Contains,
    exp.RegexpLike,
    exp.RegexpILike,
    exp.SimilarTo,
    exp.ArrayContains,
    exp.IsNullValue,
)


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression compared with literals."""

    operator: PredicateOperator
    operand: exp.Expr
    values: tuple[LiteralValue, ...]


@dataclass(frozen=True, slots=True)
class Equality:
    """Two expressions that are set equal, neither of them a literal."""

    left: exp.Expr
    right: exp.Expr
    is_in: bool = False


def read_condition(node: exp.Expr, today: date) -> list[Condition | Equality] | None:
    """Return what a condition asks for; None if it is not understood.

    An empty list means that it is understood and asks for no literal: two columns compared by size, or two literals.
    """
    found = _read(node, today)
    if found is None or is_under_own_not(node) == bool(node.args.get("negate")):
        return found
    return [
        Condition(_OPPOSITE[each.operator], each.operand, each.values) for each in found if isinstance(each, Condition)
    ]


def _read(node: exp.Expr, today: date) -> list[Condition | Equality] | None:
    match node:
        case exp.In():
            return _read_in(node, today)
        case exp.Between():
            return _read_between(node, today)
        case exp.Is():
            return _read_is(node, today)
        case exp.Like() | exp.ILike():
            operator: PredicateOperator = "like" if isinstance(node, exp.Like) else "ilike"
            return _read_pattern(node, operator, today)
        case exp.RegexpLike() | exp.RegexpILike() | exp.SimilarTo():
            return _read_pattern(node, "regexp", today)
        case exp.StartsWith() | exp.EndsWith() | exp.Contains():
            value = literal_value(node.expression, today)
            if not isinstance(value, str):
                return None
            before, after = not isinstance(node, exp.StartsWith), not isinstance(node, exp.EndsWith)
            return [Condition("like", node.this, (f"{'%' * before}{value}{'%' * after}",))]
        case exp.ArrayContains():
            element = node.expression.this if isinstance(node.expression, exp.Cast) else node.expression
            found = literal_value(element, today)
            return None if found is None else [Condition("=", exp.Explode(this=node.this.copy()), (found,))]
        case exp.IsNullValue():
            return [Condition("=", exp.Typeof(this=node.this.copy()), ("NULL_VALUE",))]
    return _read_comparison(node, today)


def _read_comparison(node: exp.Expr, today: date) -> list[Condition | Equality] | None:
    operator = _COMPARISONS[type(node)]
    left, right = node.this.unnest(), node.expression.unnest()
    if isinstance(left, exp.Tuple) and isinstance(right, exp.Tuple):
        pairs = zip(left.expressions, right.expressions, strict=False)
        return [each for a, b in pairs for each in _compare(a, b, operator, today) or []]
    return _compare(left, right, operator, today)


def _compare(
    left: exp.Expr, right: exp.Expr, operator: PredicateOperator, today: date
) -> list[Condition | Equality] | None:
    if isinstance(right, exp.Any | exp.All):
        return _compare_with_any(left, right, operator, today)
    first, second = literal_value(left, today), literal_value(right, today)
    if first is not None:
        return [] if second is not None else [Condition(_FLIPPED.get(operator, operator), right, (first,))]
    if second is not None:
        return [Condition(operator, left, (second,))]
    if right.find(exp.Column, exp.Query) is None or left.find(exp.Column, exp.Query) is None:
        return [] if isinstance(right, exp.Null) or isinstance(left, exp.Null) else None
    return [Equality(left, right)] if operator == "=" else []


def _compare_with_any(
    left: exp.Expr, right: exp.Expr, operator: PredicateOperator, today: date
) -> list[Condition | Equality] | None:
    inner = right.this.unnest()
    if operator == "=" and isinstance(inner, exp.Query):
        return [Equality(left, inner, is_in=True)]
    values = [literal_value(each, today) for each in inner.expressions]
    known = tuple(value for value in values if value is not None)
    return [Condition("in", left, known)] if operator == "=" and known and len(known) == len(values) else None


def _read_in(node: exp.In, today: date) -> list[Condition | Equality] | None:
    operand = node.this.unnest()
    query = node.args.get("query")
    if query is not None:
        return _read_in_query(operand, query.unnest())
    if not node.expressions:
        return None
    if isinstance(operand, exp.Tuple):
        return _read_in_tuples(operand, node.expressions, today)
    values = [literal_value(each, today) for each in node.expressions]
    known = tuple(value for value in values if value is not None)
    if known:
        return [Condition("in", operand, known)]
    return [] if all(isinstance(each, exp.Null) for each in node.expressions) else None


def _read_in_query(operand: exp.Expr, query: exp.Expr) -> list[Condition | Equality] | None:
    if isinstance(operand, exp.Tuple):
        selects = query.selects if isinstance(query, exp.Select) else []
        return [Equality(a, b, is_in=True) for a, b in zip(operand.expressions, selects, strict=False)]
    return [Equality(operand, query, is_in=True)]


def _read_in_tuples(operand: exp.Tuple, rows: list[exp.Expr], today: date) -> list[Condition | Equality] | None:
    found: list[Condition | Equality] = []
    for index, each in enumerate(operand.expressions):
        values = [literal_value(row.expressions[index], today) for row in rows if index < len(row.expressions)]
        known = tuple(value for value in values if value is not None)
        if known:
            found.append(Condition("in", each, known))
    return found or None


def _read_between(node: exp.Between, today: date) -> list[Condition | Equality] | None:
    low, high = literal_value(node.args["low"], today), literal_value(node.args["high"], today)
    operand = node.this.unnest()
    if literal_value(operand, today) is not None:
        return []
    if low is not None and high is not None:
        return [Condition("between", operand, (low, high))]
    if low is not None:
        return [Condition(">=", operand, (low,))]
    if high is not None:
        return [Condition("<=", operand, (high,))]
    return []


def _read_is(node: exp.Is, today: date) -> list[Condition | Equality] | None:
    right = node.expression.unnest()
    if isinstance(right, exp.Null):
        return [Condition("is null", node.this.unnest(), ())]
    value = literal_value(right, today)
    return None if value is None else [Condition("=", node.this.unnest(), (value,))]


def _read_pattern(node: exp.Expr, operator: PredicateOperator, today: date) -> list[Condition | Equality] | None:
    pattern = node.expression.unnest()
    if isinstance(pattern, exp.Any | exp.All):
        inner = pattern.this.unnest()
        values = [literal_value(each, today) for each in (inner.expressions or [inner])]
    else:
        values = [literal_value(pattern, today)]
    texts = [value for value in values if isinstance(value, str)]
    return [Condition(operator, node.this.unnest(), (text,)) for text in texts] if texts else None
