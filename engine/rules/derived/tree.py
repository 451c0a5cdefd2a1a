"""Compilation of SQL nodes to values: the allow-list. A node without an entry is refused by name."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from sqlglot import exp

from engine.errors import did_you_mean
from engine.rules.derived import arithmetic, text_functions
from engine.rules.derived.calls import Call, Function
from engine.rules.derived.comparison import compare, is_in, like, to_condition
from engine.rules.derived.conditional_functions import LOGIC_FUNCTIONS, choose
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import as_text, cast, from_column
from engine.rules.derived.date_functions import DATE_FUNCTIONS, extract
from engine.rules.derived.expression_parsing import to_sql
from engine.rules.derived.intervals import make_interval, parse_interval
from engine.rules.derived.math_functions import MATH_FUNCTIONS
from engine.rules.derived.number_functions import NUMERIC_FUNCTIONS
from engine.rules.derived.random_functions import DRAW_FUNCTIONS
from engine.rules.derived.refusals import function_refusal, node_refusal
from engine.rules.derived.scope import UnknownName
from engine.rules.derived.text_functions import TEXT_FUNCTIONS
from engine.rules.derived.text_parsing import parse_number
from engine.rules.derived.values import NULL, Operand, Value, condition, text_literal
from engine.schema.types import TYPES, WarehouseType, parse_type

FUNCTIONS: dict[str, Function] = {
    **NUMERIC_FUNCTIONS,
    **MATH_FUNCTIONS,
    **TEXT_FUNCTIONS,
    **DATE_FUNCTIONS,
    **LOGIC_FUNCTIONS,
    **DRAW_FUNCTIONS,
}
Handler = Callable[[Context, exp.Expr], Operand]


def compile_node(ctx: Context, node: exp.Expr) -> Operand:
    """Return the value of a node; raises `RuleError` for a node that is not on the allow-list."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise ctx.at(node).error(node_refusal(type(node).__name__, to_sql(node)))
    return handler(ctx.at(node), node)


def _compile_value(ctx: Context, node: exp.Expr) -> Value:
    operand = compile_node(ctx, node)
    if not isinstance(operand, Value):
        raise ctx.error(f"{to_sql(node)} is an interval", "Use DATEDIFF to get a number.")
    return operand


def _column(ctx: Context, node: exp.Expr) -> Operand:
    path = _path(node)
    if path is None:
        raise ctx.error(node_refusal("Star" if node.find(exp.Star) else type(node).__name__, ctx.sql))
    try:
        found = ctx.scope.find(path)
    except UnknownName as unknown:
        refused = function_refusal(path[0]) if len(path) == 1 else None
        if refused is not None:
            raise ctx.error(*refused) from unknown
        raise ctx.error(unknown.message, unknown.hint) from unknown
    ctx.trace.may_be_null |= found.is_nullable
    value = from_column(ctx, found)
    if value is None:
        raise ctx.error(f'"{path[-1]}" is a binary column, which expressions cannot use')
    return value


def _path(node: exp.Expr) -> list[str] | None:
    """Return the names of a.b.c..., or None for another node."""
    if isinstance(node, exp.Dot):
        before = _path(node.this)
        return [*before, node.expression.name] if before and isinstance(node.expression, exp.Identifier) else None
    if isinstance(node, exp.Column):
        parts = node.parts
        return [part.name for part in parts] if all(isinstance(part, exp.Identifier) for part in parts) else None
    return None


def _literal(ctx: Context, node: exp.Expr) -> Operand:
    if node.args.get("is_string"):
        return text_literal(str(node.this))
    try:
        return parse_number(str(node.this))
    except (ValueError, ArithmeticError) as error:
        raise ctx.error(f"{node.this} has more digits than a number can hold") from error


def _null(ctx: Context, node: exp.Expr) -> Operand:
    ctx.trace.may_be_null = True
    return NULL


def _call(ctx: Context, node: exp.Expr) -> Operand:
    return call_function(ctx, str(node.this), tuple(node.expressions))


def call_function(ctx: Context, name: str, arguments: tuple[exp.Expr, ...]) -> Operand:
    """Return the value of a function call; raises `RuleError` with the reason a function is refused."""
    function = FUNCTIONS.get(name.upper())
    if function is None:
        refused = function_refusal(name)
        if refused is not None:
            raise ctx.error(*refused)
        raise ctx.error(f"Unknown function {name.upper()}", _suggest_functions(name))
    count = len(arguments)
    if count < function.min_arguments or (function.max_arguments is not None and count > function.max_arguments):
        raise ctx.error(f"{name.upper()} takes {_describe_arguments(function)}, not {count}")
    return function.make(Call(ctx, name, arguments, compile_node))


