"""The base tables that a query reads, its twin over empty tables, and the part of a table that it selects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from engine.schema.models import TableSchema
from engine.workload.lineage import TableNames
from engine.workload.views import UnparsedError, View, expand, parse

_NOT_UNDERSTOOD = (SqlglotError, RecursionError, AttributeError, TypeError, ValueError, KeyError, IndexError)
_DROPPED = ("group", "having", "order", "limit", "offset", "qualify", "windows", "distinct", "fetch", "into")

_REMEMBERED = 1024
"""Queries whose tables are known without reading them again."""


@dataclass(frozen=True, slots=True)
class TableReads:
    """A query and the base tables that it reads."""

    sql: str
    dialect: str
    tables: tuple[TableSchema, ...]

    def over_empty_tables(self) -> str | None:
        """Return the query over the same tables without rows; None if it cannot be written."""
        return _over_empty_tables(self.sql, self.dialect, tuple((each.name, _written(each)) for each in self.tables))

    def selections(self, table: TableSchema, names: TableNames) -> Iterator[str]:
        """Yield, for each place where a table is read, the query that counts its rows there.

        That is the FROM and WHERE of the place; one that only joins counts if none has a condition, and one without
        either if there is no other. Rows of a table without a primary key count once for each row that they are joined
        to.
        """
        try:
            places = self._places(table, names)
            filtered = [place for place in places if _has_condition(place[0], names)]
            joined = [place for place in places if place[0].args.get("where") or place[0].args.get("joins")]
            for select, alias in filtered or joined or places:
                yield _count_selected(select, alias, table).sql(self.dialect)
        except (UnparsedError, *_NOT_UNDERSTOOD):
            return

    def is_filtered(self, table: TableSchema, names: TableNames) -> bool:
        """Return whether a place where a table is read has a condition that is no join, nor `IS NULL` after one.

        A condition of an outer join chooses only what is joined.
        A part of a UNION, or a CTE, can be without: its rows are then chosen by the query around it.
        """
        try:
            return any(_has_condition(select, names) for select, _ in self._places(table, names))
        except (UnparsedError, *_NOT_UNDERSTOOD):
            return False

    def _places(self, table: TableSchema, names: TableNames) -> list[tuple[exp.Select, str]]:
        """Return the queries whose FROM names a table, with its alias there."""
        return [
            (scope.expression, alias)
            for scope in traverse_scope(parse(self.sql, self.dialect))
            if isinstance(scope.expression, exp.Select)
            for alias, source in scope.sources.items()
            if isinstance(source, exp.Table) and _is_table(source, table, names)
        ]


def _has_condition(select: exp.Select, names: TableNames) -> bool:
    joins = select.args.get("joins") or []
    outer = [join.this for join in joins if join.side and isinstance(join.this, exp.Table)]
    where = select.args.get("where")
    inner = [join.args.get("on") for join in joins if not join.side]  # an outer join returns all rows of its other side
    roots = [*inner, where.this if where is not None else None]
    parts = [part for root in roots if root is not None for part in _parts(root)]
    return any(not _is_join(part) and not _is_anti_join(part, outer, names) for part in parts)


def _is_anti_join(condition: exp.Expr, outer: list[exp.Table], names: TableNames) -> bool:
    """Return whether a condition asks for the rows to which an outer join adds nothing."""
    inner = condition.unnest()
    if not isinstance(inner, exp.Is) or not isinstance(inner.expression, exp.Null):
        return False
    column = inner.this.unnest()
    return isinstance(column, exp.Column) and any(_may_hold(table, column, names) for table in outer)


def _may_hold(source: exp.Table, column: exp.Column, names: TableNames) -> bool:
    if column.table:
        return column.table.casefold() == source.alias_or_name.casefold()
    index = names.find(source)
    return index is not None and any(
        each.name.casefold() == column.name.casefold() for each in names.tables[index].columns
    )


def _parts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.And):
        yield from condition.flatten()
    else:
        yield condition


def _is_join(condition: exp.Expr) -> bool:
    """Return whether a condition compares columns with columns, without an inner query."""
    inner = condition.unnest()
    if not isinstance(inner, exp.Binary) or isinstance(inner, exp.Connector) or inner.find(exp.Query) is not None:
        return False
    return inner.left.find(exp.Column) is not None and inner.right.find(exp.Column) is not None


def find_reads(sql: str, dialect: str, names: TableNames) -> TableReads:
    """Return the base tables of a query; none if it is not understood."""
    found = dict.fromkeys(names.find(exp.table_(name, db=schema)) for schema, name in _named_tables(sql, dialect))
    return TableReads(sql, dialect, tuple(names.tables[index] for index in found if index is not None))


@lru_cache(_REMEMBERED)
def _named_tables(sql: str, dialect: str) -> tuple[tuple[str, str], ...]:
    """Return the schema and the name of each table that a query reads; none if it is not understood."""
    try:
        scopes = traverse_scope(parse(sql, dialect))
    except (UnparsedError, *_NOT_UNDERSTOOD):
        return ()
    sources = (source for scope in scopes for source in scope.sources.values())
    return tuple(dict.fromkeys((each.db, each.name) for each in sources if isinstance(each, exp.Table)))


@lru_cache(_REMEMBERED)
def _over_empty_tables(sql: str, dialect: str, tables: tuple[tuple[str, str], ...]) -> str | None:
    views = {name.lower(): View(name, f"SELECT * FROM {written} WHERE 1 = 0") for name, written in tables}
    try:
        return expand(sql, dialect, views, (), resolves_inside=False).sql
    except UnparsedError:
        return None


def _is_table(source: exp.Table, table: TableSchema, names: TableNames) -> bool:
    index = names.find(source)
    return index is not None and names.tables[index] is table


def _written(table: TableSchema) -> str:
    return ".".join(f'"{part}"' if not part.isidentifier() else part for part in table.key.split("."))


def _count_selected(select: exp.Select, alias: str, table: TableSchema) -> exp.Expr:
    query = select.copy()
    for name in _DROPPED:
        query.set(name, None)
    key = table.primary_key
    columns: list[exp.Expr] = [exp.column(name, table=alias) for name in key]
    columns = columns or [exp.alias_(exp.Literal.number(1), "one")]
    query.set("expressions", columns)
    query.set("distinct", exp.Distinct() if key else None)
    outer = exp.select(exp.Count(this=exp.Star()).as_("selected")).from_(query.subquery("selected_rows"))
    ctes = list(_ctes_before(select))
    if ctes:
        is_recursive = any(is_own for _, is_own in ctes)
        outer.set("with_", exp.With(expressions=[cte.copy() for cte, _ in ctes], recursive=is_recursive))
    return outer


def _ctes_before(query: exp.Expr) -> Iterator[tuple[exp.CTE, bool]]:
    """Yield the CTEs that a query inside another one may read, and whether their list is recursive."""
    lists: list[list[tuple[exp.CTE, bool]]] = []
    inner: exp.Expr = query
    outer = query.parent
    while outer is not None:
        clause = outer.args.get("with_")
        if isinstance(outer, exp.With):
            earlier: list[tuple[exp.CTE, bool]] = []
            for cte in outer.expressions:
                if cte is inner:
                    break
                earlier.append((cte, bool(outer.recursive)))
            lists.append(earlier)
        elif isinstance(clause, exp.With) and clause is not inner:
            lists.append([(cte, bool(clause.recursive)) for cte in clause.expressions])
        inner, outer = outer, outer.parent
    for each in reversed(lists):
        yield from each
