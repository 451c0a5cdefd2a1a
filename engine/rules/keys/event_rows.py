"""The rows of a table of events: which row of the parent, and which step of its life cycle, each of them is.

The life cycle gives each parent a slot, and the slots of a way lie next to each other (`lifecycle_paths`). Events come
in groups of parents. Every group takes as many parents of each way, so that it has the same number of rows and the
group of a row is found by division. Inside of a group, parents are shuffled by one of a few precomputed shuffles. What
the division leaves over of each way is grouped in the same manner once more, as a further level, until all is used.
The way back, from a parent to its events, goes through the same tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from engine.rules.keys.children import Children, Range
from engine.rules.keys.lifecycle_paths import find_ways
from engine.rules.random.bits import random_bits, row_step, u64
from engine.rules.random.permutation import permuted, unpermuted
from engine.rules.random.seeds import stream_key
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.lifecycles import Lifecycle
from engine.schema.models import TableSchema

_GROUP = 1024
_PER_WAY = 8
_SHUFFLES = 16
_ENTRIES = 2**16


@dataclass(frozen=True)
class Event:
    """Row of the parent, step from 0, number of steps (all UInt64), and the way of each event (UInt32)."""

    parent: pl.Expr
    step: pl.Expr
    steps: pl.Expr
    way: pl.Expr


@dataclass(frozen=True)
class _Level:
    """Groups that take as many parents of each way; `ways` are the members of each shuffle in order, by way."""

    groups: int
    quotas: np.ndarray
    ways: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class _Layout:
    """Tables by level, by entry (level, shuffle, row of the group), by segment (way, level), and by member."""

    total: int
    level_ends: pl.Series
    level_starts: pl.Series
    group_rows: pl.Series
    shuffles: pl.Series
    level_entries: pl.Series
    segments: pl.Series
    members: pl.Series
    steps: pl.Series
    slot_ends: pl.Series
    slot_starts: pl.Series
    quotas: pl.Series
    segment_levels: pl.Series
    segment_ways: pl.Series
    segment_members: pl.Series
    first_rows: pl.Series
    lengths: pl.Series


def count_events(lifecycle: Lifecycle, parents: int) -> int:
    """Return the number of steps that all rows of a table with a life cycle go."""
    return sum(way.rows * len(way.states) for way in find_ways(lifecycle, parents))


def slots_of(site: Site, table: TableSchema, row: pl.Expr) -> pl.Expr:
    """Return the slot (UInt64) that a table's life cycle gives to each of its rows, which are below its count."""
    memo = ("lifecycle", table.key, "slot", row.meta.output_name())
    known = site.stages.known(memo)
    if known is None:
        size = max(site.counts[table.key], 1)
        known = site.stages.add(permuted(site.stages, row, size, _slot_key(site, table)), memo=memo)
    return known


