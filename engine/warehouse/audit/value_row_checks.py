"""Checks of columns drawn together: each row has the values of one listed row, as often as its weight says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.schema.conditional import ValueRows
from engine.schema.given_rows import parse_cell
from engine.schema.models import ColumnSchema, TableSchema
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, counted
from engine.warehouse.audit.shares import is_plausible
from engine.warehouse.loading.layout import stored_name


def value_row_checks(table: TableSchema, owner: ColumnSchema, by: ValueRows) -> Iterator[Check]:
    """Yield the checks of the stored columns of a list of rows; NULLs of a column's own and defaults are left out."""
    columns = [table.column(name) for name in by.columns]
    places = [place for place, column in enumerate(columns) if not column.hidden and column.default_value is None]
    if not places:
        return
    kept = [columns[place] for place in places]
    weights = by.weights or [1.0] * len(by.rows)
    shares: dict[str, float] = {}
    for row, weight in zip(by.rows, weights, strict=True):
        cells = ", ".join(_cell(row[place], columns[place]) for place in places)
        shares[cells] = shares.get(cells, 0.0) + weight / sum(weights)
    names = [f"v{number}" for number in range(len(kept))]
    listed = ", ".join(f"({number}, {cells})" for number, cells in enumerate(shares))
    source = f"(values {listed}) as w(index, {', '.join(names)})"
    on = " and ".join(
        f"t.{quote(column.name)} is not distinct from w.{name}" for column, name in zip(kept, names, strict=True)
    )
    own_nulls = [f"t.{quote(column.name)} is not null" for column in kept if _has_own_nulls(column)]
    counted_rows = " and ".join(own_nulls) or "true"
    together = f"one listed row of {', '.join(column.name for column in kept)}"
    positive = ", ".join(str(number) for number, share in enumerate(shares.values()) if share > 0)
    wrong = f"{counted_rows} and not exists (select 1 from {source} where {on} and w.index in ({positive}))"
    yield Check(
        "value_rows", table, owner.name, together, f"select count(*) from {stored_name(table)} as t where {wrong}",
        lambda found: found == 0, counted, wrong, is_query=True,
    )  # fmt: skip
    conditions = [column.null_when or column.null_by or column.same_within for column in kept]
    has_null_cells = any(row[place] is None for row in by.rows for place in places)
    if any(conditions) or (own_nulls and has_null_cells):
        return
    promised = list(shares.values())
    sql = (
        f"select list(found order by index) from (select w.index, count(t.rowid) as found from {source}"
        f" left join (select rowid, * from {stored_name(table)} as t where {counted_rows}) as t on {on}"
        " group by w.index)"
    )

    def passes(found: Sequence[int]) -> bool:
        rows = sum(found)
        return all(is_plausible(count, rows, share) for count, share in zip(found, promised, strict=True))

    yield Check(
        "value_row_weights", table, owner.name, f"the weights of {len(promised):,} rows", sql, passes,
        lambda found: counted(sum(found)), is_query=True,
    )  # fmt: skip


def _has_own_nulls(column: ColumnSchema) -> bool:
    return column.effective_null_fraction > 0 or column.has_null_condition


def _cell(cell: object, column: ColumnSchema) -> str:
    value = parse_cell(cell, column.type)  # type: ignore[arg-type]
    if value is None:
        return f"cast(null as {column.type.duckdb})"
    if isinstance(value, bytes):
        return f"from_hex('{value.hex()}')"
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return f"cast({literal(text)} as {column.type.duckdb})"
