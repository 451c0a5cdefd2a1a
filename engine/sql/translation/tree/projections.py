"""Later changes to a select list: common types of set operations, and groups of equal values.

Equal semi-structured values may be spelled differently (1 and 1.0), so grouping needs a normal form of each, in the
select list as well as in GROUP BY.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import exp

from engine.sql.translation.tree.case_names import note_star_columns
from engine.sql.translation.tree.headers import STAR_TYPES
from engine.sql.translation.tree.nodes import as_json, drop_offset, literal_integer
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.sort_keys import sort_key, unify
from engine.sql.translation.tree.timestamp_offsets import as_pair, as_variant
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import JSON, ValueType, common_type, set_type, type_of

_CLAUSES = ("having", "qualify", "order", "group")


def change_columns(
    query: exp.Expr, columns: Columns, indexes: set[int], convert: Callable[[exp.Expr], exp.Expr]
) -> None:
    """Change the columns at these indexes in every SELECT of a query; in a star they are replaced."""
    if isinstance(query, exp.SetOperation):
        change_columns(query.left, columns, indexes, convert)
        change_columns(query.right, columns, indexes, convert)
    elif isinstance(query, exp.Subquery):
        change_columns(query.this, columns, indexes, convert)
    elif isinstance(query, exp.Select):
        if any(each.is_star for each in query.expressions):
            _change_star(query, columns, indexes, convert)
            return
        for index in indexes & set(range(len(query.expressions))):
            _change_at(query, index, convert)


def _change_at(query: exp.Select, index: int, convert: Callable[[exp.Expr], exp.Expr]) -> None:
    projection = query.expressions[index]
    if isinstance(projection, exp.Alias):
        projection.set("this", convert(projection.this))
        set_type(projection, type_of(projection.this))
        return
    name = projection.alias_or_name
    changed = convert(projection)
    if changed is not projection:
        query.expressions[index] = exp.alias_(changed, name, quoted=True, copy=False) if name else changed
        query.set("expressions", query.expressions)


def _change_star(
    query: exp.Select, columns: Columns, indexes: set[int], convert: Callable[[exp.Expr], exp.Expr]
) -> None:
    if len(query.expressions) != 1:
        return
    found = query.expressions[0]
    star = found if isinstance(found, exp.Star) else found.find(exp.Star)
    if star is None or star.args.get("replace") or star.args.get("rename"):
        return
    names = list(columns)
    replaced = []
    for index in sorted(indexes & set(range(len(names)))):
        column = set_type(exp.column(names[index], quoted=True), columns[names[index]])
        replaced.append(exp.alias_(convert(column), names[index], quoted=True, copy=False))
    star.set("replace", replaced)


def share_types(query: exp.SetOperation, columns: Columns | None, others: Columns | None, context: Context) -> None:
    """Make a column semi-structured on both sides of a set operation where it is on one; equal values are one row.

    https://docs.snowflake.com/en/sql-reference/operators-query#general-usage-notes
    """
    if columns is None or others is None or len(columns) != len(others):
        return
    kinds = list(zip(columns.values(), others.values(), strict=True))
    paired = {index for index, pair in enumerate(kinds) if common_type(list(pair)).is_paired}
    change_columns(query.left, columns, paired, as_pair)
    change_columns(query.right, others, paired, as_pair)
    if paired and not isinstance(query, exp.Union):
        message = f"{type(query).__name__.upper()} of TIMESTAMP_TZ with offsets from the data is not supported."
        raise UntranslatableError(query, message, "Cast it to TIMESTAMP_NTZ, or use CONVERT_TIMEZONE('UTC', ...).")
    convert = as_variant if context.is_snowflake else as_json
    change_columns(query.left, columns, {i for i, (one, other) in enumerate(kinds) if other == JSON != one}, convert)
    change_columns(query.right, others, {i for i, (one, other) in enumerate(kinds) if one == JSON != other}, convert)
    if not isinstance(query, exp.Union) or query.args.get("distinct"):
        both = {index for index, pair in enumerate(kinds) if JSON in pair}
        change_columns(query.left, dict.fromkeys(columns, JSON), both, unify)
        change_columns(query.right, dict.fromkeys(others, JSON), both, unify)


def merge_offsets(query: exp.Expr, columns: Columns | None) -> exp.Expr:
    """Return a UNION that merges rows that differ only in the offsets of their timestamps."""
    if not isinstance(query, exp.Union) or not query.args.get("distinct") or columns is None:
        return query
    if not any(kind.is_paired for kind in columns.values()):
        return query
    named = list(columns.items())
    first = query.left
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if isinstance(first, exp.Select) and not any(each.is_star for each in first.expressions):
        named = [_name_projection(first, index) for index in range(len(first.expressions))]
    query.set("distinct", False)
    keys = [drop_offset(set_type(exp.column(name, quoted=True), kind)) for name, kind in named]
    star = exp.Star()
    star.meta[STAR_TYPES] = named
    note_star_columns(star, dict(named))
    result = exp.Select(expressions=[star], distinct=exp.Distinct(on=exp.Tuple(expressions=keys)))
    for key in ("order", "limit", "offset"):
        result.set(key, query.args.get(key))
        query.set(key, None)
    return result.from_(exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier("united"))), copy=False)


def group_equal_values(node: exp.Select, columns: Columns | None, context: Context) -> None:
    """Normalize the semi-structured values of GROUP BY and DISTINCT."""
    group = node.args.get("group")
    if node.args.get("distinct") is not None and columns is not None:
        kinds = list(columns.values())
        change_columns(node, columns, {index for index, kind in enumerate(kinds) if kind == JSON}, unify)
    if not isinstance(group, exp.Group):
        return
    if group.args.get("all"):
        change_columns(node, {}, {index for index, each in enumerate(node.expressions) if type_of(each) == JSON}, unify)
    for each in list(grouped_values(group)):
        index = find_projection(each, node, context)
        value = each if index is None else node.expressions[index].unalias()
        if type_of(value) == JSON:
            for key in ("expressions", *_CLAUSES):
                given = node.args.get(key)
                if isinstance(given, list):
                    node.set(key, [_replace_value(item, value.copy()) for item in given])
                elif isinstance(given, exp.Expr):
                    node.set(key, _replace_value(given, value.copy()))


def grouped_values(group: exp.Group) -> Iterator[exp.Expr]:
    """Yield the values of a GROUP BY, including those in ROLLUP, CUBE and GROUPING SETS."""
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


def find_projection(grouped: exp.Expr, node: exp.Select, context: Context) -> int | None:
    """Return the index of the projection that a number or alias refers to."""
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


def _replace_value(node: exp.Expr, value: exp.Expr) -> exp.Expr:
    """Normalize a value wherever it occurs in a tree."""
    if isinstance(node, exp.Query):
        return node
    if type_of(node) == JSON and is_same(node, value):
        return unify(node)
    for key, given in list(node.args.items()):
        if isinstance(given, list):
            node.set(key, [_replace_value(each, value) if isinstance(each, exp.Expr) else each for each in given])
        elif isinstance(given, exp.Expr) and not isinstance(given, exp.Identifier):
            node.set(key, _replace_value(given, value))
    return node


def is_same(one: exp.Expr, other: exp.Expr) -> bool:
    """Whether two translated values are the same; a column may be named with or without its source."""
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
    """Make `ORDER BY 1` order a semi-structured column by its sort key."""
    order = node.args.get("order")
    for each in order.expressions if order is not None else ():
        number = literal_integer(each.this) if isinstance(each, exp.Ordered) else None
        kinds = list((columns or {}).values())
        if number is not None and 1 <= number <= len(kinds) and kinds[number - 1] == JSON:
            each.set("this", sort_key(_find_numbered_column(node, number - 1, columns or {})))


def _find_numbered_column(node: exp.Expr, index: int, columns: Columns) -> exp.Expr:
    """Return the column at an index of a query, as its ORDER BY may name it."""
    first = node
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    name = list(columns)[index]
    if isinstance(first, exp.Select) and not any(each.is_star for each in first.expressions):
        projection = first.expressions[index]
        if first is node:
            shown: exp.Expr = projection.unalias().copy()
            return set_type(shown, JSON)
        name, _ = _name_projection(first, index)
    return set_type(exp.column(name, quoted=True), JSON)


def _name_projection(select: exp.Select, index: int) -> tuple[str, ValueType]:
    """Return the name and type of the projection at an index; name it if it has no name."""
    projection = select.expressions[index]
    name = projection.alias or (projection.name if isinstance(projection, exp.Column) else "")
    if not name:
        name = f"column_{index + 1}"
        named = exp.alias_(projection, name, quoted=True, copy=False)
        select.expressions[index] = set_type(named, type_of(projection))
        select.set("expressions", select.expressions)
    return name, type_of(projection)
