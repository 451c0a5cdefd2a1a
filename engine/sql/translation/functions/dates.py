"""Date and time functions; those with a date part are in `date_parts`.

https://docs.aws.amazon.com/redshift/latest/dg/Date_functions_header.html
https://docs.snowflake.com/en/sql-reference/functions-date-time
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

SHARED = define(
    "dw",
    """
MONTHS_BETWEEN(p,p) DOUBLE := case when day(a) = day(b) or (a::date = last_day(a::date) and b::date =
    last_day(b::date))
    then ((year(a) - year(b)) * 12 + month(a) - month(b))::double
    else round((year(a) - year(b)) * 12 + month(a) - month(b) + (day(a) - day(b)
    + (epoch(a::timestamp::time) - epoch(b::timestamp::time)) / 86400.0) / 31.0, 6) end
NEXT_DAY(p,t) DATE := a::date + (((dw_weekday_number(b) - dayofweek(a) + 6) % 7) + 1)::integer
GETDATE() TIMESTAMP := date_trunc('second', get_current_timestamp()::timestamp)
""",
)

REDSHIFT = define(
    "rs",
    """
LAST_DAY(p) DATE := last_day(a::date)
DATE(d) DATE := a
DATE_CMP(d,d) INTEGER := rs_compare(a, b)
DATE_CMP_TIMESTAMP(d,s) INTEGER := rs_compare(a::timestamp, b)
DATE_CMP_TIMESTAMPTZ(d,p) INTEGER := rs_compare(a::timestamptz, b::timestamptz)
TIMESTAMP_CMP(s,s) INTEGER := rs_compare(a, b)
TIMESTAMP_CMP_DATE(s,d) INTEGER := rs_compare(a, b::timestamp)
TIMESTAMP_CMP_TIMESTAMPTZ(s,p) INTEGER := rs_compare(a::timestamptz, b::timestamptz)
TIMESTAMPTZ_CMP(p,p) INTEGER := rs_compare(a::timestamptz, b::timestamptz)
TIMESTAMPTZ_CMP_DATE(p,d) INTEGER := rs_compare(a::timestamptz, b::timestamptz)
TIMESTAMPTZ_CMP_TIMESTAMP(p,s) INTEGER := rs_compare(a::timestamptz, b::timestamptz)
INTERVAL_CMP(a,a) INTEGER := rs_compare(a::interval, b::interval)
DATE_PART_YEAR(p) INTEGER := year(a)
NOW() TIMESTAMPTZ := date_trunc('second', get_current_timestamp())
TIMEOFDAY() VARCHAR := strftime(get_current_timestamp()::timestamp, '%a %b %d %H:%M:%S.%f %Y UTC')
TO_TIMESTAMP_EPOCH(n) TIMESTAMPTZ to_timestamp
""",
)

SNOWFLAKE = define(
    "sf",
    """
YEAR(p) INTEGER
MONTH(p) INTEGER
DAY(p) INTEGER
QUARTER(p) INTEGER
HOUR(p) INTEGER
MINUTE(p) INTEGER
SECOND(p) INTEGER
DAYOFMONTH(p) INTEGER day
DAYOFWEEK(p) INTEGER
DAYOFWEEKISO(p) INTEGER isodow
DAYOFYEAR(p) INTEGER
WEEK(p) INTEGER weekofyear
YEAROFWEEK(p) INTEGER isoyear
DAYNAME(p) VARCHAR := left(dayname(a), 3)
MONTHNAME(p) VARCHAR := left(monthname(a), 3)
PREVIOUS_DAY(p,t) DATE := a::date - (((dayofweek(a) - dw_weekday_number(b) + 6) % 7) + 1)::integer
DATE_FROM_PARTS(i,i,i) DATE := (make_date(a::integer, 1, 1) + to_months((b - 1)::integer) + to_days((c -
    1)::integer))::date
TIME_FROM_PARTS(i,i,i,i=0) TIME := (time '00:00:00' + to_seconds(a * 3600 + b * 60 + c) + to_microseconds((d //
    1000)::bigint))
