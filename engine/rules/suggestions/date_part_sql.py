"""SQL for each part of a date: numbers, texts, flags and other dates, by the column's type.

`{d}` is a date. Weeks are those of ISO 8601; a day of week is 1 (Monday) to 7, except `dow`, which is 0 (Sunday) to 6
as in SQL's EXTRACT. Fiscal years begin on 1 July and are named by the year in which they end. Flags such as "current
day" are as of the last day of the default range of dates.
"""

from __future__ import annotations

from engine.rules.suggestions.moments import Form, write_moment
from engine.rules.values.timestamps import LAST_DAY
from engine.schema.models import ColumnSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_FISCAL = "dateadd(month, 6, {d})"
_FISCAL_START = "dateadd(month, -6, date_trunc('year', dateadd(month, 6, {d})))"
_THURSDAY = "month({d}) = 11 and dayofweekiso({d}) = 4 and day({d}) between 22 and 28"
_LABOR_DAY = "month({d}) = 9 and dayofweekiso({d}) = 1 and day({d}) <= 7"
_MEMORIAL_DAY = "month({d}) = 5 and dayofweekiso({d}) = 1 and day({d}) > 24"
_HOLIDAYS = (
    ("New Year's Day", "month({d}) = 1 and day({d}) = 1"),
    ("Memorial Day", _MEMORIAL_DAY),
    ("Juneteenth", "month({d}) = 6 and day({d}) = 19"),
    ("Independence Day", "month({d}) = 7 and day({d}) = 4"),
    ("Labor Day", _LABOR_DAY),
    ("Veterans Day", "month({d}) = 11 and day({d}) = 11"),
    ("Thanksgiving", _THURSDAY),
    ("Christmas Day", "month({d}) = 12 and day({d}) = 25"),
)
_IS_HOLIDAY = " or ".join(f"({condition})" for _, condition in _HOLIDAYS)
_HOLIDAY_NAME = "case " + " ".join(
    f"when {condition} then '{name.replace(chr(39), chr(39) * 2)}'" for name, condition in _HOLIDAYS
)
_WEEKEND = "dayofweekiso({d}) >= 6"
_QUARTER_NAMES = "case quarter({d}) when 1 then 'First' when 2 then 'Second' when 3 then 'Third' else 'Fourth' end"
_SEASON = (
    "case when month({d}) in (12, 1, 2) then 'Winter' when month({d}) in (3, 4, 5) then 'Spring' "
    "when month({d}) in (6, 7, 8) then 'Summer' else 'Fall' end"
)
_TODAY = f"date '{LAST_DAY}'"
_ISO_YEAR = "date_part('isoyear', {d})"

