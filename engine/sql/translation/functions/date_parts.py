"""Functions with a date part: DATEADD, DATEDIFF, DATE_PART, EXTRACT, DATE_TRUNC, LAST_DAY, CONVERT_TIMEZONE.

https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
https://docs.snowflake.com/en/sql-reference/functions-date-time#supported-date-and-time-parts
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.expressions import casts
from engine.sql.translation.expressions.arithmetic import to_numeric
from engine.sql.translation.tree.nodes import call, cast, drop_offset, text, wrap
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.timestamp_offsets import (
    from_local_time,
    has_offset,
    is_timetz,
    mark_timetz,
    offset_seconds,
    to_local_time,
)
from engine.sql.translation.tree.translator import Context, Rewrite
from engine.sql.translation.tree.value_types import (
    BIGINT,
    DATE,
    DOUBLE,
    INTEGER,
    JSON,
    TIME,
    TIMESTAMP,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    set_type,
    type_of,
)

_SHARED = """
year: y yr yrs years year | quarter: quarters qtr qtrs quarter | month: mon mons months month
week: weeks w week | day: d days day | dow: dow dw dayofweek weekday | doy: doy dy dayofyear yearday
hour: h hr hrs hours hour | minute: min mins minutes minute | second: s sec secs seconds second
millisecond: ms msec msecs milliseconds millisecond | microsecond: us usec usecs microseconds microsecond
epoch: epoch | timezone_hour: timezone_hour | timezone_minute: timezone_minute
"""
_REDSHIFT = """
minute: m | millisecond: msecond mseconds millisec millisecs millisecon
microsecond: microsec microsecs
microsecond: usecond useconds
decade: decade decades dec decs | century: century centuries c cent cents | millennium: millennium millennia mil mils
timezone: timezone
"""
_SNOWFLAKE = """
year: yy yyy yyyy | quarter: q | month: mm | day: dd dayofmonth | week: wk weekofyear woy wy | hour: hh | minute: m mi
weekiso: week_iso weekiso weekofyeariso weekofyear_iso | isodow: dayofweekiso dayofweek_iso weekday_iso dow_iso dw_iso
isoyear: yearofweek yearofweekiso | nanosecond: ns nsec nanosec nsecond nanoseconds nanosecs nseconds nanosecond
epoch: epoch_second epoch_seconds | epoch_ms: epoch_millisecond epoch_milliseconds
epoch_us: epoch_microsecond epoch_microseconds | epoch_ns: epoch_nanosecond epoch_nanoseconds
timezone_hour: tzh | timezone_minute: tzm
"""


def _parse_names(*texts: str) -> dict[str, str]:
    found = {}
    for entry in "|".join(texts).replace("\n", "|").split("|"):
        part, _, names = entry.partition(":")
        found.update({name: part.strip() for name in names.split()})
    return found


_PARTS = {"redshift": _parse_names(_SHARED, _REDSHIFT), "snowflake": _parse_names(_SHARED, _SNOWFLAKE)}
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200, "millennium": 12000}
_YEARS = frozenset({"year", "decade", "century", "millennium"})
_DAYS = {"day": 1, "week": 7, "weekiso": 7, "doy": 1, "dow": 1}
_SECONDS = {"hour": 3600, "minute": 60, "second": 1}
_FRACTIONS = {"millisecond": 1000, "microsecond": 1}


def read_part(node: exp.Expr, context: Context) -> str:
    """Return the date part that an argument names, as a word or a string."""
    literal = node.name if isinstance(node, exp.Column | exp.Literal | exp.Var | exp.Identifier) else ""
    part = _PARTS[context.dialect].get(literal.lower())
    if part is None:
        raise UntranslatableError(node, f'"{literal or node.sql()}" is not a date part of {context.vendor}.')
    return part


def _arguments(node: exp.Anonymous, context: Context, min_count: int, max_count: int) -> tuple[str, list[exp.Expr]]:
    if not min_count <= len(node.expressions) <= max_count:
        raise UntranslatableError(node, f"{node.name.upper()} takes {min_count} arguments.")
    part = read_part(node.expressions[0], context)
    return part, [context.translator.translate(each, context) for each in node.expressions[1:]]


def to_time_point(node: exp.Expr) -> exp.Expr:
    """Convert a value to a date or timestamp; text is parsed as a timestamp."""
    kind = type_of(node)
    if kind in (VARCHAR, JSON):
        return casts.to_kind(node, TIMESTAMP)
    return node


def dateadd(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DATEADD(part, number, date): a TIMESTAMP in Redshift; in Snowflake a DATE stays one where possible.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html
    https://docs.snowflake.com/en/sql-reference/functions/dateadd
    """
    part, (amount, value) = _arguments(node, context, 3, 3)
    return add_parts(to_time_point(value), amount, part, node, context)


