"""Batches: tables that grow by appended rows, of which none changes an earlier row.

A table lists in `batches` how many rows it had after each earlier batch; its count is that after the last. A row draws
its parent among those that existed at the end of its own batch: with a fan-out or one to one, among those that its
batch added. A table without `batches` was made in the first batch, or grows with the parents whose fan-out it follows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import polars as pl

from engine.rules.keys.parents import Parents
from engine.rules.random.bits import u64
from engine.rules.site import Site

_SEEDS = 2**64


@dataclass(frozen=True)
class Block:
    """The rows of a table that one batch made, and the usable parents before it and at its end."""

    number: int
    first_row: int
    rows: int
    old_parents: int
    parents: int

    @property
    def new_parents(self) -> int:
        """The number of usable parents that the batch added."""
        return self.parents - self.old_parents


def make_blocks(ends: Sequence[int], parent_ends: Sequence[int], parents: Parents) -> tuple[Block, ...]:
    """Return the blocks of a table from its ends and those of its parent; one block for tables without batches."""
    if len(ends) == 1:
        usable = parents.count if len(parent_ends) == 1 else _usable(parents, parent_ends[0])
        return (Block(0, 0, ends[0], 0, usable),)
    known = [*parent_ends, *[parent_ends[-1]] * (len(ends) - len(parent_ends))]
    blocks, row, before = [], 0, 0
    for number, end in enumerate(ends):
        usable = _usable(parents, known[number])
        blocks.append(Block(number, row, end - row, before, usable))
        row, before = end, usable
    return tuple(blocks)


def _usable(parents: Parents, end: int) -> int:
    """Return how many of the usable parents are among the first `end` rows."""
    if parents.rows is None:
        return min(end, parents.count)
    return int(parents.rows.search_sorted(end, side="left"))


def block_site(site: Site, block: Block, blocks: Sequence[Block]) -> Site:
    """Return the site of the rows of a block, counted from its first row, with random streams of its own."""
    if len(blocks) == 1:
        return site
    row = site.stages.add(site.row - pl.min_horizontal(site.row, u64(block.first_row)))
    reach = block.rows if block is not blocks[-1] else max(block.rows, site.reach - block.first_row)
    seed = site.seed if block.number == 0 else (site.seed + block.number * 2**40) % _SEEDS
    return replace(site, row=row, reach=reach, seed=seed, counts={**site.counts, site.table.key: block.rows})


def by_row(site: Site, blocks: Sequence[Block], make: Callable[[Block, Site], Sequence[pl.Expr]]) -> list[pl.Expr]:
    """Return the columns that `make` makes for each block, each in the rows of its block."""
    used = [block for block in blocks if block.rows > 0 or block is blocks[-1]]
    made = [make(block, block_site(site, block, blocks)) for block in used]
    return chained(site, site.row, [block.first_row for block in used], made)


def chained(site: Site, number: pl.Expr, starts: Sequence[int], made: Sequence[Sequence[pl.Expr]]) -> list[pl.Expr]:
    """Return each column of `made` from the last one whose start is at or before the number."""
    columns = []
    for versions in zip(*made, strict=True):
        column = versions[0]
        for start, version in zip(starts[1:], versions[1:], strict=True):
            column = pl.when(number >= u64(start)).then(version).otherwise(column)
        columns.append(site.stages.add(column))
    return columns