NUMBERS = {
    "year": "year({d})", "isoyear": _ISO_YEAR, "quarter": "quarter({d})", "month": "month({d})", "week": "week({d})",
    "isoweek": "week({d})", "dow": "dayofweek({d})", "weekday": "dayofweekiso({d})", "day": "day({d})",
    "yearday": "dayofyear({d})", "half": "case when month({d}) <= 6 then 1 else 2 end",
    "quarterday": "datediff(day, date_trunc('quarter', {d}), {d}) + 1",
    "monthweek": "(day({d}) - 1) // 7 + 1", "quartermonth": "(month({d}) - 1) % 3 + 1",
    "quarterweek": "datediff(day, date_trunc('quarter', {d}), {d}) // 7 + 1",
    "daysinmonth": "day(last_day({d}))", "yearmonth": "year({d}) * 100 + month({d})",
    "daysinyear": "datediff(day, date_trunc('year', {d}), dateadd(year, 1, date_trunc('year', {d})))",
    "daysinquarter": "datediff(day, date_trunc('quarter', {d}), dateadd(month, 3, date_trunc('quarter', {d})))",
    "monthyear": "year({d}) * 100 + month({d})", "yearquarter": "year({d}) * 10 + quarter({d})",
    "yearweek": _ISO_YEAR + " * 100 + week({d})", "datekey": "year({d}) * 10000 + month({d}) * 100 + day({d})",
    "julian": "datediff(day, date '1970-01-01', {d}) + 2440588",
    "monthseq": "(year({d}) - 1900) * 12 + month({d}) - 1", "quarterseq": "(year({d}) - 1900) * 4 + quarter({d})",
    "weekseq": "datediff(week, date '1900-01-01', {d}) + 1", "dayseq": "datediff(day, date '1900-01-01', {d}) + 1",
    "fiscalyear": f"year({_FISCAL})", "fiscalquarter": f"quarter({_FISCAL})", "fiscalmonth": f"month({_FISCAL})",
    "fiscalweek": f"datediff(day, {_FISCAL_START}, {{d}}) // 7 + 1",
    "fiscalyearday": f"datediff(day, {_FISCAL_START}, {{d}}) + 1",
    "fiscalyearquarter": f"year({_FISCAL}) * 10 + quarter({_FISCAL})",
    "fiscalyearmonth": f"year({_FISCAL}) * 100 + month({_FISCAL})",
    "fiscalquarterseq": "(year({d}) - 1900) * 4 + quarter({d})",
    "fiscalweekseq": "datediff(week, date '1900-01-01', {d}) + 1",
    "decade": "year({d}) // 10 * 10", "century": "(year({d}) - 1) // 100 + 1",
    "hour12": "(hour({d}) + 11) % 12 + 1", "hour": "hour({d})", "minute": "minute({d})", "second": "second({d})",
    "epoch": "datediff(second, date '1970-01-01', {d})",
}  # fmt: skip
"""Parts that are numbers."""

FLAGS = {
    "isweekend": _WEEKEND, "isweekday": "dayofweekiso({d}) <= 5", "isholiday": _IS_HOLIDAY,
    "isbusinessday": f"dayofweekiso({{d}}) <= 5 and not ({_IS_HOLIDAY})",
    "isleapyear": "year({d}) % 4 = 0 and (year({d}) % 100 <> 0 or year({d}) % 400 = 0)",
    "ismonthend": "{d} = last_day({d})", "ismonthstart": "day({d}) = 1",
    "isquarterend": "{d} = last_day({d}) and month({d}) % 3 = 0",
    "isquarterstart": "day({d}) = 1 and month({d}) % 3 = 1",
    "isyearend": "month({d}) = 12 and day({d}) = 31", "isyearstart": "month({d}) = 1 and day({d}) = 1",
    "isweekstart": "dayofweekiso({d}) = 1", "isweekend7": "dayofweekiso({d}) = 7",
    "followingholiday": "month({d}) = 12 and day({d}) = 26 or month({d}) = 1 and day({d}) = 2 "
                        "or month({d}) = 7 and day({d}) = 5",
    "currentday": f"{{d}} = {_TODAY}", "currentweek": f"date_trunc('week', {{d}}) = date_trunc('week', {_TODAY})",
    "currentmonth": f"date_trunc('month', {{d}}) = date_trunc('month', {_TODAY})",
    "currentquarter": f"date_trunc('quarter', {{d}}) = date_trunc('quarter', {_TODAY})",
    "currentyear": f"year({{d}}) = year({_TODAY})", "ispast": f"{{d}} < {_TODAY}",
}  # fmt: skip
"""Parts that are conditions."""

DATES = {
    "monthstart": "date_trunc('month', {d})", "monthend": "last_day({d})",
    "quarterstart": "date_trunc('quarter', {d})",
    "quarterend": "dateadd(day, -1, dateadd(month, 3, date_trunc('quarter', {d})))",
    "yearstart": "date_trunc('year', {d})", "yearend": "dateadd(day, -1, dateadd(year, 1, date_trunc('year', {d})))",
    "weekstart": "date_trunc('week', {d})", "weekend": "dateadd(day, 6, date_trunc('week', {d}))",
    "lastyear": "dateadd(year, -1, {d})", "lastmonth": "dateadd(month, -1, {d})",
    "lastquarter": "dateadd(month, -3, {d})", "lastweek": "dateadd(day, -7, {d})", "nextyear": "dateadd(year, 1, {d})",
    "nextmonth": "dateadd(month, 1, {d})", "nextweek": "dateadd(day, 7, {d})",
    "previousday": "dateadd(day, -1, {d})", "nextday": "dateadd(day, 1, {d})",
    "fiscalyearstart": _FISCAL_START,
    "fiscalyearend": f"dateadd(day, -1, dateadd(year, 1, {_FISCAL_START}))",
}  # fmt: skip
"""Parts that are other dates."""

