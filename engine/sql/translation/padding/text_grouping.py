"""GROUP BY of text in Redshift: values that differ only in trailing blanks are one group, which shows one of them.

Likewise, a point in time with several offsets is one group in Snowflake.

The group's key is the text without trailing blanks. Outside aggregates it is replaced with ANY_VALUE of the text, or
NULL where ROLLUP, CUBE or GROUPING SETS leave it out. A text that cannot have trailing blanks stays unchanged.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.nodes import call, literal_text, make_case, number
from engine.sql.translation.tree.projections import find_projection, grouped_values, is_same
from engine.sql.translation.tree.translator import AGGREGATE, Context
from engine.sql.translation.tree.value_types import set_type, type_of


@dataclass(frozen=True)
class _Grouped:
    """A value of GROUP BY, with its key and its shown form; a value that is not text is its own key."""

    value: exp.Expr
    key: exp.Expr | None = None
    shown: exp.Expr | None = None


def group_texts(node: exp.Select, context: Context) -> None:
    """Group the texts of a SELECT without their trailing blanks."""
    group = node.args.get("group")
    if not isinstance(group, exp.Group) or (context.is_snowflake and not _has_pairs(node, group)):
        return
    if group.args.get("all"):
        _expand_all(node, group, context)
    found: list[_Grouped] = []
    keyed: list[tuple[exp.Expr, exp.Expr]] = []
    is_partial = any(group.args.get(key) for key in ("rollup", "cube", "grouping_sets"))
    is_partial = is_partial or any(isinstance(each, _PARTIAL) for each in group.expressions)
    for each in list(grouped_values(group)):
        index = find_projection(each, node, context)
        value = (each if index is None else node.expressions[index].unalias()).copy()
        key = to_comparable(value.copy(), context)
        if key == value or literal_text(value) is not None:
            found.append(_Grouped(value))
            continue
        one = call("any_value", value.copy(), kind=type_of(value))
        present = exp.EQ(this=call("grouping", key.copy()), expression=number(0))
        shown = make_case((present, one), kind=type_of(value)) if is_partial else one
        found.append(_Grouped(value, key, shown))
        keyed.append((each, key.copy()))
    if keyed and _is_seen_inside(node, found):
        context.note(_TIMESTAMP_NOTE if context.is_snowflake else _NOTE)
        return
    for each, key in keyed:
        each.replace(key)
    if keyed:
        names = [projection.alias_or_name for projection in node.expressions]
        for clause in _CLAUSES:
            given = node.args.get(clause)
            if isinstance(given, list):
                node.set(clause, [_show_groups(each, found) for each in given])
            elif isinstance(given, exp.Expr):
                node.set(clause, _show_groups(given, found))
        for index, name in enumerate(names):
            result = node.expressions[index]
            if name and result.alias_or_name != name:
                node.expressions[index] = set_type(exp.alias_(result, name, quoted=True, copy=False), type_of(result))
        node.set("expressions", node.expressions)


_PARTIAL = (exp.Rollup, exp.Cube, exp.GroupingSets)


def _has_pairs(node: exp.Select, group: exp.Group) -> bool:
    """Whether a SELECT shows or groups timestamps with their own offsets."""
    return any(type_of(each).is_paired for each in (*node.expressions, *grouped_values(group)))


def _expand_all(node: exp.Select, group: exp.Group, context: Context) -> None:
    """Write out the keys of GROUP BY ALL, where one is a text that may have trailing blanks."""
    values = [each.unalias() for each in node.expressions]
    if any(each.is_star for each in values):
        return
    plain = [each.copy() for each in values if not _has_aggregate(each) and each.find(exp.Column, exp.Query)]
    if any(to_comparable(each.copy(), context) != each for each in plain):
        group.set("all", None)
        group.set("expressions", plain)


_CLAUSES = ("expressions", "having", "qualify", "order")
_NOTE = (
    "A subquery uses a string of GROUP BY: strings that differ only in trailing blanks make separate groups here. "
    "Group them in a subquery first."
)
_TIMESTAMP_NOTE = (
    "A subquery uses a TIMESTAMP_TZ of GROUP BY: one point in time with several offsets makes several groups here. "
    "Group by CONVERT_TIMEZONE('UTC', ...)."
)


def _is_seen_inside(node: exp.Select, found: list[_Grouped]) -> bool:
    """Whether a subquery of a grouped SELECT may use a grouped text, where DuckDB accepts no aggregate."""
    parts = [part for clause in _CLAUSES for part in _list_expressions(node.args.get(clause))]
    queries = [query for part in parts for query in part.find_all(exp.Query)]
    texts = [each.value for each in found if each.key is not None]
    inner = [each for query in queries for each in query.walk()]
    return any(is_same(each, value) for value in texts for each in inner)


def _list_expressions(given: object) -> list[exp.Expr]:
    return [each for each in (given if isinstance(given, list) else [given]) if isinstance(each, exp.Expr)]


def _find_key(node: exp.Expr, found: list[_Grouped]) -> exp.Expr:
    keys = (each.key.copy() for each in found if each.key is not None and is_same(node, each.value))
    return next(keys, node)


def _has_aggregate(node: exp.Expr) -> bool:
    return any(AGGREGATE in each.meta for each in node.walk())


def _show_groups(node: exp.Expr, found: list[_Grouped]) -> exp.Expr:
    """Replace each grouped value outside aggregates with its shown form."""
    for each in found:
        if is_same(node, each.value):
            return each.shown.copy() if each.shown is not None else node
    if isinstance(node, exp.Query):
        return node
    if isinstance(node, exp.Anonymous) and node.name == "grouping":
        node.set("expressions", [_find_key(each, found) for each in node.expressions])
        return node
    is_window = isinstance(node.parent, exp.Window) and node.arg_key == "this"
    if AGGREGATE in node.meta and not is_window:
        return node
    for key, given in list(node.args.items()):
        if isinstance(given, list):
            node.set(key, [_show_groups(each, found) if isinstance(each, exp.Expr) else each for each in given])
        elif isinstance(given, exp.Expr) and not isinstance(given, exp.Identifier):
            node.set(key, _show_groups(given, found))
    return node
