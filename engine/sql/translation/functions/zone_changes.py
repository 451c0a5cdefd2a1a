"""CONVERT_TIMEZONE, AT TIME ZONE and TIMEZONE: a timestamp in another time zone."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions import casts
from engine.sql.translation.functions.time_zones import translate_zone
from engine.sql.translation.tree.nodes import call, drop_offset, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.timestamp_offsets import (
    set_zone,
)
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    set_type,
    type_of,
)


def convert_timezone(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONVERT_TIMEZONE([source, ]target, time): the time in the target zone.

    https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html
    https://docs.snowflake.com/en/sql-reference/functions/convert_timezone
    """
    arguments = [context.translator.translate(each, context) for each in node.expressions]
    if len(arguments) == 2:
        target, value = arguments
        if type_of(value) != TIMESTAMPTZ:
            kind = TIMESTAMPTZ if context.is_snowflake and type_of(value) == VARCHAR else TIMESTAMP
            value = casts.to_kind(value, kind)
        timestamp = (
            drop_offset(value)
            if type_of(value) == TIMESTAMPTZ
            else call("timezone", text("UTC"), value, kind=TIMESTAMPTZ)
        )
        if context.is_snowflake:
            return set_zone(set_type(timestamp.copy(), TIMESTAMPTZ), target)
        return call("timezone", translate_zone(target, context), timestamp, kind=TIMESTAMP)
    if len(arguments) != 3:
        raise UntranslatableError(node, "CONVERT_TIMEZONE takes two or three arguments.")
    source, target, value = arguments
    timestamp = call("timezone", translate_zone(source, context), casts.to_kind(value, TIMESTAMP))
    return call("timezone", translate_zone(target, context), timestamp, kind=TIMESTAMP)


def at_time_zone(node: exp.AtTimeZone, context: Context) -> exp.Expr:
    """Translate AT TIME ZONE.

    https://docs.aws.amazon.com/redshift/latest/dg/r_AT_TIME_ZONE.html
    """
    return _shift_zone(node.args["zone"], node.this, context)


def timezone(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TIMEZONE(zone, time).

    https://docs.aws.amazon.com/redshift/latest/dg/r_TIMEZONE.html
    """
    if len(node.expressions) != 2:
        raise UntranslatableError(node, "TIMEZONE takes a zone and a time.")
    zone, value = (context.translator.translate(each, context) for each in node.expressions)
    return _shift_zone(zone, value, context)


def _shift_zone(zone: exp.Expr, value: exp.Expr, context: Context) -> exp.Expr:
    is_timestamp = type_of(value) == TIMESTAMPTZ
    return call(
        "timezone",
        translate_zone(zone, context),
        drop_offset(value) if is_timestamp else casts.to_kind(value, TIMESTAMP),
        kind=TIMESTAMP if is_timestamp else TIMESTAMPTZ,
    )


REWRITES: dict[str, Rewrite] = {"CONVERT_TIMEZONE": convert_timezone}
REDSHIFT_REWRITES: dict[str, Rewrite] = {"TIMEZONE": timezone}
