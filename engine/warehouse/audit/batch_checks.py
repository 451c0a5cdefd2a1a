"""Proofs that each row references a parent that its batch or an earlier one made, for tables that grow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.rules.keys.table_rows import batch_ends
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted
from engine.warehouse.audit.given_checks import given_count
from engine.warehouse.loading.layout import stored_name


def check_batches(
    schema: ExperimentSchema,
    table: TableSchema,
    columns: Sequence[str],
    parent: TableSchema,
    targets: Sequence[str],
    key: ForeignKey | CompositeForeignKey,
    expected_rows: Mapping[str, int],
) -> Iterator[Check]:
    """Yield the check of a key whose parents grew; with a fan-out or one to one, the same batch made both rows."""
    ends, above = (batch_ends(schema, one, expected_rows) for one in (table, parent))
    if len(above) == 1:
        return
    known = (*above, *[above[-1]] * (len(ends) - len(above)))
    is_own = parent.key != table.key and (isinstance(key, CompositeForeignKey) or key.through is None)
    is_unique = key.unique or (len(columns) == 1 and table.is_unique(table.column(columns[0])))
    is_paired = is_own and (key.spread is not None or is_unique)
    wrong = [f"p.first_row >= {_by_batch(ends, known)}"]
    if is_paired:
        wrong.append(f"p.last_row < {_by_batch(ends, (0, *known))}")
    pairs = " and ".join(
        f"p.{quote(target)} = t.{quote(column)}" for column, target in zip(columns, targets, strict=True)
    )
    names = ", ".join(quote(target) for target in targets)
    given = given_count(table, expected_rows[table.key])
    rows = f"t.rowid >= {given} and ({' or '.join(wrong)})" if given else " or ".join(wrong)
    found = (
        f"from {stored_name(table)} as t join (select min(rowid) as first_row, max(rowid) as last_row, {names}"
        f" from {stored_name(parent)} group by {names}) as p on {pairs} where {rows}"
    )
    expected = f"a row of {parent.key} made in {'the same' if is_paired else 'the same or an earlier'} batch"
    yield Check(
        "batches", table, ", ".join(columns), expected, f"select count(*) {found}", lambda rows: rows == 0, counted,
        f"t.rowid in (select t.rowid {found})", is_query=True,
    )  # fmt: skip


def _by_batch(ends: Sequence[int], numbers: Sequence[int]) -> str:
    """Return the number of the batch of a row of `t`, as SQL."""
    cases = [
        f"when t.rowid < {end} then {number}"
        for end, number, after in zip(ends[:-1], numbers, numbers[1:], strict=False)
        if number != after
    ]
    last = numbers[len(ends) - 1]
    return f"case {' '.join(cases)} else {last} end" if cases else str(last)
