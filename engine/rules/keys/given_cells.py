"""Given rows as expressions: their cells in place of a rule's values, and rules that never repeat a given key.

A unique rule is a bijection from row numbers to values, so it needs no retry. A column that counts up counts past the
given values: the number of values to pass is found by binary search. For the others, let R be the rows that give a
key: a row outside of R whose rule makes a given key takes the rule's value of a row of R whose own value is free.
There are always enough of these, as R has as many rows as given keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import u64
from engine.rules.random.permutation import index_of
from engine.rules.site import Site
from engine.schema.given_rows import GivenColumn
from engine.schema.models import TableSchema

MAX_SEARCHED_ROWS = 5_000_000
"""The most rows that are generated to find those whose rule makes a given key."""
_CHUNK = 500_000


def given_values(site: Site, given: GivenColumn, made: pl.Expr | None) -> pl.Expr:
    """Return the given cells, and elsewhere the rule's value `made`; None when every row of the table is given."""
    at = _place(site)
    cells = pl.lit(given.values).gather(at)
    return cells if made is None else pl.when(is_given(site, given)).then(cells).otherwise(made)


def given_mask(site: Site, given: GivenColumn, mask: pl.Expr | None) -> pl.Expr | None:
    """Return the mask of NULLs: of the given cells, and elsewhere that of the column."""
    nulls = given.nulls
    if mask is None and not nulls.any():
        return None
    is_here = is_given(site, given)
    rest = pl.lit(False) if mask is None else mask
    found = pl.lit(nulls).gather(_place(site)) if nulls.any() else pl.lit(False)
    return site.stages.add(pl.when(is_here).then(found).otherwise(rest))


def is_all_given(site: Site, given: GivenColumn) -> bool:
    """Return whether every row that must be possible gives the column."""
    return given.is_whole and site.reach <= len(given.values)


def is_given(site: Site, given: GivenColumn) -> pl.Expr:
    """Return whether the row gives the column."""
    is_first = site.row < u64(len(given.values))
    if given.is_whole:
        return is_first
    return is_first & pl.lit(given.is_given).gather(_place(site))


def _place(site: Site) -> pl.Expr:
    """Return the row number, or that of the last given row beyond them."""
    last = u64(len(site.table.rows) - 1)
    return site.stages.add(
        pl.min_horizontal(site.row, last), memo=("given", site.table.key, site.row.meta.output_name())
    )


def count_past(site: Site, given: GivenColumn, domain: Domain) -> pl.Expr:
    """Return for each row its index in a domain that counts up, passing the given values."""
    assert domain.index_of is not None
    found = {domain.index_of(value) for value in given.values.filter(given.is_given)}
    passed = sorted(index for index in found if index is not None)
    before = pl.Series([0, *given.is_given.cast(pl.UInt64).cum_sum()], dtype=pl.UInt64)
    row = site.row - pl.lit(before).gather(pl.min_horizontal(site.row, u64(len(before) - 1)))
    thresholds = pl.Series([index - number for number, index in enumerate(passed)], dtype=pl.UInt64)
    row = site.stages.add(row)
    if not passed:
        return row
    return site.stages.add(row + pl.lit(thresholds).search_sorted(row, side="right").cast(pl.UInt64))


def exchanged_row(row: pl.Expr, site: Site, given_rows: Sequence[int], hits: Sequence[int]) -> pl.Expr:
    """Return the row number whose rule's value each row takes; `hits` are the rows whose rule makes a given key."""
    inside, taken = set(given_rows), set(hits)
    colliding = [number for number in sorted(taken) if number not in inside]
    free = [number for number in given_rows if number not in taken]
    if not colliding:
        return row
    old, new = (pl.Series(numbers, dtype=pl.UInt64) for numbers in (colliding, free[: len(colliding)]))
    return site.stages.add(row.replace(old, new))


def invert(domain: Domain, values: Sequence[Any], key: int) -> list[int] | None:
    """Return the rows at which a permuted domain has these values; None when the domain cannot say."""
    if domain.index_of is None:
        return None
    found = (domain.index_of(value) for value in values)
    return [index_of(index, domain.size, key) for index in found if index is not None]


def search_rows(
    site: Site, keys: Sequence[tuple[Any, ...]], frame: Callable[[int, int], pl.LazyFrame], where: str, rows: int
) -> list[int]:
    """Return the rows in [0, rows) of a frame of key columns that have one of the `keys`.

    Raises `RuleError` when there are too many rows to search.
    """
    if rows > MAX_SEARCHED_ROWS:
        raise site.error(
            f"{rows:,} rows are too many to keep clear of the given values of {where}.",
            f"Make at most {MAX_SEARCHED_ROWS:,} rows, or give the column numbers as its rule.",
        )
    return list(_search(keys, frame, rows))


def _search(keys: Sequence[tuple[Any, ...]], frame: Callable[[int, int], pl.LazyFrame], rows: int) -> Iterator[int]:
    for first in range(0, rows, _CHUNK):
        found = frame(first, min(_CHUNK, rows - first)).collect(engine="streaming").with_row_index("__n", first)
        names = found.columns[1:]
        columns = {
            name: pl.Series(values, dtype=found.schema[name], strict=False)
            for name, values in zip(names, zip(*keys, strict=True), strict=True)
        }
        yield from found.join(pl.DataFrame(columns), on=names, how="semi", maintain_order="left")["__n"]


def find_parent_rows(
    site: Site,
    parent: TableSchema,
    wanted: dict[int, tuple[Any, ...]],
    known: dict[tuple[Any, ...], int],
    frame: Callable[[int, int], pl.LazyFrame],
) -> pl.Series:
    """Return the parent's row of each given row of the child; 0 where the child's key is NULL or made by its rule.

    `wanted` are the keys by the child's row, `known` the rows of the parent's given keys, and `frame` the keys that
    the parent makes. Raises `RuleError` with the row and the key that the parent has not.
    """
    count = site.counts[parent.key]
    rows = {key: row for key, row in known.items() if row < count}
    missing = [key for key in dict.fromkeys(wanted.values()) if key not in rows]
    for first in range(0, min(count, MAX_SEARCHED_ROWS) if missing else 0, _CHUNK):
        made = frame(first, min(_CHUNK, count - first)).collect(engine="streaming")
        columns = [pl.Series(values, strict=False) for values in zip(*missing, strict=True)]
        kept = {
            name: column.cast(made.schema[name], strict=False)
            for name, column in zip(made.columns, columns, strict=True)
        }
        asked = pl.DataFrame(kept).with_row_index("__asked")
        found = made.with_row_index("__n", first).join(asked, on=list(kept), how="inner")
        for number, place in zip(found["__n"], found["__asked"], strict=True):
            rows.setdefault(missing[place], number)
        missing = [key for key in missing if key not in rows]
        if not missing:
            break
    if missing:
        number = next(row for row, key in wanted.items() if key == missing[0])
        shown = ", ".join(str(value) for value in missing[0])
        raise site.error(
            f"Its given row {number + 1} is {shown}, which is not in {parent.key}, which has {count:,} rows.",
            f"Correct it, or give {parent.key} a row with this key.",
        )
    return pl.Series(
        [rows[wanted[row]] if row in wanted else 0 for row in range(len(site.table.rows))], dtype=pl.UInt64
    )
