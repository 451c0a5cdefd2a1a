"""GROUP BY of texts in Redshift: those that differ only in blanks at their ends are one group, which shows one of them.

Likewise in Snowflake one moment with several offsets is one group.

The group's key is the text without these blanks. Outside of aggregates, ANY_VALUE of the text stands for it, or NULL
where ROLLUP and its like leave it out. A text that cannot end with a blank stays as it is.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from engine.sql.translation.padding.trailing_blanks import compared
from engine.sql.translation.tree.nodes import call, case, literal_text, number
from engine.sql.translation.tree.projections import grouped_values, is_same, projection_of
from engine.sql.translation.tree.translator import AGGREGATE, Context
from engine.sql.translation.tree.value_types import type_of, typed


@dataclass(frozen=True)
class _Grouped:
    """A value of GROUP BY, with its key and what is shown of it; a value that is not a text is its own key."""

    value: exp.Expr
    key: exp.Expr | None = None
    shown: exp.Expr | None = None


def group_texts(node: exp.Select, context: Context) -> None:
    """Group the texts of a SELECT by what is left of them without the blanks at their ends."""
    group = node.args.get("group")
    if not isinstance(group, exp.Group) or (context.is_snowflake and not _has_pairs(node, group)):
        return
    if group.args.get("all"):
        _name_all(node, group, context)
    found: list[_Grouped] = []
    keyed: list[tuple[exp.Expr, exp.Expr]] = []
    is_partial = any(group.args.get(key) for key in ("rollup", "cube", "grouping_sets"))
    is_partial = is_partial or any(isinstance(each, _PARTIAL) for each in group.expressions)
    for each in list(grouped_values(group)):
        index = projection_of(each, node, context)
        value = (each if index is None else node.expressions[index].unalias()).copy()
        key = compared(value.copy(), context)
        if key == value or literal_text(value) is not None:
            found.append(_Grouped(value))
            continue
        one = call("any_value", value.copy(), kind=type_of(value))
        present = exp.EQ(this=call("grouping", key.copy()), expression=number(0))
        shown = case((present, one), kind=type_of(value)) if is_partial else one
        found.append(_Grouped(value, key, shown))
        keyed.append((each, key.copy()))
    if keyed and _is_seen_inside(node, found):
        context.note(_NOTE_OF_MOMENTS if context.is_snowflake else _NOTE)
        return
    for each, key in keyed:
        each.replace(key)
    if keyed:
        names = [projection.alias_or_name for projection in node.expressions]
        for clause in _CLAUSES:
            given = node.args.get(clause)
            if isinstance(given, list):
                node.set(clause, [_shown(each, found) for each in given])
            elif isinstance(given, exp.Expr):
                node.set(clause, _shown(given, found))
        for index, name in enumerate(names):
            made = node.expressions[index]
            if name and made.alias_or_name != name:
                node.expressions[index] = typed(exp.alias_(made, name, quoted=True, copy=False), type_of(made))
        node.set("expressions", node.expressions)


_PARTIAL = (exp.Rollup, exp.Cube, exp.GroupingSets)


def _has_pairs(node: exp.Select, group: exp.Group) -> bool:
    """Whether a SELECT shows or groups moments that have their own offsets."""
    return any(type_of(each).is_paired for each in (*node.expressions, *grouped_values(group)))


def _name_all(node: exp.Select, group: exp.Group, context: Context) -> None:
    """Write out what GROUP BY ALL groups, where it groups a text that may end with a blank."""
    values = [each.unalias() for each in node.expressions]
    if any(each.is_star for each in values):
        return
    plain = [each.copy() for each in values if not _has_aggregate(each) and each.find(exp.Column, exp.Query)]
    if any(compared(each.copy(), context) != each for each in plain):
        group.set("all", None)
        group.set("expressions", plain)


_CLAUSES = ("expressions", "having", "qualify", "order")
_NOTE = (
    "A subquery uses a string of GROUP BY: strings that differ only in trailing blanks make separate groups here. "
    "Group them in a subquery first."
)
_NOTE_OF_MOMENTS = (
    "A subquery uses a TIMESTAMP_TZ of GROUP BY: one point in time with several offsets makes several groups here. "
    "Group by CONVERT_TIMEZONE('UTC', ...)."
)


def _is_seen_inside(node: exp.Select, found: list[_Grouped]) -> bool:
    """Whether a query inside of a grouped SELECT may name a grouped text, for which DuckDB takes no aggregate there."""
    parts = [part for clause in _CLAUSES for part in _listed(node.args.get(clause))]
    queries = [query for part in parts for query in part.find_all(exp.Query)]
    texts = [each.value for each in found if each.key is not None]
    inner = [each for query in queries for each in query.walk()]
    return any(is_same(each, value) for value in texts for each in inner)


def _listed(given: object) -> list[exp.Expr]:
    return [each for each in (given if isinstance(given, list) else [given]) if isinstance(each, exp.Expr)]


def _key_of(node: exp.Expr, found: list[_Grouped]) -> exp.Expr:
    keys = (each.key.copy() for each in found if each.key is not None and is_same(node, each.value))
    return next(keys, node)


def _has_aggregate(node: exp.Expr) -> bool:
    return any(AGGREGATE in each.meta for each in node.walk())


def _shown(node: exp.Expr, found: list[_Grouped]) -> exp.Expr:
    """Return a tree with what is shown of each grouped value in its place, outside of aggregates."""
    for each in found:
        if is_same(node, each.value):
            return each.shown.copy() if each.shown is not None else node
    if isinstance(node, exp.Query):
        return node
    if isinstance(node, exp.Anonymous) and node.name == "grouping":
        node.set("expressions", [_key_of(each, found) for each in node.expressions])
        return node
    is_window = isinstance(node.parent, exp.Window) and node.arg_key == "this"
    if AGGREGATE in node.meta and not is_window:
        return node
    for key, given in list(node.args.items()):
        if isinstance(given, list):
            node.set(key, [_shown(each, found) if isinstance(each, exp.Expr) else each for each in given])
        elif isinstance(given, exp.Expr) and not isinstance(given, exp.Identifier):
            node.set(key, _shown(given, found))
    return node
