"""The checks of an audit: every promise of a table's schema as one SQL aggregate and a verdict on what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind
from engine.schema.values import parse_value
from engine.sql.quoting import quote
from engine.warehouse.layout import stored

_STANDARD_ERRORS = 5.0


@dataclass(frozen=True)
class Check:
    """One promise: `aggregate` is an SQL aggregate over the table `t`, `passes` judges its value given the rows.

    `failing` is a condition on a row `t` that breaks the promise, empty where no single row does.
    """

    name: str
    table: TableSchema
    column: str
    expected: str
    aggregate: str
    passes: Callable[[Any, int], bool]
    failing: str = ""

    def failing_sql(self, rows: int = 100) -> str:
        """Return a query for rows that break the promise; empty where no single row does."""
        source = f"{stored(self.table)} as t"
        return f"select * from {source} where {self.failing} limit {rows}" if self.failing else ""


def table_checks(schema: ExperimentSchema, table: TableSchema, expected_rows: int) -> Iterator[Check]:
    """Yield every check of a table."""
    yield Check(
        "row_count", table, "", f"{expected_rows:,}", "count(*)", lambda found, rows: bool(found == expected_rows)
    )
    for column in table.columns:
        yield from _column_checks(schema, table, column)
    for group in table.composite_keys:
        yield _unique(table, group, "composite_unique")
    for key in table.foreign_keys:
        parent = schema.table(key.references_table, within=table.schema_name)
        yield _reference(table, key.columns, parent, key.references_columns, "composite_foreign_key")


def _column_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    name = f"t.{quote(column.name)}"
    expected_type = column.type.duckdb
    yield Check(
        "type", table, column.name, expected_type, f"any_value(typeof({name}))",
        lambda found, rows: rows == 0 or _same_type(str(found), expected_type),
    )  # fmt: skip
    if not column.is_nullable:
        yield _none_failing("not_null", table, column, "no NULL", f"{name} is null")
    elif not _is_self_reference(schema, table, column):
        yield _share("null_share", table, column.name, column.effective_null_fraction, f"{name} is null")
    yield from _bounds(table, column, name)
    if column.type.kind is Kind.TEXT and column.type.length is not None:
        yield _none_failing(
            "length", table, column, f"at most {column.type.length}", f"length({name}) > {column.type.length}"
        )
    yield from _values(table, column, name)
    if column.pattern is not None:
        regex = pattern_regex(column.pattern).replace("'", "''")
        condition = f"not regexp_full_match({name}, '{regex}')"
        yield _none_failing("pattern", table, column, column.pattern, condition)
    if column.probability is not None:
        yield _share("probability", table, column.name, column.probability, name, of=f"count({name})")
    if table.is_unique(column):
        yield _unique(table, [column.name], "unique")
    if column.foreign_key is not None:
        parent = schema.table(column.foreign_key.references_table, within=table.schema_name)
        yield _reference(table, [column.name], parent, [column.foreign_key.references_column], "foreign_key")


def _same_type(found: str, expected: str) -> bool:
    return found.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ") == expected


def _is_self_reference(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> bool:
    key = column.foreign_key
    return key is not None and schema.table(key.references_table, within=table.schema_name).key == table.key


def _none_failing(name: str, table: TableSchema, column: ColumnSchema, expected: str, condition: str) -> Check:
    aggregate = f"count(*) filter (where {condition})"
    return Check(name, table, column.name, expected, aggregate, lambda found, rows: found == 0, condition)


def _share(name: str, table: TableSchema, column: str, share: float, condition: str, *, of: str = "count(*)") -> Check:
    """Compare a share with its promise, within five standard errors."""

    def passes(found: Any, rows: int) -> bool:
        if found is None or rows == 0:
            return True
        return abs(float(found) - share) <= _STANDARD_ERRORS * sqrt(share * (1 - share) / rows) + 1 / rows

    aggregate = f"(count(*) filter (where {condition})) / nullif({of}, 0)"
    return Check(name, table, column, f"{share:.4g}", aggregate, passes)


def _bounds(table: TableSchema, column: ColumnSchema, name: str) -> Iterator[Check]:
    pairs: list[tuple[str, Any, str]] = []
    kind = column.type.kind
    if kind in NUMERIC:
        pairs = [("min_value", column.min_value, "<"), ("max_value", column.max_value, ">")]
    elif kind is Kind.DATE or kind in TIMESTAMPS:
        pairs = [
            ("start", column.timestamp_start or column.date_start, "<"),
            ("end", column.timestamp_end or column.date_end, ">"),
        ]
    elif kind is Kind.TIME:
        pairs = [("time_start", column.time_start, "<"), ("time_end", column.time_end, ">")]
    for bound, value, sign in pairs:
        if value is not None:
            subject = f"cast({name} as date)" if bound == "end" and column.timestamp_end is None else name
            literal = str(value) if kind in NUMERIC else f"cast('{value}' as {column.type.duckdb})"
            if subject != name:
                literal = f"date '{value}'"
            expected = f"{'>=' if sign == '<' else '<='} {value}"
            yield _none_failing(bound, table, column, expected, f"{subject} {sign} {literal}")


def _values(table: TableSchema, column: ColumnSchema, name: str) -> Iterator[Check]:
    if column.values is None:
        return
    parsed = [parse_value(value, column.type) for value in column.values]
    literals = [_literal(value, column) for value in parsed]
    shown = ", ".join(str(value) for value in column.values[:8]) + (", ..." if len(column.values) > 8 else "")
    yield _none_failing("allowed_values", table, column, shown, f"{name} not in ({', '.join(literals)})")
    if table.is_unique(column) or any(column.name.casefold() in map(str.casefold, key) for key in table.composite_keys):
        return
    weights = column.weights or [1.0] * len(parsed)
    totals: dict[str, float] = {}
    for literal, weight in zip(literals, weights, strict=True):
        totals[literal] = totals.get(literal, 0.0) + weight / sum(weights)
    for literal, share in totals.items():
        yield _share(f"weight of {literal}", table, column.name, share, f"{name} = {literal}", of=f"count({name})")


def _literal(value: Any, column: ColumnSchema) -> str:
    if isinstance(value, bytes):
        return f"from_hex('{value.hex()}')"
    text = str(value).replace("'", "''")
    return f"cast('{text}' as {column.type.duckdb})"


def _unique(table: TableSchema, columns: Sequence[str], name: str) -> Check:
    names = ", ".join(quote(column) for column in columns)
    repeated = f"select {names} from {stored(table)} group by all having count(*) > 1"
    aggregate = f"(select count(*) from ({repeated}))"
    tuple_names = ", ".join(f"t.{quote(column)}" for column in columns)
    return Check(
        name, table, ", ".join(columns), "no value twice", aggregate, lambda found, rows: found == 0,
        f"({tuple_names}) in ({repeated})",
    )  # fmt: skip


def _reference(
    table: TableSchema, columns: Sequence[str], parent: TableSchema, targets: Sequence[str], name: str
) -> Check:
    pairs = " and ".join(
        f"p.{quote(target)} = t.{quote(column)}" for column, target in zip(columns, targets, strict=True)
    )
    present = " and ".join(f"t.{quote(column)} is not null" for column in columns)
    condition = f"{present} and not exists (select 1 from {stored(parent)} as p where {pairs})"
    orphans = f"(select count(*) from {stored(table)} as t where {condition})"
    expected = f"in {parent.key} ({', '.join(targets)})"
    return Check(name, table, ", ".join(columns), expected, orphans, lambda found, rows: found == 0, condition)


def pattern_regex(pattern: str) -> str:
    """Return the regular expression of a pattern: `#` a digit, `?` a capital letter, a backslash for plain text."""
    symbols = {"#": "[0-9]", "?": "[A-Z]"}
    parts, position = [], 0
    while position < len(pattern):
        symbol = pattern[position]
        if symbol == "\\" and position + 1 < len(pattern):
            position += 1
            parts.append(re.escape(pattern[position]))
        else:
            parts.append(symbols.get(symbol) or re.escape(symbol))
        position += 1
    return "".join(parts)
