"""Key coverage of the loaded tables: for each foreign key, parents with children, and children per parent."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.loading.layout import stored_name
from engine.warehouse.querying.session import Session

_SCHEMA = {
    "table": pl.String,
    "columns": pl.String,
    "references": pl.String,
    "parents": pl.Int64,
    "covered": pl.Float64,
    "min_children": pl.Int64,
    "mean_children": pl.Float64,
    "max_children": pl.Int64,
    "nulls": pl.Int64,
    "orphans": pl.Int64,
}


def key_coverage(session: Session, schema: ExperimentSchema) -> list[list[object]]:
    """Return a row for each foreign key of the session's current experiment, for `coverage_frame`.

    `covered` is the share of parents with a child, `min_children`, `mean_children` and `max_children` count the
    children of a parent (0 included), `nulls` the rows without a parent and `orphans` those of a missing parent.
    """
    rows: list[list[object]] = []
    for table in schema.tables:
        keys = [([column.name], column.foreign_key) for column in table.columns if column.foreign_key is not None]
        for columns, key in keys:
            parent = schema.table(key.references_table, within=table.schema_name)
            rows.append(_row(session, table, columns, parent, [key.references_column]))
        for composite in table.foreign_keys:
            parent = schema.table(composite.references_table, within=table.schema_name)
            rows.append(_row(session, table, composite.columns, parent, composite.references_columns))
    return rows


def coverage_frame(rows: Sequence[Sequence[object]]) -> pl.DataFrame:
    """Return the rows of `key_coverage` as a frame."""
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def _row(
    session: Session, table: TableSchema, columns: Sequence[str], parent: TableSchema, references: Sequence[str]
) -> list[object]:
    names = [quote(name) for name in columns]
    present = " and ".join(f"{name} is not null" for name in names)
    same = " and ".join(f"p.{quote(theirs)} = c.{ours}" for theirs, ours in zip(references, names, strict=True))
    ((parents, covered, fewest, mean, most, children),) = session.fetch_rows(
        f"select count(*), count(c.n), min(coalesce(c.n, 0)), avg(coalesce(c.n, 0)), max(coalesce(c.n, 0)), sum(c.n)"
        f" from {stored_name(parent)} p left join (select {', '.join(names)}, count(*) as n from {stored_name(table)}"
        f" where {present} group by all) c on {same}"
    )
    ((rows, filled),) = session.fetch_rows(
        f"select count(*), count(*) filter (where {present}) from {stored_name(table)}"
    )
    share = covered / parents if parents else None
    orphans = filled - int(children or 0)
    named = f"{parent.key}.{', '.join(references)}"
    return [table.key, ", ".join(columns), named, parents, share, fewest, mean, most, rows - filled, orphans]
