"""`*` and `t.*` with ILIKE, EXCLUDE, REPLACE and RENAME, which Snowflake combines freely.

https://docs.snowflake.com/en/sql-reference/sql/select#parameters
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.translator import Context


def expand_star(node: exp.Expr, star: exp.Star, context: Context) -> list[exp.Expr]:
    """Convert a translated star to projections that DuckDB accepts.

    DuckDB cannot combine ILIKE, so columns that do not match are excluded by name; and it cannot rename a replaced
    column, so those are written out. Raises `UntranslatableError` where the columns are not known.
    """
    pattern = star.args.get("ilike")
    excluded = [each.name.lower() for each in star.args.get("except_") or ()]
    renamed = {each.this.name.lower(): each.alias for each in star.args.get("rename") or ()}
    replaced = {each.alias.lower(): each for each in star.args.get("replace") or ()}
    is_combined = pattern is not None and bool(excluded or renamed or replaced)
    names = context.translator.names
    is_combined |= bool(names) and (pattern is not None or any(names.is_hidden(name) for name in replaced))
    if not is_combined and not renamed.keys() & replaced.keys():
        return [node]
    columns = _find_columns(node, context)
    if columns is None:
        if pattern is not None and isinstance(node, exp.Star) and not renamed and not replaced:
            return [_choose_columns(pattern, excluded)]
        raise UntranslatableError(node, "The columns of this * are not known.", "List them one by one.")
    if pattern is not None:
        matches = _compile_like(pattern.name)
        others = [name for name in columns if matches.fullmatch(names.shown(name)) is None and name not in excluded]
        excluded += others
        star.set("ilike", None)
        star.set("except_", [*(star.args.get("except_") or ()), *(exp.column(name, quoted=True) for name in others)])
    if not renamed.keys() & replaced.keys() and not any(names.is_hidden(name) for name in replaced):
        return [node]
    table = node.table if isinstance(node, exp.Column) else None
    return [
        _write_column(name, replaced.get(name), renamed.get(name), table) for name in columns if name not in excluded
    ]


def _find_columns(node: exp.Expr, context: Context) -> Columns | None:
    if isinstance(node, exp.Column) and node.table:
        source = context.scope.source(node.table)
        return source.columns if source is not None else None
    if any(source.columns is None for source in context.scope.sources):
        return None
    names = [name for source in context.scope.sources for name in source.columns or ()]
    return context.scope.columns() if len(names) == len(set(names)) else None


def _write_column(name: str, replacement: exp.Expr | None, new_name: str | None, table: str | None) -> exp.Expr:
    value = replacement.this if replacement is not None else exp.column(name, table=table, quoted=True)
    if new_name is None and replacement is None:
        return value
    return exp.alias_(value, new_name or name, quoted=True)


def _compile_like(pattern: str) -> re.Pattern[str]:
    pieces = {"%": ".*", "_": "."}
    return re.compile("".join(pieces.get(sign, re.escape(sign)) for sign in pattern), re.IGNORECASE | re.DOTALL)


def _choose_columns(pattern: exp.Expr, excluded: list[str]) -> exp.Expr:
    """Return `* ILIKE 'a%' EXCLUDE b` as a filter on column names, for unknown columns."""
    name = exp.column("name_of_column")
    kept: list[exp.Expr] = [exp.ILike(this=name, expression=pattern)]
    kept += [exp.NEQ(this=call("lower", name.copy()), expression=text(each)) for each in excluded]
    choice = exp.Lambda(this=exp.and_(*kept, copy=False), expressions=[exp.to_identifier("name_of_column")])
    return call("columns", choice)
