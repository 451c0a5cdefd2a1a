"""Parts of a date outside calendars: `order_month` of `order_date`, `year_of_birth` of `birth_date`."""

from __future__ import annotations

from datetime import date

from engine.rules.name_words import singular, words
from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.date_part_sql import part_sql
from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_order import is_record, own_words, stages_of_word
from engine.rules.suggestions.time_words import part_words
from engine.schema.models import ColumnSchema, TableSchema

_CLOCK_PARTS = frozenset("hour hour12 minute second ampm daypart".split())
_NEED_A_SUBJECT = frozenset("datekey second minute holidayname daytype decade century season julian datename".split())
_EVENT_WORDS = frozenset("event transaction tx txn activity".split())
_DATE_WORDS = frozenset("date day calendar yyyymmdd datekey dt".split())
_STEM = 4
_BIRTHS = frozenset("birth dob born birthdate birthday".split())
_BIRTH_RANGE = {"date_start": date(1945, 1, 1), "date_end": date(2006, 12, 31)}


def suggest_date_parts(draft: SchemaDraft) -> None:
    """Suggest an expression for each free column that is named as a part of a date of its table."""
    for table in draft.tables:
        named = [
            (column, found)
            for column in draft.free_columns(table)
            if (found := part_of_name(column.name)) and not _is_other_key(column, found[0])
        ]
        moments = [each for each in moments_of(draft, table) if each.form is not Form.TIME]
        for column, (part, subject) in named:
            if table.is_unique(column) or column.foreign_key is not None:
                continue
            source = _source(table, moments, part, subject)
            if source is not None and source.column.name != column.name:
                _suggest_part(draft, table, column, part, source)
        for moment in moments:
            if set(own_words(moment)) & _BIRTHS and moment.is_native and draft.is_free(table, moment.column.name):
                draft.suggest(table, moment.column.name, _BIRTH_RANGE, "A birthday.")


def _is_other_key(column: ColumnSchema, part: str) -> bool:
    """Return whether the key is none of a date: `order_id` and `click_key`, unlike `order_date_key`."""
    return part == "datekey" and not _DATE_WORDS & set(part_words(column.name))


def _source(table: TableSchema, moments: list[Moment], part: str, subject: tuple[str, ...]) -> Moment | None:
    """Return the moment that a part is of: one with the part's subject, or the only one that is not the row's own."""
    if part in _CLOCK_PARTS:
        moments = [moment for moment in moments if not moment.is_day]
    table_words = {singular(word) for word in words(table.name)}
    bare = tuple(word for word in subject if singular(word) not in table_words)
    wanted = {_stem(subject), _stem(bare)} - {()}
    same = [moment for moment in moments if _stem(own_words(moment)) in wanted]
    if same:
        return min(same, key=lambda moment: (moment.is_nullable, not moment.is_native))
    if bare and set(bare) - _EVENT_WORDS:
        return None
    if part in _NEED_A_SUBJECT:
        return None
    own = [moment for moment in moments if not is_record(moment) and not moment.is_nullable]
    own = [moment for moment in own if moment.is_native and not set(own_words(moment)) & {"birth", "dob", "born"}]
    heads = [
        moment for moment in own if not (moment.column.suggested and "random()" in (moment.column.expression or ""))
    ]
    return heads[0] if len({_stem(own_words(moment)) for moment in heads}) == 1 else None


def _stem(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word[:_STEM] if stages_of_word(word) else word for word in names if word not in ("of", "is", "date"))


def _suggest_part(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, part: str, source: Moment) -> None:
    sql = part_sql(part, column, source.read())
    if sql is None:
        return
    if source.is_nullable and not column.is_nullable:
        if source.column.expression is not None or source.column.null_fraction is not None:
            return
        is_birth = bool(set(own_words(source)) & _BIRTHS)
        change = {"null_fraction": 0.0, **(_BIRTH_RANGE if is_birth else {})}
        draft.suggest(table, source.column.name, change, f"{column.name} is computed from it.")
    draft.suggest(table, column.name, {"expression": sql}, f"A part of {source.column.name}.")
