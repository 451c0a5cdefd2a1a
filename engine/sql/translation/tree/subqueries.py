"""A query inside an expression, as in `IN (SELECT ...)`: the types of its columns, and names to take them by."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.tree.translator import COLUMN_TYPES
from engine.sql.translation.tree.value_types import ValueType, type_of, typed

_ROWS = "dw_list"


def column_types(query: exp.Expr) -> list[ValueType]:
    """Return the types of a translated query's columns, of which several may have the same name."""
    listed = query.selects if isinstance(query, exp.Query) else []
    if listed and not any(each.is_star for each in listed):
        return [type_of(each) for each in listed]
    known: list[ValueType] = query.meta.get(COLUMN_TYPES) or [type_of(query)]
    return known


def columns_by_place(kinds: Sequence[ValueType]) -> list[exp.Column]:
    """Return the columns that `selected_from` gives names of their own, with these types."""
    return [
        typed(exp.column(name, table=_ROWS, quoted=True), kind) for name, kind in zip(_names(kinds), kinds, strict=True)
    ]


def selected_from(query: exp.Expr, values: Sequence[exp.Expr]) -> exp.Subquery:
    """Return a query for values that are made of another query's columns, one value for each of its columns."""
    inner = query.this if isinstance(query, exp.Subquery) and not query.args.get("order") else query
    listed = [exp.to_identifier(name, quoted=True) for name in _names(values)]
    rows = exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(_ROWS), columns=listed))
    return exp.Subquery(this=exp.select(*values, copy=False).from_(rows, copy=False))


def _names(each: Sequence[object]) -> list[str]:
    return [f"compared_{index}" for index in range(1, len(each) + 1)]