def _suggest_functions(name: str) -> str:
    return did_you_mean(name.upper(), FUNCTIONS) or f"The functions are {', '.join(sorted(FUNCTIONS))}."


def _describe_arguments(function: Function) -> str:
    if function.max_arguments is None:
        return f"{function.min_arguments} or more arguments"
    both = "" if function.min_arguments == function.max_arguments else f"{function.min_arguments} to "
    return f"{both}{function.max_arguments} argument{'' if function.max_arguments == 1 else 's'}"


def _binary(operation: Callable[[Context, Operand, Operand], Operand]) -> Handler:
    return lambda ctx, node: operation(ctx, compile_node(ctx, node.this), compile_node(ctx, node.expression))


def _comparison(sign: str) -> Handler:
    return lambda ctx, node: compare(ctx, sign, compile_node(ctx, node.this), compile_node(ctx, node.expression))


def _and(ctx: Context, node: exp.Expr) -> Operand:
    left, right = to_condition(ctx, compile_node(ctx, node.this)), to_condition(ctx, compile_node(ctx, node.expression))
    return condition(left & right)


def _or(ctx: Context, node: exp.Expr) -> Operand:
    left, right = to_condition(ctx, compile_node(ctx, node.this)), to_condition(ctx, compile_node(ctx, node.expression))
    return condition(left | right)


def _not(ctx: Context, node: exp.Expr) -> Operand:
    return condition(~to_condition(ctx, compile_node(ctx, node.this)))


def _is(ctx: Context, node: exp.Expr) -> Operand:
    operand = _compile_value(ctx, node.this)
    if isinstance(node.expression, exp.Null):
        return condition(operand.expr.is_null())
    if isinstance(node.expression, exp.Boolean):
        return condition(to_condition(ctx, operand).eq_missing(pl.lit(bool(node.expression.this))))
    raise ctx.error(f"{ctx.sql}: IS needs NULL, TRUE or FALSE")


def _between(ctx: Context, node: exp.Expr) -> Operand:
    if node.args.get("symmetric"):
        raise ctx.error("BETWEEN SYMMETRIC is not allowed", "Write the lower bound first.")
    operand, low, high = (compile_node(ctx, node.args[name]) for name in ("this", "low", "high"))
    return condition(compare(ctx, ">=", operand, low).expr & compare(ctx, "<=", operand, high).expr)


def _in(ctx: Context, node: exp.Expr) -> Operand:
    members = node.args.get("expressions")
    if not members:
        raise ctx.error("IN needs a list: a subquery or a column is not allowed")
    return is_in(ctx, compile_node(ctx, node.this), [compile_node(ctx, member) for member in members])


def _like(ctx: Context, node: exp.Expr) -> Operand:
    inner, escape = (node.this, str(node.expression.name)) if isinstance(node, exp.Escape) else (node, "")
    pattern = inner.expression
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise ctx.error("The pattern of LIKE must be a text literal in quotes")
    operand = as_text(ctx, compile_node(ctx, inner.this))
    result = like(ctx, operand, str(pattern.this), escape, is_folded=isinstance(inner, exp.ILike))
    return condition(~result.expr) if inner.args.get("negate") else result


def _case(ctx: Context, node: exp.Expr) -> Operand:
    subject = None if node.args.get("this") is None else compile_node(ctx, node.this)
    branches: list[tuple[pl.Expr, Value]] = []
    rest = ctx
    for branch in node.args["ifs"]:
        test = compile_node(rest, branch.this)
        holds = to_condition(ctx, test) if subject is None else compare(ctx, "=", subject, test).expr
        taken = ctx.stage(holds.fill_null(False))
        branches.append((taken, _compile_value(rest.where(taken), branch.args["true"])))
        rest = rest.where(~taken)
    default = node.args.get("default")
    if default is None:
        ctx.trace.may_be_null = True
    return choose(ctx, branches, NULL if default is None else _compile_value(rest, default))


def _if(ctx: Context, node: exp.Expr) -> Operand:
    yes, no = node.args.get("true"), node.args.get("false")
    if yes is None or no is None:
        raise ctx.error("IF needs 3 arguments: a condition and two values")
    return call_function(ctx, "IF", (node.this, yes, no))


