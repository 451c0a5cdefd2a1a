"""Functions that cannot be macros: they choose by type, take lambdas, or make objects from pairs."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions.arithmetic import super_to_numeric, to_numeric
from engine.sql.translation.expressions.operators import apply_collation
from engine.sql.translation.functions.arguments import read_arguments
from engine.sql.translation.functions.conditionals import to_condition
from engine.sql.translation.tree.nodes import (
    as_json,
    as_text,
    boolean,
    call,
    cast,
    literal_text,
    make_case,
    number,
    text,
    wrap,
)
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.scopes import Scope
from engine.sql.translation.tree.timestamp_offsets import as_variant, set_zone
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    JSON,
    NULL,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    ValueType,
    decimal,
    set_type,
    type_of,
    whole_digits,
)


def object_construct(*, keeps_nulls: bool) -> Rewrite:
    """Return the rewrite of OBJECT_CONSTRUCT (and of Redshift's OBJECT, which keeps NULLs).

    https://docs.snowflake.com/en/sql-reference/functions/object_construct
    https://docs.aws.amazon.com/redshift/latest/dg/r_object_function.html
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        if len(node.expressions) == 1 and isinstance(node.expressions[0], exp.Star):
            columns = context.scope.columns()
            given: list[exp.Expr] = []
            for name in columns:
                column = set_type(exp.column(name, quoted=True), columns[name])
                names = context.translator.names
                given += [text(names.shown(name) if names.is_hidden(name) else name.upper()), column]
        else:
            given = read_arguments(node, context, 0)
        if len(given) % 2:
            raise UntranslatableError(node, f"{node.name.upper()} takes pairs of keys and values.")
        if not given:
            return cast(text("{}"), JSON)
        keys = exp.Array(expressions=[as_text(each) for each in given[::2]])
        values = [(as_variant if context.is_snowflake else as_json)(each) for each in given[1::2]]
        name = "dw_object_keeping_nulls" if keeps_nulls else "dw_object_without_nulls"
        return call(name, keys, exp.Array(expressions=[cast(each, JSON) for each in values]), kind=JSON)

    return rewrite


def json_extract_path_text(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate JSON_EXTRACT_PATH_TEXT(json, key, ..., [null_if_invalid]).

    https://docs.aws.amazon.com/redshift/latest/dg/JSON_EXTRACT_PATH_TEXT.html
    """
    value, *keys = read_arguments(node, context, 2)
    is_safe = isinstance(keys[-1], exp.Boolean) and bool(keys.pop().this)
    keys = [key for key in keys if not isinstance(key, exp.Boolean)]
    return call("rs_path_text", as_text(value), exp.Array(expressions=[as_text(key) for key in keys]),
                exp.Boolean(this=is_safe), kind=VARCHAR)  # fmt: skip


def sequence(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate SEQ1, SEQ2, SEQ4 and SEQ8: 0, 1, 2, ... without gaps.

    https://docs.snowflake.com/en/sql-reference/functions/seq1
    """
    for source in context.scope.sources:
        if source.columns is not None and list(source.columns) == ["range"]:
            return set_type(exp.column("range", table=source.name, quoted=True), BIGINT)
    rows = exp.Window(this=call("row_number"), over="OVER")
    return set_type(exp.Paren(this=exp.Sub(this=rows, expression=number(1))), BIGINT)


def array_lambda(name: str) -> Rewrite:
    """Return the rewrite of FILTER, TRANSFORM or REDUCE, whose lambdas take semi-structured values.

    https://docs.snowflake.com/en/sql-reference/functions/filter
    https://docs.snowflake.com/en/sql-reference/functions/transform
    https://docs.snowflake.com/en/sql-reference/functions/reduce
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        array, *rest = node.expressions
        given = rest[-1] if rest else None
        if not isinstance(given, exp.Lambda):
            raise UntranslatableError(node, f"{node.name.upper()} takes an array and a lambda.")
        elements = call("dw_elements", as_json(context.translator.translate(array, context)))
        body = _lambda_body(given, context)
        given.set("this", to_condition(body) if name == "list_filter" else as_json(body))
        start = [as_json(context.translator.translate(each, context)) for each in rest[:-1]]
        result = call(name, elements, given, *start)
        return set_type(result, JSON) if name == "list_reduce" else call("to_json", result, kind=JSON)

    return rewrite


def _lambda_body(node: exp.Lambda, context: Context) -> exp.Expr:
    names = {each.name.lower() for each in node.expressions}
    for identifier in list(node.this.find_all(exp.Identifier)):
        if identifier.name.lower() in names and not isinstance(identifier.parent, exp.Column | exp.Alias):
            column = exp.Column(this=exp.to_identifier(identifier.name))
            if identifier is node.this:
                node.set("this", column)
            else:
                identifier.replace(column)
    inner = context.inside(Scope(parent=context.scope, lambdas=dict.fromkeys(names, JSON)))
    return context.translator.translate(node.this, inner)


_TYPE_NAMES = {DATE: "DATE", TIME: "TIME", TIMESTAMP: "TIMESTAMP_NTZ", TIMESTAMPTZ: "TIMESTAMP_TZ"}


def type_name(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TYPEOF(variant); a date in a variant is recognized only where it is cast.

    https://docs.snowflake.com/en/sql-reference/functions/typeof
    """
    value, kind = _unwrap_variant(node.expressions[0], context)
    if kind in _TYPE_NAMES or kind == DOUBLE:
        name = "DOUBLE" if kind == DOUBLE else _TYPE_NAMES[kind]
        is_null = exp.Is(this=wrap(value), expression=exp.null())
        return make_case((is_null, exp.null()), otherwise=text(name), kind=VARCHAR)
    return call("sf_typeof", as_json(value), kind=VARCHAR)


def _unwrap_variant(node: exp.Expr, context: Context) -> tuple[exp.Expr, ValueType]:
    """Return a value, and its type before a cast to VARIANT."""
    is_call = isinstance(node, exp.Anonymous) and node.name.upper() == "TO_VARIANT" and len(node.expressions) == 1
    if is_call or (isinstance(node, exp.Cast) and node.args["to"].this is exp.DType.VARIANT):
        node = node.expressions[0] if is_call else node.this
    value = context.translator.translate(node, context)
    return value, type_of(value)


def is_of_type(*kinds: ValueType) -> Rewrite:
    """Return the rewrite of IS_DATE, IS_TIME and so on: whether a variant was made from these types.

    https://docs.snowflake.com/en/sql-reference/functions/is_date-value
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        value, found = _unwrap_variant(node.expressions[0], context)
        is_known = exp.Not(this=exp.Is(this=wrap(value), expression=exp.null()))
        return make_case((is_known, boolean(found in kinds)), kind=BOOLEAN)

    return rewrite


def uniform(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate UNIFORM(min, max, generator): integers between integer bounds.

    https://docs.snowflake.com/en/sql-reference/functions/uniform
    """
    low, high, _ = read_arguments(node, context, 3, 3)
    if type_of(low).is_integer and type_of(high).is_integer:
        return call("dw_uniform_whole", low, high, kind=BIGINT)
    return call("dw_uniform", to_numeric(low), to_numeric(high), kind=DOUBLE)


def fnv_hash(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate FNV_HASH(value[, seed]): the 64-bit FNV-1a hash of the bytes of a string or integer.

    https://docs.aws.amazon.com/redshift/latest/dg/r_FNV_HASH.html
    """
    value, *rest = read_arguments(node, context, 1, 2)
    kind = type_of(value)
    widths = {"SMALLINT": 2, "INTEGER": 4, "BIGINT": 8}
    if kind.name in widths:
        octets = call("rs_octets_of_number", value, number(widths[kind.name]))
    elif kind in (VARCHAR, NULL):
        octets = call("rs_octets_of_text", value)
    else:
        raise UntranslatableError(node, "FNV_HASH takes a string or an integer.")
    seed = rest[0] if rest else number(-3750763034362895579)
    return call("rs_fnv_hash", octets, seed, kind=BIGINT)


def identifier(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate IDENTIFIER('total'): the column with that name.

    https://docs.snowflake.com/en/sql-reference/identifier-literal
    """
    literal = literal_text(node.expressions[0]) if len(node.expressions) == 1 else None
    if not literal:
        raise UntranslatableError(node, "IDENTIFIER() takes a string literal.")
    return context.translator.translate(exp.to_column(literal, dialect="snowflake"), context)


def substring(node: exp.Substring, context: Context) -> exp.Expr:
    """Translate SUBSTRING(text FROM start FOR length).

    https://docs.aws.amazon.com/redshift/latest/dg/r_SUBSTRING.html
    """
    given = [node.this, node.args.get("start"), node.args.get("length")]
    return _call_by_name("SUBSTRING", [each for each in given if each is not None], context)


def position(node: exp.StrPosition, context: Context) -> exp.Expr:
    """Translate POSITION(part IN text).

    https://docs.aws.amazon.com/redshift/latest/dg/r_POSITION.html
    """
    given = [node.args["substr"], node.this]
    start = node.args.get("position")
    return _call_by_name("CHARINDEX", given if start is None else [*given, start], context)


def trim(node: exp.Trim, context: Context) -> exp.Expr:
    """Translate TRIM([BOTH | LEADING | TRAILING] [characters FROM] text).

    https://docs.aws.amazon.com/redshift/latest/dg/r_TRIM.html
    """
    names = {"LEADING": "LTRIM", "TRAILING": "RTRIM"}
    name = names.get(str(node.args.get("position") or "").upper(), "BTRIM")
    given = [node.this, node.expression] if node.expression else [node.this]
    return _call_by_name(name, given, context)


def _call_by_name(name: str, given: list[exp.Expr], context: Context) -> exp.Expr:
    return context.translator.translate(exp.Anonymous(this=name, expressions=given), context)


def literal_array(node: exp.Array, context: Context) -> exp.Expr:
    """Translate `[1, 2]`, an array of any values.

    https://docs.snowflake.com/en/sql-reference/data-types-semistructured#array-constants
    """
    return _call_by_name("ARRAY_CONSTRUCT" if context.is_snowflake else "ARRAY", list(node.expressions), context)


def literal_object(node: exp.Struct, context: Context) -> exp.Expr:
    """Translate `{'key': value}`.

    https://docs.snowflake.com/en/sql-reference/data-types-semistructured#object-constants
    """
    given: list[exp.Expr] = []
    for entry in node.expressions:
        key, value = entry.args.get("this"), entry.args.get("expression")
        if not isinstance(key, exp.Expr) or not isinstance(value, exp.Expr):
            raise UntranslatableError(node, "An object takes pairs of a key and a value.", "Write {'key': value}.")
        given += [exp.Literal.string(key.name), value]
    return _call_by_name("OBJECT_CONSTRUCT", given, context)


def timestamp_tz_from_parts(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TIMESTAMP_TZ_FROM_PARTS(year, ..., second[, nanosecond[, zone]]), in local time of the zone.

    https://docs.snowflake.com/en/sql-reference/functions/timestamp_from_parts
    """
    parts = read_arguments(node, context, 6, 8)
    zone = parts.pop() if len(parts) == 8 else text("UTC")
    local = call("sf_timestamp_ntz_from_parts", *(cast(each, BIGINT) for each in parts), kind=TIMESTAMP)
    return set_zone(call("timezone", zone, local, kind=TIMESTAMPTZ), zone)


def collate(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate COLLATE(text, collation).

    https://docs.aws.amazon.com/redshift/latest/dg/r_COLLATE.html
    https://docs.snowflake.com/en/sql-reference/functions/collate
    """
    value, specification = read_arguments(node, context, 2, 2)
    literal = literal_text(specification)
    if literal is None:
        raise UntranslatableError(node, "The collation must be a string literal, not an expression.")
    return apply_collation(value, literal, node)


def collation(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate COLLATION(text): NULL for a text without one.

    https://docs.snowflake.com/en/sql-reference/functions/collation
    """
    inner = node.expressions[0]
    if isinstance(inner, exp.Anonymous) and inner.name.upper() == "COLLATE" and len(inner.expressions) == 2:
        return text(literal_text(inner.expressions[1]) or "")
    if isinstance(inner, exp.Collate):
        return text(literal_text(inner.expression) or inner.expression.name)
    return cast(exp.null(), VARCHAR)


def to_whole(name: str) -> Rewrite:
    """Return the rewrite of CEIL or FLOOR, which return integers unchanged and keep the digits of a DECIMAL.

    https://docs.aws.amazon.com/redshift/latest/dg/r_CEILING_FLOOR.html
    https://docs.snowflake.com/en/sql-reference/functions/ceil
    """

    def rewrite(node: exp.Anonymous, context: Context) -> exp.Expr:
        context.translator.translate_parts(node, context)
        if len(node.expressions) == 2 and context.is_snowflake:
            value, places = map(to_numeric, node.expressions)
            return call(f"sf_{name}", value, cast(places, BIGINT), kind=type_of(value))
        (given,) = node.expressions
        value = super_to_numeric(given) if not context.is_snowflake else to_numeric(given)
        value = cast(value, INTEGER) if type_of(value) == BOOLEAN else value
        kind = type_of(value)
        if kind.is_integer:
            return set_type(exp.Paren(this=value), kind)
        if context.is_snowflake and kind.name == "DECIMAL":
            kind = decimal(whole_digits(kind) + kind.scale, 0)
        return call(name, value, kind=kind)

    return rewrite


REWRITES: dict[str, Rewrite] = {
    "CEIL": to_whole("ceil"),
    "CEILING": to_whole("ceil"),
    "FLOOR": to_whole("floor"),
    "COLLATE": collate,
}
REDSHIFT_REWRITES: dict[str, Rewrite] = {
    "OBJECT": object_construct(keeps_nulls=True),
    "JSON_EXTRACT_PATH_TEXT": json_extract_path_text,
    "FNV_HASH": fnv_hash,
}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "COLLATION": collation,
    "IDENTIFIER": identifier,
    **dict.fromkeys(("TIMESTAMP_TZ_FROM_PARTS", "TIMESTAMPTZFROMPARTS"), timestamp_tz_from_parts),
    "OBJECT_CONSTRUCT": object_construct(keeps_nulls=False),
    "OBJECT_CONSTRUCT_KEEP_NULL": object_construct(keeps_nulls=True),
    "FILTER": array_lambda("list_filter"),
    "TRANSFORM": array_lambda("list_transform"),
    "REDUCE": array_lambda("list_reduce"),
    "TYPEOF": type_name,
    "UNIFORM": uniform,
    "IS_DATE": is_of_type(DATE),
    "IS_DATE_VALUE": is_of_type(DATE),
    "IS_TIME": is_of_type(TIME),
    "IS_BINARY": is_of_type(BLOB),
    "IS_TIMESTAMP_NTZ": is_of_type(TIMESTAMP),
    "IS_TIMESTAMP_LTZ": is_of_type(TIMESTAMPTZ),
    "IS_TIMESTAMP_TZ": is_of_type(TIMESTAMPTZ),
    **dict.fromkeys(("SEQ1", "SEQ2", "SEQ4", "SEQ8"), sequence),
}
HELPERS = """
create macro rs_octets_of_text(a) as list_transform(range(0, octet_length(encode(a)) * 2, 2),
    lambda i: ('0x' || substr(hex(encode(a)), i::integer + 1, 2))::bigint);
create macro rs_octets_of_number(a, n) as case when a is not null then list_transform(range(n),
    lambda i: (a::bigint >> (8 * i)::integer) & 255) end;
create macro rs_fnv_hash(octets, seed) as case when octets is not null then list_transform([list_reduce(list_prepend(
    (case when seed < 0 then seed::hugeint + 18446744073709551616 else seed end)::ubigint,
    list_transform(octets, lambda x: x::ubigint)), lambda h, x: (xor(h, x)::hugeint * 1099511628211::hugeint
    % 18446744073709551616)::ubigint)], lambda h: case when h > 9223372036854775807
    then (h::hugeint - 18446744073709551616)::bigint else h::bigint end)[1] end;
create macro dw_uniform_whole(a, b) as a + floor(random() * (b - a + 1))::bigint;
create macro dw_uniform(a, b) as a + random() * (b - a);
create macro dw_object_keeping_nulls(keys, members) as list_transform([{'k': keys, 'm': members}], lambda o: dw_object(
    list_filter(o.k, lambda k: k is not null), list_transform(list_filter(range(1, len(o.k) + 1),
    lambda i: o.k[i] is not null), lambda i: coalesce(o.m[i], 'null'::json))))[1];
create macro dw_object_without_nulls(keys, members) as list_transform([{'k': keys, 'm': members}],
    lambda o: list_transform([list_filter(range(1, len(o.k) + 1), lambda i: o.k[i] is not null and
    o.m[i] is not null)], lambda kept: dw_object(list_transform(kept, lambda i: o.k[i]),
    list_transform(kept, lambda i: o.m[i])))[1])[1];
create macro rs_path_text(a, keys, safe) as case when safe and not json_valid(a) then null when a is null then null
    else coalesce(dw_json_word(json_extract(case when safe then try_cast(a as json) else a::json end, '$' ||
    array_to_string(list_transform(keys, lambda k: '."' || k || '"'), ''))), '') end;
"""
