"""The rows of a table of events: the state of each step of the parent's life cycle, and the time when it came."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from engine.rules.keys.event_rows import Event
from engine.rules.keys.lifecycle_paths import Way
from engine.rules.relations.lifecycles import find_moments, remember_way
from engine.rules.site import Site
from engine.schema.conditional_checks import parse_text
from engine.schema.lifecycles import Lifecycle
from engine.schema.types import Kind


def make_event(site: Site, above: Site, event: Event, start: Callable[[], pl.Expr]) -> pl.Expr:
    """Return the state or the time of each event; `above` is the parent's first time at its row, `start` makes it."""
    lifecycle, events = above.table.lifecycle, site.table.events_of
    assert lifecycle is not None and events is not None
    ways = remember_way(above, lifecycle, event.way)
    state = _states(site, lifecycle, ways, event)
    if site.column.name.casefold() == events.state.casefold():
        pool = pl.Series([parse_text(each, site.type) for each in lifecycle.order], dtype=site.type.polars)
        return pl.lit(pool.cast(pl.Enum(pool)) if site.type.kind is Kind.TEXT else pool).gather(state)
    moments = find_moments(above, lifecycle, start(), site.type)
    chosen = moments[lifecycle.order[0]]
    for number, name in enumerate(lifecycle.order[1:], start=1):
        chosen = pl.when(state == number).then(moments[name]).otherwise(chosen)
        if number % 8 == 0:
            chosen = site.stages.add(chosen)
    return chosen


def _states(site: Site, lifecycle: Lifecycle, ways: list[Way], event: Event) -> pl.Expr:
    """Return the place in order of the state of each event."""
    order = {state: number for number, state in enumerate(lifecycle.order)}
    lengths = np.array([len(way.states) for way in ways] or [0])
    listed = pl.Series([order[state] for way in ways for state in way.states], dtype=pl.UInt32)
    firsts = pl.Series(np.cumsum(lengths) - lengths, dtype=pl.UInt64)
    memo = ("event state", site.table.key, site.row.meta.output_name())
    place = pl.lit(firsts).gather(event.way) + event.step
    return site.stages.add(pl.lit(listed).gather(place), memo=memo)