TIMESTAMP_NTZ_FROM_PARTS(a,a,i=null,i=null,i=null,i=null,i=0,t=null) TIMESTAMP := case when c is null
    then a::varchar::date + b::varchar::time else make_date(a::varchar::integer, 1, 1)::timestamp +
    to_months((b::varchar::integer - 1)) + to_days((c - 1)::integer)
    + to_seconds(coalesce(d, 0) * 3600 + coalesce(e, 0) * 60 + coalesce(f, 0)) + to_microseconds((g // 1000)::bigint)
    end
TIMESTAMP_TZ_FROM_PARTS(i,i,i,i,i,i,i=0,t='UTC') TIMESTAMPTZ := timezone(h, make_date(a::integer, 1, 1)::timestamp +
    to_months((b - 1)::integer) + to_days((c - 1)::integer)
    + to_seconds(d * 3600 + e * 60 + f) + to_microseconds((g // 1000)::bigint))
SYSDATE() TIMESTAMP := get_current_timestamp()::timestamp
CURRENT_TIMESTAMP(i=9) TIMESTAMPTZ := get_current_timestamp()
CURRENT_DATE() DATE := today()
CURRENT_TIME(i=9) TIME := get_current_timestamp()::timestamp::time
LOCALTIMESTAMP(i=9) TIMESTAMPTZ := get_current_timestamp()
""",
)
alias(
    SNOWFLAKE,
    "WEEKISO=WEEK WEEKOFYEAR=WEEK YEAROFWEEKISO=YEAROFWEEK DATEFROMPARTS=DATE_FROM_PARTS TIMEFROMPARTS=TIME_FROM_PARTS "
    "TIMESTAMP_FROM_PARTS=TIMESTAMP_NTZ_FROM_PARTS TIMESTAMPFROMPARTS=TIMESTAMP_NTZ_FROM_PARTS "
    "TIMESTAMPNTZFROMPARTS=TIMESTAMP_NTZ_FROM_PARTS TIMESTAMP_LTZ_FROM_PARTS=TIMESTAMP_TZ_FROM_PARTS "
    "TIMESTAMPTZFROMPARTS=TIMESTAMP_TZ_FROM_PARTS TIMESTAMPLTZFROMPARTS=TIMESTAMP_TZ_FROM_PARTS "
    "SYSTIMESTAMP=CURRENT_TIMESTAMP LOCALTIME=CURRENT_TIME GETDATE=CURRENT_TIMESTAMP",
)

HELPERS = """
create macro dw_cut_second(a, size) as a - to_microseconds((date_part('microsecond', a) % size)::bigint);
create macro dw_add_months_of(a, b) as case when a::date = last_day(a::date) then
    (last_day((a::date + to_months(b::integer))::date) + (a::timestamp - a::date::timestamp)) else a +
    to_months(b::integer) end;
create macro dw_weekday_number(a) as case lower(left(trim(a), 2)) when 'su' then 0 when 'mo' then 1 when 'tu' then 2
    when 'we' then 3 when 'th' then 4 when 'fr' then 5 when 'sa' then 6
    else dw_raise('Not a day of the week: ' || a) end;
create macro rs_compare(a, b) as case when a = b then 0 when a < b then -1 when a > b then 1 end;
create macro dw_weeks_between(a, b) as ((date_trunc('week', b::timestamp)::date - date_trunc('week',
    a::timestamp)::date) // 7)::bigint;
create macro dw_date_text(a) as case
    when regexp_full_match(trim(a), '\\d{1,2}/\\d{1,2}/\\d{4}( .*)?') then
    strftime(strptime(regexp_extract(trim(a), '^[^ ]+'), '%m/%d/%Y'), '%Y-%m-%d') || regexp_replace(trim(a),
    '^[^ ]+', '')
    when regexp_full_match(trim(a), 'J\\d+( .*)?') then (date '2000-01-01' + (regexp_extract(trim(a), '^J(\\d+)',
    1)::integer
    - 2451545))::varchar || regexp_replace(trim(a), '^[^ ]+', '')
    when regexp_full_match(trim(a), '\\d{4}-[A-Za-z]{3}-\\d{1,2}( .*)?') then dw_first_as(trim(a), '%Y-%b-%d')
    when regexp_full_match(trim(a), '[A-Za-z]{3}-\\d{1,2}-\\d{4}( .*)?') then dw_first_as(trim(a), '%b-%d-%Y')
    when regexp_full_match(trim(a), '\\d{1,2}\\.\\d{1,2}\\.\\d{4}( .*)?') then dw_first_as(trim(a), '%m.%d.%Y')
    when regexp_full_match(trim(a), '\\d{1,2}/\\d{1,2}/\\d{2}( .*)?') then dw_first_as(trim(a), '%m/%d/%y')
    when regexp_full_match(trim(a), '\\d{6}( .*)?') then dw_first_as(trim(a), '%y%m%d')
    when regexp_full_match(trim(a), '\\d{4}\\.\\d{1,3}( .*)?') then (make_date(left(trim(a), 4)::integer, 1, 1) +
    (regexp_extract(trim(a), '^\\d{4}\\.(\\d+)', 1)::integer - 1))::varchar || regexp_replace(trim(a), '^[^ ]+', '')
    when regexp_full_match(trim(a), '[A-Za-z]{3}, \\d{1,2} [A-Za-z]{3} \\d{4}( .*)?') then
    strftime(strptime(regexp_extract(trim(a), '^\\S+ (\\S+ \\S+ \\S+)', 1), '%d %b %Y'), '%Y-%m-%d') ||
    regexp_replace(trim(a), '^\\S+ \\S+ \\S+ \\S+', '')
    when regexp_full_match(trim(a), '[A-Za-z]{3} [A-Za-z]{3} \\d{1,2} \\S+ \\S+ \\d{4}') then
    strftime(strptime(regexp_replace(trim(a), '^\\S+ (\\S+ \\S+) .* (\\d{4})$', '\\1 \\2'), '%b %d %Y'), '%Y-%m-%d') ||
    ' ' || regexp_extract(trim(a), '^\\S+ \\S+ \\S+ (\\S+ \\S+)', 1)
    when regexp_full_match(trim(a), '\\d{8}( .*)?') then substr(trim(a), 1, 4) || '-' || substr(trim(a), 5, 2) || '-' ||
    substr(trim(a), 7)
    when regexp_full_match(trim(a), '\\d{1,2}-[A-Za-z]{3}-\\d{4}( .*)?') then
    strftime(strptime(regexp_extract(trim(a), '^[^ ]+'), '%d-%b-%Y'), '%Y-%m-%d') || regexp_replace(trim(a),
    '^[^ ]+', '')
    when regexp_full_match(trim(a), '[A-Za-z]{3,9} \\d{1,2},? \\d{4}( .*)?') then
    strftime(strptime(regexp_extract(regexp_replace(trim(a), '^([A-Za-z]{3})[A-Za-z]*', '\\1').replace(',', ''),
    '^\\S+ \\S+ \\S+'), '%b %d %Y'), '%Y-%m-%d')
    || regexp_replace(trim(a), '^\\S+ \\S+ \\S+', '')
    when regexp_full_match(trim(a), '\\d{4}-\\d{1,2}-\\d{1,2}( .*)?') and not regexp_matches(trim(a),
    '^\\d{4}-\\d\\d-\\d\\d') then
    strftime(strptime(regexp_extract(trim(a), '^[^ ]+'), '%Y-%m-%d'), '%Y-%m-%d') || regexp_replace(trim(a),
    '^[^ ]+', '')
    else coalesce(dw_further_date_text(trim(a)), trim(a)) end;
create macro dw_first_as(a, pattern) as strftime(strptime(regexp_extract(a, '^[^ ]+'), pattern), '%Y-%m-%d') ||
    regexp_replace(a, '^[^ ]+', '');
create macro dw_clock_text(a) as case when regexp_matches(a, '(?i)\\d ?[ap]m$') then regexp_replace(a,
    '(?i)\\S+ ?[ap]m$',
    '') || strftime(strptime(replace(upper(regexp_extract(a, '(?i)\\S+ ?[ap]m$')), ' ', ''), ['%I:%M:%S%p', '%I:%M%p']),
    '%H:%M:%S') else a end;
create macro dw_time(a) as case when dw_is_epoch(a) then (dw_timestamp_of_number(try_cast(trim(a) as bigint)))::time
    when regexp_full_match(trim(a), '\\d{6}') then cast(regexp_replace(trim(a), '(..)(..)(..)', '\\1:\\2:\\3') as time)
    when regexp_full_match(trim(a), '\\d{1,2}:\\d{2}') then cast(trim(a) || ':00' as time)
    else cast(dw_clock_text(trim(a)) as time) end;
create macro dw_try_time(a) as try(dw_time(a));
create macro dw_date(a) as case when dw_is_epoch(a) then dw_timestamp_of_number(try_cast(trim(a) as bigint))::date
    else cast(dw_clock_text(dw_date_text(a)) as timestamp)::date end;
create macro dw_try_date(a) as try(dw_date(a));
create macro dw_timestamp(a) as case when dw_is_epoch(a) then dw_timestamp_of_number(try_cast(trim(a) as bigint))
    else cast(regexp_replace(dw_clock_text(dw_date_text(a)), '(:\\d\\d(?:\\.\\d+)?) ?(?:Z|[-+]\\d\\d:?(?:\\d\\d)?)$',
    '\\1') as
    timestamp) end;
create macro dw_try_timestamp(a) as try(dw_timestamp(a));
create macro dw_timestamptz(a) as cast(regexp_replace(dw_clock_text(dw_offset_text(dw_date_text(a))),
    ' ([-+]\\d\\d):?(\\d\\d)$',
    '\\1:\\2') as
    timestamptz);
create macro dw_try_timestamptz(a) as try(dw_timestamptz(a));
create macro dw_timestamp_of_number(a) as case when abs(a) < 31536000000 then make_timestamp(a::bigint * 1000000)
    when abs(a) < 31536000000000 then make_timestamp(a::bigint * 1000)
    when abs(a) < 31536000000000000 then make_timestamp(a::bigint) else make_timestamp(a::bigint // 1000) end;
create macro sf_timestamp_text(a) as strftime(a, '%Y-%m-%d %H:%M:%S.%g');
"""

_MONTH = (
    "(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?)"
)
HELPERS_OF = {
    "redshift": f"""
create macro dw_is_epoch(a) as false;
create macro dw_named_day(day, month, year, rest) as
    strftime(strptime(day || ' ' || left(month, 3) || ' ' || year, '%d %b %Y'), '%Y-%m-%d') || rest;
create macro dw_further_date_text(a) as case
    when regexp_full_match(a, '{_MONTH}\\.? \\d{{1,2}},\\d{{4}}( .*)?') then
    dw_named_day(regexp_extract(a, ' (\\d+),', 1), a, regexp_extract(a, ',(\\d+)', 1),
    regexp_extract(a, ',\\d+(.*)', 1))
    when regexp_full_match(a, '\\d{{1,2}} {_MONTH} \\d{{4}}( .*)?') then dw_named_day(regexp_extract(a, '^\\d+'),
    regexp_extract(a, ' ([A-Za-z]+)', 1), regexp_extract(a, ' (\\d{{4}})', 1), regexp_extract(a, ' \\d{{4}}(.*)', 1))
    when regexp_full_match(a, '\\d{{1,2}}-[A-Za-z]{{3}}-\\d{{2}}( .*)?') then dw_first_as(a, '%d-%b-%y')
    when regexp_full_match(a, '[A-Za-z]{{3}}-\\d{{1,2}}-\\d{{2}}( .*)?') then dw_first_as(a, '%b-%d-%y') end;
""",
    "snowflake": """
create macro dw_is_epoch(a) as regexp_full_match(trim(a), '-?\\d+');
create macro dw_further_date_text(a) as null::varchar;
""",
}
"""Differences in parsing dates: a text of only digits is seconds since 1970 in Snowflake, and a date without dashes in
Redshift, which also accepts formats with month names.

https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html
https://docs.snowflake.com/en/sql-reference/date-time-input-output
"""
