"""CONNECT BY: a query over a hierarchy as a recursive WITH.

https://docs.snowflake.com/en/sql-reference/constructs/connect-by
https://docs.aws.amazon.com/redshift/latest/dg/r_CONNECT_BY_clause.html
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.case_names import resolve_column
from engine.sql.translation.nodes import as_text, call, number, wrapped
from engine.sql.translation.refusals import UntranslatableError
from engine.sql.translation.scopes import Source
from engine.sql.translation.translator import Context
from engine.sql.translation.value_types import BIGINT, UNKNOWN, VARCHAR, typed

_TREE, _UP, _ROW = "hierarchy", "parent", "row"
_LEVEL = "level"
_PATH, _ROOT = "hierarchy_path", "hierarchy_root"


def unrolled(node: exp.Select, context: Context) -> exp.Select | None:
    """Turn START WITH and CONNECT BY of a SELECT into a recursive WITH; None when it has none."""
    connect = node.args.get("connect")
    if connect is None:
        return None
    if len(context.scope.sources) != 1 or node.args.get("joins"):
        raise UntranslatableError(connect, "CONNECT BY is known here over one source: put joins into a subquery.")
    for column in connect.args["connect"].find_all(exp.Column) if context.translator.names else ():
        resolve_column(column, context.scope, context.translator.names)
    source = node.args["from_"].this
    name = context.scope.sources[0].name
    paths, roots = _paths(node), list(node.find_all(exp.ConnectByRoot))
    first, further = _extras(paths, roots, context)
    row = source.copy()
    alias = source.args.get("alias")
    row.set("alias", exp.TableAlias(this=exp.to_identifier(_ROW), columns=alias.args.get("columns") if alias else None))
    for each in (source, row):
        each.set("with_", None)
    start = connect.args.get("start")
    base = exp.Select(expressions=[_star(name), *first])
    base.set("from_", exp.From(this=source.copy()))
    if start is not None:
        base.set("where", exp.Where(this=context.translator.expression(start, context)))
    condition = _condition(connect.args["connect"], context)
    step = exp.Select(expressions=[_star(_ROW), *further])
    step.set("from_", exp.From(this=row))
    step.set("joins", [exp.Join(this=exp.to_table(_TREE).as_(_UP, copy=False), on=condition)])
    union = exp.Union(this=base, expression=step, distinct=False)
    cte = exp.CTE(this=union, alias=exp.TableAlias(this=exp.to_identifier(_TREE)))
    tree = exp.Select(expressions=[exp.Star()]).from_(_TREE, copy=False)
    tree.set("with_", exp.With(expressions=[cte], recursive=True))
    node.set(
        "from_", exp.From(this=exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier(name or _TREE))))
    )
    node.set("connect", None)
    extras = [each.alias for each in first]
    known = context.scope.sources[0].columns
    columns = None if known is None else known | dict.fromkeys(extras, UNKNOWN) | {_LEVEL: BIGINT}
    if columns is not None:
        columns |= {f"{_PATH}{index}": VARCHAR for index in range(len(paths))}
    context.scope.sources[:] = [Source(name or _TREE, columns)]
    context.scope.hidden += extras
    for projection in node.expressions:
        if isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
            projection.replace(projection.this)  # the only source: its star can leave columns out
    return None


def _star(name: str) -> exp.Expr:
    return exp.Column(this=exp.Star(), table=exp.to_identifier(name)) if name else exp.Star()


def _paths(node: exp.Select) -> list[exp.Anonymous]:
    return [each for each in node.find_all(exp.Anonymous) if each.name.upper() == "SYS_CONNECT_BY_PATH"]


def _extras(
    paths: list[exp.Anonymous], roots: list[exp.ConnectByRoot], context: Context
) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """Return the further columns of the first rows and of those below them: level, paths and roots."""
    first: list[exp.Expr] = [exp.alias_(number(1), _LEVEL)]
    further: list[exp.Expr] = [exp.alias_(exp.Add(this=_column(_UP, _LEVEL), expression=number(1)), _LEVEL)]
    for index, path in enumerate(paths):
        value, separator = path.expressions[0], path.expressions[1]
        piece = as_text(context.translator.expression(value.copy(), context))
        below = as_text(_in_row(value.copy()))
        first.append(exp.alias_(call("concat", separator.copy(), piece), f"{_PATH}{index}"))
        grown = call("concat", _column(_UP, f"{_PATH}{index}"), separator.copy(), below)
        further.append(exp.alias_(grown, f"{_PATH}{index}"))
        path.replace(typed(exp.column(f"{_PATH}{index}"), VARCHAR))
    for index, root in enumerate(roots):
        first.append(exp.alias_(root.this.copy(), f"{_ROOT}{index}"))
        further.append(exp.alias_(_column(_UP, f"{_ROOT}{index}"), f"{_ROOT}{index}"))
        root.replace(exp.column(f"{_ROOT}{index}"))
    return first, further


def _condition(condition: exp.Expr, context: Context) -> exp.Expr:
    """Return the join of a row to the one above it: PRIOR names the upper one, LEVEL is that of the new row."""
    for prior in list(condition.find_all(exp.Prior)):
        for column in list(prior.find_all(exp.Column)):
            column.set("table", exp.to_identifier(_UP))
        prior.replace(prior.this)
    for column in list(condition.find_all(exp.Column)):
        if column.table == _UP:
            continue
        if column.name.lower() == _LEVEL:
            column.replace(wrapped(exp.Add(this=_column(_UP, _LEVEL), expression=number(1))))
        else:
            column.set("table", exp.to_identifier(_ROW))
    return condition


def _in_row(value: exp.Expr) -> exp.Expr:
    for column in list(value.find_all(exp.Column)):
        column.set("table", exp.to_identifier(_ROW))
    return value


def _column(table: str, name: str) -> exp.Column:
    return exp.column(name, table=table)