def add_parts(value: exp.Expr, amount: exp.Expr, part: str, node: exp.Expr, context: Context) -> exp.Expr:
    """Add a number of date parts to a date or time."""
    if has_offset(value):
        return from_local_time(add_parts(to_local_time(value), amount, part, node, context), value)
    kind = type_of(value)
    count = wrap(casts.to_integer(to_numeric(amount), context))
    result: exp.Expr | None = None
    if part in _YEARS and kind != TIME and not context.is_snowflake:
        result = call("rs_add_years", value, cast(_multiply(count, _MONTHS[part]), INTEGER))
    elif part in _MONTHS:
        step = call("to_months", cast(_multiply(count, _MONTHS[part]), INTEGER))
    elif part in _DAYS:
        step = call("to_days", cast(_multiply(count, _DAYS[part]), INTEGER))
    elif part in _SECONDS:
        step = call("to_seconds", _multiply(count, _SECONDS[part]))
    elif part in _FRACTIONS:
        step = call("to_microseconds", _multiply(cast(count, BIGINT), _FRACTIONS[part]))
    elif part == "nanosecond":
        step = call("to_microseconds", cast(exp.IntDiv(this=count, expression=exp.Literal.number(1000)), BIGINT))
    else:
        raise UntranslatableError(node, f'DATEADD does not support the date part "{part}".')
    if result is None:
        result = exp.Paren(this=exp.Add(this=wrap(value), expression=step))
    if kind == DATE and context.is_snowflake:
        return cast(result, DATE if part in _MONTHS or part in _DAYS else TIMESTAMP)
    if is_timetz(value):
        return mark_timetz(set_type(result, kind), exp.null())
    if kind in (TIME, TIMESTAMPTZ, TIMESTAMP):
        return set_type(result, kind)
    return cast(result, TIMESTAMP) if kind == DATE else set_type(result, UNKNOWN)


def _multiply(count: exp.Expr, factor: int) -> exp.Expr:
    return count if factor == 1 else exp.Mul(this=count, expression=exp.Literal.number(factor))


