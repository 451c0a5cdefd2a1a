"""Operators that compare and join: comparisons, IN, BETWEEN, concatenation, AND and OR, COLLATE.

Both warehouses convert the sides of an operator to each other's type more freely than DuckDB; the division of exact
numbers is exact, and its result has a number of digits of its own.
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.expressions.casts import to_kind
from engine.sql.translation.padding.trailing_blanks import compared, compared_query
from engine.sql.translation.tree.nodes import as_text, call, case, cast, literal_text, moment_of, number, text, wrapped
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import sort_key
from engine.sql.translation.tree.timestamp_offsets import as_shown
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import (
    BOOLEAN,
    DATE,
    DOUBLE,
    JSON,
    NULL,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    ValueType,
    common,
    type_of,
    typed,
)


def translate_adjacent(node: exp.Concat, context: Context) -> exp.Expr:
    """Translate text literals that stand beside each other, which are one.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    return text("".join(literal_text(each) or "" for each in node.expressions))


def translate_comparison(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `=`, `<` and their like: a semi-structured side or a text becomes what the other side is."""
    left, right = node.this, node.expression
    if type_of(left) == type_of(right) == JSON:
        return _compared(node, context)
    if not context.is_snowflake:
        is_equality = isinstance(node, exp.EQ | exp.NEQ)
        left, right = _dynamic(left, type_of(right), is_equality), _dynamic(right, type_of(left), is_equality)
    left, right = matched(left, right)
    node.set("this", compared(left, context))
    if isinstance(right, exp.Any | exp.All) and isinstance(right.this, exp.Query):
        right.set("this", compared_query(right.this, context))
    else:
        node.set("expression", compared(right, context))
    return typed(node, BOOLEAN)


def _compared(node: exp.Binary, context: Context) -> exp.Expr:
    """Compare two semi-structured values; those of different types have no order in Redshift.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    left, right = sort_key(node.this), sort_key(node.expression)
    node.set("this", left)
    node.set("expression", right)
    typed(node, BOOLEAN)
    if context.is_snowflake or not isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE):
        return node
    ranks = (call("left", side.copy(), number(1)) for side in (left, right))
    return case((exp.EQ(this=next(ranks), expression=next(ranks)), node), kind=BOOLEAN)


def _dynamic(node: exp.Expr, other: ValueType, is_equality: bool) -> exp.Expr:
    """Return a SUPER value as it is compared: what it holds of another type equals nothing, and has no order.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) != JSON or not (other == VARCHAR or other.is_number):
        return node
    name, kind = ("rs_super_text", VARCHAR) if other == VARCHAR else ("rs_super_number", DOUBLE)
    return call(name, node, exp.Boolean(this=is_equality), kind=kind)


def matched(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Return two values as they are compared with each other."""
    return _beside(left, type_of(right)), _beside(right, type_of(left))


def _beside(node: exp.Expr, other: ValueType) -> exp.Expr:
    kind = type_of(node)
    if kind.is_paired:
        return moment_of(node)
    other = TIMESTAMPTZ if other.is_paired else other
    if kind == JSON:
        if other == JSON:
            return sort_key(node)
        if other in (UNKNOWN, NULL, VARCHAR):
            return as_text(node)
        return cast(as_text(node), DOUBLE if other.is_number else other)
    if kind == VARCHAR and other == TIMESTAMPTZ:
        return to_kind(node, TIMESTAMPTZ)
    if kind == VARCHAR and not isinstance(node, exp.Literal) and other.name and other not in (VARCHAR, JSON, NULL):
        if other.is_number:
            return cast(node, DOUBLE)
        if other.is_time_point or other == BOOLEAN:
            return cast(node, TIMESTAMP if other == DATE else other)
    if kind == BOOLEAN and other == VARCHAR:
        return as_text(node)
    return node


def translate_in(node: exp.In, context: Context) -> exp.Expr:
    """Translate `x IN (...)`, where a semi-structured value is compared as what the list or the query holds."""
    query = node.args.get("query")
    if isinstance(query, exp.Expr):
        kind, value = type_of(query), node.this
        if JSON in (kind, type_of(value)) and not isinstance(value.unnest(), exp.Tuple):
            column = typed(exp.column("item", table="items"), kind)
            rows = query if isinstance(query, exp.Subquery) else exp.Subquery(this=query)
            rows.set("alias", exp.TableAlias(this=exp.to_identifier("items"), columns=[exp.to_identifier("item")]))
            found = exp.Select(expressions=[_beside(column, type_of(value))]).from_(rows, copy=False)
            node.set("query", exp.Subquery(this=found))
            node.set("this", _beside(value, kind))
            return typed(node, BOOLEAN)
        node.set("this", compared(node.this, context))
        node.set("query", compared_query(query, context))
        return typed(node, BOOLEAN)
    kinds = [type_of(each) for each in node.expressions]
    kind = common(kinds) if kinds else VARCHAR
    if JSON in (kind, type_of(node.this)) and not isinstance(node.this.unnest(), exp.Tuple):
        sides = [matched(node.this.copy(), each) for each in node.expressions]
        if kind == JSON:
            equal = [exp.EQ(this=wrapped(left), expression=wrapped(right)) for left, right in sides]
            return typed(exp.Paren(this=exp.or_(*equal, copy=False)), BOOLEAN)
        node.set("this", _beside(node.this, kind if kind.name else VARCHAR))
    if type_of(node.this) == TIMESTAMPTZ:
        node.set("expressions", [_beside(each, TIMESTAMPTZ) for each in node.expressions])
    node.set("this", compared(node.this, context))
    node.set("expressions", [compared(each, context) for each in node.expressions])
    return typed(node, BOOLEAN)


