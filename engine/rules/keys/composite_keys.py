"""Composite keys: groups of columns that are unique as a tuple, by splitting one number into an index per column.

Where every column has a finite number of values (foreign keys, bounded numbers, lists), a permutation of the product
of the counts is split in a mixed radix. A column without bounds counts 1, 2, 3, ... within the others, like a line
number within an order; where no column has bounds, the first counts up and the others count within it.

A foreign key with a fan_out inside the key, or a column with groups, gives each row its parent and its line within
it; then the other columns
need only differ within a parent. A column without bounds gets the line number; else one foreign key or bounded column,
or several together, get different values on the lines of a parent (`baskets`). Columns that the key does not need are
drawn as if it were not there. A foreign key with a distribution but no fan_out is paired with the others
(`popular_pairs`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import polars as pl

from engine.rules.distributions.laws import UNIFORM
from engine.rules.keys.baskets import spread_by_popularity, spread_evenly
from engine.rules.keys.fan_out import number_lines
from engine.rules.keys.popular_pairs import pair_by_popularity
from engine.rules.keys.row_groups import Lines
from engine.rules.keys.unique_columns import domain_of
from engine.rules.random.bits import u64
from engine.rules.random.permutation import GREATEST_SIZE, index_of, permuted
from engine.rules.site import Site
from engine.schema.distribution import Distribution
from engine.schema.foreign_keys import ForeignKey

ROWS_INSIDE = 4
LINES_INSIDE = (1, 7)
_MAX_PARENTS = 2**40
GREATEST_SPREAD = 2**52

Places = dict[tuple[str, ...], pl.Expr]
"""The index (UInt64) of each row in the values of a part, by the part's columns."""


@dataclass(frozen=True)
class KeyPart:
    """A column of a composite key, or the columns of one foreign key in it, and its number of values.

    `key` is the foreign key; `is_derived` a column that is computed from others, which cannot make the key unique;
    `is_grouped` a column with groups.
    """

    columns: tuple[str, ...]
    size: int | None
    key: ForeignKey | None = None
    is_derived: bool = False
    is_grouped: bool = False

    @property
    def distribution(self) -> Distribution | None:
        """The popularity of the foreign key's parents; None when they are equally likely."""
        given = None if self.key is None else self.key.distribution
        return None if given is None or given.type.casefold() == UNIFORM else given


def split_lines(site: Site, parts: Sequence[KeyPart], group: Sequence[str], lines: Lines) -> Places:
    """Return the indexes that make the other parts of the key differ within each parent of a fan-out."""
    usable = [part for part in parts if not part.is_derived]
    opened = [part for part in usable if part.size is None]
    if opened:
        return _count_up(opened, site, site.stages.add(lines.line - u64(1)))
    wide = [part for part in usable if (part.size or 0) >= lines.max_lines]
    skewed = next((part for part in wide if part.distribution is not None), None)
    at = site.at(site.table.column((skewed or (wide or parts)[0]).columns[0]))
    if skewed is not None and skewed.distribution is not None:
        index = spread_by_popularity(
            at, skewed.size or 1, skewed.distribution, lines.parent, lines.line, lines.count, lines.max_lines
        )
        return {skewed.columns: index}
    references = [part for part in wide if part.key is not None]
    chosen = (references or wide)[:1] or [part for part in usable if part.distribution is None]
    capacity = min(prod(part.size or 0 for part in chosen), GREATEST_SPREAD)
    if not chosen or capacity < lines.max_lines:
        most = capacity if chosen else 0
        raise site.error(
            f"A parent can have {lines.max_lines:,} rows with different ({', '.join(group)}), and only {most:,} are "
            "possible.",
            "Lower the maximum of fan_out, or widen the bounds of the other columns or the rows they reference.",
        )
    index = spread_evenly(at, capacity, lines.parent, lines.line, lines.max_lines)
    return _split(site, chosen, index)


def split_places(site: Site, parts: Sequence[KeyPart], group: Sequence[str]) -> Places:
    """Return the index (UInt64) of each row in the values of each part that must not be drawn freely.

    `site` is any column of the key, for its row numbers and its reach.
    """
    closed = [part for part in parts if part.size is not None]
    opened = [part for part in parts if part.size is None]
    skewed = [part for part in closed if part.distribution is not None]
    if skewed and all(part.size for part in closed):
        return _pair(site, skewed, closed, opened, group)
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


def row_of_places(site: Site, sizes: Sequence[int], places: Sequence[int], group: Sequence[str]) -> int:
    """Return the row that `split_places` gives these indexes, of parts that all have an end and no distribution."""
    index = 0
    for size, place in zip(sizes, places, strict=True):
        index = index * size + place
    at = site.at(site.table.column(group[0]))
    return index_of(index, min(max(prod(sizes), 1), GREATEST_SIZE), _group_key(at, group))


def _pair(
    site: Site, skewed: Sequence[KeyPart], closed: Sequence[KeyPart], opened: Sequence[KeyPart], group: Sequence[str]
) -> Places:
    """Pair the part with a distribution with the others, which are chosen evenly."""
    (popular, *more) = skewed
    at = site.at(site.table.column(popular.columns[0]))
    if more:
        raise site.at(site.table.column(more[0].columns[0])).error(
            f"Only one column of the key ({', '.join(group)}) can have a distribution.",
            "Remove a distribution, or give one of the foreign keys a fan_out.",
        )
    assert popular.distribution is not None
    rest = [part for part in closed if part is not popular]
    partners = None if opened else prod(part.size or 1 for part in rest)
    size = popular.size or 1
    if partners is not None and size * partners > GREATEST_SIZE // 2:
        raise at.error("The key has too many combinations for a distribution.", "Remove distribution.")
    index, partner = pair_by_popularity(at, size, popular.distribution, partners, names=", ".join(group))
    others = _count_up(opened, site, partner) if opened else _split(site, rest, partner)
    return {popular.columns: index, **others}


def _split(site: Site, closed: Sequence[KeyPart], index: pl.Expr) -> Places:
    """Return the digits of `index` in the mixed radix of the parts' sizes."""
    places: Places = {}
    for part in reversed(closed):
        size = u64(part.size or 1)
        places[part.columns] = site.stages.add(index % size)
        index = site.stages.add(index // size)
    return places


def _count_up(opened: Sequence[KeyPart], site: Site, rest: pl.Expr) -> Places:
    """Count the last part within the one before it, and so on; the first counts without a limit."""
    places: Places = {}
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
