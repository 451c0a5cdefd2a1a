"""Key checks of an audit: uniqueness, foreign keys, rows per parent, and line numbers 1, 2, 3, ...

Each check is a separate query, because grouping or joining a large table may need the whole memory limit before it
spills to disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.rules.keys.fan_out import natural_rows
from engine.rules.keys.parent_conditions import condition_sql
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.relations import bounds_of
from engine.schema.sequences import steps_of
from engine.schema.types import Kind
from engine.sql.quoting import quote
from engine.warehouse.audit.batch_checks import check_batches
from engine.warehouse.audit.column_checks import Check, counted, expect_none
from engine.warehouse.audit.group_checks import columns_of_key, group_checks
from engine.warehouse.audit.spread_checks import check_counted, check_shares
from engine.warehouse.loading.layout import stored_name


def key_checks(schema: ExperimentSchema, table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the checks of a table's keys; `expected_rows` by table key."""
    for column in stored_columns(table):
        if table.is_unique(column):
            yield _unique_check(table, [column.name], "unique")
        if column.sequence is not None:
            yield from _sequence_checks(table, column)
        if column.foreign_key is not None:
            key, names = column.foreign_key, [column.name]
            yield from _foreign_key_checks(schema, table, key, names, [key.references_column], expected_rows)
            if key.through is not None and not table.column(key.through).hidden:
                yield from _through_check(schema, table, column, key.through)
        if column.line_number_of is not None and not table.column(column.line_number_of).hidden:
            yield from _line_number_check(table, column)
        yield from group_checks(table, column)
    for group in table.composite_keys:
        yield _unique_check(table, group, "composite_unique")
    for composite in table.foreign_keys:
        yield from _foreign_key_checks(
            schema, table, composite, composite.columns, composite.references_columns, expected_rows
        )
        nulls = [f"t.{quote(name)} is null" for name in composite.columns]
        if len(nulls) > 1 and any(table.column(name).is_nullable for name in composite.columns):
            condition = f"({' or '.join(nulls)}) and not ({' and '.join(nulls)})"
            yield expect_none("null_together", table, ", ".join(composite.columns), "all NULL or none", condition)


def _foreign_key_checks(
    schema: ExperimentSchema,
    table: TableSchema,
    key: ForeignKey | CompositeForeignKey,
    columns: Sequence[str],
    targets: Sequence[str],
    expected_rows: Mapping[str, int],
) -> Iterator[Check]:
    parent = schema.table(key.references_table, within=table.schema_name)
    name = "foreign_key" if isinstance(key, ForeignKey) else "composite_foreign_key"
    yield _reference_check(table, columns, parent, targets, name)
    condition = None if key.where is None else condition_sql(key.where)
    if condition is not None:
        yield _reference_check(table, columns, parent, targets, "where", condition)
    if key.unique and not (len(columns) == 1 and table.is_unique(table.column(columns[0]))):
        yield _unique_check(table, columns, "one_to_one")
    if key.spread is not None and expected_rows[parent.key] > 0:
        yield _fan_out_check(table, columns, parent, targets, key, expected_rows[table.key])
        if key.fan_out_weights is not None:
            yield from check_shares(schema, table, columns, parent, key, expected_rows)
    if key.counted:
        yield from check_counted(schema, table, columns, parent, key, expected_rows)
    yield from check_batches(schema, table, columns, parent, targets, key, expected_rows)


