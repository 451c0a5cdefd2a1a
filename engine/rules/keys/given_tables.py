"""The given rows of a schema's tables at one seed: the parents of given foreign keys, and rows clear of given keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

import polars as pl

from engine.rules.domain import Domain
from engine.rules.keys.given_cells import (
    count_past,
    exchanged_row,
    find_parent_rows,
    invert,
    is_given,
    search_rows,
)
from engine.rules.keys.reference import Reference
from engine.rules.site import Site
from engine.schema.given_rows import given_column, given_tuples
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema


class KeyCompiler(Protocol):
    """The compiler of a table, as far as its keys are concerned."""

    def output(self, column: ColumnSchema) -> pl.Expr:
        """Return the expression of one column."""

    def frame(self, first_row: int, rows: int, outputs: Sequence[pl.Expr]) -> pl.LazyFrame:
        """Return the lazy frame of compiled outputs for the rows [first_row, first_row + rows)."""


NewCompiler = Callable[[ExperimentSchema, TableSchema, int, Mapping[str, int], int], KeyCompiler]


class GivenTables:
    """Finds rows by given keys; caches what it finds for one plan."""

    def __init__(
        self, schema: ExperimentSchema, seed: int, counts: Mapping[str, int], new_compiler: NewCompiler
    ) -> None:
        self._schema = schema
        self._seed = seed
        self._counts = counts
        self._new_compiler = new_compiler
        self._parents: dict[tuple[str, ...], pl.Series] = {}
        self._hits: dict[tuple[str, ...], list[int]] = {}

    def parent_rows(self, site: Site, reference: Reference, drawn: pl.Expr) -> pl.Expr:
        """Return the parent's rows of the given keys, and elsewhere those that were drawn."""
        given = given_column(site.table, site.column)
        if given is None:
            return drawn
        memo = (site.table.key, *reference.columns)
        if memo not in self._parents:
            self._parents[memo] = self._find_parents(site, reference)
        found = self._parents[memo]
        place = pl.min_horizontal(site.row, pl.lit(len(found) - 1, dtype=pl.UInt64))
        return site.stages.add(pl.when(is_given(site, given)).then(pl.lit(found).gather(place)).otherwise(drawn))

    def clear_of(self, site: Site, columns: Sequence[str]) -> Site:
        """Return the site at the row numbers whose keys the rows take, so that none is a given one."""
        table = site.table
        chosen = [table.column(name) for name in columns]
        given = given_tuples(table, chosen)
        if not given:
            return site
        memo = (table.key, *(column.name for column in chosen))
        if memo not in self._hits:
            self._hits[memo] = self._search(site, chosen, list(given.values()))
        return replace(site, row=exchanged_row(site.row, site, list(given), self._hits[memo]))

    def unique(self, site: Site, domain: Domain) -> Site:
        """Return the site at which a unique column takes its values, so that none is a given one."""
        given = given_column(site.table, site.column)
        if given is None:
            return site
        if domain.is_open and domain.index_of is not None:
            return replace(site, row=count_past(site, given, domain))
        memo = (site.table.key, site.column.name)
        is_drawn = not (domain.is_open or domain.is_permuted or domain.is_ordered)
        if memo not in self._hits and is_drawn:
            found = invert(domain, given.values.filter(given.is_given).to_list(), site.key("unique"))
            if found is not None:
                self._hits[memo] = found
        return self.clear_of(site, [site.column.name])

    def _search(self, site: Site, columns: Sequence[ColumnSchema], keys: Sequence[tuple[Any, ...]]) -> list[int]:
        """Return the rows whose rules make one of the keys."""
        bare = site.table.model_copy(update={"rows": []})
        where = f"{site.table.key} ({', '.join(column.name for column in columns)})"
        return search_rows(site, keys, self._frame(bare, columns, site.reach), where, site.reach)

    def _find_parents(self, site: Site, reference: Reference) -> pl.Series:
        columns = [site.table.column(name) for name in reference.columns]
        parent = reference.parent
        targets = [parent.column(name) for name in reference.targets]
        known = {key: row for row, key in given_tuples(parent, targets).items()}
        return find_parent_rows(
            site,
            parent,
            {row: key for row, key in given_tuples(site.table, columns).items() if row < site.reach},
            known,
            self._frame(parent, targets, self._counts[parent.key]),
        )

    def _frame(
        self, table: TableSchema, columns: Sequence[ColumnSchema], reach: int
    ) -> Callable[[int, int], pl.LazyFrame]:
        """Return the frames of some columns of a table, compiled when the first one is asked for."""
        made: list[tuple[KeyCompiler, list[pl.Expr]]] = []

        def frame(first: int, rows: int) -> pl.LazyFrame:
            if not made:
                compiler = self._new_compiler(self._schema, table, self._seed, self._counts, reach)
                made.append((compiler, [compiler.output(column) for column in columns]))
            compiler, outputs = made[0]
            return compiler.frame(first, rows, outputs)

        return frame
