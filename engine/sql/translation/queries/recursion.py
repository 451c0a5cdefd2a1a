"""WITH RECURSIVE: which queries are recursive, and the types of their first parts.

DuckDB gives every UNION of a WITH RECURSIVE the types of its first part; the warehouses do so only for one that reads
itself.
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import cast
from engine.sql.translation.tree.projections import change_columns
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.value_types import NULL, UNKNOWN


def has_self_reference(cte: exp.CTE) -> bool:
    """Return whether a CTE reads its own rows."""
    name = cte.alias.lower()
    return isinstance(cte.this, exp.SetOperation) and any(
        table.name.lower() == name for table in cte.this.find_all(exp.Table)
    )


def mark_recursion(clause: exp.With, recursive: set[str]) -> None:
    """Make a translated WITH recursive only for the CTEs with these names."""
    clause.set("recursive", bool(recursive))
    for cte in clause.expressions if recursive else ():
        if isinstance(cte.this, exp.SetOperation) and cte.alias.lower() not in recursive:
            cte.set("this", exp.Select(expressions=[exp.Star()]).from_(cte.this.subquery("rows"), copy=False))


def fill_null_types(columns: Columns, further: Columns | None) -> Columns:
    """Give columns of only NULLs in the first part the types of the second part."""
    if further is None or len(further) != len(columns):
        return columns
    pairs = zip(columns.items(), further.values(), strict=True)
    return {name: other if kind == NULL else kind for (name, kind), other in pairs}


def cast_nulls(query: exp.Expr, columns: Columns | None, seen: Columns | None) -> None:
    """Cast NULL columns in the translated first part of a recursive query to the types of `seen`."""
    if columns is None or seen is None or not isinstance(query, exp.SetOperation):
        return
    for index, (one, other) in enumerate(zip(columns.values(), seen.values(), strict=False)):
        if one == NULL and other not in (NULL, UNKNOWN):
            change_columns(query.left, columns, {index}, lambda value, kind=other: cast(value, kind))  # type: ignore[misc]


def describe_rounding(name: str, seen: Columns | None, columns: Columns | None) -> str:
    """Return the note for later rows that are rounded to the type of the first ones, or an empty string."""
    for (column, kind), both in zip((seen or {}).items(), (columns or {}).values(), strict=False):
        if kind.is_exact and (both.name == "DOUBLE" or both.scale > kind.scale):
            return (
                f"The column {column} of {name} has the type of its first rows, {kind}; later rows are rounded to it. "
                "Cast the first rows to a type with more digits to keep them."
            )
    return ""
