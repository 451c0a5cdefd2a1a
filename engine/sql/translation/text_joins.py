"""JOIN ... USING and NATURAL JOIN of texts in Redshift, for which blanks at their ends count for nothing.

DuckDB compares the columns of USING as they are, so that the sources hold them without these blanks.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from engine.sql.translation.blanks import compared
from engine.sql.translation.scopes import Source
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import VARCHAR, ValueType, typed


def cut_merged(join: exp.Join, holders: list[exp.Expr], context: Context) -> None:
    """Cut the blanks off the texts by which a JOIN joins its sources; each of `holders` has one as its `this`."""
    if context.is_snowflake or not (join.args.get("using") or join.method):
        return
    sources = context.scope.sources
    merged = {each.name.lower() for each in join.args.get("using") or ()}
    if join.method.upper() == "NATURAL":
        before = {name for source in sources[:-1] for name in source.columns or ()}
        merged = before & set(sources[-1].columns or ())
    for source in sources:
        names = [name for name in merged if _is_cut((source.columns or {}).get(name))]
        holder = next((each for each in holders if names and _is_of(each.this, source)), None)
        if holder is not None:
            _cut(holder, source, sorted(names), context)
            context.note("The texts of USING and NATURAL JOIN are shown without the blanks at their ends.")


def _is_cut(kind: ValueType | None) -> bool:
    return kind is not None and kind == VARCHAR and not kind.is_trimmed


def _is_of(node: exp.Expr, source: Source) -> bool:
    is_alone = isinstance(node, exp.Table | exp.Subquery) and not node.args.get("joins")
    return is_alone and node.alias_or_name.lower() == source.name.lower()


def _cut(holder: exp.Expr, source: Source, names: list[str], context: Context) -> None:
    columns = source.columns or {}
    cut = [
        exp.alias_(compared(typed(exp.column(name, quoted=True), columns[name]), context), name, quoted=True)
        for name in names
    ]
    rows = exp.Select(expressions=[exp.Star(replace=cut)]).from_(holder.this, copy=False)
    alias = exp.TableAlias(this=exp.to_identifier(source.name)) if source.name else None
    holder.set("this", exp.Subquery(this=rows, alias=alias))
    source.columns = columns | {name: replace(columns[name], is_trimmed=True) for name in names}
