"""Checks of latents, follows and correlation: hidden normals that exist, loadings that are possible, rules in order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import DATES, sources_of
from engine.schema.latents import factors_of, loadings_of, normal_correlation, rank_correlation
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_ORDERED_KINDS = NUMERIC | DATES | {Kind.TIME, Kind.BOOLEAN}
_ORDERED_SOURCES = ("values", "probability")
_TOLERANCE = 1e-9


def check_latents(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's latents and correlation, and of its columns that follow them."""
    folded = [name.casefold() for name in table.latents]
    for name in {name for name in folded if folded.count(name) > 1}:
        yield Problem(f"{table.key}.latents", f'"{name}" is listed twice.', "Remove one of them.")
    for name in table.latents:
        if "." in name:
            yield Problem(f"{table.key}.latents", f'"{name}" has a dot in it.', "Use a plain name.")
    if table.correlation is not None:
        yield from _check_correlation(table)
    for column in table.columns:
        where = f"{table.key}.{column.name}"
        if column.follows is not None:
            yield from _check_follows(schema, table, column, where)
        if loadings_of(table.correlation, column.name, column.follows):
            yield from _check_ordered(table, column, where)


def _check_follows(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    follows = column.follows or {}
    size = math.fsum(each * each for each in follows.values())
    if not math.isfinite(size) or size > 1 + _TOLERANCE:
        message = f"The squares of the loadings of follows add up to {size:.4g}, more than 1."
        yield Problem(where, message, f"Multiply each by {math.floor(1000 / math.sqrt(size)) / 1000:g}.")
    if table.correlation is not None and column.name.casefold() in map(str.casefold, table.correlation.columns):
        yield Problem(where, "The column has follows, and is one of the table's correlation.", "Keep one of them.")
    for path in follows:
        at, *rest = _follow(schema, table, path)
        if isinstance(at, Problem):
            yield Problem(where, at.message, at.hint)
            continue
        (name,) = rest
        if name.casefold() not in map(str.casefold, at.latents):
            hint = did_you_mean(name, at.latents) or f'Add "latents": ["{name}"] to {at.key}.'
            yield Problem(where, f'{at.key} has no latent "{name}".', hint)


def _follow(schema: ExperimentSchema, table: TableSchema, path: str) -> tuple[TableSchema, str] | tuple[Problem]:
    names = path.split(".")
    for name in names[:-1]:
        column = next((each for each in table.columns if each.name.casefold() == name.casefold()), None)
        target = None if column is None else _parent_of(table, column)
        if target is None:
            return (Problem("", f'follows: "{name}" is no foreign key of {table.key}.', "Write foreign_key.latent."),)
        try:
            table = schema.table(target, within=table.schema_name)
        except KeyError:
            return (Problem("", f'follows: there is no table "{target}".', "Correct the foreign key."),)
    return table, names[-1]


def _parent_of(table: TableSchema, column: ColumnSchema) -> str | None:
    if column.foreign_key is not None:
        return column.foreign_key.references_table
    for key in table.foreign_keys:
        if column.name.casefold() in map(str.casefold, key.columns):
            return key.references_table
    return None


def _check_ordered(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield why a column's rule has no order that hidden normals could move."""
    key = "follows" if column.follows is not None else "correlation"
    try:
        kind = column.type.kind
    except ValueError:
        return
    other = next((rule.name for rule in sources_of(column) if rule.name not in _ORDERED_SOURCES), "")
    if not other:
        other = next((name for name in ("groups", "same_within", "rising_within") if getattr(column, name)), "")
    if other:
        hint = "Use a range, a distribution, values, or a probability."
        yield Problem(where, f"{key} cannot be combined with {other}.", hint)
    elif column.values is None and kind not in _ORDERED_KINDS:
        hint = "Give it values in order, or use a number, date, time or boolean."
        yield Problem(where, f"{key}: the values of {column.data_type} have no order.", hint)
    folded = column.name.casefold()
    groups = [*table.composite_keys, *(each.columns for each in table.foreign_keys)]
    if table.is_unique(column) or any(folded in map(str.casefold, group) for group in groups):
        yield Problem(where, f"{key} cannot make the values of a key.", f"Remove the column from {key}, or the key.")


def _check_correlation(table: TableSchema) -> Iterator[Problem]:
    given = table.correlation
    assert given is not None
    where, size = f"{table.key}.correlation", len(given.columns)
    known = {column.name.casefold() for column in table.columns}
    for name in given.columns:
        if name.casefold() not in known:
            hint = did_you_mean(name, [column.name for column in table.columns]) or "Name columns of the table."
            yield Problem(where, f'There is no column "{name}" in {table.key}.', hint)
    if len({name.casefold() for name in given.columns}) < size:
        yield Problem(where, "A column is listed twice.", "Remove one of them.")
    if len(given.matrix) != size or any(len(row) != size for row in given.matrix):
        yield Problem(where, f"The matrix is not {size} by {size}, as the columns are.", "One number for each pair.")
        return
    for first in range(size):
        if given.matrix[first][first] != 1:
            yield Problem(where, f"The diagonal is not 1 for {given.columns[first]}.", "Write 1 there.")
            return
        for second in range(first):
            if abs(given.matrix[first][second] - given.matrix[second][first]) > _TOLERANCE:
                pair = f"{given.columns[second]} and {given.columns[first]}"
                yield Problem(where, f"The matrix has two correlations of {pair}.", "Write the same number twice.")
                return
    if factors_of(given.matrix) is None:
        yield Problem(
            where, "No columns correlate in this way.", f"The nearest possible matrix is {_nearest(given.matrix)}."
        )


def _nearest(matrix: Sequence[Sequence[float]]) -> str:
    """Return the nearest possible matrix as JSON, cut to three decimals.

    By alternating projections: Higham, "Computing the nearest correlation matrix" (2002). It is moved towards the
    identity until its rounded numbers are possible.
    """
    import numpy as np

    target = np.array([[normal_correlation(each) for each in row] for row in matrix])
    found, change = target, np.zeros_like(target)
    for _ in range(200):
        values, vectors = np.linalg.eigh(found - change)
        positive = (vectors * np.maximum(values, 0)) @ vectors.T
        change = positive - (found - change)
        found = positive.copy()
        np.fill_diagonal(found, 1.0)
    for step in range(100):
        ranks = [[rank_correlation(float(each) * (1 - step / 500)) for each in row] for row in found]
        rounded = [[1.0 if a == b else round(each, 3) for b, each in enumerate(row)] for a, row in enumerate(ranks)]
        if factors_of(rounded) is not None:
            break
    return str([[int(each) if each == 1 else each for each in row] for row in rounded])
