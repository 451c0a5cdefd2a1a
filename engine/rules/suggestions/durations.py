"""Spans between two moments of a row: `duration_minutes`, `nights`, `length_of_stay`, `resolution_hours`."""

from __future__ import annotations

from engine.rules.name_words import words
from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_links import Link, TimeOrder
from engine.rules.suggestions.time_order import is_record, order_moments, own_words
from engine.rules.suggestions.twins import is_twin
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC

_SPAN_WORDS = frozenset(
    "duration elapsed length tenure los nights stay lasting runtime term transit turnaround dwell lifetime".split()
)
_PROCESS_WORDS = {
    "resolution": "reso", "resolve": "reso", "response": "resp", "delivery": "deli", "shipping": "ship",
    "fulfillment": "deli", "delay": "", "late": "", "prep": "prep", "preparation": "prep", "wait": "", "handling": "",
    "transit": "deli", "settlement": "sett", "approval": "appr", "tenure": "term",
}  # fmt: skip
_UNITS = {
    "ms": "ms", "millis": "ms", "milliseconds": "ms", "millisecond": "ms", "seconds": "second", "second": "second",
    "secs": "second", "sec": "second", "s": "second", "minutes": "minute", "minute": "minute", "mins": "minute",
    "min": "minute", "hours": "hour", "hour": "hour", "hrs": "hour", "hr": "hour", "h": "hour", "days": "day",
    "day": "day", "nights": "day", "night": "day", "weeks": "week", "months": "month", "month": "month",
    "years": "year", "year": "year",
}  # fmt: skip
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}
_MAIN_ENDS = (
    "ended end finished finish dropoff discharge checkout completed arrival arrived to until left exited logout "
    "clockout "
    "landing closed resolved returned"
).split()


def suggest_durations(draft: SchemaDraft) -> None:
    """Suggest an expression for each free number that is named as the time between two moments of its row."""
    for table in draft.tables:
        named = [
            (column, found)
            for column in draft.free_columns(table)
            if column.type.kind in NUMERIC and column.foreign_key is None and (found := _span(column.name)) is not None
        ]
        if not named:
            continue
        moments = [
            moment for moment in moments_of(draft, table) if not is_twin(moment.column) and not is_record(moment)
        ]
        order = order_moments(moments)
        for column, (unit, process) in named:
            pair = _pair(order, process, unit)
            if pair is not None and not table.is_unique(column):
                _suggest(draft, table, column, pair, unit)


def _span(name: str) -> tuple[str, str] | None:
    """Return the unit of a span of time (empty if none is named) and the stem of the stage that it ends with."""
    names = words(name)
    unit = next((_UNITS[word] for word in reversed(names) if word in _UNITS), "")
    if set(names) & {"planned", "scheduled", "estimated", "avg", "average", "max", "min", "per", "week_of"} - {
        names[-1]
    }:
        return None
    if "lifetime" in names[:-1] and not unit:
        return None
    if names[-1].endswith("duration") or set(names) & _SPAN_WORDS:
        if "length" in names and "stay" not in names and not unit:
            return None
        return unit or ("day" if set(names) & {"stay", "los", "nights"} else ""), ""
    if not unit:
        return None
    for word in names:
        if word in _PROCESS_WORDS:
            return unit, _PROCESS_WORDS[word]
    is_total = len(names) == 2 and names[0] in (
        "total",
        "num",
        "number",
        "n",
        "rental",
        "trip",
        "session",
        "stay",
        "leave",
    )
    return (unit, "") if is_total and names[1].endswith("s") else None


def _pair(order: TimeOrder, process: str, unit: str) -> tuple[Moment, Moment] | None:
    """Return the first and the last moment of a span."""
    found: list[tuple[int, Moment, Link]] = []
    for moment, link in order.sorted_links():
        last = own_words(moment)[-1]
        if process and last[:4] == process:
            return _root(order, moment), moment
        if last in _MAIN_ENDS:
            found.append(
                (_MAIN_ENDS.index(last) + (100 if moment.form is Form.DATE and unit != "day" else 0), moment, link)
            )
    if process or not found:
        return None
    _, end, link = min(found, key=lambda each: each[0])
    return link.previous[0], end


def _root(order: TimeOrder, moment: Moment) -> Moment:
    while order.is_linked(moment):
        moment = order.links[moment.column.name.casefold()].previous[0]
    return moment


def _suggest(
    draft: SchemaDraft, table: TableSchema, column: ColumnSchema, pair: tuple[Moment, Moment], unit: str
) -> None:
    start, end = pair
    if (start.form is Form.TIME) is not (end.form is Form.TIME):
        return
    missing = (start.is_nullable or end.is_nullable) and not column.is_nullable
    unit = unit or ("day" if start.is_day and end.is_day else "second")
    if unit in _SECONDS and unit not in ("day", "week") and start.is_day and end.is_day:
        return
    sql = _between(start, end, unit, column.type.scale > 0 or column.type.kind.value == "float")
    if missing:
        sql = f"coalesce({sql}, 0)"
    reason = f"From {start.column.name} to {end.column.name}."
    draft.suggest(table, column.name, {"expression": sql}, reason)


def _between(start: Moment, end: Moment, unit: str, is_exact: bool) -> str:
    first, last = start.read(), end.read()
    if start.form is Form.TIME:
        seconds = "({} - {})".format(*(f"(hour({x}) * 3600 + minute({x}) * 60 + second({x}))" for x in (last, first)))
    elif unit == "ms":
        return f"datediff(millisecond, {first}, {last})"
    elif (
        unit in ("month", "year") or (unit == "day" and not is_exact) or (start.is_day and end.is_day and unit == "day")
    ):
        return f"datediff({unit}, {first}, {last})"
    else:
        seconds = f"datediff(second, {first}, {last})"
    if unit == "second":
        return seconds
    size = _SECONDS.get(unit, 1)
    return f"{seconds} / {size}.0" if is_exact else f"{seconds} // {size}"
