"""Calendars: tables of a day, a month, a year, an hour or a minute in each row, with every part computed.

A table is a calendar when it has a date and three or more of its parts, and little else. Its days are consecutive from
the first day of the default range of dates, one in each row; so are the months of a table without days. In a table
of times of day, the rows go through the seconds, minutes or hours of a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.rules.name_words import words
from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.date_part_sql import part_sql
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.moments import Form, Moment, form_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_words import part_words, split_words
from engine.rules.values.timestamps import FIRST_DAY
from engine.schema.models import ColumnSchema, Sequence, TableSchema
from engine.schema.types import NUMERIC, Kind

_LEAST_PARTS = 3
_NAMES_OF_TABLES = frozenset(
    "calendar calendars date dates day days month months year years quarter quarters week weeks period periods time "
    "times hour hours minute minutes clock cal".split()
)
_BARE_DATES = frozenset("date full calendar day actual value d dt the cal gregorian sql iso dim db current id".split())
_CLOCK_PARTS = frozenset("hour hour12 minute second ampm daypart secondofday minuteofday timekey".split())
_DAY_PARTS = frozenset(
    "day weekday dow yearday datekey julian isweekend isweekday isholiday isbusinessday weekdayname weekdayshort "
    "previousday nextday quarterday dayseq datename monthweek".split()
)
_WEEK_PARTS = frozenset("week isoweek weekseq yearweek weekstart weekend".split())
_MONTH_PARTS = frozenset("month monthname monthshort yearmonth monthyear monthseq monthstart monthend".split())
_QUARTER_PARTS = frozenset("quarter quartername quarterlong yearquarter quarterseq quarterstart quarterend".split())


@dataclass(frozen=True)
class Calendar:
    """A table of dates: the SQL of its row's date, what makes its date column, and its columns by part."""

    table: TableSchema
    date_sql: str
    grain: str
    dates: tuple[ColumnSchema, ...]
    parts: dict[str, str]


def suggest_calendars(draft: SchemaDraft) -> None:
    """Suggest consecutive dates and their parts for each table that is a calendar."""
    for table in draft.tables:
        calendar = calendar_of(draft, table)
        if calendar is None:
            continue
        for column in calendar.dates:
            if draft.is_free(table, column.name):
                draft.suggest(table, column.name, *_date_rule(column, calendar))
        for name, part in calendar.parts.items():
            if draft.is_free(table, name):
                _suggest_part(draft, calendar, table.column(name), part)


def _suggest_part(draft: SchemaDraft, calendar: Calendar, column: ColumnSchema, part: str) -> None:
    table = calendar.table
    is_bare_key = part == "datekey" and not set(part_words(column.name)) & {"date", "day", "yyyymmdd", "datekey"}
    is_key = table.is_unique(column) and (is_bare_key or calendar.grain != "day")
    if is_key and column.type.kind in NUMERIC:
        start = FIRST_DAY.year if part == "year" else 1
        draft.suggest(table, column.name, {"sequence": Sequence(start=start)}, f"One {calendar.grain} a row.")
        return
    if is_bare_key:
        return
    date_sql = _date_sql([], calendar.grain) if table.is_unique(column) else calendar.date_sql
    sql = part_sql(part, column, date_sql)
    if sql is not None:
        draft.suggest(table, column.name, {"expression": sql}, f"From the row's {calendar.grain}: {_text_of(column)}.")


def calendar_of(draft: SchemaDraft, table: TableSchema) -> Calendar | None:
    """Return a table as a calendar, or None if it is none."""
    parts: dict[str, str] = {}
    dates: list[ColumnSchema] = []
    for column in table.columns:
        if column.foreign_key is not None:
            continue
        if _is_date(column):
            dates.append(column)
            continue
        found = part_of_name(column.name)
        if found is not None and not found[1]:
            parts[column.name] = found[0]
    named = bool(set(words(table.name)) & _NAMES_OF_TABLES)
    counted = len(set(parts.values()) - {"datekey"})
    share = (len(parts) + len(dates)) / len(table.columns)
    is_short = named and counted >= 2 and share > 0.7
    if (counted < _LEAST_PARTS and not is_short) or share < (0.4 if named else 0.75):
        return None
    if any(column.foreign_key is not None for column in table.columns) and not named:
        return None
    every = set(parts.values())
    if not dates and every <= _CLOCK_PARTS | {"datekey"}:
        return None
    grain = "day" if dates else _grain(every)
    if not dates and grain == "day" and not named:
        return None
    return Calendar(table, _date_sql(dates, grain), grain, tuple(dates), parts)


def _is_date(column: ColumnSchema) -> bool:
    """Whether the column is the calendar's date itself, as a DATE, a TIMESTAMP, or a text such as 2024-01-31."""
    names = part_words(column.name)
    if not set(names) <= _BARE_DATES or not set(names) & {"date", "day", "dt"}:
        return False
    form = form_of(column, split_words(column.name))
    if form in (Form.DATE_TEXT, Form.DAY_TEXT):
        return "date" in names and "id" not in names
    return form in (Form.DATE, Form.TIMESTAMP)


def _grain(every: set[str]) -> str:
    if every & _DAY_PARTS - {"datekey"}:
        return "day"
    if every & _WEEK_PARTS:
        return "week"
    if every & _MONTH_PARTS:
        return "month"
    if every & _QUARTER_PARTS:
        return "quarter"
    return "year" if "year" in every or "fiscalyear" in every else "day"


def _date_sql(dates: list[ColumnSchema], grain: str) -> str:
    plain = [column for column in dates if column.type.kind is Kind.DATE and not column.is_nullable]
    if plain:
        return sql_name(plain[0].name)
    first = f"date '{FIRST_DAY}'"
    match grain:
        case "day":
            return f"({first} + seq4())"
        case "week":
            return "(date '2019-12-30' + seq4() * 7)"
        case "quarter":
            return f"dateadd(month, seq4() * 3, {first})"
        case _:
            return f"dateadd({grain}, seq4(), {first})"


def _date_rule(column: ColumnSchema, calendar: Calendar) -> tuple[dict[str, Any], str]:
    reason = f"One {calendar.grain} a row: a calendar."
    if column.type.kind is Kind.DATE and (sql_name(column.name) == calendar.date_sql or column.is_nullable):
        rule = {"sequence": Sequence(start=FIRST_DAY.isoformat())}
        return ({**rule, "null_fraction": 0.0} if column.is_nullable else rule), reason
    form = form_of(column, split_words(column.name))
    assert form is not None
    moment = Moment(calendar.table, column, form, ())
    sql = calendar.date_sql if form is not Form.TIMESTAMP else f"cast({calendar.date_sql} as timestamp)"
    return {"expression": moment.write(sql)}, reason


def _text_of(column: ColumnSchema) -> str:
    return " ".join(words(column.name))
