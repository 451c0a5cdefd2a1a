"""Checks of columns that follow the same hidden normals: their rank correlation is the one that their loadings give.

For values without ties the expected one is 6 / pi * asin(sum of the products of the loadings / 2), see `latents`. Ties,
as of few values with weights, bring it closer to 0; then it must lie between. A parent's hidden normal is shared by its
rows, so that the number of parents limits how exactly a correlation can be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from engine.schema.hidden import stored_columns
from engine.schema.latents import loadings_of, rank_correlation
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check
from engine.warehouse.loading.layout import stored_name

_TOLERANCE = 0.02
_ERRORS = 6.0
_ROWS = 1_000_000
_TIED = 0.01


def correlation_checks(
    schema: ExperimentSchema, table: TableSchema, expected_rows: Mapping[str, int]
) -> Iterator[Check]:
    """Yield the check of each pair of columns that follow the same hidden normals; also with columns of a parent."""
    columns = [(column, found) for column in stored_columns(table) if (found := _loadings(table, column))]
    for place, (first, its) in enumerate(columns):
        for second, others in columns[:place]:
            shared = [path for path in its if path in others]
            if shared:
                expected = math.fsum(its[path] * others[path] for path in shared)
                least = _least_rows(schema, table, [*its, *others], expected_rows)
                yield _check(table, second, first, expected, least, f"{stored_name(table)} as t", "t")
    for key in stored_columns(table):
        yield from _with_parent(schema, table, key, columns, expected_rows)


def _with_parent(
    schema: ExperimentSchema, table: TableSchema, key: ColumnSchema,
    columns: Sequence[tuple[ColumnSchema, Mapping[str, float]]], expected_rows: Mapping[str, int],
) -> Iterator[Check]:  # fmt: skip
    if key.foreign_key is None or not columns:
        return
    parent = schema.table(key.foreign_key.references_table, within=table.schema_name)
    target = parent.column(key.foreign_key.references_column)
    if parent is table or target.hidden or not parent.is_unique(target):
        return
    prefix = f"{key.name.casefold()}."
    for first, its in columns:
        above = {path.removeprefix(prefix): each for path, each in its.items() if path.startswith(prefix)}
        for second in stored_columns(parent):
            others = _loadings(parent, second)
            if any(path in others for path in above):
                expected = math.fsum(each * others.get(path, 0.0) for path, each in above.items())
                source = (
                    f"{stored_name(table)} as t join {stored_name(parent)} as p "
                    f"on p.{quote(target.name)} = t.{quote(key.name)}"
                )
                least = min(expected_rows[parent.key], expected_rows[table.key])
                yield _check(table, second, first, expected, least, source, "p")


def _loadings(table: TableSchema, column: ColumnSchema) -> dict[str, float]:
    found = loadings_of(table.correlation, column.name, column.follows)
    return {path.casefold(): each for path, each in found.items()}


def _least_rows(
    schema: ExperimentSchema, table: TableSchema, paths: Sequence[str], expected_rows: Mapping[str, int]
) -> int:
    """Return the rows of the smallest table whose hidden normals are read."""
    least = expected_rows[table.key]
    for path in paths:
        at = table
        for name in path.split(".")[:-1]:
            column = at.column(name)
            key = column.foreign_key or next(
                (each for each in at.foreign_keys if name in map(str.casefold, each.columns)), None
            )
            if key is None:
                break
            at = schema.table(key.references_table, within=at.schema_name)
            least = min(least, expected_rows[at.key])
    return least


def _check(
    table: TableSchema, first: ColumnSchema, second: ColumnSchema, normal: float, least: int, source: str, alias: str
) -> Check:
    """Return the check of a rank correlation, of at most a million rows; equal values have their middle rank."""
    x, y = f"{alias}.{quote(first.name)}", f"t.{quote(second.name)}"
    sql = (
        "select [coalesce(corr(rx, ry), 0), count(*), coalesce(max(greatest(nx, ny)), 0)] from (select nx, ny, "
        "rank() over (order by x) + (nx - 1) / 2 as rx, rank() over (order by y) + (ny - 1) / 2 as ry from "
        "(select x, y, count(*) over (partition by x) as nx, count(*) over (partition by y) as ny from "
        f"(select {x} as x, {y} as y from {source} where x is not null and y is not null limit {_ROWS})))"
    )
    expected = rank_correlation(normal)

    def passes(found: Sequence[float]) -> bool:
        value, rows, tied = found
        sizes = min(rows, least)
        if sizes < 2:
            return True
        allowed = _TOLERANCE + _ERRORS / math.sqrt(sizes)
        if tied <= _TIED * rows:
            return abs(value - expected) <= allowed
        return min(0.0, expected) - allowed <= value <= max(0.0, expected) + allowed

    where = table.key if alias == "t" else "its parent"
    return Check(
        "rank_correlation", table, second.name, f"{expected:.3f} with {first.name} of {where}", sql, passes,
        lambda found: f"{found[0]:.3f}", is_query=True,
    )  # fmt: skip
