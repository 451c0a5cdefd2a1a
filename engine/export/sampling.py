"""A sample of an export that can be joined: some rows of each table, and the parents of all of them.

Blocks of neighbouring rows, spread evenly over a table, need few row groups; the same sample is taken every time. Then
each table that others refer to is searched for the parents of the rows that were taken, by its key alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from engine.errors import WorkbenchError
from engine.export.exported_rows import ExportedTable, Positions
from engine.schema.hidden import stored_columns
from engine.schema.models import ExperimentSchema
from engine.sql.ddl_export import sort_tables

Sample = float | int | Mapping[str, int]
"""A share of the rows of each table (a float), a number of rows of each (an int), or of the named ones."""
_BLOCKS = 64


class Reference(NamedTuple):
    """A foreign key between tables: their keys, and the columns of both sides as the tables have them."""

    child: str
    columns: tuple[str, ...]
    parent: str
    targets: tuple[str, ...]


def sampled_rows(sample: Sample, rows: Mapping[str, int]) -> dict[str, int]:
    """Return how many rows of each table a sample wants; a table that it does not name is whole.

    Raises `WorkbenchError` for what is no share and no number of rows.
    """
    if isinstance(sample, Mapping):
        wanted = {key: sample.get(key, count) for key, count in rows.items()}
    elif isinstance(sample, float):
        if not 0 < sample <= 1:
            raise _no_sample(sample)
        wanted = {key: max(1, round(count * sample)) for key, count in rows.items()}
    else:
        wanted = dict.fromkeys(rows, sample)
    for count in wanted.values():
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise _no_sample(count)
    return {key: min(count, rows[key]) for key, count in wanted.items()}


def choose_rows(
    schema: ExperimentSchema, tables: Mapping[str, ExportedTable], wanted: Mapping[str, int]
) -> dict[str, Positions]:
    """Return the row numbers to take of each table: about those wanted, and the parents of them all."""
    chosen = {key: spread_rows(table.rows, wanted[key]) for key, table in tables.items()}
    references = [each for each in references_of(schema) if {each.child, each.parent} <= tables.keys()]
    new = dict(chosen)
    while new:
        for table in reversed(sort_tables(schema)):
            added = new.pop(table.key, None)
            if added is None or not len(added):
                continue
            for each in references:
                if each.child == table.key and len(chosen[each.parent]) < tables[each.parent].rows:
                    found = _find_parents(tables, each, added)
                    missing = np.setdiff1d(found, chosen[each.parent])
                    if len(missing):
                        chosen[each.parent] = np.union1d(chosen[each.parent], missing)
                        new[each.parent] = np.union1d(new.get(each.parent, missing), missing)
    return chosen


def spread_rows(rows: int, wanted: int) -> Positions:
    """Return `wanted` row numbers of `rows`, in blocks that are spread evenly."""
    if wanted >= rows:
        return np.arange(rows, dtype=np.int64)
    blocks = min(_BLOCKS, wanted)
    found = [
        np.arange(wanted * index // blocks, wanted * (index + 1) // blocks, dtype=np.int64)
        + (rows - wanted) * index // blocks
        for index in range(blocks)
    ]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def references_of(schema: ExperimentSchema) -> list[Reference]:
    """Return the foreign keys of all tables, as far as their columns are stored."""
    found = []
    for table in schema.tables:
        keys = [((column.name,), column.foreign_key, None) for column in stored_columns(table) if column.foreign_key]
        stored = {column.name.casefold() for column in stored_columns(table)}
        for columns, key, _ in keys:
            assert key is not None
            parent = schema.table(key.references_table, within=table.schema_name)
            found.append(_reference(schema, table.key, columns, parent.key, [key.references_column]))
        for composite in table.foreign_keys:
            if all(name.casefold() in stored for name in composite.columns):
                parent = schema.table(composite.references_table, within=table.schema_name)
                found.append(_reference(schema, table.key, composite.columns, parent.key, composite.references_columns))
    return found


def _reference(
    schema: ExperimentSchema, child: str, columns: Sequence[str], parent: str, targets: Sequence[str]
) -> Reference:
    """Return a reference with the names as the tables have them."""
    own, other = schema.table(child), schema.table(parent)
    return Reference(
        child,
        tuple(own.column(name).name for name in columns),
        parent,
        tuple(other.column(name).name for name in targets),
    )


def _find_parents(tables: Mapping[str, ExportedTable], reference: Reference, positions: Positions) -> Positions:
    pieces = list(tables[reference.child].take(positions, reference.columns))
    wanted = pl.concat(pieces).select(
        pl.col(name).alias(target) for name, target in zip(reference.columns, reference.targets, strict=True)
    )
    wanted = wanted.drop_nulls().unique()
    found = [np.empty(0, dtype=np.int64)]
    for first, keys in tables[reference.parent].scan(reference.targets) if len(wanted) else ():
        cast = wanted.select(pl.col(name).cast(keys.schema[name]) for name in reference.targets)
        rows = keys.with_row_index("_position", first).join(cast, on=list(reference.targets), how="semi")
        found.append(rows["_position"].to_numpy().astype(np.int64))
    return np.sort(np.concatenate(found))


def _no_sample(sample: object) -> WorkbenchError:
    return WorkbenchError(
        f"{sample} is no sample.", where="sample", hint="Use a share such as 0.01, or a number of rows such as 10000."
    )
