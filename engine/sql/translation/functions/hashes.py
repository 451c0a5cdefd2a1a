"""Murmur3 and FarmHash of Redshift, computed in the session by Python libraries.

Murmur3 hashes a value in the binary form of the Apache Iceberg specification: integers, dates, times and booleans as 64
bits, floats as doubles, decimals as their digits, strings in UTF-8.

https://docs.aws.amazon.com/redshift/latest/dg/MURMUR3_32_HASH.html
https://docs.aws.amazon.com/redshift/latest/dg/r_FARMFINGERPRINT64.html
https://iceberg.apache.org/spec/#appendix-b-32-bit-hash-requirements
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, cast, number, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    BLOB,
    BOOLEAN,
    DATE,
    DOUBLE,
    HUGEINT,
    INTEGER,
    NULL,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    type_of,
)


def murmur3(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate MURMUR3_32_HASH(value[, seed]); the seed is 0 by default."""
    context.translator.translate_parts(node, context)
    value, *rest = node.expressions
    if len(rest) > 1:
        raise UntranslatableError(node, "MURMUR3_32_HASH takes a value and a seed.")
    seed = cast(rest[0], INTEGER) if rest else number(0)
    kind = type_of(value)
    if kind in (VARCHAR, BLOB, NULL):
        return call("dw_murmur3_bytes", _to_bytes(value), seed, kind=INTEGER)
    if kind == DOUBLE:
        return call("dw_murmur3_float", value, seed, kind=INTEGER)
    if kind.name == "DECIMAL" or kind == HUGEINT:
        units = call("replace", cast(value, VARCHAR), text("."), text(""), kind=VARCHAR)
        return call("dw_murmur3_decimal", units, seed, kind=INTEGER)
    if kind.is_integer or kind == BOOLEAN:
        return call("dw_murmur3_whole", cast(value, BIGINT), seed, kind=INTEGER)
    if kind == DATE:
        days = call("date_diff", text("day"), cast(text("1970-01-01"), DATE), value, kind=BIGINT)
        return call("dw_murmur3_whole", days, seed, kind=INTEGER)
    if kind in (TIME, TIMESTAMP, TIMESTAMPTZ):
        return call("dw_murmur3_whole", call("epoch_us", value, kind=BIGINT), seed, kind=INTEGER)
    raise UntranslatableError(
        node,
        "MURMUR3_32_HASH supports only strings, bytes, numbers, booleans, dates and times.",
        "Cast the value to its type in the warehouse.",
    )


def farm_fingerprint(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate FARMFINGERPRINT64(value) of a string or bytes."""
    context.translator.translate_parts(node, context)
    (value,) = node.expressions
    if type_of(value) not in (VARCHAR, BLOB, NULL):
        raise UntranslatableError(
            node, "FARMFINGERPRINT64 takes a string or bytes.", "Cast the value to VARCHAR or VARBYTE."
        )
    return call("dw_farm_fingerprint", _to_bytes(value), kind=BIGINT)


def _to_bytes(value: exp.Expr) -> exp.Expr:
    return call("encode", value, kind=BLOB) if type_of(value) == VARCHAR else cast(value, BLOB)


REDSHIFT_REWRITES: dict[str, Rewrite] = {"MURMUR3_32_HASH": murmur3, "FARMFINGERPRINT64": farm_fingerprint}
