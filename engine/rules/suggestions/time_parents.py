"""Moments of a child after those of its parent: a shipment after its order, a page view within its session."""

from __future__ import annotations

from engine.rules.name_words import singular, words
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_order import own_words
from engine.schema.models import ColumnSchema, TableSchema

_HEADERS = frozenset(
    "session visit encounter trip ride order booking reservation invoice shipment claim ticket admission stay purchase "
    "call application loan contract subscription cart checkout message campaign lease rental appointment flight "
    "transaction payment return requisition po job run stream match game sale".split()
)
_STARTS = (
    "started start begin opened open ordered order placed created booked requested submitted issued issue invoice "
    "admission admitted pickup purchased purchase sent event checkin departure registered sold sale transaction "
    "reported service effective timestamp ts date".split()
)
_ENDS = "ended end finished closed close dropoff discharge checkout arrival logout".split()
_WITHIN = frozenset("session visit encounter trip ride call stay admission stream match game run job flight".split())
_NEVER = frozenset("birth born dob birthdate birthday updated loaded ingested scheduled planned manufactured".split())


def follow_parents(draft: SchemaDraft, table: TableSchema, heads: list[Moment]) -> None:
    """Suggest that the first moments of a table follow those of the header that it belongs to."""
    free = [moment for moment in heads if draft.is_free(table, moment.column.name) and moment.form is not Form.TIME]
    free = [moment for moment in free if not set(own_words(moment)) & _NEVER]
    if not free:
        return
    found = _header(draft, table)
    if found is None:
        return
    key, start, end = found
    for moment in free:
        if (start.is_nullable and not moment.is_nullable) or (key.is_nullable and not moment.is_nullable):
            continue
        _suggest_after(draft, table, moment, key, start, end)


def _header(draft: SchemaDraft, table: TableSchema) -> tuple[ColumnSchema, Moment, Moment | None] | None:
    """Return the foreign key to a header, with the moments at which the header starts and ends."""
    for column in draft.columns(table):
        parent = draft.parent_of(table, column) if column.foreign_key is not None else None
        if parent is None or parent.key == table.key:
            continue
        names = [singular(word) for word in words(parent.name)]
        if not set(names) & _HEADERS:
            continue
        moments = [moment for moment in moments_of(draft, parent) if moment.form is not Form.TIME]
        start = _first_of(moments, _STARTS)
        if start is not None:
            end = _first_of(moments, _ENDS) if set(names) & _WITHIN else None
            return column, start, end if end is not None and end.form is start.form else None
    return None


def _first_of(moments: list[Moment], listed: list[str]) -> Moment | None:
    """Return the moment of the first of the words; a timestamp before a date."""
    ranked = []
    for moment in moments:
        names = own_words(moment)
        if names and names[-1] in listed and moment.is_native and not set(names) & _NEVER:
            ranked.append((listed.index(names[-1]), moment.is_day, moment))
    return min(ranked, key=lambda found: found[:2])[2] if ranked else None


def _suggest_after(
    draft: SchemaDraft, table: TableSchema, moment: Moment, key: ColumnSchema, start: Moment, end: Moment | None
) -> None:
    first = f"{sql_name(key.name)}.{start.name}"
    if end is not None and moment.is_day is start.is_day:
        last = f"coalesce({sql_name(key.name)}.{end.name}, {first})"
        unit = "day" if start.is_day else "second"
        span = f"uniform(0, greatest(datediff({unit}, {first}, {last}), 0), random())"
        sql = f"{first} + {span}" if start.is_day else f"dateadd(second, {span}, {first})"
        text = f"Within {key.name}.{start.column.name} and {end.column.name}."
    elif moment.is_day:
        lowest = 0 if start.is_day else 1
        base = first if start.is_day else f"cast({first} as date)"
        sql, text = (
            f"{base} + uniform({lowest}, 14, random())",
            f"After {key.name}.{start.column.name}, by up to 14 days.",
        )
    else:
        most = 7200 if end is not None else 14 * 86_400
        sql = f"dateadd(second, uniform(5, {most}, random()), {first})"
        text = f"After {key.name}.{start.column.name}, by up to {'2 hours' if end is not None else '14 days'}."
    change = {"expression": sql if moment.form in (Form.DATE, Form.TIMESTAMP) else moment.write(sql)}
    if not moment.column.required:
        draft.suggest(table, moment.column.name, {**change, "null_fraction": 0.05}, text)
    else:
        draft.suggest(table, moment.column.name, change, text)
