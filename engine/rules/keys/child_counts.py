"""The number of children of a parent, from the layout of the children's fan-out and without reading any row.

The layout says where the rows of a parent begin and how many there are. A table with fewer rows than the natural
number ends within a parent; one with more gives the later parents' complements to the first ones.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from engine.rules.keys.fan_out import Layout, make_layout, pick_last_shuffle, pick_shuffle, shuffled_counts
from engine.rules.random.bits import u64
from engine.rules.site import Site


def child_counts(site: Site, rows: int, parents: int, fan_out: tuple[int, int], parent: pl.Expr) -> pl.Expr:
    """Return the number (UInt64) of the `rows` rows of the foreign key `site` that belong to each row of `parent`.

    Row numbers from `parents` on, which only a preview has, have no children.
    """
    plan = make_layout(parents, *fan_out)
    if parents == 0:
        return site.stages.add(parent * u64(0))
    if rows >= plan.capacity:
        return _within(site, parents, parent, parent * u64(0) + u64(plan.max_rows))
    group = site.stages.add(parent // u64(plan.group))
    slot = site.stages.add(_slot(site, plan, parent, group))
    widths, starts, rest_starts = _slot_tables(plan, pick_last_shuffle(site, _shuffles(plan.last_counts, plan)))
    natural = site.stages.add(pl.lit(widths).gather(slot))
    if rows < plan.total:
        start = group * u64(plan.rows) + pl.lit(starts).gather(slot)
        natural = pl.min_horizontal(natural, u64(rows) - pl.min_horizontal(u64(rows), start))
    elif rows > plan.total:
        beyond, rest_rows = u64(rows - plan.total), plan.group * plan.max_rows - plan.rows
        start = group * u64(rest_rows) + pl.lit(rest_starts).gather(slot)
        more = beyond - pl.min_horizontal(beyond, start)
        natural = natural + pl.min_horizontal(u64(plan.max_rows) - natural, more)
    return _within(site, parents, parent, natural)


def _within(site: Site, parents: int, parent: pl.Expr, count: pl.Expr) -> pl.Expr:
    return site.stages.add(pl.when(parent < u64(parents)).then(count).otherwise(u64(0)))


def _shuffles(counts: tuple[int, ...], plan: Layout) -> int:
    return len(shuffled_counts(counts, plan.max_rows))


def _slot(site: Site, plan: Layout, parent: pl.Expr, group: pl.Expr) -> pl.Expr:
    """Return the index of each parent in the slot tables; later rows than the last parent get its index."""
    known = pl.min_horizontal(parent, u64(plan.parents - 1))
    in_last = known - pl.min_horizontal(known, u64(plan.groups * plan.group))
    if plan.groups == 0:
        return in_last
    shuffles = _shuffles(plan.counts, plan)
    in_whole = pick_shuffle(site, group, shuffles) * u64(plan.group) + known % u64(plan.group)
    return pl.when(group < u64(plan.groups)).then(in_whole).otherwise(u64(shuffles * plan.group) + in_last)


@cache
def _slot_tables(plan: Layout, last_shuffle: int) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return rows, first row, and first row among the complements of each parent within its group.

    The slots are those of each shuffle of a whole group, then those of the last group.
    """
    groups = list(shuffled_counts(plan.counts, plan.max_rows)) if plan.groups else []
    groups.append(shuffled_counts(plan.last_counts, plan.max_rows)[last_shuffle])
    rests = [plan.max_rows - widths for widths in groups]
    columns = (groups, [_starts(widths) for widths in groups], [_starts(widths) for widths in rests])
    widths, starts, rest_starts = (pl.Series(np.concatenate(column), dtype=pl.UInt64) for column in columns)
    return widths, starts, rest_starts


def _starts(widths: np.ndarray) -> np.ndarray:
    starts: np.ndarray = np.cumsum(widths) - widths
    return starts