def datediff(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DATEDIFF(part, start, end): the number of part boundaries between the two.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html
    https://docs.snowflake.com/en/sql-reference/functions/datediff
    """
    part, (start, end) = _arguments(node, context, 3, 3)
    return count_boundaries(part, start, end, node)


def count_boundaries(part: str, start: exp.Expr, end: exp.Expr, node: exp.Expr) -> exp.Expr:
    """Count the boundaries of a part between two dates or times."""
    sides = [to_time_point(start), to_time_point(end)]
    if TIME not in (type_of(side) for side in sides):
        sides = [side if type_of(side) == TIMESTAMP else cast(side, TIMESTAMP) for side in sides]
    if part in ("week", "weekiso"):
        return call("dw_weeks_between", *sides, kind=BIGINT)
    if part == "nanosecond":
        whole = call("date_diff", text("microsecond"), *sides, kind=BIGINT)
        return set_type(exp.Paren(this=exp.Mul(this=whole, expression=exp.Literal.number(1000))), BIGINT)
    if part in (*_MONTHS, *_SECONDS, *_FRACTIONS, "day", "doy"):
        return call("date_diff", text("day" if part == "doy" else part), *sides, kind=BIGINT)
    raise UntranslatableError(node, f'DATEDIFF does not support the date part "{part}".')


def date_part(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DATE_PART(part, date).

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_PART_function.html
    https://docs.snowflake.com/en/sql-reference/functions/date_part
    """
    part, (value,) = _arguments(node, context, 2, 2)
    if not context.is_snowflake and part in ("second", "epoch"):
        return _add_fraction(part, to_time_point(value))
    return extract_part(part, value, node, context)


def _add_fraction(part: str, value: exp.Expr) -> exp.Expr:
    """Return seconds with their fraction, as Redshift's DATE_PART (but not its EXTRACT) does.

    https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    """
    if part == "epoch":
        return call("epoch", value, kind=DOUBLE)
    whole = call("date_part", text("microsecond"), value, kind=BIGINT)
    return set_type(exp.Paren(this=exp.Div(this=whole, expression=exp.Literal.number(1_000_000))), DOUBLE)


def extract(node: exp.Extract, context: Context) -> exp.Expr:
    """Translate EXTRACT(part FROM date).

    https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html
    """
    value = context.translator.translate(node.expression, context)
    return extract_part(read_part(node.this, context), value, node, context)


def extract_part(part: str, value: exp.Expr, node: exp.Expr, context: Context) -> exp.Expr:
    """Extract one part of a date or time; parts of a second exclude whole seconds.

    The year 1999 is in decade 200, as Redshift counts decades from 1.
    https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
    """
    value = to_time_point(value)
    if has_offset(value) and part in ("timezone_hour", "timezone_minute"):
        size = 3600 if part == "timezone_hour" else 60
        return call("sf_offset_part", offset_seconds(value), exp.Literal.number(size), kind=BIGINT)
    value = drop_offset(value) if part.startswith("epoch") or not has_offset(value) else to_local_time(value)
    simple = {"weekiso": "week", "isodow": "isodow", "isoyear": "isoyear"}.get(part, part)
    match part:
        case "epoch":
            return cast(call("floor", call("epoch", value)), BIGINT)
        case "epoch_ms" | "epoch_us" | "epoch_ns":
            return call(part, value, kind=BIGINT)
        case "millisecond" | "microsecond":
            size = {"millisecond": 1000, "microsecond": 1}[part]
            return call("dw_part_of_second", value, exp.Literal.number(size), kind=BIGINT)
        case "nanosecond":
            micro = call("dw_part_of_second", value, exp.Literal.number(1), kind=BIGINT)
            return set_type(exp.Paren(this=exp.Mul(this=micro, expression=exp.Literal.number(1000))), BIGINT)
        case "decade" if not context.is_snowflake:
            whole = call("date_part", text("decade"), value, kind=BIGINT)
            return set_type(exp.Paren(this=exp.Add(this=whole, expression=exp.Literal.number(1))), BIGINT)
        case "timezone":
            raise UntranslatableError(node, "The time zone of this value is not known.")
    return call("date_part", text(simple), value, kind=BIGINT)


def date_trunc(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate DATE_TRUNC(part, date): a TIMESTAMP in Redshift, the type of the argument in Snowflake.

    https://docs.aws.amazon.com/redshift/latest/dg/r_DATE_TRUNC.html
    https://docs.snowflake.com/en/sql-reference/functions/date_trunc
    """
    part, (value,) = _arguments(node, context, 2, 2)
    return truncate(part, value, context)


def truncate(part: str, value: exp.Expr, context: Context) -> exp.Expr:
    """Truncate a date or time to the beginning of a part."""
    value = to_time_point(value)
    if has_offset(value):
        return from_local_time(truncate(part, to_local_time(value), context), value)
    kind = type_of(value)
    unit = {"weekiso": "week", "isoyear": "isoyear"}.get(part, part)
    if kind == TIME:
        return cast(call("dw_trunc_time", text(unit), value), TIME)
    point = call("date_trunc", text(unit), value)
    if unit in ("century", "millennium"):  # they begin with the year 1, not with the year 0
        years = 100 if unit == "century" else 1000
        point = call("dw_trunc_years", cast(value, DATE), exp.Literal.number(years))
    if kind == DATE and context.is_snowflake:
        return cast(point, DATE)
    return set_type(point, kind) if kind == TIMESTAMPTZ else cast(point, TIMESTAMP)


def trunc(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TRUNC of a number, or of a timestamp to its date (in Snowflake also to a date part).

    https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNC_date.html
    https://docs.snowflake.com/en/sql-reference/functions/trunc2
    """
    arguments = [context.translator.translate(each, context) for each in node.expressions]
    kind = type_of(arguments[0])
    if kind.is_time_point:
        if len(arguments) > 1:
            return truncate(read_part(node.expressions[1], context), arguments[0], context)
        return casts.to_kind(arguments[0], DATE)
    places = casts.to_integer(arguments[1], context, kind=INTEGER) if len(arguments) > 1 else None
    value = to_numeric(arguments[0])
    return call("trunc", value, cast(places, INTEGER) if places is not None else None, kind=type_of(value))


_SPANS = {
    "week": ("week", "week"),
    "month": ("month", "month"),
    "quarter": ("quarter", "quarter"),
    "year": ("year", "year"),
}


def last_day(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate LAST_DAY(date[, part]).

    https://docs.snowflake.com/en/sql-reference/functions/last_day
    """
    value = casts.to_kind(to_time_point(context.translator.translate(node.expressions[0], context)), DATE)
    part = read_part(node.expressions[1], context) if len(node.expressions) > 1 else "month"
    if part not in _SPANS:
        raise UntranslatableError(node, f'LAST_DAY takes week, month, quarter or year, not "{part}".')
    return call("dw_last_day_of", text(part), value, kind=DATE)


def add_months(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate ADD_MONTHS(date, months), where a last day of a month stays one: a TIMESTAMP in Redshift.

    https://docs.aws.amazon.com/redshift/latest/dg/r_ADD_MONTHS.html
    https://docs.snowflake.com/en/sql-reference/functions/add_months
    """
    value, months = (context.translator.translate(each, context) for each in node.expressions)
    value = to_time_point(value)
    if has_offset(value):
        local = call("dw_add_months_of", to_local_time(value), casts.to_integer(months, context), kind=TIMESTAMP)
        return from_local_time(local, value)
    kind = type_of(value)
    result_type = TIMESTAMP if kind == DATE else kind
    point = call("dw_add_months_of", value, casts.to_integer(months, context), kind=result_type)
    return cast(point, DATE) if kind == DATE and context.is_snowflake else point


def time_slice(node: exp.Anonymous, context: Context) -> exp.Expr:
    """Translate TIME_SLICE(time, length, part[, 'START' | 'END']): slices counted from 1970-01-01.

    https://docs.snowflake.com/en/sql-reference/functions/time_slice
    """
    part = read_part(node.expressions[2], context)
    value = to_time_point(context.translator.translate(node.expressions[0], context))
    value = to_local_time(value) if has_offset(value) else value
    length = context.translator.translate(node.expressions[1], context)
    end = node.expressions[3].name.upper() == "END" if len(node.expressions) > 3 else False
    step = add_parts(cast(text("1970-01-01 00:00:00"), TIMESTAMP), length, part, node, context)
    width: exp.Expr = exp.Sub(this=step, expression=cast(text("1970-01-01 00:00:00"), TIMESTAMP))
    if part in _MONTHS:
        width = call("to_months", cast(_multiply(wrap(length), _MONTHS[part]), INTEGER))
    origin = cast(text("1969-12-29 00:00:00" if part == "week" else "1970-01-01 00:00:00"), TIMESTAMP)
    point: exp.Expr = call("time_bucket", exp.Paren(this=width), cast(value, TIMESTAMP), origin, kind=TIMESTAMP)
    if end:
        point = set_type(exp.Paren(this=exp.Add(this=point, expression=exp.Paren(this=width.copy()))), TIMESTAMP)
    return cast(point, DATE) if type_of(value) == DATE else point


REWRITES: dict[str, Rewrite] = {
    "ADD_MONTHS": add_months,
    "DATEADD": dateadd,
    "DATEDIFF": datediff,
    "DATE_PART": date_part,
    "DATE_TRUNC": date_trunc,
    "TRUNC": trunc,
}
REDSHIFT_REWRITES: dict[str, Rewrite] = {"DATE_ADD": dateadd, "DATE_DIFF": datediff}
SNOWFLAKE_REWRITES: dict[str, Rewrite] = {
    "TIMESTAMPADD": dateadd,
    "TIMEADD": dateadd,
    "TIMESTAMPDIFF": datediff,
    "TIMEDIFF": datediff,
    "LAST_DAY": last_day,
    "TRUNCATE": trunc,
    "TIME_SLICE": time_slice,
}

HELPERS = """
create macro rs_add_years(a, months) as a + to_months(months) + to_days(case when month(a) = 2 and day(a) = 29 and
    day(a + to_months(months)) = 28 then 1 else 0 end);
create macro sf_offset_part(seconds, size) as case size when 3600 then seconds // 3600 else seconds // 60 % 60 end;
create macro dw_part_of_second(a, size) as (date_part('microsecond', a)::bigint % 1000000) // size;
create macro dw_trunc_years(a, years) as make_date((year(a) - 1) // years * years + 1, 1, 1)::timestamp;
create macro dw_trunc_time(part, a) as date_trunc(part, date '2000-01-01' + a)::timestamp::time;
create macro dw_last_day_of(part, a) as case part when 'month' then last_day(a)
    when 'week' then (date_trunc('week', a)::date + 6) when 'quarter' then (date_trunc('quarter', a)::date +
    to_months(3) - to_days(1))::date
    else (date_trunc('year', a)::date + to_months(12) - to_days(1))::date end;
"""
