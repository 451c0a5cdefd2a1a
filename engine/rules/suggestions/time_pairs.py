"""Dates and timestamps in the order that their names tell: a check-out after its check-in, a receipt after its order.

Each moment that follows others becomes an expression over them plus a random gap. Where it may be NULL it is NULL with
the one before it; where it may not, it follows the last one that there is. The gaps are uniform.
"""

from __future__ import annotations

from datetime import time
from typing import Any

from engine.rules.suggestions.moments import Form, Moment, moments_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_links import Link, TimeOrder
from engine.rules.suggestions.time_order import order_moments
from engine.rules.suggestions.time_parents import follow_parents
from engine.rules.suggestions.time_stages import Gap
from engine.rules.suggestions.twins import is_twin
from engine.rules.values.timestamp_order import first_of_sequence
from engine.rules.values.timestamps import LAST_DAY
from engine.schema.distribution import Distribution
from engine.schema.models import TableSchema

_DAY = 86_400
_LIFE = 3_000
_FIRST_TIME = time(6, 0)
_LAST_TIME = time(13, 59, 59)
_WHOLE_DAY = 9 * 3600


def suggest_time_order(draft: SchemaDraft) -> None:
    """Suggest an expression for each free moment whose name says that it follows another of its row or its parent."""
    for table in draft.tables:
        moments = [moment for moment in moments_of(draft, table) if not table.is_unique(moment.column)]
        drawn = [moment for moment in moments if not is_twin(moment.column)]
        if not drawn:
            continue
        order = order_moments(drawn)
        _suggest_links(draft, table, order)
        follow_parents(draft, table, [moment for moment in drawn if not order.is_linked(moment)])


def _suggest_links(draft: SchemaDraft, table: TableSchema, order: TimeOrder) -> None:
    times = sum(moment.form is Form.TIME for moment in order.moments)
    for moment, link in order.sorted_links():
        _free_anchor(draft, table, moment)
        if not draft.is_free(table, moment.column.name):
            continue
        change = change_after(order, moment, link, times)
        if change is None or not all(_make_anchor(draft, table, order, each) for each in link.previous):
            continue
        names = " and ".join(each.column.name for each in link.previous)
        draft.suggest(table, moment.column.name, change, f"After {names}, by {link.gap}.")


def _free_anchor(draft: SchemaDraft, table: TableSchema, moment: Moment) -> None:
    """Take back a day that was drawn only because another column tells it too: it follows a moment of its row."""
    column = draft.column(table, moment.column.name)
    if column.suggested and column.because == f"The name says {moment.form}." and not table.is_unique(column):
        draft.withdraw(table, column.name)


def change_after(order: TimeOrder, moment: Moment, link: Link, times: int = 2) -> dict[str, Any] | None:
    """Return the keys of a rule for a moment that follows others; None if these may be missing where it may not."""
    main = link.previous[0]
    others = [each for each in link.previous[1:] if (each.form is Form.TIME) is (main.form is Form.TIME)]
    is_required = not moment.is_nullable or link.skips_missing
    found = _base(order, main, is_required)
    if found is None and moment.is_nullable:
        found, is_required = (main.read(), main.is_day), False
    if found is None:
        return None
    base, is_day = found
    if others:
        bases = [base, *(each.read() for each in others)]
        latest = f"greatest({', '.join(bases)})"
        is_day = is_day and all(each.is_day for each in others)
        is_open = not is_required and main.is_nullable and moment.is_nullable
        base = f"case when {main.name} is not null then {latest} end" if is_open else latest
    change: dict[str, Any] = {"expression": _after(moment, base, is_day, link.gap, main, bool(others), times)}
    if moment.is_nullable and not moment.column.required and moment.column.null_fraction is None:
        change["null_fraction"] = link.null_fraction
    return change


