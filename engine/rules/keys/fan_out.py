"""Fan-out: the number of rows of each parent ("1 to 7 lines per order"), without sums and without a stored key.

Parents are split into groups. In each group the numbers of rows are a shuffle of one fixed multiset between min and
max, so every group has the same number of rows and the group of a row is found by division. The shuffle of a group is
drawn from a small table of precomputed ones. The last, shorter group has its own multiset.

Rows beyond the natural number fill the parents up to their max: the same method once more, with the complements.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from engine.errors import RuleError
from engine.rules.keys.weighted_groups import weighted_group, weighted_multiset
from engine.rules.random.bits import below, mix, random_bits, row_step, u64
from engine.rules.site import Site
from engine.schema.relations import Spread, bounds_of, weights_of

_GROUP = 64
_MIN_GROUP = 2
_MAX_ENTRIES = 2**18
_MAX_SHUFFLES = 256
_SHUFFLE_KEY = 0x5DEECE66D


@dataclass(frozen=True)
class Layout:
    """The layout of a fan-out: groups of `group` parents and `rows` rows, then the shorter last group.

    `counts` and `last_counts` are the multisets, `max_rows` is the max number of rows of a parent.
    """

    parents: int
    counts: tuple[int, ...]
    last_counts: tuple[int, ...]
    max_rows: int

    @property
    def group(self) -> int:
        """The number of parents in a group."""
        return len(self.counts)

    @property
    def rows(self) -> int:
        """The number of rows of a group."""
        return sum(self.counts)

    @property
    def groups(self) -> int:
        """The number of whole groups."""
        return self.parents // self.group

    @property
    def total(self) -> int:
        """The natural number of rows of the fan-out."""
        return self.groups * self.rows + sum(self.last_counts)

    @property
    def capacity(self) -> int:
        """The max number of rows, with every parent at its max."""
        return self.parents * self.max_rows


@cache
def make_layout(parents: int, spread: Spread) -> Layout:
    """Return the layout for a number of parents and a fan-out (bounds inclusive), or weights of numbers of rows."""
    min_rows, max_rows = bounds_of(spread)
    weights = weights_of(spread)
    if weights is not None:
        group = weighted_group(weights)
        counts, last_counts = (weighted_multiset(size, weights) for size in (group, parents % group))
        return Layout(parents, counts, last_counts, max_rows)
    group = _GROUP
    while group > _MIN_GROUP and group * max_rows > _MAX_ENTRIES:
        group //= 2
    if max_rows - min_rows + 1 <= group:
        group -= group % (max_rows - min_rows + 1)
    counts, last_counts = (_make_multiset(size, min_rows, max_rows) for size in (group, parents % group))
    return Layout(parents, counts, last_counts, max_rows)


def _make_multiset(size: int, min_rows: int, max_rows: int) -> tuple[int, ...]:
    """Return `size` numbers spread evenly from min to max, each value equally often as far as possible."""
    width = max_rows - min_rows + 1
    if size >= width and size % width == 0:
        return tuple(min_rows + index % width for index in range(size))
    return tuple(min_rows + (2 * index + 1) * width // (2 * size) for index in range(size))


def natural_rows(parents: int, fan_out: Spread) -> int:
    """Return the number of rows of a table with this fan-out when its schema gives none."""
    return make_layout(parents, fan_out).total


def fan_out_rows(site: Site, parents: int, fan_out: Spread) -> tuple[pl.Expr, pl.Expr]:
    """Return the parent's row number and the line number (from 1) of each row, both UInt64.

    Raises `RuleError` with the capacity when there are more rows than the parents can take.
    """
    plan = make_layout(parents, fan_out)
    if site.reach > plan.capacity:
        raise RuleError(
            f"{site.reach:,} rows are more than {parents:,} parents with at most {plan.max_rows:,} rows each "
            f"can hold: {plan.capacity:,}.",
            where=site.where,
            hint="Make fewer rows, more parents, or widen fan_out.",
        )
    if plan.total == 0:  # few parents, all without a row of their own
        parent, line = _locate_rows(site, plan, site.row, is_rest=True)
        return site.stages.add(parent), site.stages.add(line)
    parent, line = _locate_rows(site, plan, site.row, is_rest=False)
    if site.reach > plan.total:
        beyond = site.stages.add(site.row - pl.min_horizontal(site.row, u64(plan.total)))
        more_parent, more_line = _locate_rows(site, plan, beyond, is_rest=True)
        is_beyond = site.row >= u64(plan.total)
        parent = pl.when(is_beyond).then(more_parent).otherwise(parent)
        line = pl.when(is_beyond).then(more_line).otherwise(line)
    return site.stages.add(parent), site.stages.add(line)


def natural_lines(site: Site, parents: int, fan_out: Spread, parent: pl.Expr) -> pl.Expr:
    """Return the natural number of rows (UInt64) of each parent, by the parent's row number."""
    plan = make_layout(parents, fan_out)
    whole, last = (_make_counts(counts, plan.max_rows) for counts in (plan.counts, plan.last_counts))
    group = site.stages.add(parent // u64(plan.group))
    shuffle = below(random_bits(row_step(group), site.key("fan_out")), len(whole) // plan.group)
    count = pl.lit(whole).gather(site.stages.add(shuffle * u64(plan.group) + parent % u64(plan.group)))
    if not plan.last_counts:
        return site.stages.add(count)
    size = len(plan.last_counts)
    pick = mix(site.key("fan_out last")) % (len(last) // size) * size
    last_count = pl.lit(last).gather(site.stages.add(parent % u64(plan.group) % u64(size) + u64(pick)))
    return site.stages.add(pl.when(group == u64(plan.groups)).then(last_count).otherwise(count))


def number_lines(site: Site, parents: int, fan_out: Spread) -> tuple[pl.Expr, pl.Expr]:
    """Return parent and line numbers like `fan_out_rows`, without a limit: later rows start over with the first parent.

    Line numbers continue after the max of the previous round, so that no parent has one twice.
    """
    plan = make_layout(parents, fan_out)
    turn = site.stages.add(site.row // u64(plan.total))
    parent, line = _locate_rows(site, plan, site.stages.add(site.row % u64(plan.total)), is_rest=False)
    return site.stages.add(parent), site.stages.add(line + turn * u64(plan.max_rows))


def _locate_rows(site: Site, plan: Layout, row: pl.Expr, *, is_rest: bool) -> tuple[pl.Expr, pl.Expr]:
    whole = _make_tables(plan.counts, plan.max_rows, is_rest)
    last = _make_tables(plan.last_counts, plan.max_rows, is_rest)
    group = site.stages.add(row // u64(max(whole.rows, 1)))
    shuffle = pick_shuffle(site, group, whole.shuffles)
    entry = site.stages.add(shuffle * u64(whole.rows) + row % u64(max(whole.rows, 1)))
    first_of_last = plan.groups * whole.rows
    if plan.groups == 0 or whole.rows == 0:
        parent = line = None
    else:
        parent = group * u64(plan.group) + pl.lit(whole.parents).gather(entry)
        line = pl.lit(whole.lines).gather(entry).cast(pl.UInt64)
    if last.rows == 0:
        assert parent is not None and line is not None
        return parent, line
    pick = pick_last_shuffle(site, last.shuffles) * last.rows
    index = (row - pl.min_horizontal(row, u64(first_of_last))) % u64(last.rows) + u64(pick)
    last_parent = pl.lit(last.parents).gather(index) + u64(plan.groups * plan.group)
    last_line = pl.lit(last.lines).gather(index).cast(pl.UInt64)
    if parent is None or line is None:
        return last_parent, last_line
    is_last = row >= u64(first_of_last)
    return pl.when(is_last).then(last_parent).otherwise(parent), pl.when(is_last).then(last_line).otherwise(line)


@dataclass(frozen=True)
class _Tables:
    """Parent and line number of each row of each shuffle, shuffle after shuffle."""

    rows: int
    shuffles: int
    parents: pl.Series
    lines: pl.Series


@cache
def _make_tables(counts: tuple[int, ...], max_rows: int, is_rest: bool) -> _Tables:
    """Return the tables of a group; for the rest, those of the complements of the same shuffles up to the max."""
    size = len(counts)
    rows = sum(max_rows - count for count in counts) if is_rest else sum(counts)
    all_shuffled = shuffled_counts(counts, max_rows)
    parents, lines = [], []
    for shuffled in all_shuffled:
        widths = max_rows - shuffled if is_rest else shuffled
        first_lines = shuffled if is_rest else np.zeros(size, dtype=np.int64)
        of_parent = np.repeat(np.arange(size), widths)
        starts = np.cumsum(widths) - widths
        parents.append(of_parent)
        lines.append(np.arange(len(of_parent)) - starts[of_parent] + first_lines[of_parent] + 1)
    empty = np.empty(0, dtype=np.int64)
    return _Tables(
        rows,
        len(all_shuffled),
        pl.Series(np.concatenate([empty, *parents]), dtype=pl.UInt64),
        pl.Series(np.concatenate([empty, *lines]), dtype=pl.UInt64),
    )


@cache
def shuffled_counts(counts: tuple[int, ...], max_rows: int) -> tuple[np.ndarray, ...]:
    """Return the precomputed shuffles of a multiset: the number of rows of each parent of a group."""
    size = len(counts)
    shuffles = min(_MAX_SHUFFLES, max(1, _MAX_ENTRIES // max(1, size * max_rows)))
    return tuple(np.asarray(counts, dtype=np.int64)[_shuffle(size, number)] for number in range(shuffles))


def pick_shuffle(site: Site, group: pl.Expr, shuffles: int) -> pl.Expr:
    """Return the number of the shuffle (UInt64) of a whole group; `site` is the foreign key's."""
    return below(random_bits(row_step(group), site.key("fan_out")), shuffles)


def pick_last_shuffle(site: Site, shuffles: int) -> int:
    """Return the number of the shuffle of the shorter last group."""
    return mix(site.key("fan_out last")) % shuffles


def _make_counts(counts: tuple[int, ...], max_rows: int) -> pl.Series:
    """Return the number of rows of each parent of a group in each shuffle, shuffle after shuffle."""
    shuffled = shuffled_counts(counts, max_rows) if counts else ()
    return pl.Series(np.concatenate([np.empty(0, dtype=np.int64), *shuffled]), dtype=pl.UInt64)


def _shuffle(size: int, number: int) -> np.ndarray:
    """Return the number-th shuffle of [0, size): sorted by random bits, so the same on every machine."""
    bits = [mix((_SHUFFLE_KEY + number * 2**32 + index) % 2**64) for index in range(size)]
    return np.argsort(np.asarray(bits, dtype=np.uint64), kind="stable")
