"""Columns that hold a moment, in whatever type: dates, timestamps, times, epochs, numbers like 20240131, and ISO texts.

A moment's values can be read as a date or timestamp, and written from one, in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_words import split_words, stage_words
from engine.rules.values.timestamps import FIRST_DAY, LAST_DAY
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import TIMESTAMPS, Kind

DAYS = (LAST_DAY - FIRST_DAY).days
_FIRST_SECOND = 1_577_836_800
_LAST_SECOND = _FIRST_SECOND + (DAYS + 1) * 86_400 - 1
_DATE_LENGTH = len("2024-01-31")
_TIMESTAMP_LENGTH = len("2024-01-31 00:00:00")
_STAGE_WORDS = stage_words()
_CLOCK_WORDS = frozenset("at ts time timestamp datetime dttm dtm tstamp tms".split())
_DATE_WORDS = frozenset("date dt yyyymmdd".split())
_MILLI_WORDS = frozenset("ms millis milliseconds epochms".split())
_TIME_WORDS = _CLOCK_WORDS | _DATE_WORDS | _MILLI_WORDS | {"epoch", "unix"}
_NUMBER_WORDS = frozenset("number count days hours minutes hour minute amount score rate pct id code type by".split())


class Form(StrEnum):
    """How a column writes a moment."""

    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    SECONDS = "epoch seconds"
    MILLIS = "epoch milliseconds"
    DAY_NUMBER = "numbers like 20240131"
    DAY_TEXT = "text like 20240131"
    DATE_TEXT = "ISO dates as text"
    TIMESTAMP_TEXT = "ISO timestamps as text"


_DAY_FORMS = frozenset({Form.DATE, Form.DAY_NUMBER, Form.DAY_TEXT, Form.DATE_TEXT})
_EPOCHS = frozenset({Form.SECONDS, Form.MILLIS})


@dataclass(frozen=True)
class Moment:
    """A column of a table that holds moments, with the words of its name."""

    table: TableSchema
    column: ColumnSchema
    form: Form
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The column's name, as in SQL."""
        return sql_name(self.column.name)

    @property
    def is_day(self) -> bool:
        """Whether the moments are whole days."""
        return self.form in _DAY_FORMS

    @property
    def is_native(self) -> bool:
        """Whether the type itself is a date, timestamp or time: it needs no rule to hold moments."""
        return self.form in (Form.DATE, Form.TIMESTAMP, Form.TIME)

    @property
    def is_nullable(self) -> bool:
        """Whether values may be missing."""
        return self.column.is_nullable

    def read(self, path: str = "") -> str:
        """Return SQL for the moments as dates, timestamps or times; `path` leads to the column if it is a parent's."""
        return read_moment(self.form, path or self.name)

    def write(self, sql: str) -> str:
        """Return SQL for a date or timestamp in the column's form."""
        return write_moment(self.form, sql)

    def anchor(self) -> dict[str, Any] | None:
        """Return the keys of a rule for independent moments, or None if the type's own values do."""
        day = f"date '{FIRST_DAY}' + uniform(0, {DAYS}, random())"
        second = f"dateadd(second, uniform(0, {DAYS * 86_400}, random()), timestamp '{FIRST_DAY} 00:00:00')"
        match self.form:
            case Form.SECONDS:
                return {"min_value": Decimal(_FIRST_SECOND), "max_value": Decimal(_LAST_SECOND)}
            case Form.MILLIS:
                return {"min_value": Decimal(_FIRST_SECOND * 1000), "max_value": Decimal(_LAST_SECOND * 1000 + 999)}
            case Form.DAY_NUMBER | Form.DAY_TEXT | Form.DATE_TEXT:
                return {"expression": self.write(day)}
            case Form.TIMESTAMP_TEXT:
                return {"expression": self.write(second)}
            case _:
                return None


def read_moment(form: Form, sql: str) -> str:
    """Return SQL that reads a column of that form."""
    match form:
        case Form.SECONDS:
            return f"dateadd(second, {sql}, timestamp '1970-01-01 00:00:00')"
        case Form.MILLIS:
            return f"dateadd(millisecond, {sql}, timestamp '1970-01-01 00:00:00')"
        case Form.DAY_NUMBER:
            return f"date_from_parts({sql} // 10000, {sql} // 100 % 100, {sql} % 100)"
        case Form.DAY_TEXT:
            digits = (f"cast(substr({sql}, {start}, {length}) as int)" for start, length in ((1, 4), (5, 2), (7, 2)))
            return f"date_from_parts({', '.join(digits)})"
        case Form.DATE_TEXT:
            return f"cast({sql} as date)"
        case Form.TIMESTAMP_TEXT:
            return f"cast({sql} as timestamp)"
        case _:
            return sql


