"""Groups of rows without a table of their own: an order number on each of its lines, the versions of a customer.

A column with `groups` numbers them: each number is on min to max consecutive rows, as with a fan-out over parents that
no table holds. There are as many groups as the rows need, so that the layout does not depend on the number of rows.
Other columns have one value in a group (`same_within`: that of its first row) or rise within it (`rising_within`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from engine.rules.domain import Domain
from engine.rules.keys.fan_out import fan_out_rows, make_layout, natural_lines
from engine.rules.keys.unique_columns import domain_of, make_unique
from engine.rules.random.bits import below_each, u64
from engine.rules.site import Site

_MANY = 2**40
_FIRST_ALONE = 10**12


@dataclass(frozen=True)
class Lines:
    """The parent, or group, of each row, its line in it from 1, and the lines of that parent (all UInt64).

    `max_lines` is the most lines that a parent can have.
    """

    parent: pl.Expr
    line: pl.Expr
    count: pl.Expr
    max_lines: int


def group_lines(site: Site) -> Lines:
    """Return the group of each row, for a column with `groups`; the last group counts all rows that it can have."""
    groups = site.column.groups
    assert groups is not None
    parents = _whole_groups(groups)
    parent, line = fan_out_rows(site, parents, groups)
    return Lines(parent, line, natural_lines(site, parents, groups, parent), groups[1])


def count_groups(rows: int, groups: tuple[int, int]) -> int:
    """Return how many groups the first rows of a table have, at most a few more than there are."""
    layout = make_layout(_whole_groups(groups), groups)
    whole, rest = divmod(rows, layout.rows)
    return whole * layout.group + min(rest, layout.group)


def make_group_values(site: Site, lines: Lines, alone: pl.Expr | None = None) -> pl.Expr:
    """Return the values of a column with `groups`: a different one in each group, and in each row that is `alone`.

    These have the values after the first half of the possible ones, or after a number that no groups reach.
    """
    assert site.column.groups is not None
    count = count_groups(site.reach, site.column.groups)
    size = domain_of(site).size
    if alone is not None:
        size = min(size // 2, _FIRST_ALONE)
        parent = pl.when(alone).then(u64(size) + site.row).otherwise(lines.parent)
        lines = replace(lines, parent=site.stages.add(parent))
    if max(count, 0 if alone is None else site.reach) > size:
        raise site.error(
            f"{site.reach:,} rows make about {count:,} groups with different values, but only {size:,} are possible.",
            "Make fewer rows, or widen the column's bounds, length or type.",
        )
    return make_unique(replace(site, row=lines.parent, reach=count))


def make_rising(site: Site, lines: Lines) -> pl.Expr:
    """Return values that rise from line to line: each is drawn from a part of the range that belongs to its line."""
    domain = _rising_domain(site, lines)
    width = site.stages.add(u64(domain.size) // lines.count)
    return domain.at(site.stages.add((lines.line - u64(1)) * width + below_each(site.bits("rising"), width)))


def first_row(site: Site, lines: Lines, alone: pl.Expr | None = None) -> pl.Expr:
    """Return the number of the first row of each row's group; a row that is `alone` is its own."""
    first = site.row - lines.line + u64(1)
    return site.stages.add(first if alone is None else pl.when(alone).then(site.row).otherwise(first))


def _rising_domain(site: Site, lines: Lines) -> Domain:
    domain = domain_of(site)
    if domain.size < lines.max_lines:
        raise site.error(
            f"{lines.max_lines:,} rows of a group need rising values, but only {domain.size:,} are possible.",
            "Lower the maximum of the group, or widen the column's bounds.",
        )
    return domain


def _whole_groups(groups: tuple[int, int]) -> int:
    """Return a number of parents that fills the blocks of their layout, more than any table has rows."""
    return make_layout(_MANY, groups).group * _MANY
