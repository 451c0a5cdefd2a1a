"""Keys that are chosen and not drawn: what draws need to know of given keys, and of those that scenarios place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import polars as pl

from engine.rules.keys.reference import Reference
from engine.rules.site import Site


class GivenKeys(Protocol):
    """What the compiler offers where keys of a table are given."""

    def parent_rows(self, site: Site, reference: Reference, drawn: pl.Expr) -> pl.Expr:
        """Return the parent's rows of the given keys, and elsewhere those that were drawn."""

    def clear_of(self, site: Site, columns: Sequence[str]) -> Site:
        """Return the site at the row numbers whose keys the rows take, so that none is a given one."""


class PlacedKeys(Protocol):
    """What the compiler offers where scenarios choose the parents of some rows."""

    def parent_rows(self, site: Site, reference: Reference, drawn: pl.Expr) -> pl.Expr:
        """Return the parent's rows that scenarios give to a foreign key, and elsewhere those that were drawn."""

    def clear_of(self, site: Site, group: Sequence[str], references: Sequence[Reference], sizes: Sequence[int]) -> Site:
        """Return the site at the row numbers whose keys the rows take, so that none is one that a scenario places."""
