"""JOIN ... USING and NATURAL JOIN: DuckDB compares the text of columns, the warehouses their values.

Semi-structured 1 and 1.0 are equal, and in Redshift so are texts that differ only in trailing blanks. The sources of
such a join have these columns in comparable form.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlglot import exp

from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.scopes import Source
from engine.sql.translation.tree.sort_keys import unify
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import JSON, VARCHAR, set_type


def unify_keys(join: exp.Join, holders: Sequence[exp.Expr], context: Context) -> None:
    """Give the sources of a join by name its columns in comparable form.

    `holders` are the FROM and the joins so far, each with a source as its `this`.
    """
    names = {each.name.lower() for each in join.args.get("using") or ()}
    sources = context.scope.sources
    if join.method == "NATURAL":
        names = {name for source in sources[:-1] for name in source.columns or ()} & set(sources[-1].columns or ())
    for source in sources if names else ():
        result = {name: value for name in sorted(names) if (value := _to_comparable(source, name, context)) is not None}
        holder = next((each for each in holders if result and _has_source(each, source)), None)
        if holder is not None:
            _rewrite(holder, source, result, context)


def _to_comparable(source: Source, name: str, context: Context) -> exp.Expr | None:
    """Return a column in comparable form, None where that is the column itself."""
    kind = (source.columns or {}).get(name)
    if kind is None:
        return None
    column = set_type(exp.column(name, quoted=True), kind)
    if kind == JSON:
        return unify(column)
    result = to_comparable(column, context) if kind == VARCHAR else column
    return None if result is column else result


def _has_source(holder: exp.Expr, source: Source) -> bool:
    inner = holder.this
    is_alone = isinstance(inner, exp.Table | exp.Subquery | exp.Values) and not inner.args.get("joins")
    return is_alone and inner.alias_or_name.lower() == source.name.lower()


def _rewrite(holder: exp.Expr, source: Source, result: dict[str, exp.Expr], context: Context) -> None:
    """Make a FROM or join read its source with these values in place of its columns."""
    star = exp.Star(replace=[exp.alias_(value, name, quoted=True) for name, value in result.items()])
    rows = exp.Select(expressions=[star]).from_(holder.this, copy=False)
    alias = exp.TableAlias(this=exp.to_identifier(source.name, quoted=True)) if source.name else None
    holder.set("this", exp.Subquery(this=rows, alias=alias))
    columns = source.columns or {}
    cut = {name: replace(columns[name], is_trimmed=True) for name in result if columns[name] == VARCHAR}
    source.columns = columns | cut
    if cut:
        context.note("USING and NATURAL JOIN show strings without trailing blanks.")
