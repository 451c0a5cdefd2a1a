"""Life cycles of rows: a way through the states and the times along it, as functions of the row number.

A permutation turns the row number into a slot, and the slots of a way lie next to each other. The time of a state is
that of the first one and the gaps of all states on the way up to it, each with random bits of its own; states come in
an order in which each is after all that can come before it, so that one sum serves all times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

import numpy as np
import polars as pl

from engine.rules.keys.event_rows import slots_of
from engine.rules.keys.lifecycle_paths import Way, find_ways
from engine.rules.random.bits import below, random_bits, row_step, u64
from engine.rules.random.seeds import stream_key
from engine.rules.site import Site
from engine.rules.values.timestamps import from_ticks
from engine.schema.conditional_checks import parse_text
from engine.schema.lifecycles import Lifecycle, is_made
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind, WarehouseType

_SECOND = 1_000_000
_DAY = 86_400


@dataclass(frozen=True)
class _Times:
    """The tick at which each state comes (Int64), and for each but the first whether the row has come to it."""

    ticks: dict[str, pl.Expr]
    has_come: dict[str, pl.Expr]


def has_lifecycle(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether the table's life cycle makes the values of a column."""
    return is_made(table.lifecycle, column.name)


def start_column(table: TableSchema) -> ColumnSchema:
    """Return the column with the time of the first state."""
    assert table.lifecycle is not None
    return table.column(table.lifecycle.column_of(table.lifecycle.states[0]))


def make_lifecycle(site: Site, start: pl.Expr) -> pl.Expr:
    """Return the status of each row, or the time of a state, NULL where it has not come; `start` is the first time."""
    lifecycle = site.table.lifecycle
    assert lifecycle is not None
    first = start_column(site.table)
    is_date = first.type.kind is Kind.DATE
    times = _find_times(site, lifecycle, start, is_date=is_date)
    if site.column.name.casefold() == lifecycle.status.casefold():
        return _status(site, lifecycle, times)
    folded = site.column.name.casefold()
    state = next(each for each in lifecycle.states[1:] if lifecycle.column_of(each).casefold() == folded)
    moment = from_ticks(times.ticks[state], 0, 1, site.type)
    return pl.when(times.has_come[state]).then(moment)


def remember_way(site: Site, lifecycle: Lifecycle, way: pl.Expr) -> list[Way]:
    """Take the ways of the rows from their events, which know them, and return all ways."""
    site.stages.add(way, memo=_memo_of_ways(site))
    return find_ways(lifecycle, site.counts[site.table.key])


def find_moments(site: Site, lifecycle: Lifecycle, start: pl.Expr, to: WarehouseType) -> dict[str, pl.Expr]:
    """Return the time of each state on a row's way in a type, NULL for what comes after `until`."""
    times = _find_times(site, lifecycle, start, is_date=site.type.kind is Kind.DATE)
    moments = {state: from_ticks(ticks, 0, 1, to) for state, ticks in times.ticks.items()}
    if lifecycle.until is None:
        return moments
    come = {state: pl.when(times.has_come[state]).then(moments[state]) for state in times.has_come}
    return {**moments, **come}


def _find_times(site: Site, lifecycle: Lifecycle, start: pl.Expr, *, is_date: bool) -> _Times:
    stages, row = site.stages, site.row.meta.output_name()
    way, ways = _find_way(site, lifecycle)
    width = 1 if is_date else _SECOND
    now = start.cast(pl.Date).to_physical() if is_date else start.dt.timestamp("us")
    ticks = stages.add(now.cast(pl.Int64), memo=("lifecycle", site.table.key, "start", row))
    found = _Times({}, {})
    limit = None if lifecycle.until is None else _until_tick(lifecycle, is_date=is_date)
    for state in lifecycle.order:
        memo = ("lifecycle", site.table.key, state, row)
        passed = pl.Series([state in each.states for each in ways] or [False])
        if state == lifecycle.states[0]:
            found.ticks[state] = ticks
            continue
        is_on_way = stages.add(pl.lit(passed).gather(way), memo=(*memo, "way"))
        low, high = (seconds // (_DAY if is_date else 1) for seconds in lifecycle.gap_of(state))
        key = stream_key(site.seed, site.table.key.casefold(), "lifecycle", state)
        step = stages.add(row_step(site.row), memo=("step", row))
        gap = (below(random_bits(step, key), high - low + 1).cast(pl.Int64) + low) * width
        ticks = stages.add(pl.when(is_on_way).then(ticks + gap).otherwise(ticks), memo=(*memo, "tick"))
        has_come = is_on_way if limit is None else is_on_way & (ticks <= limit)
        found.ticks[state] = ticks
        found.has_come[state] = stages.add(has_come, memo=(*memo, "come"))
    return found


def _find_way(site: Site, lifecycle: Lifecycle) -> tuple[pl.Expr, list[Way]]:
    """Return the way of each row (an index, UInt32); rows beyond the table's, which only a preview has, start over."""
    rows, stages = site.counts[site.table.key], site.stages
    ways = find_ways(lifecycle, rows)
    memo = _memo_of_ways(site)
    known = stages.known(memo)
    if known is None:
        size = max(rows, 1)
        row = site.row if site.reach <= size else stages.add(site.row % u64(size))
        slot = slots_of(site, site.table, row)
        ends = np.cumsum(np.array([way.rows for way in ways] or [0], dtype=np.uint64)).astype(np.uint64)
        found = pl.lit(pl.Series(ends)).search_sorted(slot, side="right").cast(pl.UInt32)
        last = pl.lit(max(len(ways) - 1, 0), dtype=pl.UInt32)
        known = stages.add(pl.min_horizontal(found, last), memo=memo)
    return known, ways


def _memo_of_ways(site: Site) -> tuple[str, ...]:
    return "lifecycle", site.table.key, "ways", site.row.meta.output_name()


def _status(site: Site, lifecycle: Lifecycle, times: _Times) -> pl.Expr:
    """Return the last state of each row that has come: the last one in order."""
    order = lifecycle.order
    place = pl.lit(0, dtype=pl.UInt32)
    for number, state in enumerate(order[1:], start=1):
        place = pl.when(times.has_come[state]).then(pl.lit(number, dtype=pl.UInt32)).otherwise(place)
        if number % 8 == 0:
            place = site.stages.add(place)
    pool = pl.Series([parse_text(state, site.type) for state in order], dtype=site.type.polars)
    if site.type.kind is Kind.TEXT:
        pool = pool.cast(pl.Enum(pool))
    return pl.lit(pool).gather(site.stages.add(place))


def _until_tick(lifecycle: Lifecycle, *, is_date: bool) -> pl.Expr:
    assert lifecycle.until is not None
    until = lifecycle.until if lifecycle.until.tzinfo is not None else lifecycle.until.replace(tzinfo=UTC)
    seconds = int(until.timestamp())
    return pl.lit(seconds // _DAY if is_date else seconds * _SECOND, dtype=pl.Int64)
