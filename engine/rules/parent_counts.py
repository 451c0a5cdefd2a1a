"""The number of parents that meet the `where` of a foreign key, which the row counts of their children follow."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import WorkbenchError
from engine.rules.compiler import TableCompiler
from engine.rules.keys.parent_filters import CHUNK_ROWS, no_parents
from engine.rules.keys.table_rows import CountParents, Key, referencing_columns
from engine.schema.models import ExperimentSchema, TableSchema

_TRIED_ROWS = 1000


def parent_counter(schema: ExperimentSchema, seed: int | None) -> CountParents:
    """Return the function that counts the parents of a key with a `where`, for `default_counts`.

    Without a seed it is an estimate from the first parents. With one it is exact, and raises `RuleError` when there is
    none.
    """

    def count(table: TableSchema, key: Key, counts: Mapping[str, int]) -> int:
        parent = schema.table(key.references_table, within=table.schema_name)
        total = counts[parent.key]
        rows = min(total, _TRIED_ROWS) if seed is None else total
        site = TableCompiler(schema, table, seed or 0, counts).site(referencing_columns(table, key)[0])
        compiler = TableCompiler(schema, parent, seed or 0, counts)
        try:
            outputs = [compiler.condition(site, key.where or "").fill_null(False).alias("is_met")]
            met = sum(int(chunk["is_met"].sum()) for chunk in compiler.chunks(rows, CHUNK_ROWS, outputs))
        except WorkbenchError:
            if seed is not None:
                raise
            return total
        if seed is None:
            return met * total // max(rows, 1)
        if met == 0 and total > 0:
            raise no_parents(site, parent.key, key.where or "", total)
        return met

    return count
