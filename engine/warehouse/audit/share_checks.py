"""Checks of shares of a parent's number and of running totals, computed again in SQL from the loaded rows."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rules.derived.row_sql import row_sql
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted, not_proved
from engine.warehouse.audit.rollup_checks import key_pairs
from engine.warehouse.loading.layout import stored_name

_ROUNDING = 1e-9


def share_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's split_of and of its running total."""
    if column.split_of is not None:
        shown = f"shares of {column.split_of}"
        total = row_sql(schema, table, column, column.split_of, stored_name)
        if total is None:
            yield not_proved(table, column, shown, f"{column.split_of} has no SQL")
        else:
            yield _check("split_of", table, column, shown, _wrong_share(schema, table, column, f"({total.sql})"))
    if column.running is not None:
        running = column.running
        shown = f"running {running.sum} within {running.within}"
        start, line = _start(schema, table, column), _line(table, running.within)
        if start is None or line is None:
            reason = "its start has no SQL" if start is None else f"no column is the line_number_of {running.within}"
            yield not_proved(table, column, shown, reason)
        else:
            wrong = _wrong_total(schema, table, column, start, line)
            yield _check("running", table, column, shown, wrong)


def _check(name: str, table: TableSchema, column: ColumnSchema, shown: str, wrong: str) -> Check:
    if column.has_null_condition or column.null_fraction:
        wrong = f"t.{quote(column.name)} is not null and ({wrong})"
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    return Check(name, table, column.name, shown, sql, lambda found: found == 0, counted, wrong, is_query=True)


def _wrong_share(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, total: str) -> str:
    """Return where the rows of a parent do not add up to its number, or a share has not its sign or its weight."""
    keys = [own for own, _ in key_pairs(schema, table, (column.split_of or "").partition(".")[0])]
    own, names = f"t.{quote(column.name)}", ", ".join(map(quote, keys))
    same = " and ".join(f"r.{quote(key)} = t.{quote(key)}" for key in keys)
    weight = None if column.split_weight is None else quote(column.split_weight)
    weighed = "" if weight is None else f", sum(coalesce({weight}, 0)) as w"
    rows = f"(select {names}, sum({quote(column.name)}) as s{weighed} from {stored_name(table)} group by {names}) as r"
    wrong = f"(select r.s from {rows} where {same}) is distinct from {total} or sign({own}) * sign({total}) < 0"
    if weight is not None:
        weights = f"(select nullif(r.w, 0)::double from {rows} where {same})"
        part = f"{total}::double * coalesce(t.{weight}, 0)::double / {weights}"
        unit = 10.0**-column.type.scale
        wrong += f" or abs({own}::double - {part}) > {unit} + abs({total}::double) * {_ROUNDING}"
    is_known = " and ".join(f"t.{quote(key)} is not null" for key in keys)
    return f"{is_known} and {total} is not null and ({wrong})"


def _start(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> str | None:
    assert column.running is not None
    if column.running.start is None:
        return "0"
    found = row_sql(schema, table, column, column.running.start, stored_name)
    return None if found is None else f"({found.sql})"


def _line(table: TableSchema, within: str) -> str | None:
    """Return what orders the rows of a parent: their line number, or their row, which a counted key does not follow."""
    line = next((one for one in table.columns if (one.line_number_of or "").casefold() == within.casefold()), None)
    if line is not None:
        return f"t.{quote(line.name)}"
    key = table.column(within).foreign_key
    is_counted = key is not None and key.counted
    is_counted |= any(one.counted for one in table.foreign_keys if within.casefold() in map(str.casefold, one.columns))
    return None if is_counted else "t.rowid"


def _wrong_total(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, start: str, line: str) -> str:
    running = column.running
    assert running is not None
    keys = [f"t.{quote(own)}" for own, _ in key_pairs(schema, table, running.within)]
    total = f"sum(coalesce(t.{quote(running.sum)}, 0)) over (partition by {', '.join(keys)} order by {line})"
    is_known = " and ".join(f"{key} is not null" for key in keys)
    expected = f"try_cast({total} + {start} as {column.type.duckdb})"
    rows = (
        f"select t.rowid as r, t.{quote(column.name)} as found, {expected} as expected"
        f" from {stored_name(table)} as t where {is_known}"
    )
    return f"t.rowid in (select r from ({rows}) where found is distinct from expected)"
