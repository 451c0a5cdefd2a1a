"""Joins by name over semi-structured columns: USING and NATURAL compare 1 and 1.0, which are one value, as one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.ordering import plain
from engine.sql.translation.scopes import Columns, Source
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import JSON, typed


def unify_keys(join: exp.Join, holders: Sequence[exp.Expr], context: Context) -> None:
    """Write the semi-structured columns that a join matches by name in their one spelling, on both sides.

    `holders` are the FROM and the joins before this one, whose sources may hold the other side.
    """
    names = [each.name.lower() for each in join.args.get("using") or ()]
    *before, right = context.scope.sources
    known: Columns = right.columns or {}
    shared = names or [name for source in before for name in source.columns or () if name in known]
    for name in dict.fromkeys(shared):
        if known.get(name) == JSON:
            _rewrite(join, right, name)
        for source in before:
            if (source.columns or {}).get(name) == JSON:
                _rewrite(next((each for each in holders if each.this.alias_or_name == source.name), None), source, name)


def _rewrite(holder: exp.Expr | None, source: Source, name: str) -> None:
    """Let a FROM or a join read its source with a column in its one spelling."""
    if holder is None or not isinstance(holder.this, exp.Table | exp.Subquery | exp.Values) or not source.name:
        return
    value = plain(typed(exp.column(name, quoted=True), JSON))
    star = exp.Star(replace=[exp.alias_(value, name, quoted=True)])
    rows = exp.Select(expressions=[star]).from_(holder.this, copy=False)
    holder.set("this", exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier(source.name, quoted=True))))
