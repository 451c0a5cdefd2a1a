"""Timestamps with an offset, Snowflake's TIMESTAMP_TZ, and how timestamps are shown.

DuckDB stores only the point in time. Where the query gives the offset (in a literal, or by a zone name), the
translation records it, and uses it to show the timestamp and extract its parts. The column type records it too, so that
it passes through subqueries and WITH. Where the offset comes from the data, or differs between the rows of a column,
each value is a pair: a struct of the timestamp and its offset in minutes. Pairs compare, order and group by the
timestamp.

https://docs.snowflake.com/en/sql-reference/data-types-datetime#timestamp-ltz-timestamp-ntz-timestamp-tz
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.tree.nodes import as_json, as_text, call, cast, literal_text, number, text
from engine.sql.translation.tree.value_types import (
    BLOB,
    JSON,
    NULL,
    PAIRED,
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    ValueType,
    common_type,
    set_type,
    type_of,
)

_ZONE, _TIMETZ = "zone", "timetz"
_WRITTEN_OFFSET = re.compile(r".*:\d\d(?:\.\d*)? ?([+-])(\d\d):?(\d\d)?")


def set_zone(node: exp.Expr, zone: exp.Expr | None) -> exp.Expr:
    """Set the zone of a timestamp; where the zone is not a literal, return a pair with its offset."""
    if zone is not None and literal_text(zone) is None:
        return call("sf_zone_pair", node, zone, kind=PAIRED)
    if zone is not None and type_of(node) == TIMESTAMPTZ:
        node.meta[_ZONE] = zone
        set_type(node, ValueType(TIMESTAMPTZ.name, zone=literal_text(zone) or ""))
    return node


def _read_mark(node: exp.Expr, mark: str) -> object:
    return node.meta.get(mark) or node.unnest().meta.get(mark)


def find_zone(node: exp.Expr) -> exp.Expr | None:
    """Return the zone of a timestamp, None when it is not known."""
    found = _read_mark(node, _ZONE)
    if isinstance(found, exp.Expr):
        return found.copy()
    zone = type_of(node).zone
    return text(zone) if zone else None


def read_zone(node: exp.Expr) -> exp.Expr | None:
    """Return the offset at the end of a literal as a zone name; None for UTC."""
    offset = _WRITTEN_OFFSET.fullmatch((literal_text(node) or "").strip())
    if offset is None or {offset[2], offset[3] or "00"} == {"00"}:
        return None
    return text(f"GMT{offset[1]}{offset[2]}:{offset[3] or '00'}")


def has_offset(node: exp.Expr) -> bool:
    """Whether the zone or offset of a timestamp is known."""
    return type_of(node).is_paired or find_zone(node) is not None


def to_local_time(node: exp.Expr) -> exp.Expr:
    """Convert a timestamp to local time in its zone."""
    if type_of(node).is_paired:
        return call("sf_pair_local", node, kind=TIMESTAMP)
    zone = find_zone(node)
    return cast(node, TIMESTAMP) if zone is None else call("timezone", zone, node, kind=TIMESTAMP)


def from_local_time(local: exp.Expr, node: exp.Expr) -> exp.Expr:
    """Convert a local time to a timestamp with the zone or offset of `node`."""
    zone = find_zone(node)
    if zone is None:
        return call("sf_local_pair", local, node.copy(), kind=PAIRED)
    return set_zone(call("timezone", zone, local, kind=TIMESTAMPTZ), zone)


def as_pair(node: exp.Expr) -> exp.Expr:
    """Convert a date, timestamp or string to a timestamp with its own offset; without an offset it is UTC."""
    kind = type_of(node)
    if kind == NULL or kind.is_paired:
        return node
    if kind == VARCHAR:
        return parse_pair(node)
    timestamp = cast(node, TIMESTAMPTZ)
    return call("sf_pair", timestamp, offset_seconds(timestamp) if has_offset(timestamp) else number(0), kind=PAIRED)


def parse_pair(node: exp.Expr, *, is_safe: bool = False) -> exp.Expr:
    """Parse a string as a timestamp with its own offset."""
    return call("sf_try_text_pair" if is_safe else "sf_text_pair", node, kind=PAIRED)


def format_with_offset(node: exp.Expr) -> exp.Expr | None:
    """Format a timestamp with its offset as Snowflake does; None where no zone is known."""
    if type_of(node).is_paired:
        return as_text(node)
    if find_zone(node) is None:
        return None
    local = to_local_time(node)
    return call("sf_moment_text", local, offset_seconds(node), kind=VARCHAR)


def offset_seconds(node: exp.Expr) -> exp.Expr:
    """Return the offset of a timestamp in seconds ahead of UTC."""
    if type_of(node).is_paired:
        return call("sf_pair_seconds", node.copy())
    return call("sf_offset_seconds", to_local_time(node.copy()), cast(node.copy(), TIMESTAMP))


def as_display_text(node: exp.Expr, *, is_snowflake: bool) -> exp.Expr:
    """Convert the value to text as the warehouse shows it: Snowflake's timestamps have milliseconds.

    https://docs.snowflake.com/en/sql-reference/parameters#timestamp-ntz-output-format
    """
    if is_snowflake and type_of(node) == TIMESTAMP:
        return call("sf_timestamp_text", node, kind=VARCHAR)
    if is_snowflake and type_of(node) == TIMESTAMPTZ:
        return format_with_offset(node) or call("sf_moment_text", cast(node, TIMESTAMP), number(0), kind=VARCHAR)
    if is_timetz(node):
        return call("concat", cast(node, VARCHAR), text("+00"), kind=VARCHAR)
    return as_text(node)


def as_variant(node: exp.Expr) -> exp.Expr:
    """Convert the value to a VARIANT: timestamps with milliseconds, bytes as hex digits.

    https://docs.snowflake.com/en/sql-reference/data-types-semistructured#variant
    """
    if type_of(node) in (TIMESTAMP, TIMESTAMPTZ):
        return call("to_json", as_display_text(node, is_snowflake=True), kind=JSON)
    if type_of(node) == BLOB:
        return call("to_json", call("hex", node, kind=VARCHAR), kind=JSON)
    return as_json(node)


def as_common(values: list[exp.Expr], *, is_snowflake: bool) -> list[exp.Expr]:
    """Convert values to their common type: with a semi-structured value all become semi-structured.

    Timestamps with different offsets become pairs.

    https://docs.snowflake.com/en/sql-reference/data-type-conversion#data-types-that-can-be-cast
    https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html
    """
    kind = common_type([type_of(value) for value in values])
    if kind.is_paired:
        return [as_pair(value) for value in values]
    if kind != JSON:
        return values
    return [as_variant(value) if is_snowflake else as_json(value) for value in values]


def mark_timetz(node: exp.Expr, written: exp.Expr) -> exp.Expr:
    """Mark a time of day as UTC, Redshift's TIMETZ, and record the text it was parsed from.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Datetime_types.html
    """
    node.meta[_TIMETZ] = written
    return node


def is_timetz(node: exp.Expr) -> bool:
    """Whether the value is a TIMETZ."""
    return _read_mark(node, _TIMETZ) is not None


def timetz_text(node: exp.Expr) -> exp.Expr | None:
    """Return the text that a TIMETZ was parsed from."""
    found = _read_mark(node, _TIMETZ)
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
create macro sf_pair(a, seconds) as list_transform([{'m': a, 's': seconds}], lambda x: case when x.m is not null then
    {'moment': x.m, 'minutes': (x.s // 60)::bigint} end)[1];
create macro sf_zone_pair(a, zone) as list_transform([{'m': a, 'z': zone}], lambda x: case when x.m is not null and x.z
    is not null then {'moment': x.m, 'minutes': date_diff('minute', timezone('UTC', x.m), timezone(x.z, x.m))} end)[1];
create macro sf_written_minutes(sign, hours, minutes) as coalesce(case when sign = '-' then -1 else 1 end *
    (hours::bigint * 60 + coalesce(nullif(minutes, '')::bigint, 0)), 0);
create macro sf_offset_minutes(a, pattern) as list_transform([regexp_extract(trim(a), pattern || '([+-])(\\d\\d):?' ||
    '(\\d\\d)?$', ['sign', 'hours', 'minutes'])],
    lambda x: sf_written_minutes(x.sign, nullif(x.hours, ''), x.minutes))[1];
create macro sf_read_pair(m, a, pattern) as list_transform([{'m': m, 'a': a}], lambda x: case when x.m is not null then
    {'moment': x.m, 'minutes': sf_offset_minutes(x.a, pattern)} end)[1];
create macro sf_text_pair(a) as sf_read_pair(dw_timestamptz(a), a, ':\\d\\d(?:\\.\\d*)? ?');
create macro sf_try_text_pair(a) as sf_read_pair(dw_try_timestamptz(a), a, ':\\d\\d(?:\\.\\d*)? ?');
create macro sf_local_of(p) as timezone('UTC', p.moment) + to_minutes(p.minutes);
create macro sf_pair_local(a) as list_transform([a], lambda p: sf_local_of(p))[1];
create macro sf_pair_seconds(a) as (struct_extract(a, 'minutes') * 60);
create macro sf_pair_text(a) as list_transform([a], lambda p: sf_moment_text(sf_local_of(p), p.minutes * 60))[1];
create macro sf_local_pair(local, a) as list_transform([{'l': local, 'n': struct_extract(a, 'minutes')}], lambda x: case
    when x.l is not null and x.n is not null then {'moment': timezone('UTC', x.l - to_minutes(x.n)), 'minutes': x.n}
    end)[1];
"""