def translate_between(node: exp.Between, context: Context) -> exp.Expr:
    """Translate BETWEEN of semi-structured values and texts."""
    low, high = node.args["low"], node.args["high"]
    if JSON in (type_of(low), type_of(high)):
        least = translate_comparison(exp.GTE(this=wrapped(node.this.copy()), expression=wrapped(low)), context)
        most = translate_comparison(exp.LTE(this=wrapped(node.this), expression=wrapped(high)), context)
        return typed(exp.Paren(this=exp.and_(least, most, copy=False)), BOOLEAN)
    kind = type_of(node.this)
    if kind == TIMESTAMPTZ:
        low, high = _beside(low, kind), _beside(high, kind)
    for key, value in (("this", _beside(node.this, type_of(low))), ("low", low), ("high", high)):
        node.set(key, compared(value, context))
    return typed(node, BOOLEAN)


def translate_concatenation(node: exp.DPipe, context: Context) -> exp.Expr:
    """Translate `||`: numbers, dates and semi-structured values become text first.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    kinds = (type_of(node.this), type_of(node.expression))
    if any(kind.name == "BLOB" for kind in kinds):
        return typed(node, kinds[0])
    is_snowflake = context.is_snowflake
    node.set("this", wrapped(as_shown(node.this, is_snowflake=is_snowflake)))
    node.set("expression", wrapped(as_shown(node.expression, is_snowflake=is_snowflake)))
    return typed(node, VARCHAR)


def text_side(node: exp.Expr) -> exp.Expr:
    """Return a side of an operator on texts as a text."""
    return node if type_of(node) in (VARCHAR, NULL) else as_text(node)


def translate_boolean(node: exp.Expr, context: Context) -> exp.Expr:
    """Note that the result is a boolean."""
    for key in ("this", "expression"):
        side = node.args.get(key)
        if isinstance(side, exp.Expr) and type_of(side) == JSON and isinstance(node, exp.Connector | exp.Not):
            node.set(key, cast(as_text(side), BOOLEAN))
    return typed(node, BOOLEAN)


def translate_is(node: exp.Is, context: Context) -> exp.Expr:
    """Translate IS NULL and IS TRUE."""
    if type_of(node.this) == JSON and isinstance(node.expression, exp.Boolean):
        node.set("this", cast(as_text(node.this), BOOLEAN))
    return typed(node, BOOLEAN)


_COLLATIONS = {"ci": "NOCASE", "case_insensitive": "NOCASE", "ai": "NOACCENT"}
_CALLED = {"upper": "upper", "lower": "lower", "trim": "trim", "ltrim": "ltrim", "rtrim": "rtrim"}
_PLAIN = frozenset({"", "cs", "as", "case_sensitive", "utf8", "bin", "pi", "ps", "fl", "fu"})


def translate_collate(node: exp.Collate, context: Context) -> exp.Expr:
    """Translate `text COLLATE 'en-ci'`: upper and lower case, and accents, compared as the collation says.

    https://docs.snowflake.com/en/sql-reference/collation
    """
    specification = literal_text(node.expression)
    if specification is None:
        specification = node.expression.name
    return collated(node.this, specification, node)


def collated(value: exp.Expr, specification: str, node: exp.Expr) -> exp.Expr:
    """Return a text with a collation of the warehouse."""
    made, names = value, []
    for index, part in enumerate(re.split(r"-(?=[a-z])", specification.lower())):
        if part in _COLLATIONS:
            names.append(_COLLATIONS[part])
        elif part in _CALLED:
            made = call(_CALLED[part], made, kind=VARCHAR)
        elif part not in _PLAIN and not (index == 0 and re.fullmatch(r"[a-z]{2,3}(_[a-z]{2,4})?", part)):
            raise UntranslatableError(node, f'The collation "{specification}" is not supported.')
    if not names:
        return made
    return typed(exp.Paren(this=exp.Collate(this=wrapped(made), expression=exp.Var(this=".".join(names)))), VARCHAR)
