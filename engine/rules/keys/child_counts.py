"""The rows of each parent, from the layout of the children's fan-out and without reading any row.

The layout says where the rows of a parent begin and how many there are. A table with fewer rows than the natural
number ends within a parent; one with more gives the later parents' complements to the first ones.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from engine.rules.keys.children import Children, Range
from engine.rules.keys.fan_out import Layout, make_layout, pick_last_shuffle, pick_shuffle, shuffled_counts
from engine.rules.random.bits import u64
from engine.rules.site import Site
from engine.schema.relations import Spread


def fan_out_children(site: Site, rows: int, parents: int, fan_out: Spread, parent: pl.Expr) -> Children:
    """Return the `rows` rows of the foreign key `site` that belong to each row of `parent`.

    Row numbers from `parents` on, which only a preview has, have no children.
    """
    plan = make_layout(parents, fan_out)
    if parents == 0:
        return Children((Range(parent, site.stages.add(parent * u64(0))),))
    known = site.stages.add(pl.min_horizontal(parent, u64(parents - 1)))
    group = site.stages.add(known // u64(plan.group))
    slot = site.stages.add(_slot(site, plan, known, group))
    widths, starts, rest_starts = _slot_tables(plan, pick_last_shuffle(site, _shuffles(plan.last_counts, plan)))
    natural = site.stages.add(pl.lit(widths).gather(slot))
    first = site.stages.add(group * u64(plan.rows) + pl.lit(starts).gather(slot))
    if rows < plan.total:
        width = pl.min_horizontal(natural, u64(rows) - pl.min_horizontal(u64(rows), first))
        return Children((_within(site, parents, parent, first, width),))
    ranges = [_within(site, parents, parent, first, natural)]
    if rows > plan.total:
        beyond, rest_rows = u64(rows - plan.total), plan.group * plan.max_rows - plan.rows
        start = site.stages.add(group * u64(rest_rows) + pl.lit(rest_starts).gather(slot))
        left = beyond - pl.min_horizontal(beyond, start)
        more = pl.min_horizontal(u64(plan.max_rows) - natural, left)
        ranges.append(_within(site, parents, parent, start + u64(plan.total), more))
    return Children(tuple(ranges))


def _within(site: Site, parents: int, parent: pl.Expr, first: pl.Expr, width: pl.Expr) -> Range:
    known = pl.when(parent < u64(parents)).then(width).otherwise(u64(0))
    return Range(site.stages.add(first), site.stages.add(known))


def _shuffles(counts: tuple[int, ...], plan: Layout) -> int:
    return len(shuffled_counts(counts, plan.max_rows))


def _slot(site: Site, plan: Layout, known: pl.Expr, group: pl.Expr) -> pl.Expr:
    """Return the index of each parent in the slot tables."""
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
