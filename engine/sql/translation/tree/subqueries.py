"""Subqueries in expressions, as in `IN (SELECT ...)`: their column types, and names for their columns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.tree.translator import COLUMN_TYPES
from engine.sql.translation.tree.value_types import ValueType, set_type, type_of

_ROWS = "dw_list"


def column_types(query: exp.Expr) -> list[ValueType]:
    """Return the column types of a translated query; several columns may have the same name."""
    listed = query.selects if isinstance(query, exp.Query) else []
    if listed and not any(each.is_star for each in listed):
        return [type_of(each) for each in listed]
    known: list[ValueType] = query.meta.get(COLUMN_TYPES) or [type_of(query)]
    return known


def name_columns(kinds: Sequence[ValueType]) -> list[exp.Column]:
    """Return columns of these types under the names that `select_from` gives them."""
    return [
        set_type(exp.column(name, table=_ROWS, quoted=True), kind)
        for name, kind in zip(_names(kinds), kinds, strict=True)
    ]


def select_from(query: exp.Expr, values: Sequence[exp.Expr]) -> exp.Subquery:
    """Return a query that selects values made from the columns of another query, one value per column."""
    inner = query.this if isinstance(query, exp.Subquery) and not query.args.get("order") else query
    listed = [exp.to_identifier(name, quoted=True) for name in _names(values)]
    rows = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(_ROWS), columns=listed))
    return exp.Subquery(this=exp.select(*values, copy=False).from_(rows, copy=False))


def _names(each: Sequence[object]) -> list[str]:
    return [f"compared_{index}" for index in range(1, len(each) + 1)]