# Texts by part: the shortest length that each needs, the longest first.
TEXTS: dict[str, tuple[tuple[int, str], ...]] = {
    "year": ((4, "to_char({d}, 'YYYY')"), (2, "to_char({d}, 'YY')")),
    "quarter": ((2, "'Q' || quarter({d})"), (1, "cast(quarter({d}) as varchar)")),
    "quartername": ((2, "'Q' || quarter({d})"), (1, "cast(quarter({d}) as varchar)")),
    "quarterlong": ((6, _QUARTER_NAMES), (2, "'Q' || quarter({d})")),
    "month": ((9, "to_char({d}, 'FMMonth')"), (7, "to_char({d}, 'YYYY-MM')"), (6, "to_char({d}, 'YYYYMM')"),
              (3, "to_char({d}, 'Mon')"), (2, "to_char({d}, 'MM')")),
    "monthname": ((9, "to_char({d}, 'FMMonth')"), (3, "to_char({d}, 'Mon')")),
    "monthshort": ((3, "to_char({d}, 'Mon')"),),
    "monthnumber": ((2, "to_char({d}, 'MM')"),),
    "week": ((8, "to_char({d}, 'IYYY\"-W\"IW')"), (3, "'W' || to_char({d}, 'IW')"), (2, "to_char({d}, 'IW')")),
    "isoweek": ((8, "to_char({d}, 'IYYY\"-W\"IW')"), (2, "to_char({d}, 'IW')")),
    "weekday": ((9, "to_char({d}, 'FMDay')"), (3, "to_char({d}, 'Dy')"), (1, "to_char({d}, 'ID')")),
    "dow": ((9, "to_char({d}, 'FMDay')"), (3, "to_char({d}, 'Dy')"), (1, "to_char({d}, 'ID')")),
    "weekdayname": ((9, "to_char({d}, 'FMDay')"), (3, "to_char({d}, 'Dy')"), (2, "left(to_char({d}, 'Dy'), 2)")),
    "weekdayshort": ((3, "to_char({d}, 'Dy')"), (2, "left(to_char({d}, 'Dy'), 2)")),
    "day": ((9, "to_char({d}, 'FMDay')"), (3, "to_char({d}, 'Dy')"), (2, "to_char({d}, 'DD')")),
    "half": ((2, "case when month({d}) <= 6 then 'H1' else 'H2' end"),),
    "yearmonth": ((7, "to_char({d}, 'YYYY-MM')"), (6, "to_char({d}, 'YYYYMM')")),
    "monthyear": ((8, "to_char({d}, 'Mon YYYY')"), (7, "to_char({d}, 'MM-YYYY')"), (6, "to_char({d}, 'MMYYYY')")),
    "yearquarter": ((7, "to_char({d}, 'YYYY') || '-Q' || quarter({d})"),
                    (6, "to_char({d}, 'YYYY') || 'Q' || quarter({d})")),
    "quarteryear": ((7, "'Q' || quarter({d}) || ' ' || to_char({d}, 'YYYY')"),),
    "yearweek": ((8, "to_char({d}, 'IYYY\"-W\"IW')"), (6, "to_char({d}, 'IYYYIW')")),
    "datekey": ((10, "to_char({d}, 'YYYY-MM-DD')"), (8, "to_char({d}, 'YYYYMMDD')")),
    "datename": ((18, "to_char({d}, 'FMMonth FMDD, YYYY')"), (10, "to_char({d}, 'YYYY-MM-DD')")),
    "fiscalyear": ((6, f"'FY' || year({_FISCAL})"), (4, f"cast(year({_FISCAL}) as varchar)")),
    "fiscalquarter": ((2, f"'Q' || quarter({_FISCAL})"), (1, f"cast(quarter({_FISCAL}) as varchar)")),
    "fiscalyearquarter": ((9, f"'FY' || year({_FISCAL}) || '-Q' || quarter({_FISCAL})"),
                          (6, f"year({_FISCAL}) || 'Q' || quarter({_FISCAL})")),
    "fiscalyearmonth": ((9, f"'FY' || year({_FISCAL}) || '-' || to_char({_FISCAL}, 'MM')"),),
    "season": ((6, _SEASON),),
    "holiday": ((16, _HOLIDAY_NAME + " end"),),
    "holidayname": ((16, _HOLIDAY_NAME + " end"),),
    "holidaynamerequired": ((16, _HOLIDAY_NAME + " else 'None' end"),),
    "daytype": ((7, "case when dayofweekiso({d}) >= 6 then 'Weekend' else 'Weekday' end"),),
    "hour": ((5, "to_char({d}, 'HH24') || ':00'"), (2, "to_char({d}, 'HH24')")),
    "ampm": ((2, "case when hour({d}) < 12 then 'AM' else 'PM' end"),),
    "daypart": ((9, "case when hour({d}) < 6 then 'Night' when hour({d}) < 12 then 'Morning' "
                    "when hour({d}) < 18 then 'Afternoon' else 'Evening' end"),),
}  # fmt: skip
"""Parts that are texts."""


