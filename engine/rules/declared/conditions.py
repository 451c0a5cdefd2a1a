"""The parts of a CHECK that a rule can keep, read from its tree: bounds, lists, comparisons, lengths, patterns.

A CHECK holds where it is NULL, so `x IS NULL OR x > 0` asks no more of a rule than `x > 0`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlglot import exp

from engine.rules.derived.vendor_sql import is_today
from engine.rules.values.timestamps import LAST_DAY

Constant = Decimal | str | bool


@dataclass(frozen=True)
class Bound:
    """`column sign constant`, where the sign is one of < <= > >=."""

    column: str
    sign: str
    value: Constant


@dataclass(frozen=True)
class Listed:
    """`column IN (constants)`, or equal to one constant."""

    column: str
    values: tuple[Constant, ...]


@dataclass(frozen=True)
class Related:
    """`column sign other`, where `other` is an expression over other columns and the sign one of < <= > >= =."""

    column: str
    sign: str
    other: exp.Expr


@dataclass(frozen=True)
class Length:
    """The number of characters of a text is in a range; None is no limit."""

    column: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Like:
    """`column LIKE pattern`."""

    column: str
    pattern: str


@dataclass(frozen=True)
class NotAllNull:
    """At least one of the columns is not NULL."""

    columns: tuple[str, ...]


Condition = Bound | Listed | Related | Length | Like | NotAllNull

_SIGNS: dict[type[exp.Expr], str] = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.EQ: "="}
_FLIPPED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}
_LENGTHS = frozenset({"LENGTH", "LEN", "CHAR_LENGTH", "CHARACTER_LENGTH"})
TODAY = str(LAST_DAY)
"""The day that stands for today: no value without bounds is later."""


def read_conditions(tree: exp.Expr) -> list[Condition | None]:
    """Return what the parts of a condition ask for, joined by AND; None for a part that no rule keeps by itself."""
    return [found for part in _split(tree, exp.And) for found in _read(part)]


def _split(tree: exp.Expr, joint: type[exp.Expr]) -> Iterator[exp.Expr]:
    tree = _bare(tree)
    if isinstance(tree, joint):
        yield from _split(tree.this, joint)
        yield from _split(tree.expression, joint)
    else:
        yield tree


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _read(node: exp.Expr) -> Iterator[Condition | None]:
    if isinstance(node, exp.Between):
        low = exp.GTE(this=node.this, expression=node.args["low"])
        high = exp.LTE(this=node.this.copy(), expression=node.args["high"])
        yield from (*_compare(low, ">="), *_compare(high, "<="))
    elif isinstance(node, exp.Or):
        yield _read_or(node)
    elif isinstance(node, exp.In):
        yield _read_list(node.this, node.args.get("expressions") or [])
    elif isinstance(node, exp.Like):
        column, pattern = column_name(node.this), read_constant(node.expression)
        yield Like(column, pattern) if column and isinstance(pattern, str) and not node.args.get("negate") else None
    elif isinstance(node, exp.Column | exp.Not) and (
        column := column_name(_bare(node.this if _is_not(node) else node))
    ):
        yield Listed(column, (not _is_not(node),))
    elif isinstance(node, exp.Is):
        column = column_name(node.this)
        is_flag = isinstance(node.expression, exp.Boolean)
        yield Listed(column, (bool(node.expression.this),)) if column and is_flag else None
    elif isinstance(node, exp.Not) and (column := _not_null(node)):
        yield NotAllNull((column,))
    elif isinstance(node, exp.NEQ):
        yield from (_differ(node, found) for found in _compare(node, ">"))
    elif type(node) in _SIGNS:
        yield from _compare(node, _SIGNS[type(node)])
    else:
        yield None


def _is_not(node: exp.Expr) -> bool:
    return isinstance(node, exp.Not)


def _not_null(node: exp.Expr) -> str:
    """Return the column of `column IS NOT NULL`."""
    inner = _bare(node.this) if isinstance(node, exp.Not) else node
    is_null = isinstance(node, exp.Not) and isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)
    return column_name(inner.this) if is_null else ""


def _read_or(node: exp.Expr) -> Condition | None:
    parts = list(_split(node, exp.Or))
    present = [_not_null(part) for part in parts]
    if all(present):
        return NotAllNull(tuple(dict.fromkeys(present)))
    rest = [part for part in parts if not (isinstance(part, exp.Is) and isinstance(part.expression, exp.Null))]
    found = [list(_read(part)) for part in rest]
    if len(found) == 1:
        return found[0][0] if len(found[0]) == 1 else None
    listed = [each[0] for each in found if len(each) == 1 and isinstance(each[0], Listed)]
    if len(listed) == len(found) and len({each.column for each in listed}) == 1:
        values = [value for each in listed for value in each.values]
        return Listed(listed[0].column, tuple(dict.fromkeys(values)))
    return None


def _read_list(subject: exp.Expr, members: list[exp.Expr]) -> Condition | None:
    column = column_name(subject)
    constants = [read_constant(member) for member in members]
    values = tuple(constant for constant in constants if constant is not None)
    return Listed(column, values) if column and members and len(values) == len(members) else None


def _compare(node: exp.Expr, sign: str) -> Iterator[Condition | None]:
    left, right = _bare(node.this), _bare(node.expression)
    if read_constant(left) is not None:
        left, right, sign = right, left, _FLIPPED[sign]
    column, constant = column_name(left), read_constant(right)
    if constant is not None:
        yield _bound(left, column, sign, constant)
        return
    if not column and (other := column_name(right)):
        left, right, sign, column = right, left, _FLIPPED[sign], other
    names = {each.name.casefold() for each in right.find_all(exp.Column)}
    yield Related(column, sign, right) if column and names and column.casefold() not in names else None


def _differ(node: exp.Expr, found: Condition | None) -> Condition | None:
    """Return the stronger condition that makes two numbers differ: one is above the other."""
    is_number = isinstance(found, Related) or (isinstance(found, Bound) and isinstance(found.value, Decimal))
    return found if is_number and not node.find(exp.Anonymous) else None


def _bound(left: exp.Expr, column: str, sign: str, constant: Constant) -> Condition | None:
    if column and sign == "=":
        return Listed(column, (constant,))
    if column:
        is_in_the_future = constant is TODAY and sign in (">", ">=")
        return None if isinstance(constant, bool) or is_in_the_future else Bound(column, sign, constant)
    is_length = isinstance(left, exp.Anonymous) and str(left.this).upper() in _LENGTHS and len(left.expressions) == 1
    if not is_length or not isinstance(constant, Decimal) or constant != int(constant):
        return None
    column, number = column_name(left.expressions[0]), int(constant)
    low = {">": number + 1, ">=": number, "=": number}.get(sign)
    high = {"<": number - 1, "<=": number, "=": number}.get(sign)
    return Length(column, low, high) if column else None


def column_name(node: exp.Expr) -> str:
    """Return the name of a column, also inside parentheses and a cast to text; empty for another expression."""
    node = _bare(node)
    if isinstance(node, exp.Cast) and node.to.is_type(*exp.DataType.TEXT_TYPES):
        node = _bare(node.this)
    return node.name if isinstance(node, exp.Column) and not node.table and not is_today(node) else ""


def read_constant(node: exp.Expr) -> Constant | None:
    """Return the value of a constant; a date is its text. None for any other expression."""
    node = _bare(node)
    if isinstance(node, exp.Literal):
        return str(node.this) if node.is_string else _to_number(str(node.this))
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    if isinstance(node, exp.Cast) or (isinstance(node, exp.Anonymous) and str(node.this).upper() in _DATES):
        inner = node.this if isinstance(node, exp.Cast) else (node.expressions or [node])[0]
        return read_constant(inner) if inner is not node and not isinstance(inner, exp.Column) else None
    if isinstance(node, exp.Neg):
        inner_value = read_constant(node.this)
        return -inner_value if isinstance(inner_value, Decimal) else None
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _compute(node)
    return TODAY if is_today(node) else None


def _compute(node: exp.Expr) -> Constant | None:
    left, right = read_constant(node.this), read_constant(node.expression)
    if not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return None
    if isinstance(node, exp.Mul):
        return left * right
    return left + right if isinstance(node, exp.Add) else left - right


def _to_number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


_DATES = frozenset({"TO_DATE", "DATE", "TO_TIMESTAMP", "TO_TIMESTAMP_NTZ"})
