"""CONNECT BY: a query over a hierarchy as a recursive WITH.

The first part has the rows of the sources with all values of a single row that START WITH and the paths need; the
second part joins these rows to their parents. Where the query has several sources, their columns go through the
recursion under private names, and lateral sources restore their own names.

https://docs.snowflake.com/en/sql-reference/constructs/connect-by
https://docs.aws.amazon.com/redshift/latest/dg/r_CONNECT_BY_clause.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from engine.sql.translation.tree.case_names import resolve_column
from engine.sql.translation.tree.nodes import as_text, call, number, wrap
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns, Scope, Source
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import BIGINT, VARCHAR, ValueType, set_type, type_of

_BASE, _TREE, _UP, _ROW = "connect_by_base", "connect_by_rows", "connect_by_parent", "connect_by_row"
_LEVEL, _PRIVATE_LEVEL = "level", "connect_by_level"
_START, _PATH, _PIECE, _ROOT, _VALUE = (
    f"connect_by_{word}" for word in ("start", "path", "piece", "root_value", "own_value")
)


@dataclass
class _Hierarchy:
    """The columns that the recursion adds: `base` of the rows themselves, `first` at the roots, `further` below."""

    level: str
    base: list[exp.Expr] = field(default_factory=list)
    first: list[exp.Expr] = field(default_factory=list)
    further: list[exp.Expr] = field(default_factory=list)
    kinds: Columns = field(default_factory=dict)

    def add(self, name: str, kind: ValueType, first: exp.Expr, further: exp.Expr) -> exp.Column:
        """Add a column of the recursion; return a reference to it."""
        self.first.append(exp.alias_(first, name))
        self.further.append(exp.alias_(further, name))
        self.kinds[name] = kind
        return set_type(exp.column(name), kind)

    @property
    def hidden(self) -> list[str]:
        """The names of the added columns, which `*` excludes."""
        return [each.alias for each in (*self.base, *self.first)]


def unroll(node: exp.Select, context: Context) -> None:
    """Convert START WITH and CONNECT BY of a SELECT, if any, to a recursive WITH."""
    connect = node.args.get("connect")
    if connect is None:
        return
    _check(node, connect, context)
    level = _PRIVATE_LEVEL if _LEVEL in context.scope.source_columns() else _LEVEL
    tree = _Hierarchy(level)
    tree.add(level, BIGINT, number(1), exp.Add(this=_column(_UP, level), expression=number(1)))
    if level != _LEVEL:
        _use_private_level(node)
    is_join = len(context.scope.sources) != 1 or bool(node.args.get("joins"))
    renamed = _make_private_names(context.scope) if is_join else {}
    condition = _join_condition(connect.args["connect"], renamed, level, context)
    start = connect.args.get("start")
    if start is not None:
        tree.base.append(exp.alias_(context.translator.translate(start, context), _START))
    _add_paths(node, tree, context)
    _add_roots(node, tree, context)
    joins = list(node.args.get("joins") or ())
    base = _build_base(node, tree, renamed, context)
    first = exp.Select(expressions=[exp.Star(), *tree.first]).from_(_BASE, copy=False)
    if start is not None:
        first.set("where", exp.Where(this=exp.column(_START)))
    further = exp.Select(expressions=[_star(_ROW), *tree.further]).from_(exp.to_table(_BASE).as_(_ROW), copy=False)
    further.set("joins", [exp.Join(this=exp.to_table(_TREE).as_(_UP, copy=False), on=condition)])
    ctes = [_cte(_BASE, base), _cte(_TREE, exp.Union(this=first, expression=further, distinct=False))]
    rows = exp.Select(expressions=[exp.Star()]).from_(_TREE, copy=False)
    rows.set("with_", exp.With(expressions=ctes, recursive=True))
    node.set("connect", None)
    _read_from(node, rows, renamed, joins, context)
    context.scope.aliases |= tree.kinds
    context.scope.hidden += tree.hidden


def _check(node: exp.Select, connect: exp.Expr, context: Context) -> None:
    if connect.args.get("nocycle"):
        hint = "Remove it, and limit the depth with LEVEL: CONNECT BY ... AND LEVEL < 10."
        raise UntranslatableError(connect, f"{context.vendor} has no CONNECT BY NOCYCLE.", hint)
    if node.args.get("from_") is None:
        raise UntranslatableError(connect, "CONNECT BY needs a FROM.", "Name the table after FROM.")
    if len(context.scope.sources) == 1 and not node.args.get("joins"):
        return
    hint = "Move the join into a subquery."
    if context.scope.has_unknown():
        raise UntranslatableError(connect, "The columns under CONNECT BY are not known.", hint)
    direct = {id(join) for join in node.args.get("joins") or ()}
    sources = [node.args["from_"].this, *(node.args.get("joins") or ())]
    for join in (
        each for source in sources for each in source.find_all(exp.Join) if each.find_ancestor(exp.Select) is node
    ):
        is_using = bool(join.args.get("using"))
        if join.method == "NATURAL" or (is_using and (id(join) not in direct or join.side in ("RIGHT", "FULL"))):
            raise UntranslatableError(join, "CONNECT BY over this form of join is not supported.", hint)


def _use_private_level(node: exp.Select) -> None:
    """Resolve LEVEL to the level of the hierarchy where a source has a column LEVEL: `t.level` is the column."""
    for column in list(_columns_outside(node, is_top=True)):
        if column.name.lower() == _LEVEL and not column.table and not column.this.args.get("quoted"):
            if column.parent is node and column.arg_key == "expressions":
                column.replace(exp.alias_(set_type(exp.column(_PRIVATE_LEVEL), BIGINT), column.name))
            else:
                column.set("this", exp.to_identifier(_PRIVATE_LEVEL))


def _columns_outside(node: exp.Expr, *, is_top: bool = False) -> Iterator[exp.Column]:
    """Yield the columns of an expression, except those in subqueries."""
    for key, value in node.args.items():
        if is_top and key in ("from_", "joins", "with_", "connect", "laterals"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, exp.Column):
                yield each
            elif isinstance(each, exp.Expr) and not isinstance(each, exp.Query):
                yield from _columns_outside(each)


def _make_private_names(scope: Scope) -> dict[tuple[int, str], str]:
    """Return a name for each column of each source, by the index of the source."""
    pairs = [(source_index, name) for source_index, source in enumerate(scope.sources) for name in source.columns or ()]
    return {pair: f"connect_by_column_{number}" for number, pair in enumerate(pairs, start=1)}


def _add_paths(node: exp.Select, tree: _Hierarchy, context: Context) -> None:
    paths = [each for each in node.find_all(exp.Anonymous) if each.name.upper() == "SYS_CONNECT_BY_PATH"]
    for index, path in enumerate(paths):
        if len(path.expressions) != 2:
            raise UntranslatableError(path, "SYS_CONNECT_BY_PATH takes a value and a separator.")
        value, separator = (context.translator.translate(each, context) for each in path.expressions)
        piece, name = f"{_PIECE}_{index}", f"{_PATH}_{index}"
        tree.base.append(exp.alias_(call("concat", separator, as_text(value)), piece))
        grown = call("concat", _column(_UP, name), _column(_ROW, piece))
        path.replace(tree.add(name, VARCHAR, exp.column(piece), grown))


def _add_roots(node: exp.Select, tree: _Hierarchy, context: Context) -> None:
    for index, root in enumerate(list(node.find_all(exp.ConnectByRoot))):
        value = context.translator.translate(root.this, context)
        own, name = f"{_VALUE}_{index}", f"{_ROOT}_{index}"
        tree.base.append(exp.alias_(value, own))
        root.replace(tree.add(name, type_of(value), exp.column(own), _column(_UP, name)))


def _join_condition(condition: exp.Expr, renamed: dict[tuple[int, str], str], level: str, context: Context) -> exp.Expr:
    """Return the condition that joins a row to its parent: PRIOR is the parent, LEVEL that of the new row."""
    names = context.translator.names
    holder = exp.Paren(this=condition)
    upper = {id(column) for prior in holder.find_all(exp.Prior) for column in prior.find_all(exp.Column)}
    for column in list(_columns_outside(holder)):
        if names:
            resolve_column(column, context.scope, names)
        _qualify_column(column, _UP if id(column) in upper else _ROW, renamed, level, context.scope)
    for prior in list(holder.find_all(exp.Prior)):
        prior.replace(prior.this)
    scope = context.scope
    known: Columns | None = {
        name: (scope.sources[source_index].columns or {})[key] for (source_index, key), name in renamed.items()
    }
    if not renamed:
        known = scope.sources[0].columns
    below = None if known is None else known | {level: BIGINT}
    inner = Scope(parent=scope, sources=[Source(_UP, below), Source(_ROW, known)])
    return context.translator.translate(holder.this, context.inside(inner))


def _qualify_column(
    column: exp.Column, row: str, renamed: dict[tuple[int, str], str], level: str, scope: Scope
) -> None:
    """Qualify a column of a CONNECT BY with its row; further parts are a path into it."""
    parts = list(column.parts)
    owner = next((i for i, part in enumerate(parts[:-1]) if scope.sources_named(part.name)), None)
    rest = parts if owner is None else parts[owner + 1 :]
    is_level = len(rest) == 1 and rest[0].name.lower() == _LEVEL and not rest[0].args.get("quoted")
    if is_level and (owner is None or level == _LEVEL):
        above = _column(_UP, level)
        column.replace(above if row == _UP else wrap(exp.Add(this=above, expression=number(1))))
        return
    if renamed:
        source_index = _find_source(parts[owner].name if owner is not None else "", rest[0].name.lower(), scope)
        if source_index is None:
            return  # a column of an enclosing query, or none: DuckDB decides
        rest[0] = exp.to_identifier(renamed[source_index, rest[0].name.lower()])
    elif (
        owner is None and scope.sources[0].columns is not None and rest[0].name.lower() not in scope.sources[0].columns
    ):
        return
    result = [exp.to_identifier(row), *rest]
    for key, part in zip(("this", "table", "db", "catalog"), [*reversed(result), None, None, None], strict=False):
        column.set(key, part)


def _find_source(owner: str, name: str, scope: Scope) -> int | None:
    for source_index, source in enumerate(scope.sources):
        if (not owner or source.name.lower() == owner.lower()) and name in (source.columns or {}):
            return source_index
    return None


def _build_base(
    node: exp.Select, tree: _Hierarchy, renamed: dict[tuple[int, str], str], context: Context
) -> exp.Select:
    """Return the query of the rows before the recursion."""
    base = exp.Select()
    for key in ("from_", "joins", "laterals"):
        base.set(key, node.args.get(key))
        node.set(key, None)
    shown: list[exp.Expr] = [_star(context.scope.sources[0].name)]
    if renamed:
        sources = context.scope.sources
        shown = [
            exp.alias_(exp.column(key, table=sources[source_index].name or None, quoted=True), name)
            for (source_index, key), name in renamed.items()
        ]
        joined = _take_join_filters(node, context)
        if joined:
            filters = [context.translator.translate(each, context) for each in joined]
            base.set("where", exp.Where(this=exp.and_(*filters, copy=False)))
    base.set("expressions", [*shown, *tree.base])
    return base


def _take_join_filters(node: exp.Select, context: Context) -> list[exp.Expr]:
    """Remove the conditions of WHERE that compare columns of two sources, as they belong to the join; return them."""
    where = node.args.get("where")
    if where is None:
        return []
    parts = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    taken: list[exp.Expr] = [
        each for each in parts if isinstance(each, exp.Binary) and _is_join_condition(each, context.scope)
    ]
    if taken:
        kept = [each for each in parts if not any(each is other for other in taken)]
        node.set("where", exp.Where(this=exp.and_(*kept, copy=False)) if kept else None)
    return taken


def _is_join_condition(condition: exp.Expr, scope: Scope) -> bool:
    if isinstance(condition, exp.Connector):
        return False
    places = set()
    for column in _columns_outside(condition):
        if not column.table and column.name.lower() in (_LEVEL, _PRIVATE_LEVEL):
            return False
        places.add(_find_source(column.table, column.name.lower(), scope))
    return len(places - {None}) > 1


def _read_from(
    node: exp.Select,
    rows: exp.Select,
    renamed: dict[tuple[int, str], str],
    joined: list[exp.Join],
    context: Context,
) -> None:
    """Make the query read the rows of the hierarchy under the names of its sources.

    A join with USING stays one, so that its columns stay merged: it finds the single row of its lateral source again.
    """
    scope = context.scope
    name = _TREE if renamed else scope.sources[0].name or _TREE
    node.set("from_", exp.From(this=exp.Subquery(this=rows, alias=exp.TableAlias(this=exp.to_identifier(name)))))
    if not renamed:
        scope.sources[:] = [Source(name, scope.sources[0].columns)]
        for projection in node.expressions:
            if isinstance(projection, exp.Column) and isinstance(projection.this, exp.Star):
                projection.replace(projection.this)  # the only source: its star can exclude columns
        return
    scope.hidden[:] = list(renamed.values())  # row numbers of sources are not among the rows
    joins = []
    for source_index, source in enumerate(scope.sources):
        columns = [
            exp.alias_(exp.column(private, table=_TREE), key, quoted=True)
            for (owner_index, key), private in renamed.items()
            if owner_index == source_index
        ]
        alias = exp.TableAlias(
            this=exp.to_identifier(source.name or f"connect_by_source_{source_index + 1}", quoted=True)
        )
        lateral = exp.Lateral(this=exp.Subquery(this=exp.Select(expressions=columns)), alias=alias)
        source.row_number = ""
        using = next((join for join in joined if join.args.get("using") and join.alias_or_name == source.name), None)
        how = {"kind": "CROSS"} if using is None else {"side": using.side or None, "using": using.args["using"]}
        joins.append(exp.Join(this=lateral, **how))
    node.set("joins", joins)


def _cte(name: str, query: exp.Expr) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


def _star(name: str) -> exp.Expr:
    return exp.Column(this=exp.Star(), table=exp.to_identifier(name)) if name else exp.Star()


def _column(table: str, name: str) -> exp.Column:
    return exp.column(name, table=table)