def write_moment(form: Form, sql: str) -> str:
    """Return SQL that writes a date or timestamp in that form."""
    match form:
        case Form.DATE:
            return f"cast({sql} as date)"
        case Form.SECONDS:
            return f"datediff(second, timestamp '1970-01-01 00:00:00', {sql})"
        case Form.MILLIS:
            return f"datediff(millisecond, timestamp '1970-01-01 00:00:00', {sql})"
        case Form.DAY_NUMBER if "random()" in sql:  # a draw may stand in it only once
            return f"cast(to_char({sql}, 'YYYYMMDD') as int)"
        case Form.DAY_NUMBER:
            return f"year({sql}) * 10000 + month({sql}) * 100 + day({sql})"
        case Form.DAY_TEXT:
            return f"to_char({sql}, 'YYYYMMDD')"
        case Form.DATE_TEXT:
            return f"to_char({sql}, 'YYYY-MM-DD')"
        case Form.TIMESTAMP_TEXT:
            return f"to_char({sql}, 'YYYY-MM-DD HH24:MI:SS')"
        case _:
            return sql


def moments_of(draft: SchemaDraft, table: TableSchema) -> list[Moment]:
    """Return the columns of a table that hold moments, also those that have a rule already."""
    found = []
    for column in draft.columns(table):
        names = split_words(column.name)
        form = form_of(column, names)
        if form is not None:
            found.append(Moment(table, column, form, names))
    return found


def form_of(column: ColumnSchema, names: tuple[str, ...]) -> Form | None:
    """Return how a column writes moments, or None if it holds something else."""
    kind = column.type
    if column.foreign_key is not None:
        return None
    if kind.kind is Kind.DATE:
        return Form.DATE
    if kind.kind in TIMESTAMPS:
        return Form.TIMESTAMP
    if kind.kind is Kind.TIME:
        return Form.TIME
    if not names or not set(names) & _TIME_WORDS or names[-1] in _NUMBER_WORDS - {"id"}:
        return None
    if kind.kind is Kind.INTEGER or (kind.kind is Kind.DECIMAL and kind.scale == 0):
        return _number_form(names, kind.integer_bounds[1])
    if kind.kind is Kind.TEXT and (names[-1] in _TIME_WORDS or names[-1] in _STAGE_WORDS):
        return _text_form(names, kind.length)
    return None


def _number_form(names: tuple[str, ...], most: int) -> Form | None:
    every = set(names)
    if every & {"duration", "elapsed", "delay", "lag", "wait", "total", "avg", "response"}:
        return None
    if every & _MILLI_WORDS and every & (_CLOCK_WORDS - {"time"} | {"epoch", "unix", "epochms"}):
        return Form.MILLIS if most >= 10**13 else None
    if every & {"epoch", "unix"}:
        return Form.SECONDS if most >= _LAST_SECOND else None
    is_last = names[-1] in _TIME_WORDS or names[-1] in ("key", "id", "sk", "int")
    if every & _DATE_WORDS and is_last and most > 99_999_999 and not every & _CLOCK_WORDS:
        return Form.DAY_NUMBER
    if names[-1] in ("ts", "timestamp") and most >= 10**13:
        return Form.MILLIS
    is_time = names[-1] == "time" and names[0] in ("start", "end")
    if (names[-1] in _CLOCK_WORDS - {"time"} or is_time) and most >= _LAST_SECOND:
        return Form.SECONDS
    return None


def _text_form(names: tuple[str, ...], length: int | None) -> Form | None:
    is_clock = bool(set(names) & _CLOCK_WORDS)
    if is_clock and (length is None or length >= _TIMESTAMP_LENGTH):
        return Form.TIMESTAMP_TEXT
    if not is_clock or "date" in names:
        if length is None or length >= _DATE_LENGTH:
            return Form.DATE_TEXT
        if length == len("20240131"):
            return Form.DAY_TEXT
    return None
