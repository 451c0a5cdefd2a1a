"""Foreign keys between tables that grow in batches: each block of rows draws for itself.

A block of rows with a fan-out, or one to one, has the parents that its batch added. Any other draws among all parents
so far: first the batch of the parent, by the number of its rows, then the parent in it, so that popular ones stay so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from engine.rules.distributions.distributions import draw_skewed_rank
from engine.rules.keys.batches import Block, block_site, by_row, chained
from engine.rules.keys.child_counts import fan_out_children
from engine.rules.keys.children import Children, Range
from engine.rules.keys.counted import find_parents, make_slots, place_rows, unused
from engine.rules.keys.fan_out import fan_out_rows, natural_lines, natural_rows
from engine.rules.random.bits import below, u64
from engine.rules.random.permutation import permuted
from engine.rules.site import Site
from engine.schema.foreign_keys import ForeignKey
from engine.schema.relations import Spread, bounds_of


def draw_grown(site: Site, blocks: Sequence[Block], key: ForeignKey) -> pl.Expr:
    """Return the index of the usable parent of each row."""
    if key.unique or site.is_unique:
        return by_row(site, blocks, lambda block, at: [_pair(at, block)])[0]
    used = [block for block in blocks if block.rows > 0 or block is blocks[-1]]
    if blocks[0].parents == 0 and blocks[0].rows > 0:
        raise _no_parents(site, blocks[0])
    if key.distribution is None:
        drawn = [[below(site.bits("parent"), max(block.parents, 1))] for block in used]
        return chained(site, site.row, [block.first_row for block in used], drawn)[0]
    batch = [[below(site.bits("batch of parent"), max(block.parents, 1))] for block in used]
    chosen = chained(site, site.row, [block.first_row for block in used], batch)[0]
    adding = [block for block in blocks if block.new_parents > 0]
    ranked = [[_popular(site, block, key)] for block in adding]
    return chained(site, chosen, [block.old_parents for block in adding], ranked)[0]


def grown_lines(site: Site, blocks: Sequence[Block], spread: Spread) -> list[pl.Expr]:
    """Return parent and line of each row by a fan-out."""

    def draw(block: Block, at: Site) -> list[pl.Expr]:
        if block.new_parents == 0:
            _check_parents(site, block)
            return [at.row * u64(0), at.row * u64(0) + u64(1)]
        parent, line = fan_out_rows(at, block.new_parents, spread)
        return [parent + u64(block.old_parents), line]

    return by_row(site, blocks, draw)


def grown_line_counts(site: Site, blocks: Sequence[Block], spread: Spread, parent: pl.Expr) -> pl.Expr:
    """Return the number of rows of each parent by a fan-out, or the max where a block has more than natural."""
    adding, made = _adding(blocks), []
    for block in adding:
        at, index = _parents_of(site, block, blocks, parent)
        is_full = block.rows > natural_rows(block.new_parents, spread)
        full = parent * u64(0) + u64(bounds_of(spread)[1])
        made.append([full if is_full else natural_lines(at, block.new_parents, spread, index)])
    return chained(site, parent, [block.old_parents for block in adding], made)[0]


def grown_children(site: Site, blocks: Sequence[Block], spread: Spread, parent: pl.Expr) -> Children:
    """Return the rows of each parent by a fan-out."""
    adding, made = _adding(blocks), []
    for block in adding:
        at, index = _parents_of(site, block, blocks, parent)
        known = fan_out_children(at, block.rows, block.new_parents, spread, index).ranges
        known = (*known, Range(known[0].first, parent * u64(0))) if len(known) == 1 else known
        made.append([each for one in known for each in (one.first + u64(block.first_row), one.width)])
    first, width, more_first, more_width = chained(site, parent, [block.old_parents for block in adding], made)
    return Children((Range(first, width), Range(more_first, more_width)))


def grown_slots(site: Site, blocks: Sequence[Block], columns: Sequence[str], key: ForeignKey) -> tuple[pl.Expr, ...]:
    """Return the parent of each row of a counted key, and whether it has none."""

    def draw(block: Block, at: Site) -> list[pl.Expr]:
        if block.parents == 0:
            _check_parents(site, block)
            return [at.row * u64(0), at.row < u64(0)]
        slots = make_slots(at, block.rows, block.parents, columns, key)
        place = place_rows(at, slots)
        return [find_parents(at, slots, place).parent, unused(at, slots, place)]

    return tuple(by_row(site, blocks, draw))


def _adding(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.new_parents > 0]


def _parents_of(site: Site, block: Block, blocks: Sequence[Block], parent: pl.Expr) -> tuple[Site, pl.Expr]:
    """Return the site of the block, and the parents counted from its first one."""
    index = site.stages.add(parent - pl.min_horizontal(parent, u64(block.old_parents)))
    return replace(block_site(site, block, blocks), row=index), index


def _pair(site: Site, block: Block) -> pl.Expr:
    """Return different parents of the block for its rows."""
    if site.reach > block.new_parents:
        raise site.error(
            f"Batch {block.number + 1} has {site.reach:,} rows that reference different parents, of which it adds "
            f"{block.new_parents:,}.",
            "Add at least as many parents in this batch.",
        )
    if block.new_parents == 0:
        return site.row * u64(0)
    return permuted(site.stages, site.row, block.new_parents, site.key("parent")) + u64(block.old_parents)


def _popular(site: Site, block: Block, key: ForeignKey) -> pl.Expr:
    """Return a parent of those that the batch added, by their popularity."""
    assert key.distribution is not None
    rank = site.stages.add(draw_skewed_rank(site, block.new_parents, key.distribution, "parent"))
    return permuted(site.stages, rank, block.new_parents, site.key("popularity")) + u64(block.old_parents)


def _check_parents(site: Site, block: Block) -> None:
    if block.rows > 0:
        raise _no_parents(site, block)


def _no_parents(site: Site, block: Block) -> Exception:
    return site.error(
        f"Batch {block.number + 1} adds {block.rows:,} rows, but no parent that they may reference.",
        "Add parents in this batch, or leave its rows out.",
    )
