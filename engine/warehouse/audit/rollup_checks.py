"""Checks of roll-ups: each number is computed again in SQL from the loaded rows of the other table."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rules.derived.row_sql import row_sql
from engine.rules.keys.parent_conditions import condition_sql
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.rollups import Rollup
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted, not_proved
from engine.warehouse.loading.layout import stored_name

_CONDITION = ColumnSchema(name="", data_type="BOOLEAN")
_EMPTY = {"sum": "0", "count": "0", "count_distinct": "0", "any": "false", "all": "true"}


def rollup_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the check of a column's roll-up."""
    rollup = column.rollup
    if rollup is None:
        return
    name, key = rollup.source
    child = schema.table(name, within=table.schema_name)
    shown = f"{rollup.aggregate} {rollup.column or rollup.any or rollup.all or ''}".strip() + f" of {rollup.of}"
    conditions = {text: _condition(schema, child, text) for text in rollup.conditions}
    unknown = next((text for text, sql in conditions.items() if sql is None), None)
    if unknown is not None:
        reason = f"{unknown} has no SQL that means the same in DuckDB"
        yield not_proved(table, column, shown, reason)
        return
    pairs = key_pairs(schema, child, key)
    keys = ", ".join(f"t.{quote(own)} as k{index}" for index, (own, _) in enumerate(pairs))
    where = f" where {conditions[rollup.where]}" if rollup.where is not None else ""
    by = ", ".join(str(index + 1) for index in range(len(pairs)))
    value = _aggregate(rollup, child, column, {text: sql or "" for text, sql in conditions.items()})
    rows = f"select {keys}, {value} as v from {stored_name(child)} as t{where} group by {by}"
    same = " and ".join(f"r.k{index} = t.{quote(target)}" for index, (_, target) in enumerate(pairs))
    found = f"(select r.v from ({rows}) as r where {same})"
    if rollup.aggregate in _EMPTY:
        found = f"coalesce({found}, {_EMPTY[rollup.aggregate]})"
    own = f"t.{quote(column.name)}"
    wrong = f"{_digits(own, column) if rollup.aggregate == 'avg' else own} is distinct from {found}"
    if column.has_null_condition or column.null_fraction:
        wrong = f"{own} is not null and {wrong}"
    sql = f"select count(*) from {stored_name(table)} as t where {wrong}"
    yield Check("rollup", table, column.name, shown, sql, lambda found: found == 0, counted, wrong, is_query=True)


def _condition(schema: ExperimentSchema, child: TableSchema, text: str) -> str | None:
    found = row_sql(schema, child, _CONDITION, text, stored_name)
    if found is not None:
        return found.sql
    return None if "." in text else condition_sql(text)


def key_pairs(schema: ExperimentSchema, child: TableSchema, key: str) -> list[tuple[str, str]]:
    """Return the columns of a foreign key of a child, each with the parent's column that it references."""
    for composite in child.foreign_keys:
        if key.casefold() in map(str.casefold, composite.columns):
            return list(zip(composite.columns, composite.references_columns, strict=True))
    single = child.column(key).foreign_key
    assert single is not None
    return [(child.column(key).name, single.references_column)]


def _aggregate(rollup: Rollup, child: TableSchema, column: ColumnSchema, conditions: dict[str, str]) -> str:
    function, target = rollup.aggregate, column.type.duckdb
    if function == "count":
        return "count(*)"
    if function in ("any", "all"):
        condition = conditions[rollup.any or rollup.all or ""]
        return f"bool_{'or' if function == 'any' else 'and'}(coalesce(({condition}), false))"
    source = child.column(rollup.column)
    name = f"t.{quote(source.name)}"
    match function:
        case "count_distinct":
            return f"count(distinct {name})"
        case "avg":
            return _average(name, source, column)
        case "sum":
            return f"try_cast(sum({name}) as {target})"
        case _:
            return f"try_cast({function}({name}) as {target})"


def _average(name: str, source: ColumnSchema, column: ColumnSchema) -> str:
    """Return the exact average in units of the column's last decimal place, rounded half away from zero."""
    digits = column.type.scale - source.type.scale
    factor = f"{10 ** max(digits, 0)}::hugeint"
    total = _digits(f"sum({name})", source)
    size, divisor = f"abs({total})", f"(count({name}) * {10 ** max(-digits, 0)}::hugeint)"
    whole, rest = f"({size} // {divisor})", f"({size} % {divisor}) * {factor}"
    rounded = f"{whole} * {factor} + ({rest} * 2 + {divisor}) // ({divisor} * 2)"
    return f"case when count({name}) > 0 then sign({total})::hugeint * ({rounded}) end"


def _digits(value: str, column: ColumnSchema) -> str:
    """Return a number in units of its last decimal place: its digits, which no arithmetic changes."""
    if column.type.kind is Kind.DECIMAL and column.type.scale > 0:
        return f"cast(replace(cast({value} as varchar), '.', '') as hugeint)"
    return f"cast({value} as hugeint)"
