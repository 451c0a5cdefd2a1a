"""Moments that keep the offset they were written with, TIMESTAMP_TZ of Snowflake, and how moments are shown.

DuckDB keeps only the moment. Where the query itself says the offset (in a literal, or by the name of a zone), the
translation remembers it, and shows and takes the moment apart on those clocks. The type of a column remembers it too,
so that it goes through subqueries and WITH; rows of different offsets in one column are shown in UTC.

https://docs.snowflake.com/en/sql-reference/data-types-datetime#timestamp-ltz-timestamp-ntz-timestamp-tz
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.nodes import as_json, as_text, call, cast, literal_text, number, text
from engine.sql.translation.value_types import (
    BLOB,
    JSON,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    ValueType,
    common,
    type_of,
    typed,
)

_ZONE, _TIMETZ = "zone", "timetz"
_WRITTEN_OFFSET = re.compile(r".*\d ?([+-])(\d\d):?(\d\d)?")


def in_zone(node: exp.Expr, zone: exp.Expr | None) -> exp.Expr:
    """Note the zone of a moment."""
    if zone is not None and type_of(node) == TIMESTAMPTZ:
        node.meta[_ZONE] = zone
        typed(node, ValueType(TIMESTAMPTZ.name, zone=literal_text(zone) or ""))
    return node


def _marked(node: exp.Expr, mark: str) -> object:
    return node.meta.get(mark) or node.unnest().meta.get(mark)


def zone_of(node: exp.Expr) -> exp.Expr | None:
    """Return the zone that is known of a moment."""
    found = _marked(node, _ZONE)
    if isinstance(found, exp.Expr):
        return found.copy()
    zone = type_of(node).zone
    return text(zone) if zone else None


def written_zone(node: exp.Expr) -> exp.Expr | None:
    """Return the offset that a literal ends with, as the name of a zone; None for that of UTC."""
    offset = _WRITTEN_OFFSET.fullmatch((literal_text(node) or "").strip())
    if offset is None or {offset[2], offset[3] or "00"} == {"00"}:
        return None
    return text(f"GMT{offset[1]}{offset[2]}:{offset[3] or '00'}")


def on_its_clocks(node: exp.Expr) -> exp.Expr:
    """Return a moment as the time on the clocks of its zone."""
    zone = zone_of(node)
    return cast(node, TIMESTAMP) if zone is None else call("timezone", zone, node, kind=TIMESTAMP)


def shown_moment(node: exp.Expr) -> exp.Expr | None:
    """Return a moment with its offset as Snowflake shows it, None where no zone is known."""
    if zone_of(node) is None:
        return None
    local = on_its_clocks(node)
    return call("sf_moment_text", local, offset_seconds(node), kind=VARCHAR)


def offset_seconds(node: exp.Expr) -> exp.Expr:
    """Return how many seconds the clocks of a moment are before UTC."""
    return call("sf_offset_seconds", on_its_clocks(node.copy()), cast(node.copy(), TIMESTAMP))


def as_shown(node: exp.Expr, *, is_snowflake: bool) -> exp.Expr:
    """Return the value as the text that the warehouse shows of it: Snowflake's timestamps have milliseconds.

    https://docs.snowflake.com/en/sql-reference/parameters#timestamp-ntz-output-format
    """
    if is_snowflake and type_of(node) == TIMESTAMP:
        return call("sf_timestamp_text", node, kind=VARCHAR)
    if is_snowflake and type_of(node) == TIMESTAMPTZ:
        return shown_moment(node) or call("sf_moment_text", cast(node, TIMESTAMP), number(0), kind=VARCHAR)
    if is_timetz(node):
        return call("concat", cast(node, VARCHAR), text("+00"), kind=VARCHAR)
    return as_text(node)


def as_variant(node: exp.Expr) -> exp.Expr:
    """Return the value as a VARIANT: timestamps with their milliseconds, bytes as their digits.

    https://docs.snowflake.com/en/sql-reference/data-types-semistructured#variant
    """
    if type_of(node) in (TIMESTAMP, TIMESTAMPTZ):
        return call("to_json", as_shown(node, is_snowflake=True), kind=JSON)
    if type_of(node) == BLOB:
        return call("to_json", call("hex", node, kind=VARCHAR), kind=JSON)
    return as_json(node)


def as_common(values: list[exp.Expr], *, is_snowflake: bool) -> list[exp.Expr]:
    """Return values as the type that holds them all: beside a semi-structured value all become semi-structured.

    https://docs.snowflake.com/en/sql-reference/data-type-conversion#data-types-that-can-be-cast
    https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html
    """
    if common([type_of(value) for value in values]) != JSON:
        return values
    return [as_variant(value) if is_snowflake else as_json(value) for value in values]


def as_timetz(node: exp.Expr, written: exp.Expr) -> exp.Expr:
    """Mark a time of day as one of UTC's, TIMETZ of Redshift, and keep the text it was read from.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Datetime_types.html
    """
    node.meta[_TIMETZ] = written
    return node


def is_timetz(node: exp.Expr) -> bool:
    """Whether a value is a TIMETZ."""
    return _marked(node, _TIMETZ) is not None


def timetz_text(node: exp.Expr) -> exp.Expr | None:
    """Return the text that a TIMETZ was read from."""
    found = _marked(node, _TIMETZ)
    return found.copy() if isinstance(found, exp.Expr) and literal_text(found) is not None else None


HELPERS = """
create macro rs_timetz(a) as cast(cast('2000-01-01 ' || regexp_replace(trim(a), '^[^ :]*[-./][^ :]* ', '') as
    timestamptz) as timestamp)::time;
create macro rs_date_and_timetz(a, b) as cast(strftime(a, '%Y-%m-%d ') || regexp_replace(trim(b),
    '^[^ :]*[-./][^ :]* ', '') as timestamptz);
create macro sf_offset_seconds(a, b) as date_diff('second', b, a);
create macro sf_offset_text(seconds, between) as case when seconds < 0 then '-' else '+' end ||
    lpad((abs(seconds) // 3600)::varchar, 2, '0') || between || lpad((abs(seconds) // 60 % 60)::varchar, 2, '0');
create macro sf_moment_text(a, seconds) as strftime(a, '%Y-%m-%d %H:%M:%S.%g ') || sf_offset_text(seconds, '');
"""
