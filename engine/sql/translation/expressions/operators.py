"""Comparison and logical operators: `=`, IN, BETWEEN, concatenation, AND and OR, COLLATE.

Both warehouses convert the operands to each other's type more freely than DuckDB.
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.expressions.casts import to_kind
from engine.sql.translation.padding.trailing_blanks import make_query_comparable, to_comparable
from engine.sql.translation.tree.nodes import (
    as_text,
    call,
    cast,
    drop_offset,
    literal_text,
    make_case,
    number,
    text,
    wrap,
)
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.sort_keys import sort_key
from engine.sql.translation.tree.timestamp_offsets import as_display_text
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
    common_type,
    set_type,
    type_of,
)


def translate_adjacent(node: exp.Concat, context: Context) -> exp.Expr:
    """Join adjacent string literals into one.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    return text("".join(literal_text(each) or "" for each in node.expressions))


def translate_comparison(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate comparisons such as `=` and `<`: a semi-structured value or text takes the type of the other side."""
    left, right = node.this, node.expression
    if type_of(left) == type_of(right) == JSON:
        return _compare_json(node, context)
    if not context.is_snowflake:
        is_equality = isinstance(node, exp.EQ | exp.NEQ)
        left, right = _read_super(left, type_of(right), is_equality), _read_super(right, type_of(left), is_equality)
    left, right = match_types(left, right)
    node.set("this", to_comparable(left, context))
    if isinstance(right, exp.Any | exp.All) and isinstance(right.this, exp.Query):
        right.set("this", make_query_comparable(right.this, context))
    else:
        node.set("expression", to_comparable(right, context))
    return set_type(node, BOOLEAN)


def _compare_json(node: exp.Binary, context: Context) -> exp.Expr:
    """Compare two semi-structured values; in Redshift, different types have no order.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    left, right = sort_key(node.this), sort_key(node.expression)
    node.set("this", left)
    node.set("expression", right)
    set_type(node, BOOLEAN)
    if context.is_snowflake or not isinstance(node, exp.LT | exp.LTE | exp.GT | exp.GTE):
        return node
    ranks = (call("left", side.copy(), number(1)) for side in (left, right))
    return make_case((exp.EQ(this=next(ranks), expression=next(ranks)), node), kind=BOOLEAN)


def _read_super(node: exp.Expr, other: ValueType, is_equality: bool) -> exp.Expr:
    """Return a SUPER value in comparable form: a value of another type equals nothing and has no order.

    https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    """
    if type_of(node) != JSON or not (other == VARCHAR or other.is_number):
        return node
    name, kind = ("rs_super_text", VARCHAR) if other == VARCHAR else ("rs_super_number", DOUBLE)
    return call(name, node, exp.Boolean(this=is_equality), kind=kind)


def match_types(left: exp.Expr, right: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Convert two values for comparison with each other."""
    return _match_type(left, type_of(right)), _match_type(right, type_of(left))


def _match_type(node: exp.Expr, other: ValueType) -> exp.Expr:
    kind = type_of(node)
    if kind.is_paired:
        return drop_offset(node)
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
    """Translate `x IN (...)`, converting a semi-structured value to the type of the list or query."""
    query = node.args.get("query")
    if isinstance(query, exp.Expr):
        kind, value = type_of(query), node.this
        if JSON in (kind, type_of(value)) and not isinstance(value.unnest(), exp.Tuple):
            column = set_type(exp.column("item", table="items"), kind)
            rows = query if isinstance(query, exp.Subquery) else exp.Subquery(this=query)
            rows.set("alias", exp.TableAlias(this=exp.to_identifier("items"), columns=[exp.to_identifier("item")]))
            found = exp.Select(expressions=[_match_type(column, type_of(value))]).from_(rows, copy=False)
            node.set("query", exp.Subquery(this=found))
            node.set("this", _match_type(value, kind))
            return set_type(node, BOOLEAN)
        node.set("this", to_comparable(node.this, context))
        node.set("query", make_query_comparable(query, context))
        return set_type(node, BOOLEAN)
    kinds = [type_of(each) for each in node.expressions]
    kind = common_type(kinds) if kinds else VARCHAR
    if JSON in (kind, type_of(node.this)) and not isinstance(node.this.unnest(), exp.Tuple):
        sides = [match_types(node.this.copy(), each) for each in node.expressions]
        if kind == JSON:
            equal = [exp.EQ(this=wrap(left), expression=wrap(right)) for left, right in sides]
            return set_type(exp.Paren(this=exp.or_(*equal, copy=False)), BOOLEAN)
        node.set("this", _match_type(node.this, kind if kind.name else VARCHAR))
    if type_of(node.this) == TIMESTAMPTZ:
        node.set("expressions", [_match_type(each, TIMESTAMPTZ) for each in node.expressions])
    node.set("this", to_comparable(node.this, context))
    node.set("expressions", [to_comparable(each, context) for each in node.expressions])
    return set_type(node, BOOLEAN)


def translate_between(node: exp.Between, context: Context) -> exp.Expr:
    """Translate BETWEEN."""
    low, high = node.args["low"], node.args["high"]
    if JSON in (type_of(low), type_of(high)):
        lower = translate_comparison(exp.GTE(this=wrap(node.this.copy()), expression=wrap(low)), context)
        upper = translate_comparison(exp.LTE(this=wrap(node.this), expression=wrap(high)), context)
        return set_type(exp.Paren(this=exp.and_(lower, upper, copy=False)), BOOLEAN)
    kind = type_of(node.this)
    if kind == TIMESTAMPTZ:
        low, high = _match_type(low, kind), _match_type(high, kind)
    for key, value in (("this", _match_type(node.this, type_of(low))), ("low", low), ("high", high)):
        node.set(key, to_comparable(value, context))
    return set_type(node, BOOLEAN)


def translate_concatenation(node: exp.DPipe, context: Context) -> exp.Expr:
    """Translate `||`: numbers, dates and semi-structured values become text first.

    https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html
    """
    kinds = (type_of(node.this), type_of(node.expression))
    if any(kind.name == "BLOB" for kind in kinds):
        return set_type(node, kinds[0])
    is_snowflake = context.is_snowflake
    node.set("this", wrap(as_display_text(node.this, is_snowflake=is_snowflake)))
    node.set("expression", wrap(as_display_text(node.expression, is_snowflake=is_snowflake)))
    return set_type(node, VARCHAR)


def text_side(node: exp.Expr) -> exp.Expr:
    """Convert an operand to text."""
    return node if type_of(node) in (VARCHAR, NULL) else as_text(node)


def translate_boolean(node: exp.Expr, context: Context) -> exp.Expr:
    """Translate AND, OR and NOT, casting semi-structured operands to booleans."""
    for key in ("this", "expression"):
        side = node.args.get(key)
        if isinstance(side, exp.Expr) and type_of(side) == JSON and isinstance(node, exp.Connector | exp.Not):
            node.set(key, cast(as_text(side), BOOLEAN))
    return set_type(node, BOOLEAN)


def translate_is(node: exp.Is, context: Context) -> exp.Expr:
    """Translate IS NULL and IS TRUE."""
    if type_of(node.this) == JSON and isinstance(node.expression, exp.Boolean):
        node.set("this", cast(as_text(node.this), BOOLEAN))
    return set_type(node, BOOLEAN)


_COLLATIONS = {"ci": "NOCASE", "case_insensitive": "NOCASE", "ai": "NOACCENT"}
_CALLED = {"upper": "upper", "lower": "lower", "trim": "trim", "ltrim": "ltrim", "rtrim": "rtrim"}
_PLAIN = frozenset({"", "cs", "as", "case_sensitive", "utf8", "bin", "pi", "ps", "fl", "fu"})


def translate_collate(node: exp.Collate, context: Context) -> exp.Expr:
    """Translate `text COLLATE 'en-ci'`, which controls the comparison of case and accents.

    https://docs.snowflake.com/en/sql-reference/collation
    """
    specification = literal_text(node.expression)
    if specification is None:
        specification = node.expression.name
    return apply_collation(node.this, specification, node)


def apply_collation(value: exp.Expr, specification: str, node: exp.Expr) -> exp.Expr:
    """Apply a collation of the warehouse to a text."""
    result, names = value, []
    for index, part in enumerate(re.split(r"-(?=[a-z])", specification.lower())):
        if part in _COLLATIONS:
            names.append(_COLLATIONS[part])
        elif part in _CALLED:
            result = call(_CALLED[part], result, kind=VARCHAR)
        elif part not in _PLAIN and not (index == 0 and re.fullmatch(r"[a-z]{2,3}(_[a-z]{2,4})?", part)):
            raise UntranslatableError(node, f'The collation "{specification}" is not supported.')
    if not names:
        return result
    return set_type(exp.Paren(this=exp.Collate(this=wrap(result), expression=exp.Var(this=".".join(names)))), VARCHAR)
