"""Functions between a column and what it is compared with, as steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlglot import exp

from engine.workload.literals import literal_value
from engine.workload.records import Step

_NAMES: dict[type[exp.Expr], str] = {
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Count: "count",
    exp.Min: "min",
    exp.Max: "max",
    exp.Stddev: "stddev",
    exp.StddevSamp: "stddev",
    exp.StddevPop: "stddev",
    exp.Variance: "variance",
    exp.Median: "median",
    exp.Upper: "upper",
    exp.Lower: "lower",
    exp.Abs: "abs",
    exp.Year: "year",
    exp.Month: "month",
    exp.Day: "day",
    exp.DayOfMonth: "day",
    exp.Quarter: "quarter",
    exp.Week: "week",
    exp.DayOfWeek: "weekday",
    exp.Hour: "hour",
    exp.Length: "length",
}
_EXTRACTED = {"dow": "weekday", "dayofweek": "weekday", "weekday": "weekday", "yr": "year", "mon": "month", "y": "year"}
_PASSED = (exp.Paren, exp.Alias, exp.Distinct)


def passes(node: exp.Expr) -> bool:
    """Return whether a node is its operand, such as a parenthesis."""
    return isinstance(node, _PASSED)


def operands(node: exp.Expr) -> list[exp.Expr]:
    """Return the operands of a function or an operator that may hold its column."""
    found: list[exp.Expr] = []
    for value in node.args.values():
        found += [each for each in (value if isinstance(value, list) else [value]) if _may_hold_column(each)]
    return found


def _may_hold_column(value: object) -> bool:
    return isinstance(value, exp.Expr) and not isinstance(value, exp.Identifier | exp.Var | exp.DataType)


def step_of(node: exp.Expr, column: exp.Expr, today: date) -> Step | None:
    """Return the step that a function makes of its operand `column`; None if it changes nothing."""
    match node:
        case exp.Cast():
            return Step("cast", (node.to.this.value.lower(),)) if isinstance(node.to.this, exp.DType) else None
        case exp.Extract():
            unit = node.this.name.lower()
            return Step(_EXTRACTED.get(unit, unit))
        case exp.TimestampTrunc() | exp.DateTrunc():
            return Step("date_trunc", (node.text("unit").lower(),))
        case exp.TsOrDsToDate() | exp.Date():
            return Step("cast", ("date",))
        case exp.DPipe() | exp.Concat() | exp.ConcatWs():
            return _concatenation(node, column, today)
        case exp.Add() | exp.Sub() | exp.Mul() | exp.Div():
            return _arithmetic(node, column, today)
        case exp.Trim():
            return Step("trim")
        case exp.JSONExtract() | exp.JSONExtractScalar():
            return Step("get", (node.expression.sql().strip("'").removeprefix("$."),))
        case exp.Explode():
            return Step("flatten", ("value",))
    name = _NAMES.get(type(node)) or _name_of(node)
    others = [each for each in operands(node) if each is not column]
    return Step(name, tuple(literal_value(each, today) for each in others))


def _name_of(node: exp.Expr) -> str:
    return str(node.name if isinstance(node, exp.Anonymous) else node.key).lower()


def _flatten(node: exp.Expr) -> Sequence[exp.Expr]:
    if isinstance(node, exp.DPipe):
        return [*_flatten(node.left.unnest()), *_flatten(node.right.unnest())]
    return list(node.expressions) if isinstance(node, exp.Concat | exp.ConcatWs) else [node]


def _concatenation(node: exp.Expr, column: exp.Expr, today: date) -> Step:
    parts = _flatten(node)
    index = next((i for i, part in enumerate(parts) if part is column or _holds(part, column)), 0)
    before = [literal_value(part, today) for part in parts[:index]]
    after = [literal_value(part, today) for part in parts[index + 1 :]]
    if None in before or None in after or isinstance(node, exp.ConcatWs):
        return Step("concat", (None, None))
    return Step("concat", ("".join(map(str, before)), "".join(map(str, after))))


def _holds(node: exp.Expr, inner: exp.Expr) -> bool:
    return any(each is inner for each in node.walk())


def _arithmetic(node: exp.Binary, column: exp.Expr, today: date) -> Step:
    is_left = node.left is column or _holds(node.left, column)
    other = literal_value(node.right if is_left else node.left, today)
    name = {exp.Add: "add", exp.Sub: "subtract", exp.Mul: "multiply", exp.Div: "divide"}[type(node)]
    if not is_left and name in ("subtract", "divide"):
        name += "_from" if name == "subtract" else "_into"
    return Step(name, (other,))
