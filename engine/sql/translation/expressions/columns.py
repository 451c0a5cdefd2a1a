"""Columns and paths into semi-structured values: `v:a.b[0]`, `super.a[0]`, `v['a']`, `$1`."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.case_names import resolve_column
from engine.sql.translation.tree.nodes import as_json, call, literal_integer, literal_text, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Scope
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import JSON, UNKNOWN, ValueType, set_type, type_of


def translate_column(node: exp.Column, context: Context) -> exp.Expr:
    """Set the type of a column; parts after a semi-structured column are a path into it.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#navigation
    """
    if isinstance(node.this, exp.Star):
        return _translate_star(node, context)
    if isinstance(node.this, exp.Parameter):
        return translate_parameter(node.this, context, node.table)
    scope = context.scope
    if context.translator.names:
        resolve_column(node, scope, context.translator.names)
    parts = list(node.parts)
    if context.is_snowflake and node.name.upper() == "NEXTVAL" and node.table and scope.source(node.table) is None:
        raise UntranslatableError(
            node,
            f"The sequence {node.table} has no next value: a query only reads.",
            "Use ROW_NUMBER() OVER (ORDER BY ...) to number the rows.",
        )
    if len(parts) == 1:
        return _translate_plain(node, context)
    split = _count_name_parts(parts, scope)
    names = parts[:split]
    if len(names) > 1 and len(names) < len(parts):
        node = exp.Column(this=names[-1], table=names[-2])
    elif len(names) < len(parts):
        node = exp.Column(this=names[-1])
    else:
        _drop_database(node, scope)
    set_type(node, _find_type([part.name for part in names], scope))
    _check_repeated(node, type_of(node))
    result: exp.Expr = node
    for step in parts[split:]:
        result = extend_path(result, _key_path(_fold_key(step.name, context)))
    return result


def _fold_key(key: str, context: Context) -> str:
    """Fold the case of a path key as the warehouse does: Redshift also folds quoted names.

    https://docs.aws.amazon.com/redshift/latest/dg/super-configurations.html#upper-mixed-case
    """
    return key if context.is_snowflake else key.lower()


def _translate_plain(node: exp.Column, context: Context) -> exp.Expr:
    if node.name.upper() == "ALL" and not node.this.quoted and isinstance(node.parent, exp.Ordered):
        return exp.Var(this="ALL")  # ORDER BY ALL
    kind = context.scope.column(node.name) or UNKNOWN
    _check_repeated(node, kind)
    return set_type(node, kind)


def _check_repeated(node: exp.Column, kind: ValueType) -> None:
    """Refuse a column name that a subquery has several times, as both warehouses do."""
    if kind.is_repeated:
        message = f"The column name {node.name} is ambiguous: the subquery has several columns of that name."
        raise UntranslatableError(node, message, "Give each of them a unique alias.")


def _count_name_parts(parts: list[exp.Expr], scope: Scope) -> int:
    """Return how many of the parts name the column itself; the rest is a path."""
    names = [part.name for part in parts]
    source = scope.source(names[0])
    if source is not None:
        if source.is_element:
            return 1
        if source.columns is not None and names[1].lower() in source.columns:
            return 2
    if len(names) > 2 and scope.source(names[-2]) is not None:
        return len(names)
    if source is None and scope.column(names[0]) == JSON:
        return 1
    return 2 if source is not None else len(names)


def _find_type(names: list[str], scope: Scope) -> ValueType:
    if len(names) == 1:
        return scope.column(names[0]) or UNKNOWN
    source = scope.source(names[-2])
    if source is None or source.columns is None:
        return UNKNOWN
    return source.columns.get(names[-1].lower(), UNKNOWN)


def _drop_database(node: exp.Column, scope: Scope) -> None:
    """Drop the database and the schema of `prod.sales.orders.id` where the table's name is enough."""
    node.set("catalog", None)
    if len(scope.sources_named(node.table)) == 1:
        node.set("db", None)


def _translate_star(node: exp.Column, context: Context) -> exp.Expr:
    context.translator.translate_parts(node.this, context)
    node.set("catalog", None)
    if context.scope.source(node.table) is not None:
        node.set("db", None)
    return node


def translate_dot(node: exp.Dot, context: Context) -> exp.Expr:
    """Translate `value.key` after brackets and calls."""
    if not isinstance(node.expression, exp.Identifier):
        raise UntranslatableError(node, "Functions of a schema or database are not supported.")
    return extend_path(node.this, _key_path(_fold_key(node.expression.name, context)))


def translate_bracket(node: exp.Bracket, context: Context) -> exp.Expr:
    """Translate `value[0]` (zero-based) and `value['key']`.

    https://docs.snowflake.com/en/user-guide/querying-semistructured#traversing-semi-structured-data
    """
    step = node.expressions[0]
    index, key = literal_integer(step), literal_text(step)
    if index is not None:
        return extend_path(node.this, f"[{index}]" if index >= 0 else f"[#{index}]")
    if key is not None:
        return extend_path(node.this, _key_path(key))
    return set_type(call("dw_get", as_json(node.this), context.translator.translate(step, context)), JSON)


def translate_path(node: exp.JSONExtract, context: Context) -> exp.Expr:
    """Translate `v:a.b[0]`; an unquoted first key keeps its case, as in the warehouse.

    https://docs.snowflake.com/en/user-guide/querying-semistructured#traversing-semi-structured-data
    """
    path = node.expression
    if not node.args.get("variant_extract"):
        raise UntranslatableError(node, f"{context.vendor} has no operator ->.", "Write a path: value:key.")
    if not isinstance(path, exp.JSONPath):
        raise UntranslatableError(node, "This path is not supported.")
    result = context.translator.translate(node.this, context)
    for step in path.expressions:
        if isinstance(step, exp.JSONPathKey):
            result = extend_path(result, _key_path(str(step.this)))
        elif isinstance(step, exp.JSONPathSubscript):
            result = extend_path(result, f"[{step.this}]" if str(step.this).isdigit() else _key_path(str(step.this)))
    return result


def extend_path(value: exp.Expr, step: str) -> exp.Expr:
    """Extend a path by one step; all steps into one value make one path."""
    if isinstance(value, exp.Anonymous) and value.name == "json_extract" and "is_path" in value.meta:
        path = value.expressions[1]
        path.set("this", str(path.this) + step)
        return value
    result = call("json_extract", as_json(value), text("$" + step), kind=JSON)
    result.meta["is_path"] = True
    return result


def _key_path(key: str) -> str:
    return '."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def translate_parameter(node: exp.Parameter, context: Context, table: str = "") -> exp.Expr:
    """Translate `$1` and `t.$1`: the column at that position of the first source, or of the named one.

    https://docs.snowflake.com/en/sql-reference/constructs/values
    """
    index = literal_integer(node.this)
    first = next(iter(context.scope.sources), None)
    source = context.scope.source(table) if table else first
    if index is None or source is None or source.columns is None or not 1 <= index <= len(source.columns):
        raise UntranslatableError(node, f"There is no column ${node.name}.", "Write the value, or a column's name.")
    name, kind = list(source.columns.items())[index - 1]
    return set_type(exp.column(name, table=table or None, quoted=True), kind)
