"""Variables of a query: each `$name` becomes a literal of its value.

The literal is a node of the tree, so a value is never parsed as SQL.

https://docs.snowflake.com/en/sql-reference/session-variables
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal

from sqlglot import exp
from sqlglot.tokenizer_core import Token

from engine.sql.translation.reading.placeholders import Placeholder, make_variable_error
from engine.sql.translation.translated import Translation

Variable = str | int | float | Decimal | bool | date | time | None
Variables = Mapping[str, Variable]


def make_literals(variables: Variables | None) -> dict[str, exp.Expr]:
    """Return the literal of each variable by its lower-case name, as names are case-insensitive.

    Raises `QueryError` for an invalid name, and for a value that is not a `Variable`.
    """
    return {name.lower(): _make_literal(name, value) for name, value in _check_variables(variables or {})}


def texts_in(variables: Variables | None) -> str:
    """Return the strings among the values, which IDENTIFIER may use as table names."""
    return " ".join(value for value in (variables or {}).values() if isinstance(value, str))


def bind_variables(tree: exp.Expr, found: Sequence[Placeholder], values: Mapping[str, exp.Expr]) -> exp.Expr:
    """Replace the placeholders with their literals; return the tree. Every placeholder must have a value."""
    starts = {placeholder.name.lower(): placeholder.start for placeholder in reversed(found) if placeholder.name}
    for node in list(tree.find_all(exp.Parameter, exp.Placeholder)):
        name = node.name.lower()
        if name not in starts:
            continue
        value = values[name].copy()
        value.meta["start"] = starts[name]
        is_column = isinstance(node.parent, exp.Column) and not node.parent.table
        (node.parent if is_column and node.parent is not None else node).replace(value)
    return tree


def fill_text(
    sql: str, tokens: Sequence[Token], found: Sequence[Placeholder], values: Mapping[str, exp.Expr]
) -> Translation:
    """Return a DuckDB query with the literals in it, and the positions of its tokens."""
    at_start = {placeholder.start: placeholder for placeholder in found}
    result, at = "", 0
    positions: list[tuple[int, int]] = []
    for token in tokens:
        if token.start < at:  # inside a placeholder
            continue
        placeholder = at_start.get(token.start)
        result += sql[at : token.start]
        positions.append((len(result), token.start))
        if placeholder is None or placeholder.name is None:
            at = token.end + 1
            result += sql[token.start : at]
        else:
            at = placeholder.end
            result += _separate(result, values[placeholder.name.lower()])
    return Translation(sql, result + sql[at:], tuple(positions))


def _separate(before: str, value: exp.Expr) -> str:
    """Return a literal that is safe after a text: words stay apart, and no second `-` begins a comment."""
    text = value.sql("duckdb")
    if isinstance(value, exp.Neg):
        return f"({text})"
    return f" {text}" if before[-1:].isalnum() else text


def _check_variables(variables: Variables) -> list[tuple[str, Variable]]:
    for name, value in variables.items():
        is_named = isinstance(name, str) and name.isidentifier()
        if not is_named or not isinstance(value, str | int | float | Decimal | date | time | None):
            raise make_variable_error(name, value)
    return list(variables.items())


def _make_literal(name: str, value: Variable) -> exp.Expr:
    if value is None:
        return exp.Null()
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, str):
        return exp.Literal.string(value)
    if isinstance(value, datetime):
        return _cast(value.isoformat(" "), exp.DType.TIMESTAMP if value.tzinfo is None else exp.DType.TIMESTAMPTZ)
    if isinstance(value, date):
        return _cast(value.isoformat(), exp.DType.DATE)
    if isinstance(value, time):
        return _cast(value.isoformat(), exp.DType.TIME)
    if not math.isfinite(value):
        return _cast(str(value), exp.DType.DOUBLE)
    digits = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    literal = exp.Literal(this=digits.removeprefix("-"), is_string=False)
    return exp.Neg(this=literal) if digits.startswith("-") else literal


def _cast(text: str, kind: exp.DType) -> exp.Expr:
    return exp.Cast(this=exp.Literal.string(text), to=exp.DataType(this=kind))