def _base(order: TimeOrder, main: Moment, is_required: bool) -> tuple[str, bool] | None:
    """Return SQL for the moment before, and whether it is a day; the last one that there is, if one is required."""
    chain = [main]
    while is_required and chain[-1].is_nullable:
        link = order.links.get(chain[-1].column.name.casefold())
        if link is None:
            return None
        chain.append(link.previous[0])
    if len(chain) == 1:
        return main.read(), main.is_day
    return f"coalesce({', '.join(each.read() for each in chain)})", all(each.is_day for each in chain)


def _after(moment: Moment, base: str, is_day: bool, gap: Gap, main: Moment, is_mixed: bool, times: int) -> str:
    """Return SQL for a moment a gap after the base, in the moment's form."""
    low, high = gap.seconds
    if moment.form is Form.TIME:
        most = _WHOLE_DAY // max(times - 1, 1)
        low = min(low, most // 4)
        return f"{base} + uniform({max(low, 60)}, {max(min(high, most), low + 60)}, random()) * interval '1 second'"
    if moment.form is main.form and moment.form in (Form.SECONDS, Form.MILLIS) and not is_mixed and base == main.read():
        factor = 1000 if moment.form is Form.MILLIS else 1
        return f"{main.name} + uniform({low * factor}, {high * factor}, random())"
    if moment.is_day:
        return (
            moment.write(_day_after(base, is_day, gap))
            if moment.form is not Form.DATE
            else _day_after(base, is_day, gap)
        )
    if gap.unit in ("month", "year") and not is_day:
        return moment.write(f"dateadd({gap.unit}, uniform({gap.low}, {gap.high}, random()), {base})")
    low = max(low, 1) if high < _DAY else max(low, 600)
    return moment.write(f"dateadd(second, uniform({low}, {high}, random()), {base})")


def _day_after(base: str, is_day: bool, gap: Gap) -> str:
    """Return SQL for a date a gap after a date or timestamp; a later day than a timestamp's own."""
    low, high = gap.seconds
    start = base if is_day else f"cast({base} as date)"
    if gap.unit in ("month", "year"):
        return f"dateadd({gap.unit}, uniform({gap.low}, {gap.high}, random()), {start})"
    if high >= _LIFE * _DAY:
        return _day_of_a_life(start, low // _DAY, high // _DAY)
    first = -(-low // _DAY) if is_day else max(1, -(-low // _DAY))
    if gap.unit != "day" and is_day:
        first = low // _DAY
    return f"{start} + uniform({first}, {max(first, -(-high // _DAY))}, random())"


def _day_of_a_life(start: str, low: int, high: int) -> str:
    """Return SQL for a day `low` to `high` days after a date, no later than the last day of the data if it can be.

    Someone born in 2004 is hired by now and not in 2040: the span is shorter, and not cut at its end.
    """
    room = f"greatest({low}, least({high}, datediff(day, {start}, date '{LAST_DAY}')))"
    share = "uniform(0, 999999, random())"
    return f"dateadd(day, cast({low} + floor(({room} - {low}) * {share} / 1000000) as int), {start})"


def _make_anchor(draft: SchemaDraft, table: TableSchema, order: TimeOrder, moment: Moment) -> bool:
    """Make sure that what others follow holds moments and follows none of them; return whether it does."""
    if not draft.is_free(table, moment.column.name):
        return True
    if order.is_linked(moment):
        return moment.is_native
    rule = moment.anchor()
    if rule is not None:
        return draft.suggest(table, moment.column.name, rule, f"The name says {moment.form}.")
    if moment.form is Form.TIME:
        draft.suggest(
            table, moment.column.name, {"time_start": _FIRST_TIME, "time_end": _LAST_TIME},
            "Others of the same day follow it.",
        )  # fmt: skip
        return True
    column = table.column(moment.column.name)
    if first_of_sequence(table, column) is not None:
        draft.suggest(
            table, column.name, {"distribution": Distribution(type="uniform")}, "Others of its row follow it."
        )
    return True
