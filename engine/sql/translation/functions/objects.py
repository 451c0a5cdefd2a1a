"""Functions that select the keys of objects: OBJECT_TRANSFORM and OBJECT_PICK."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.tree.nodes import as_json, as_text, call, cast, literal_text, make_case, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import JSON, type_of

_STEP = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')
_Tree = dict[str, "_Tree"]


def object_transform(node: exp.ObjectTransform, context: Context) -> exp.Expr:
    """Translate OBJECT_TRANSFORM(object KEEP path, ... SET path, value, ...).

    https://docs.aws.amazon.com/redshift/latest/dg/r_object_transform_function.html
    """
    result = as_json(context.translator.translate(node.this, context))
    kept = [_parse_path(each, node) for each in node.args.get("keep") or ()]
    if kept:
        result = _keep_paths(result, _build_tree(kept))
    given = list(node.args.get("set_") or ())
    if len(given) % 2:
        raise UntranslatableError(node, "OBJECT_TRANSFORM takes pairs of paths and values after SET.")
    for path, value in zip(given[::2], given[1::2], strict=True):
        result = _set_path(result, _parse_path(path, node), as_json(context.translator.translate(value, context)))
    return result


def _parse_path(node: exp.Expr, around: exp.Expr) -> list[str]:
    """Return the keys of `'"a"."b"'`; unquoted keys are folded to lower case."""
    literal = literal_text(node)
    if literal is None:
        raise UntranslatableError(around, "The paths of OBJECT_TRANSFORM must be strings.")
    return [quoted.replace('""', '"') or plain.lower() for quoted, plain in _STEP.findall(literal)]


def _build_tree(paths: Sequence[list[str]]) -> _Tree:
    root: _Tree = {}
    for path in paths:
        at = root
        for key in path:
            at = at.setdefault(key, {})
    return root


def _keep_paths(value: exp.Expr, tree: _Tree) -> exp.Expr:
    """Return an object with only the value's keys that are in the tree."""
    members = []
    for key, below in tree.items():
        member: exp.Expr = call("dw_member", value.copy(), text(key), kind=JSON)
        if below:
            is_missing = exp.Is(this=member, expression=exp.null())
            member = make_case((is_missing, exp.null()), otherwise=_keep_paths(member.copy(), below), kind=JSON)
        members.append(cast(member, JSON))
    keys = exp.Array(expressions=[text(key) for key in tree])
    return call("dw_object_without_nulls", keys, exp.Array(expressions=members), kind=JSON)


def _set_path(value: exp.Expr, path: list[str], new: exp.Expr) -> exp.Expr:
    """Return the object with a new value at a path."""
    key, *rest = path
    if rest:
        new = _set_path(call("dw_member", value.copy(), text(key), kind=JSON), rest, new)
    return call("dw_object_with", value, text(key), new, kind=JSON)


def object_pick(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate OBJECT_PICK(object, key, ...) and OBJECT_PICK(object, array of keys).

    https://docs.snowflake.com/en/sql-reference/functions/object_pick
    """
    value, *keys = (context.translator.translate(each, context) for each in node.expressions)
    if not keys:
        raise UntranslatableError(node, f"{node.name.upper()} takes an object and keys.")
    if len(keys) == 1 and type_of(keys[0]) == JSON:
        names: exp.Expr = call("dw_plain_texts", keys[0])
    else:
        names = exp.Array(expressions=[as_text(each) for each in keys])
    return call("dw_picked", as_json(value), names, kind=JSON)


SNOWFLAKE_REWRITES: dict[str, Rewrite] = {"OBJECT_PICK": object_pick, "MAP_PICK": object_pick}

HELPERS = """
create macro dw_plain_texts(a) as list_transform(dw_elements(a), lambda x: x->>'$');
create macro dw_picked(a, names) as dw_object(list_filter(json_keys(a), lambda k: list_contains(names, k)),
    list_transform(list_filter(json_keys(a), lambda k: list_contains(names, k)), lambda k: dw_member(a, k)));
create macro dw_object_with(a, k, v) as dw_object(list_append(list_filter(json_keys(coalesce(a, '{}'::json)), lambda x:
    x <> k), k), list_append(list_transform(list_filter(json_keys(coalesce(a, '{}'::json)), lambda x: x <> k), lambda x:
    dw_member(a, x)), coalesce(v, 'null'::json)));
"""
