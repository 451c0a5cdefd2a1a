"""Key checks of an audit: uniqueness, foreign keys, rows per parent, and line numbers 1, 2, 3, ...

Each check is a separate query, because grouping or joining a large table may need the whole memory limit before it
spills to disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.rules.keys.fan_out import natural_rows
from engine.schema.models import ColumnSchema, ExperimentSchema, ForeignKey, TableSchema
from engine.schema.sequences import steps_of
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check, counted, expect_none
from engine.warehouse.loading.layout import stored_name


def key_checks(schema: ExperimentSchema, table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the checks of a table's keys; `expected_rows` by table key."""
    for column in table.columns:
        if table.is_unique(column):
            yield _unique_check(table, [column.name], "unique")
        if column.sequence is not None:
            yield from _sequence_checks(table, column)
        if column.foreign_key is not None:
            yield from _foreign_key_checks(schema, table, column, column.foreign_key, expected_rows)
        if column.line_number_of is not None:
            yield from _line_number_check(table, column)
    for group in table.composite_keys:
        yield _unique_check(table, group, "composite_unique")
    for key in table.foreign_keys:
        parent = schema.table(key.references_table, within=table.schema_name)
        yield _reference_check(table, key.columns, parent, key.references_columns, "composite_foreign_key")
        nulls = [f"t.{quote(name)} is null" for name in key.columns]
        if len(nulls) > 1 and any(table.column(name).is_nullable for name in key.columns):
            condition = f"({' or '.join(nulls)}) and not ({' and '.join(nulls)})"
            yield expect_none("null_together", table, ", ".join(key.columns), "all NULL or none", condition)


def _foreign_key_checks(
    schema: ExperimentSchema,
    table: TableSchema,
    column: ColumnSchema,
    key: ForeignKey,
    expected_rows: Mapping[str, int],
) -> Iterator[Check]:
    parent = schema.table(key.references_table, within=table.schema_name)
    yield _reference_check(table, [column.name], parent, [key.references_column], "foreign_key")
    if key.unique and not table.is_unique(column):
        yield _unique_check(table, [column.name], "one_to_one")
    if key.fan_out is not None and expected_rows[parent.key] > 0:
        yield from _fan_out_check(table, column, parent, key, expected_rows)


def _unique_check(table: TableSchema, columns: Sequence[str], name: str) -> Check:
    """Return the check that no tuple of the columns is duplicated; tuples with a NULL are ignored."""
    names = ", ".join(quote(column) for column in columns)
    present = " and ".join(f"{quote(column)} is not null" for column in columns)
    repeated = f"select {names} from {stored_name(table)} where {present} group by all having count(*) > 1"
    tuple_names = ", ".join(f"t.{quote(column)}" for column in columns)
    return Check(
        name, table, ", ".join(columns), "no duplicates", f"select count(*) from ({repeated})",
        lambda found: found == 0, lambda found: f"{found:,} duplicated", f"({tuple_names}) in ({repeated})",
        is_query=True,
    )  # fmt: skip


def _reference_check(
    table: TableSchema, columns: Sequence[str], parent: TableSchema, targets: Sequence[str], name: str
) -> Check:
    pairs = " and ".join(
        f"p.{quote(target)} = t.{quote(column)}" for column, target in zip(columns, targets, strict=True)
    )
    present = " and ".join(f"t.{quote(column)} is not null" for column in columns)
    condition = f"{present} and not exists (select 1 from {stored_name(parent)} as p where {pairs})"
    return Check(
        name, table, ", ".join(columns), f"in {parent.key} ({', '.join(targets)})",
        f"select count(*) from {stored_name(table)} as t where {condition}",
        lambda found: found == 0, counted, condition, is_query=True,
    )  # fmt: skip


def _fan_out_check(
    table: TableSchema, column: ColumnSchema, parent: TableSchema, key: ForeignKey, expected_rows: Mapping[str, int]
) -> Iterator[Check]:
    """Yield the check of the rows per parent.

    The minimum holds only where no key is NULL and the table has as many rows as the fan-out gives.
    """
    assert key.fan_out is not None
    fewest, most = key.fan_out
    parents = expected_rows[parent.key]
    is_full = not column.is_nullable and expected_rows[table.key] >= natural_rows(parents, key.fan_out)
    name, target = quote(column.name), quote(key.references_column)
    counts = f"select {name}, count(*) as n from {stored_name(table)} where {name} is not null group by all"
    if is_full and fewest > 0:
        sql = (
            f"select count(*) from {stored_name(parent)} as p left join ({counts}) as c on c.{name} = p.{target}"
            f" where coalesce(c.n, 0) not between {fewest} and {most}"
        )
        expected = f"{fewest} to {most} rows per parent"
    else:
        sql = f"select count(*) from ({counts}) where n > {most}"
        expected = f"at most {most} rows per parent"
    too_many = f"t.{name} in (select {name} from ({counts}) where n > {most})"
    yield Check(
        "fan_out", table, column.name, expected, sql, lambda found: found == 0,
        lambda found: f"{found:,} parent{'' if found == 1 else 's'}", too_many, is_query=True,
    )  # fmt: skip


def _sequence_checks(table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks that the values are start + step * n with n below the number of rows, each once."""
    assert column.sequence is not None
    steps, name = steps_of(column), f"t.{quote(column.name)}"
    match column.type.kind:
        case Kind.DATE:
            units = f"date_diff('day', date '1970-01-01', {name})"
        case Kind.INTEGER | Kind.DECIMAL:
            units = f"replace(cast({name} as varchar), '.', '')"
        case _:
            units = f"epoch_us({name})"
    distance = f"(cast({units} as hugeint) - {steps.first}::hugeint)"
    count = f"(select count(*) from {stored_name(table)})"
    wrong = f"{distance} % {abs(steps.step)} <> 0 or {distance} // {steps.step} not between 0 and {count} - 1"
    expected = f"{column.sequence.start} and steps of {column.sequence.step}"
    yield expect_none("sequence", table, column.name, expected, wrong)
    if not table.is_unique(column):
        yield _unique_check(table, [column.name], "sequence_unique")


def _line_number_check(table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the check that the lines of a parent are 1 to k; where rows may lack a parent, that none is duplicated."""
    target = table.column(column.line_number_of or "")
    parent, line = quote(target.name), quote(column.name)
    is_whole = not target.is_nullable and not column.is_nullable
    holes = f"min({line}) <> 1 or max({line}) <> count(*) or " if is_whole else ""
    wrong = (
        f"select {parent} from {stored_name(table)} where {parent} is not null and {line} is not null"
        f" group by all having {holes}count(distinct {line}) <> count(*)"
    )
    expected = f"{'1, 2, 3, ...' if is_whole else 'no duplicates'} in each {target.name}"
    yield Check(
        "line_number", table, column.name, expected, f"select count(*) from ({wrong})", lambda found: found == 0,
        lambda found: f"{found:,} parent{'' if found == 1 else 's'}", f"t.{parent} in ({wrong})", is_query=True,
    )  # fmt: skip
