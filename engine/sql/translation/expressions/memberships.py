"""Semi-structured values in rows and in queries: `(a, b) IN (...)`, `a = ANY (SELECT ...)`, `(a, b) = (c, d)`.

They compare as values (1 equals 1.0, 10 comes after 9), position by position.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.expressions import operators
from engine.sql.translation.tree.nodes import wrap
from engine.sql.translation.tree.subqueries import column_types, name_columns, select_from
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import BOOLEAN, JSON, set_type, type_of


def translate_in(node: exp.In, context: Context) -> exp.Expr:
    """Translate `x IN (...)` and `(x, y) IN (...)`.

    https://docs.snowflake.com/en/sql-reference/functions/in
    """
    values = _row_values(node.this)
    query = node.args.get("query")
    if values is None:
        return operators.translate_in(node, context)
    if isinstance(query, exp.Expr):
        found = _match_query(values, query)
        if found is None:
            return operators.translate_in(node, context)
        values, rows = found
        node.set("this", exp.Tuple(expressions=values))
        node.set("query", rows)
        return set_type(node, BOOLEAN)
    rows_written = [_row_values(each) for each in node.expressions]
    if not any(_has_json(values, row) for row in rows_written):
        return operators.translate_in(node, context)
    equal = [_compare_rows(values, row, context) for row in rows_written if row is not None]
    return set_type(exp.Paren(this=exp.or_(*equal, copy=False)), BOOLEAN)


def translate_comparison(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate comparisons such as `=` and `<`, also of rows and with `ANY (SELECT ...)` and `ALL (SELECT ...)`.

    https://docs.snowflake.com/en/sql-reference/operators-subquery
    """
    other = node.expression
    if isinstance(other, exp.Any | exp.All):
        query = other.this
        found = _match_query([node.this], query) if isinstance(query, exp.Query) else None
        if found is None:
            return operators.translate_comparison(node, context)
        (value,), rows = found
        node.set("this", value)
        other.set("this", rows)
        return set_type(node, BOOLEAN)
    if isinstance(node, exp.EQ | exp.NEQ):
        left, right = _row_values(node.this), _row_values(other)
        if left is not None and right is not None and _has_json(left, right):
            equal = exp.Paren(this=_compare_rows(left, right, context))
            return set_type(exp.Not(this=equal) if isinstance(node, exp.NEQ) else equal, BOOLEAN)
    return operators.translate_comparison(node, context)


def _row_values(node: exp.Expr) -> list[exp.Expr] | None:
    """Return the values of a row in parentheses."""
    inner = node.unnest()
    return list(inner.expressions) if isinstance(inner, exp.Tuple) else None


def _has_json(left: Sequence[exp.Expr], right: Sequence[exp.Expr] | None) -> bool:
    """Whether one of two rows of equal length has a semi-structured value or a timestamp with its own offset."""
    if right is None or len(left) != len(right):
        return False
    return any(kind == JSON or kind.is_paired for kind in map(type_of, (*left, *right)))


def _compare_rows(left: list[exp.Expr], right: list[exp.Expr], context: Context) -> exp.Expr:
    pairs = (
        operators.translate_comparison(exp.EQ(this=wrap(one.copy()), expression=wrap(other)), context)
        for one, other in zip(left, right, strict=True)
    )
    return exp.and_(*pairs, copy=False)


def _match_query(values: list[exp.Expr], query: exp.Expr) -> tuple[list[exp.Expr], exp.Subquery] | None:
    """Return values and a query of as many columns in comparable form; None where nothing is semi-structured."""
    kinds = column_types(query)
    given = [*kinds, *map(type_of, values)]
    if len(kinds) != len(values) or not any(kind == JSON or kind.is_paired for kind in given):
        return None
    sides = [operators.match_types(value, column) for value, column in zip(values, name_columns(kinds), strict=True)]
    return [value for value, _ in sides], select_from(query, [column for _, column in sides])
