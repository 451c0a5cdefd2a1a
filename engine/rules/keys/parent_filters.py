"""The parents that meet the `where` of a foreign key: found once, by computing the condition for every parent.

A condition is a function of the parent's row, so the row numbers that meet it are the same in a preview and a run. They
take 4 bytes each; the condition is computed in chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import polars as pl

from engine.errors import RuleError
from engine.rules.keys.parents import Parents
from engine.rules.keys.reference import Reference
from engine.rules.site import Site

MAX_PARENTS = 100_000_000
"""The most parents that a condition is computed for: their row numbers may take 400 MB."""
CHUNK_ROWS = 1_000_000
_TRIED_ROWS = 1000


class ParentRows(Protocol):
    """The rows of a parent, as the compiler makes them."""

    def condition(self, site: Site, text: str) -> pl.Expr:
        """Return the condition over the rows of the table; messages name the foreign key column of `site`."""

    def chunks(self, rows: int, size: int, outputs: list[pl.Expr]) -> Iterator[pl.DataFrame]:
        """Return the outputs of the first `rows` rows, in chunks of `size`."""

    def targets(self, reference: Reference) -> list[pl.Expr]:
        """Return the columns of the table that the reference names."""


class ParentFilters:
    """The filtered parents of one run by table and condition.

    With `is_trial` a condition is computed for the first rows only, to find its faults, and all parents are taken to
    meet it: for checks of a schema that has no seed yet.
    """

    def __init__(self, *, is_trial: bool = False) -> None:
        self._is_trial = is_trial
        self._found: dict[tuple[str, str], Parents] = {}
        self._active: list[tuple[str, str]] = []
        self._distinct: set[tuple[str, str, tuple[str, ...]]] = set()

    def find(self, site: Site, reference: Reference, parent: ParentRows) -> Parents:
        """Return the parents that meet the condition of the reference.

        Raises `RuleError` for a wrong condition, one that depends on itself, and one that no parent meets.
        """
        text, count = reference.key.where or "", site.counts[reference.parent.key]
        memo = (reference.parent.key, text)
        if memo in self._active:
            raise site.error(f"The condition {text} depends on itself.", "Let it use other columns.")
        if memo not in self._found:
            self._active.append(memo)
            try:
                self._found[memo] = self._compute(site, reference, parent)
            finally:
                self._active.pop()
        found = self._found[memo]
        if found.count == 0 and count > 0 and site.reach > 0:
            raise no_parents(site, reference.parent.key, text, count)
        self._check_distinct(site, reference, parent, found)
        return found

    def _compute(self, site: Site, reference: Reference, parent: ParentRows) -> Parents:
        count = site.counts[reference.parent.key]
        if count > MAX_PARENTS:
            raise site.error(
                f"A where can choose among at most {MAX_PARENTS:,} parents, and {reference.parent.key} has {count:,}.",
                f"Make fewer rows of {reference.parent.key}, or remove where.",
            )
        is_met = parent.condition(site, reference.key.where or "").fill_null(False)
        rows = min(count, _TRIED_ROWS) if self._is_trial else count
        first, found = 0, [pl.Series([], dtype=pl.UInt32)]
        for chunk in parent.chunks(rows, CHUNK_ROWS, [is_met.alias("is_met")]):
            found.append((chunk["is_met"].arg_true() + first).cast(pl.UInt32))
            first += len(chunk)
        if self._is_trial:
            return Parents(count)
        numbers = pl.concat(found)
        return Parents(len(numbers), numbers)

    def _check_distinct(self, site: Site, reference: Reference, parent: ParentRows, found: Parents) -> None:
        """Raise when rows per parent are promised and two of the parents have the same values."""
        table, key = reference.parent, reference.key
        has_promise = key.unique or key.spread is not None or site.is_unique
        memo = (table.key, key.where or "", reference.targets)
        if self._is_trial or not has_promise or reference.is_to_key or found.rows is None or memo in self._distinct:
            return
        self._distinct.add(memo)
        chunks, first = [], 0
        for chunk in parent.chunks(site.counts[table.key], CHUNK_ROWS, parent.targets(reference)):
            inside = found.rows.filter((found.rows >= first) & (found.rows < first + len(chunk)))
            chunks.append(chunk[inside - first])
            first += len(chunk)
        values = pl.concat(chunks)
        if values.n_unique() < len(values):
            raise site.error(
                f"Several rows of {table.key} that meet {key.where} have the same ({', '.join(reference.targets)}).",
                "Let the condition leave one row of each, or remove fan_out or unique.",
            )


def no_parents(site: Site, parent: str, condition: str, count: int) -> RuleError:
    """Return the error of a condition that no parent meets."""
    return site.error(
        f"None of the {count:,} rows of {parent} meets {condition}.",
        f"Change the condition, or make more rows of {parent}.",
    )
