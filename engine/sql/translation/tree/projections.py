"""Changing what stands in a select list afterwards: common types of set operations, and groups of equal values.

Semi-structured values that are equal may be written in several ways (1 and 1.0), so that grouping them asks for one
spelling of each, in the select list as well as in GROUP BY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from engine.sql.translation.tree.case_names import note_star_columns
from engine.sql.translation.tree.headers import STAR_TYPES
from engine.sql.translation.tree.nodes import as_json, literal_integer, moment_of
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.sort_keys import plain, sort_key
from engine.sql.translation.tree.timestamp_offsets import as_pair, as_variant
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import JSON, ValueType, common, type_of, typed

_CLAUSES = ("having", "qualify", "order", "group")


def change(query: exp.Expr, columns: Columns, indexes: set[int], made: Callable[[exp.Expr], exp.Expr]) -> None:
    """Change the columns at these indexes in every SELECT of a query; a star has its columns replaced."""
    if isinstance(query, exp.SetOperation):
        change(query.left, columns, indexes, made)
        change(query.right, columns, indexes, made)
    elif isinstance(query, exp.Subquery):
        change(query.this, columns, indexes, made)
    elif isinstance(query, exp.Select):
        if any(each.is_star for each in query.expressions):
            _change_star(query, columns, indexes, made)
            return
        for index in indexes & set(range(len(query.expressions))):
            _change_at(query, index, made)


def _change_at(query: exp.Select, index: int, made: Callable[[exp.Expr], exp.Expr]) -> None:
    projection = query.expressions[index]
    if isinstance(projection, exp.Alias):
        projection.set("this", made(projection.this))
        typed(projection, type_of(projection.this))
        return
    name = projection.alias_or_name
    changed = made(projection)
    if changed is not projection:
        query.expressions[index] = exp.alias_(changed, name, quoted=True, copy=False) if name else changed
        query.set("expressions", query.expressions)


def _change_star(query: exp.Select, columns: Columns, indexes: set[int], made: Callable[[exp.Expr], exp.Expr]) -> None:
    if len(query.expressions) != 1:
        return
    found = query.expressions[0]
    star = found if isinstance(found, exp.Star) else found.find(exp.Star)
    if star is None or star.args.get("replace") or star.args.get("rename"):
        return
    names = list(columns)
    replaced = []
    for index in sorted(indexes & set(range(len(names)))):
        column = typed(exp.column(names[index], quoted=True), columns[names[index]])
        replaced.append(exp.alias_(made(column), names[index], quoted=True, copy=False))
    star.set("replace", replaced)


def share_types(query: exp.SetOperation, columns: Columns | None, others: Columns | None, context: Context) -> None:
    """Let both sides of a set operation have semi-structured columns where one of them has; equal values are one row.

    https://docs.snowflake.com/en/sql-reference/operators-query#general-usage-notes
    """
    if columns is None or others is None or len(columns) != len(others):
        return
    kinds = list(zip(columns.values(), others.values(), strict=True))
    paired = {index for index, pair in enumerate(kinds) if common(list(pair)).is_paired}
    change(query.left, columns, paired, as_pair)
    change(query.right, others, paired, as_pair)
    if paired and not isinstance(query, exp.Union):
        message = f"{type(query).__name__.upper()} of TIMESTAMP_TZ with offsets from the data is not supported."
        raise UntranslatableError(query, message, "Cast it to TIMESTAMP_NTZ, or use CONVERT_TIMEZONE('UTC', ...).")
    convert = as_variant if context.is_snowflake else as_json
    change(query.left, columns, {i for i, (one, other) in enumerate(kinds) if other == JSON != one}, convert)
    change(query.right, others, {i for i, (one, other) in enumerate(kinds) if one == JSON != other}, convert)
    if not isinstance(query, exp.Union) or query.args.get("distinct"):
        both = {index for index, pair in enumerate(kinds) if JSON in pair}
        change(query.left, dict.fromkeys(columns, JSON), both, plain)
        change(query.right, dict.fromkeys(others, JSON), both, plain)


def distinct_moments(query: exp.Expr, columns: Columns | None) -> exp.Expr:
    """Return a UNION whose rows that differ only in the offsets of their moments are one row."""
    if not isinstance(query, exp.Union) or not query.args.get("distinct") or columns is None:
        return query
    if not any(kind.is_paired for kind in columns.values()):
        return query
    named = list(columns.items())
    first = query.left
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if isinstance(first, exp.Select) and not any(each.is_star for each in first.expressions):
        named = [_named(first, index) for index in range(len(first.expressions))]
    query.set("distinct", False)
    keys = [moment_of(typed(exp.column(name, quoted=True), kind)) for name, kind in named]
    star = exp.Star()
    star.meta[STAR_TYPES] = named
    note_star_columns(star, dict(named))
    made = exp.Select(expressions=[star], distinct=exp.Distinct(on=exp.Tuple(expressions=keys)))
    for key in ("order", "limit", "offset"):
        made.set(key, query.args.get(key))
        query.set(key, None)
    return made.from_(exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("united"))), copy=False)


def group_equal(node: exp.Select, columns: Columns | None, context: Context) -> None:
    """Give the semi-structured values that GROUP BY or DISTINCT takes together one spelling."""
    group = node.args.get("group")
    if node.args.get("distinct") is not None and columns is not None:
        kinds = list(columns.values())
        change(node, columns, {index for index, kind in enumerate(kinds) if kind == JSON}, plain)
    if not isinstance(group, exp.Group):
        return
    if group.args.get("all"):
        change(node, {}, {index for index, each in enumerate(node.expressions) if type_of(each) == JSON}, plain)
    for each in list(grouped_values(group)):
        index = projection_of(each, node, context)
        value = each if index is None else node.expressions[index].unalias()
        if type_of(value) == JSON:
            for key in ("expressions", *_CLAUSES):
                given = node.args.get(key)
                if isinstance(given, list):
                    node.set(key, [_replaced(item, value.copy()) for item in given])
                elif isinstance(given, exp.Expr):
                    node.set(key, _replaced(given, value.copy()))


def grouped_values(group: exp.Group) -> Iterator[exp.Expr]:
    """Return what a GROUP BY names, in ROLLUP, CUBE and GROUPING SETS as well."""
    waiting: list[exp.Expr] = [*group.expressions]
    for key in ("rollup", "cube", "grouping_sets"):
        waiting += [each for each in group.args.get(key) or () if isinstance(each, exp.Expr)]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, exp.Rollup | exp.Cube | exp.GroupingSets | exp.Tuple):
            waiting += each.expressions
        elif isinstance(each, exp.Paren):
            waiting.append(each.this)
        else:
            yield each


def projection_of(grouped: exp.Expr, node: exp.Select, context: Context) -> int | None:
    """Return the index of the projection that a number or an alias stands for."""
    number = literal_integer(grouped)
    if number is not None:
        return number - 1 if 1 <= number <= len(node.expressions) else None
    if not isinstance(grouped, exp.Column) or grouped.table:
        return None
    folded = grouped.name.lower()
    if any(folded in (source.columns or {}) for source in context.scope.sources):
        return None
    aliases = (each.alias.lower() if isinstance(each, exp.Alias) else "" for each in node.expressions)
    return next((index for index, alias in enumerate(aliases) if alias == folded), None)


def _replaced(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Put the one spelling of a value wherever the value stands in a tree."""
    if isinstance(node, exp.Query):
        return node
    if type_of(node) == JSON and is_same(node, value):
        return plain(node)
    for key, given in list(node.args.items()):
        if isinstance(given, list):
            node.set(key, [_replaced(each, value) if isinstance(each, exp.Expr) else each for each in given])
        elif isinstance(given, exp.Expr) and not isinstance(given, exp.Identifier):
            node.set(key, _replaced(given, value))
    return node