def part_sql(part: str, column: ColumnSchema, date_sql: str) -> str | None:
    """Return SQL for a part of a date in the column's type, or None if the type cannot hold it."""
    kind = column.type
    sql: str | None = None
    if part in FLAGS and part not in DATES:
        sql = flag_sql(FLAGS[part], column)
    elif kind.kind is Kind.BOOLEAN:
        sql = FLAGS.get(f"is{part}") or FLAGS.get(part)
    elif kind.kind is Kind.DATE or kind.kind in TIMESTAMPS:
        sql = f"cast({DATES[part]} as date)" if part in DATES else None
    elif kind.kind in NUMERIC:
        sql = NUMBERS.get(part) or _flag_number(part, column)
        if sql is None and part in DATES and kind.integer_bounds[1] >= 10**8:
            sql = write_moment(Form.DAY_NUMBER, DATES[part])
    elif kind.kind is Kind.TEXT:
        sql = _text_sql(part, column)
    return None if sql is None else sql.replace("{d}", date_sql)


def _flag_number(part: str, column: ColumnSchema) -> str | None:
    condition = FLAGS.get(f"is{part}")
    return None if condition is None or column.type.integer_bounds[1] >= 10**8 else flag_sql(condition, column)


def _text_sql(part: str, column: ColumnSchema) -> str | None:
    length = column.type.length or 1000
    if length <= 5 and f"is{part}" in FLAGS:
        return flag_sql(FLAGS[f"is{part}"], column)
    if part == "quartername" and column.type.is_fixed_length and length == len("2020Q1"):
        part = "yearquarter"
    if part in ("holiday", "holidayname") and not column.is_nullable:
        part = "holidaynamerequired"
    for needed, sql in TEXTS.get(part, ()):
        if length >= needed:
            return sql
    if part in DATES and length >= len("2024-01-31"):
        return write_moment(Form.DATE_TEXT, DATES[part])
    number = NUMBERS.get(part)
    return f"cast({number} as varchar)" if number is not None and length >= len("2024") else None


def flag_sql(condition: str, column: ColumnSchema) -> str | None:
    """Return SQL for a condition as a boolean, as 1 or 0, or as text, by the column's type."""
    kind = column.type.kind
    if kind is Kind.BOOLEAN:
        return condition
    if kind in NUMERIC:
        return f"case when {condition} then 1 else 0 end"
    if kind is not Kind.TEXT:
        return None
    length = column.type.length or 1000
    yes, no = ("true", "false") if length >= 5 and column.name.casefold().startswith("is") else ("Y", "N")
    return f"case when {condition} then '{yes}' else '{no}' end"