def _through_check(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, through: str) -> Iterator[Check]:
    """Yield the check that the key is that of the row which another key references."""
    key, via = column.foreign_key, table.column(through).foreign_key
    if key is None or via is None:
        return
    middle = schema.table(via.references_table, within=table.schema_name)
    parent = schema.table(key.references_table, within=table.schema_name)
    for one in sorted(middle.columns, key=lambda one: one.name.casefold() != column.name.casefold()):
        other = one.foreign_key
        if other is None or schema.table(other.references_table, within=middle.schema_name).key != parent.key:
            continue
        if one.hidden:
            return
        if other.references_column.casefold() == key.references_column.casefold():
            wrong = (
                f"exists (select 1 from {stored_name(middle)} as m where m.{quote(via.references_column)} = "
                f"t.{quote(through)} and m.{quote(one.name)} <> t.{quote(column.name)})"
            )
            expected = f"that of {through}.{one.name}"
            query = f"select count(*) from {stored_name(table)} as t where {wrong}"
            yield Check(
                "through", table, column.name, expected, query,
                lambda found: found == 0, counted, wrong, is_query=True,
            )  # fmt: skip
        return


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
    table: TableSchema,
    columns: Sequence[str],
    parent: TableSchema,
    targets: Sequence[str],
    name: str,
    condition: str = "",
) -> Check:
    """Return the check that every key has a parent, which meets `condition` (SQL over the parent's columns) if any."""
    pairs = " and ".join(
        f"p.{quote(target)} = t.{quote(column)}" for column, target in zip(columns, targets, strict=True)
    )
    present = " and ".join(f"t.{quote(column)} is not null" for column in columns)
    rows = f"(select * from {stored_name(parent)} where {condition})" if condition else stored_name(parent)
    missing = f"{present} and not exists (select 1 from {rows} as p where {pairs})"
    expected = f"in {parent.key} ({', '.join(targets)}){f' where {condition}' if condition else ''}"
    return Check(
        name, table, ", ".join(columns), expected, f"select count(*) from {stored_name(table)} as t where {missing}",
        lambda found: found == 0, counted, missing, is_query=True,
    )  # fmt: skip


def _fan_out_check(
    table: TableSchema,
    columns: Sequence[str],
    parent: TableSchema,
    targets: Sequence[str],
    key: ForeignKey | CompositeForeignKey,
    rows: int,
) -> Check:
    """Return the check of the rows per parent.

    The minimum holds only where no key is NULL and the table has as many rows as the fan-out gives.
    """
    assert key.spread is not None
    spread, (fewest, most) = key.spread, bounds_of(key.spread)
    names = ", ".join(quote(name) for name in columns)
    present = " and ".join(f"{quote(name)} is not null" for name in columns)
    counts = f"select {names}, count(*) as n from {stored_name(table)} where {present} group by all"
    pairs = " and ".join(
        f"c.{quote(column)} = p.{quote(target)}" for column, target in zip(columns, targets, strict=True)
    )
    condition = "true" if key.where is None else condition_sql(key.where)
    has_minimum = fewest > 0 and condition is not None and not any(table.column(name).is_nullable for name in columns)
    sql = (
        f"select [(select count(*) from ({counts}) where n > {most}), (select count(*) from {stored_name(parent)}"
        f" where {condition or 'true'}), (select count(*) from (select * from {stored_name(parent)}"
        f" where {condition or 'true'}) as p left join ({counts}) as c on {pairs} where coalesce(c.n, 0) < {fewest})]"
    )

    def fault(found: Sequence[int]) -> int:
        over, parents, under = found
        is_full = has_minimum and rows >= natural_rows(parents, spread)
        return over + (under if is_full else 0)

    too_many = (
        f"({', '.join(f't.{quote(name)}' for name in columns)}) in (select {names} from ({counts}) where n > {most})"
    )
    expected = f"{fewest} to {most} rows per parent" if has_minimum else f"at most {most} rows per parent"
    return Check(
        "fan_out", table, ", ".join(columns), expected, sql, lambda found: fault(found) == 0,
        lambda found: f"{fault(found):,} parent{'' if fault(found) == 1 else 's'}", too_many, is_query=True,
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
    names = columns_of_key(table, target.name)
    parent, line = ", ".join(quote(name) for name in names), quote(column.name)
    is_whole = not any(table.column(name).is_nullable for name in (*names, column.name))
    present = " and ".join(f"{quote(name)} is not null" for name in (*names, column.name))
    holes = f"min({line}) <> 1 or max({line}) <> count(*) or " if is_whole else ""
    wrong = (
        f"select {parent} from {stored_name(table)} where {present} group by {parent}"
        f" having {holes}count(distinct {line}) <> count(*)"
    )
    own = ", ".join(f"t.{quote(name)}" for name in names)
    expected = f"{'1, 2, 3, ...' if is_whole else 'no duplicates'} in each {', '.join(names)}"
    yield Check(
        "line_number", table, column.name, expected, f"select count(*) from ({wrong})", lambda found: found == 0,
        lambda found: f"{found:,} parent{'' if found == 1 else 's'}", f"({own}) in ({wrong})", is_query=True,
    )  # fmt: skip
