"""Composite keys: groups of columns that are unique as a tuple, by splitting one number into an index per column.

Where every column has a finite number of values (foreign keys, bounded numbers, lists), a permutation of the product
of the counts is split in a mixed radix. A column without bounds counts 1, 2, 3, ... within the others, like a line
number within an order; where no column has bounds, the first counts up and the others count within it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from engine.rules.keys.fan_out import number_lines
from engine.rules.keys.unique_columns import domain_of
from engine.rules.random.bits import u64
from engine.rules.random.permutation import GREATEST_SIZE, permuted
from engine.rules.site import Site

ROWS_INSIDE = 4
LINES_INSIDE = (1, 7)
_MAX_PARENTS = 2**40


@dataclass(frozen=True)
class KeyPart:
    """A column of a composite key, or the columns of one composite foreign key, and its number of values."""

    columns: tuple[str, ...]
    size: int | None


def split_places(site: Site, parts: Sequence[KeyPart], group: Sequence[str]) -> dict[tuple[str, ...], pl.Expr]:
    """Return the index (UInt64) of each row in the values of each part that must not be drawn freely.

    `site` is any column of the key, for its row numbers and its reach.
    """
    closed = [part for part in parts if part.size is not None]
    opened = [part for part in parts if part.size is None]
    sizes = [part.size or 0 for part in closed]
    capacity = prod(sizes)
    if opened:
        if not closed or not 0 < capacity <= _MAX_PARENTS:
            return _count_up(opened, site, site.row)
        parent, line = number_lines(site, capacity, LINES_INSIDE)
        return {**_split(site, closed, parent), **_count_up(opened, site, site.stages.add(line - u64(1)))}
    if site.reach > capacity:
        raise site.error(
            f"{site.reach:,} rows need as many different ({', '.join(group)}), and only {capacity:,} are possible.",
            "Make fewer rows, or widen the bounds of these columns or the rows they reference.",
        )
    index = permuted(site.stages, site.row, min(max(capacity, 1), GREATEST_SIZE), _group_key(site, group))
    return _split(site, closed, index)


def _split(site: Site, closed: Sequence[KeyPart], index: pl.Expr) -> dict[tuple[str, ...], pl.Expr]:
    """Return the digits of `index` in the mixed radix of the parts' sizes."""
    places: dict[tuple[str, ...], pl.Expr] = {}
    for part in reversed(closed):
        size = u64(part.size or 1)
        places[part.columns] = site.stages.add(index % size)
        index = site.stages.add(index // size)
    return places


def _count_up(opened: Sequence[KeyPart], site: Site, rest: pl.Expr) -> dict[tuple[str, ...], pl.Expr]:
    """Count the last part within the one before it, and so on; the first counts without a limit."""
    places: dict[tuple[str, ...], pl.Expr] = {}
    for part in reversed(opened[1:]):
        places[part.columns] = site.stages.add(rest % u64(ROWS_INSIDE))
        rest = site.stages.add(rest // u64(ROWS_INSIDE))
    places[opened[0].columns] = rest
    return places


def _group_key(site: Site, group: Sequence[str]) -> int:
    return site.key("composite:" + ",".join(name.casefold() for name in group))


def column_size(site: Site) -> int | None:
    """Return the number of values the column can take, or None when it is unbounded."""
    domain = domain_of(site)
    has_bounds = not domain.is_open and (not domain.is_permuted or site.type.length is not None)
    return domain.size if has_bounds else None