def is_same(one: exp.Expr, other: exp.Expr) -> bool:
    """Whether two translated values are the same; a column may be named with its source or without it."""
    if isinstance(one, exp.Column) and isinstance(other, exp.Column):
        tables = {each.table.lower() for each in (one, other)} - {""}
        return one.name.lower() == other.name.lower() and len(tables) < 2
    if type(one) is not type(other):
        return False
    if isinstance(one, exp.Literal | exp.Identifier) or not (isinstance(one, exp.Anonymous | exp.Paren | exp.Cast)):
        return bool(one == other)
    mine, theirs = list(one.iter_expressions()), list(other.iter_expressions())
    return one.name == other.name and len(mine) == len(theirs) and all(map(is_same, mine, theirs))


def order_by_numbers(node: exp.Select | exp.SetOperation, columns: Columns | None) -> None:
    """Let `ORDER BY 1` order a semi-structured column by its sort key."""
    order = node.args.get("order")
    for each in order.expressions if order is not None else ():
        number = literal_integer(each.this) if isinstance(each, exp.Ordered) else None
        kinds = list((columns or {}).values())
        if number is not None and 1 <= number <= len(kinds) and kinds[number - 1] == JSON:
            each.set("this", sort_key(_numbered(node, number - 1, columns or {})))


def _numbered(node: exp.Expr, index: int, columns: Columns) -> exp.Expr:
    """Return the column at an index of a query, as its ORDER BY may name it."""
    first = node
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    name = list(columns)[index]
    if isinstance(first, exp.Select) and not any(each.is_star for each in first.expressions):
        projection = first.expressions[index]
        if first is node:
            shown: exp.Expr = projection.unalias().copy()
            return typed(shown, JSON)
        name, _ = _named(first, index)
    return typed(exp.column(name, quoted=True), JSON)


def _named(select: exp.Select, index: int) -> tuple[str, ValueType]:
    """Return the name and the type of the projection at an index; one without a name is given one."""
    projection = select.expressions[index]
    name = projection.alias or (projection.name if isinstance(projection, exp.Column) else "")
    if not name:
        name = f"column_{index + 1}"
        named = exp.alias_(projection, name, quoted=True, copy=False)
        select.expressions[index] = typed(named, type_of(projection))
        select.set("expressions", select.expressions)
    return name, type_of(projection)