def _cast(ctx: Context, node: exp.Expr) -> Operand:
    kind = _cast_type(ctx, node)
    return cast(ctx, _compile_value(ctx, node.this), kind, is_try=isinstance(node, exp.TryCast))


def _cast_type(ctx: Context, node: exp.Expr) -> WarehouseType:
    written = to_sql(node.args["to"])
    try:
        return parse_type(written)
    except ValueError as error:
        hint = did_you_mean(written, TYPES) or "The types are INT, BIGINT, DECIMAL, VARCHAR, DATE, ..."
        raise ctx.error(str(error), hint) from error


def _interval(ctx: Context, node: exp.Expr) -> Operand:
    count, unit = node.this, node.args.get("unit")
    if isinstance(count, exp.Literal) and (unit is None or not str(count.this).strip().lstrip("+-").isdigit()):
        return parse_interval(ctx, str(count.this) if unit is None else f"{count.this} {unit.name}")
    if count is None or unit is None:
        raise ctx.error(f"{ctx.sql} is not an interval", "Write INTERVAL '3 days' or n * INTERVAL '1 day'.")
    number = parse_number(str(count.this)) if isinstance(count, exp.Literal) else _compile_value(ctx, count)
    return make_interval(ctx, number, unit.name)


def _substring(ctx: Context, node: exp.Expr) -> Operand:
    start, length = node.args.get("start"), node.args.get("length")
    arguments = [node.this, exp.Literal.number(1) if start is None else start]
    return call_function(ctx, "SUBSTR", tuple(arguments if length is None else [*arguments, length]))


def _trim(ctx: Context, node: exp.Expr) -> Operand:
    characters = " "
    if node.args.get("expression") is not None:
        characters = Call(ctx, "TRIM", (node.expression,), compile_node).literal(0, "the characters to trim")
    side = str(node.args.get("position") or "BOTH").upper()
    return text_functions.trim(as_text(ctx, compile_node(ctx, node.this)), characters, side)


def _position(ctx: Context, node: exp.Expr) -> Operand:
    return call_function(ctx, "STRPOS", (node.this, node.args["substr"]))


def _extract(ctx: Context, node: exp.Expr) -> Operand:
    return extract(ctx, node.this.name, compile_node(ctx, node.expression))


def _power(ctx: Context, node: exp.Expr) -> Operand:
    return call_function(ctx, "POWER", (node.this, node.expression))


_HANDLERS: dict[type[exp.Expr], Handler] = {
    exp.Column: _column,
    exp.Dot: _column,
    exp.Literal: _literal,
    exp.Null: _null,
    exp.Boolean: lambda ctx, node: condition(pl.lit(bool(node.this))),
    exp.Paren: lambda ctx, node: compile_node(ctx, node.this),
    exp.Anonymous: _call,
    exp.Add: _binary(arithmetic.add),
    exp.Sub: _binary(arithmetic.subtract),
    exp.Mul: _binary(arithmetic.multiply),
    exp.Div: _binary(arithmetic.divide),
    exp.IntDiv: _binary(arithmetic.divide_whole),
    exp.Mod: _binary(arithmetic.modulo),
    exp.DPipe: _binary(arithmetic.join),
    exp.Neg: lambda ctx, node: arithmetic.negate(ctx, compile_node(ctx, node.this)),
    exp.Pow: _power,
    exp.EQ: _comparison("="),
    exp.NEQ: _comparison("<>"),
    exp.LT: _comparison("<"),
    exp.LTE: _comparison("<="),
    exp.GT: _comparison(">"),
    exp.GTE: _comparison(">="),
    exp.NullSafeEQ: _comparison("same"),
    exp.NullSafeNEQ: _comparison("distinct"),
    exp.And: _and,
    exp.Or: _or,
    exp.Not: _not,
    exp.Is: _is,
    exp.Between: _between,
    exp.In: _in,
    exp.Like: _like,
    exp.ILike: _like,
    exp.Escape: _like,
    exp.Case: _case,
    exp.If: _if,
    exp.Cast: _cast,
    exp.TryCast: _cast,
    exp.Interval: _interval,
    exp.Substring: _substring,
    exp.Trim: _trim,
    exp.StrPosition: _position,
    exp.Extract: _extract,
}
