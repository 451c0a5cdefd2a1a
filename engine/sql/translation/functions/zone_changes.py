"""CONVERT_TIMEZONE, AT TIME ZONE and TIMEZONE: a timestamp on the clocks of another zone."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions import casts
from engine.sql.translation.functions.time_zones import zone_name
from engine.sql.translation.tree.nodes import call, moment_of, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.timestamp_offsets import (
    in_zone,
)
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    TIMESTAMP,
    TIMESTAMPTZ,
    VARCHAR,
    type_of,
    typed,
)


def convert_timezone(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate CONVERT_TIMEZONE([source, ]target, time): the time on the target's clocks.

    https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html
    https://docs.snowflake.com/en/sql-reference/functions/convert_timezone
    """
    arguments = [context.translator.expression(each, context) for each in node.expressions]
    if len(arguments) == 2:
        target, value = arguments
        if type_of(value) != TIMESTAMPTZ:
            kind = TIMESTAMPTZ if context.is_snowflake and type_of(value) == VARCHAR else TIMESTAMP
            value = casts.to_kind(value, kind)
        moment = (
            moment_of(value)
            if type_of(value) == TIMESTAMPTZ
            else call("timezone", text("UTC"), value, kind=TIMESTAMPTZ)
        )
        if context.is_snowflake:
            return in_zone(typed(moment.copy(), TIMESTAMPTZ), target)
        return call("timezone", zone_name(target, context), moment, kind=TIMESTAMP)
    if len(arguments) != 3:
        raise UntranslatableError(node, "CONVERT_TIMEZONE takes two or three arguments.")
    source, target, value = arguments
    moment = call("timezone", zone_name(source, context), casts.to_kind(value, TIMESTAMP))
    return call("timezone", zone_name(target, context), moment, kind=TIMESTAMP)


def at_time_zone(node: exp.AtTimeZone, context: Context) -> exp.Expr:
    """Translate AT TIME ZONE.

    https://docs.aws.amazon.com/redshift/latest/dg/r_AT_TIME_ZONE.html
    """
    return _on_clocks(node.args["zone"], node.this, context)


def timezone(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TIMEZONE(zone, time).

    https://docs.aws.amazon.com/redshift/latest/dg/r_TIMEZONE.html
    """
    if len(node.expressions) != 2:
        raise UntranslatableError(node, "TIMEZONE takes a zone and a time.")
    zone, value = (context.translator.expression(each, context) for each in node.expressions)
    return _on_clocks(zone, value, context)


def _on_clocks(zone: exp.Expr, value: exp.Expr, context: Context) -> exp.Expr:
    is_moment = type_of(value) == TIMESTAMPTZ
    return call(
        "timezone",
        zone_name(zone, context),
        moment_of(value) if is_moment else casts.to_kind(value, TIMESTAMP),
        kind=TIMESTAMP if is_moment else TIMESTAMPTZ,
    )


REWRITES: dict[str, Rewrite] = {"CONVERT_TIMEZONE": convert_timezone}
REDSHIFT_REWRITES: dict[str, Rewrite] = {"TIMEZONE": timezone}
