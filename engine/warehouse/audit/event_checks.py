"""Checks of tables of events: each parent's states are a way of its life cycle, and its times are those of the parent.

States of a way come in the order of the life cycle, so that the place of a state in it tells the order of the events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.rules.keys.lifecycle_paths import find_ways, possible_ways
from engine.rules.keys.table_rows import key_of_events, referencing_columns
from engine.schema.conditional_checks import parse_text
from engine.schema.foreign_keys import ForeignKey
from engine.schema.lifecycles import Lifecycle, columns_of
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, not_proved
from engine.warehouse.loading.layout import stored_name

_SHOWN = 5
_DAY = 86_400


@dataclass(frozen=True)
class _Events:
    """A table of events with its parent; `pairs` are columns of both that must be equal."""

    table: TableSchema
    parent: TableSchema
    lifecycle: Lifecycle
    state: ColumnSchema
    at: ColumnSchema | None
    pairs: list[tuple[str, str]]

    @property
    def keys(self) -> str:
        return ", ".join(f"e.{quote(own)}" for own, _ in self.pairs)

    def place(self, column: ColumnSchema, alias: str) -> str:
        """Return the place of a state in the order of the life cycle from 1, and 0 for others."""
        listed = ", ".join(literal(str(parse_text(state, column.type))) for state in self.lifecycle.order)
        return f"coalesce(list_position([{listed}], cast({alias}.{quote(column.name)} as varchar)), 0)"

    def ways(self, *, is_come: bool) -> str:
        """Return the query for the places of each parent's states in a text, and the last one of them."""
        come = f" where e.{quote(self.at.name)} is not null" if is_come and self.at is not None else ""
        place = self.place(self.state, "e")
        return (
            f"select {self.keys}, string_agg({place}, ' ' order by {place}) as way, max({place}) as last"
            f" from {stored_name(self.table)} as e{come} group by {', '.join(map(str, range(1, len(self.pairs) + 1)))}"
        )

    def sign(self, states: Sequence[str]) -> str:
        return " ".join(str(self.lifecycle.order.index(state) + 1) for state in states)

    def count(self, name: str, column: str, expected: str, sql: str, noun: str) -> Check:
        """Return the check that a query finds 0 rows."""
        return Check(
            name, self.table, column, expected, f"select count(*) from {sql}", lambda found: found == 0,
            lambda found: f"{found:,} {noun}{'' if found == 1 else 's'}", "", is_query=True,
        )  # fmt: skip


def event_checks(schema: ExperimentSchema, table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the checks of a table of events."""
    key, given = key_of_events(table), table.events_of
    if key is None or given is None:
        return
    parent = schema.table(key.references_table, within=table.schema_name)
    targets = [key.references_column] if isinstance(key, ForeignKey) else key.references_columns
    own = referencing_columns(table, key)
    state, at = table.column(given.state), None if given.at is None else table.column(given.at)
    hidden = [each.name for each in [*map(table.column, own), state] if each.hidden]
    hidden += [f"{parent.key}.{name}" for name in targets if parent.column(name).hidden]
    if hidden or parent.lifecycle is None:
        yield not_proved(table, state, "the steps of the lifecycle", f"{', '.join(hidden)} is hidden")
        return
    seen = None if at is None or at.hidden else at
    events = _Events(table, parent, parent.lifecycle, state, seen, list(zip(own, targets, strict=True)))
    is_known = seen is not None or parent.lifecycle.until is None
    yield from _way_checks(events, expected_rows[parent.key], is_known=is_known)
    if seen is not None:
        yield from _time_checks(events, seen)


def _way_checks(events: _Events, rows: int, *, is_known: bool) -> Iterator[Check]:
    lifecycle, state = events.lifecycle, events.state
    joined = " and ".join(f"w.{quote(own)} = p.{quote(target)}" for own, target in events.pairs)
    source = f"{stored_name(events.parent)} as p left join ({events.ways(is_come=True)}) as w on {joined}"
    expected = Counter[str]()
    for way in find_ways(lifecycle, rows):
        expected[events.sign(way.states)] += way.rows
    if is_known:
        legal = set(map(events.sign, possible_ways(lifecycle))) if lifecycle.until is not None else set(expected)
        listed = ", ".join(map(literal, sorted(legal))) or "''"
        sql = f"{source} where coalesce(w.way, '') not in ({listed})"
        yield events.count("event_ways", state.name, "only steps of a way", sql, "parent")
        status = events.parent.column(lifecycle.status)
        if not status.hidden:
            sql = f"{source} where w.last is distinct from {events.place(status, 'p')}"
            expected_last = f"the last is {events.parent.key}.{status.name}"
            yield events.count("event_status", state.name, expected_last, sql, "parent")
    counts = f"select way, count(*) as found from ({events.ways(is_come=False)}) group by 1"
    shares = f"select list([way, cast(found as varchar)]) from ({counts})"

    def faults(found: Sequence[Sequence[str]] | None) -> list[str]:
        made = {way: int(count) for way, count in found or ()}
        wrong = [way for way in sorted({*made, *expected}) if made.get(way, 0) != expected[way]]
        return [f"{_named(lifecycle, way)}: {made.get(way, 0):,} for {expected[way]:,}" for way in wrong]

    yield Check(
        "event_shares", events.table, state.name, f"the parents of {len(expected):,} ways", shares,
        lambda found: not faults(found), lambda found: "; ".join(faults(found)[:_SHOWN]) or "as declared",
        "", is_query=True,
    )  # fmt: skip


def _time_checks(events: _Events, at: ColumnSchema) -> Iterator[Check]:
    lifecycle, parent, time = events.lifecycle, events.parent, quote(at.name)
    place, by = events.place(events.state, "e"), ", ".join(f"e.{quote(own)}" for own, _ in events.pairs)
    steps = (
        f"(select e.{time} as now, {place} as n, lag(e.{time}) over w as before, row_number() over w as step"
        f" from {stored_name(events.table)} as e window w as (partition by {by} order by {place}))"
    )
    sql = f"{steps} where step > 1 and now is not null and (before is null or now <= before)"
    yield events.count("event_order", at.name, "rising from step to step", sql, "step")
    unit, width, factor = ("day", _DAY, 1) if at.type.kind is Kind.DATE else ("microsecond", 1, 1_000_000)
    gaps = [lifecycle.gap_of(state) for state in lifecycle.order]
    low, high = (f"[{', '.join(str(gap[end] // width * factor) for gap in gaps)}]" for end in (0, 1))
    sql = (
        f"{steps} where step > 1 and n > 0 and date_diff('{unit}', before, now) not between ({low})[n] and ({high})[n]"
    )
    yield events.count("event_gap", at.name, "the gaps of the lifecycle", sql, "step")
    stored = [column.name for column in parent.columns if not column.hidden]
    columns = columns_of(lifecycle, stored)
    if columns:
        cases = " ".join(
            f"when {lifecycle.order.index(state) + 1} then p.{quote(name)}" for state, name in columns.items()
        )
        others = ", ".join(str(lifecycle.order.index(state) + 1) for state in columns)
        joined = " and ".join(f"e.{quote(own)} = p.{quote(target)}" for own, target in events.pairs)
        sql = (
            f"{stored_name(events.table)} as e join {stored_name(parent)} as p on {joined}"
            f" where {place} in ({others}) and e.{time} is distinct from case {place} {cases} end"
        )
        yield events.count("event_at", at.name, f"the times of {parent.key}", sql, "step")


def _named(lifecycle: Lifecycle, way: str) -> str:
    return " -> ".join(lifecycle.order[int(place) - 1] if place != "0" else "?" for place in way.split())