def find_events(site: Site, parent: TableSchema, lifecycle: Lifecycle) -> Event:
    """Return parent, step and way of each row of the site's table; rows beyond it, in a preview, start over."""
    stages, layout = site.stages, _layout_of(lifecycle, site.counts[parent.key])
    if layout.total == 0:
        nothing = stages.add(site.row * u64(0))
        return Event(nothing, nothing, nothing, stages.add(nothing.cast(pl.UInt32)))
    row = site.row if site.reach <= layout.total else stages.add(site.row % u64(layout.total))
    level = stages.add(pl.lit(layout.level_ends).search_sorted(row, side="right"))
    within = stages.add(row - _pick(layout.level_starts, level))
    width = stages.add(_pick(layout.group_rows, level))
    group = stages.add(within // width)
    shuffle = _shuffle_of(site, layout, group, level)
    entry = stages.add(_pick(layout.level_entries, level) + shuffle * width + within % width)
    segment = stages.add(_pick(layout.segments, entry))
    slot = _pick(layout.slot_starts, segment) + group * _pick(layout.quotas, segment) + _pick(layout.members, entry)
    found = unpermuted(stages, stages.add(slot), max(site.counts[parent.key], 1), _slot_key(site, parent))
    way = stages.add(_pick(layout.segment_ways, segment))
    return Event(
        stages.add(found), stages.add(_pick(layout.steps, entry)), stages.add(_pick(layout.lengths, way)), way
    )  # fmt: skip


def find_event_rows(site: Site, parent: TableSchema, lifecycle: Lifecycle, row: pl.Expr) -> Children:
    """Return the events of each row of the parent; rows beyond it, which only a preview has, have none."""
    stages, parents = site.stages, site.counts[parent.key]
    layout = _layout_of(lifecycle, parents)
    if layout.total == 0:
        return Children((Range(row, stages.add(row * u64(0))),))
    slot = slots_of(site, parent, stages.add(pl.min_horizontal(row, u64(parents - 1))))
    segment = stages.add(pl.lit(layout.slot_ends).search_sorted(slot, side="right"))
    within = stages.add(slot - _pick(layout.slot_starts, segment))
    quota, level = stages.add(_pick(layout.quotas, segment)), stages.add(_pick(layout.segment_levels, segment))
    group = stages.add(within // quota)
    member = _pick(layout.segment_members, segment) + _shuffle_of(site, layout, group, level) * quota + within % quota
    before = _pick(layout.level_starts, level) + group * _pick(layout.group_rows, level)
    first = stages.add(before + _pick(layout.first_rows, stages.add(member)))
    length = _pick(layout.lengths, _pick(layout.segment_ways, segment))
    width = stages.add(pl.when(row < u64(parents)).then(length).otherwise(u64(0)))
    return Children((Range(first, width),))


def _slot_key(site: Site, table: TableSchema) -> int:
    return stream_key(site.seed, table.key.casefold(), "lifecycle")


def _shuffle_of(site: Site, layout: _Layout, group: pl.Expr, level: pl.Expr) -> pl.Expr:
    return site.stages.add(random_bits(row_step(group), site.key("events")) % _pick(layout.shuffles, level))


def _pick(table: pl.Series, index: pl.Expr) -> pl.Expr:
    return pl.lit(table).gather(index)


def _layout_of(lifecycle: Lifecycle, parents: int) -> _Layout:
    return _make_layout(tuple((len(way.states), way.rows) for way in find_ways(lifecycle, parents)))


@cache
def _make_layout(ways: tuple[tuple[int, int], ...]) -> _Layout:
    """Return the layout of ways, each given as its number of steps and its number of parents."""
    lengths, parents = (np.array([way[each] for way in ways] or [0], dtype=np.int64) for each in (0, 1))
    levels = list(_make_levels(parents))
    rows = np.array([int((level.quotas * lengths).sum()) for level in levels], dtype=np.int64)
    ends = np.cumsum(rows * np.array([level.groups for level in levels], dtype=np.int64))
    quotas = np.stack([level.quotas for level in levels], axis=1).ravel()
    taken = np.stack([level.quotas * level.groups for level in levels], axis=1).ravel()
    shuffles = np.array([len(level.ways) for level in levels], dtype=np.int64)
    of_members = quotas * np.tile(shuffles, len(lengths))
    entries = [_make_entries(level, number, len(levels), lengths) for number, level in enumerate(levels)]
    firsts = [entry.firsts[way] for way in range(len(lengths)) for entry in entries]
    return _Layout(
        int(ends[-1]),
        _series(ends[:-1]),
        _series(np.concatenate([[0], ends[:-1]])),
        _series(np.maximum(rows, 1)),
        _series(shuffles),
        _series(_starts(rows * shuffles)),
        _series([entry.segments for entry in entries], pl.UInt32()),
        _series([entry.members for entry in entries]),
        _series([entry.steps for entry in entries]),
        _series(np.cumsum(taken)[:-1]),
        _series(_starts(taken)),
        _series(np.maximum(quotas, 1)),
        _series(np.tile(np.arange(len(levels)), len(lengths)), pl.UInt32()),
        _series(np.repeat(np.arange(len(lengths)), len(levels)), pl.UInt32()),
        _series(_starts(of_members)),
        _series(firsts),
        _series(lengths),
    )


def _make_levels(parents: np.ndarray) -> Sequence[_Level]:
    left = parents.copy()
    levels: list[_Level] = []
    size = max(_GROUP, _PER_WAY * len(parents))
    while left.any() or not levels:
        groups = max(int(left.sum()) // size, 1)
        quotas = left // groups
        left = left - quotas * groups
        members = np.repeat(np.arange(len(quotas)), quotas)
        shuffles = min(_SHUFFLES, groups, max(1, _ENTRIES // max(len(members), 1)))
        ways = tuple(members[_shuffle(len(members), number)] for number in range(shuffles))
        levels.append(_Level(groups, quotas, ways))
    return levels


@dataclass(frozen=True)
class _Entries:
    """Segment, member and step of each row of a group, shuffle after shuffle; the first row of each member, by way."""

    segments: np.ndarray
    members: np.ndarray
    steps: np.ndarray
    firsts: list[np.ndarray]


def _make_entries(level: _Level, number: int, levels: int, lengths: np.ndarray) -> _Entries:
    segments, members, steps = [], [], []
    firsts: list[list[np.ndarray]] = [[] for _ in lengths]
    for ways in level.ways:
        widths = lengths[ways]
        starts, order = _starts(widths), np.argsort(ways, kind="stable")
        turn = np.empty(len(ways), dtype=np.int64)
        turn[order] = np.arange(len(ways)) - _starts(level.quotas)[ways[order]]
        segments.append(np.repeat(ways * levels + number, widths))
        members.append(np.repeat(turn, widths))
        steps.append(np.arange(int(widths.sum())) - np.repeat(starts, widths))
        for way, found in enumerate(np.split(starts[order], np.cumsum(level.quotas)[:-1])):
            firsts[way].append(found)
    tables = (np.concatenate(each) for each in (segments, members, steps))
    return _Entries(next(tables), next(tables), next(tables), [np.concatenate(each) for each in firsts])


def _shuffle(size: int, number: int) -> np.ndarray:
    """Return the number-th shuffle of [0, size): sorted by random bits, so the same on every machine."""
    stages = Stages()
    bits = stages.add(random_bits(row_step(stages.row), stream_key(number, "events", "shuffle")))
    return stages.frame(0, size, [bits]).collect().to_series().arg_sort().to_numpy()


def _starts(widths: np.ndarray) -> np.ndarray:
    starts: np.ndarray = np.cumsum(widths) - widths
    return starts


def _series(values: np.ndarray | Sequence[np.ndarray], dtype: pl.DataType | None = None) -> pl.Series:
    numbers = values if isinstance(values, np.ndarray) else np.concatenate(values)
    return pl.Series(numbers.astype(np.int64), dtype=pl.Int64).cast(dtype or pl.UInt64())
