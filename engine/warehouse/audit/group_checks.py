"""Checks of groups of rows: how many rows share a value, columns with one value in a group, and rising ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.schema.events import is_event_key
from engine.schema.hidden import stored_columns
from engine.schema.models import ColumnSchema, TableSchema
from engine.sql.quoting import quote
from engine.warehouse.audit.column_checks import Check
from engine.warehouse.loading.layout import stored_name


def group_checks(table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the checks of a column's groups, or of its values within the groups of another column."""
    if column.groups is not None:
        yield _size_check(table, column, column.groups)
    if column.same_within is not None and not table.column(column.same_within).hidden:
        name = f"t.{quote(column.name)}"
        varying = f"count(distinct {name}) > 1 or count({name}) not in (0, count(*))"
        owner = table.column(column.same_within).name
        yield _check("same_within", table, column, f"one value in each {owner}", [owner], varying)
    if column.rising_within is not None and not table.column(column.rising_within).hidden:
        owner = table.column(column.rising_within).name
        group = columns_of_key(table, owner)
        folded = [name.casefold() for name in group]
        repeated = f"count(distinct t.{quote(column.name)}) <> count(*)"
        line = next(
            (each.name for each in stored_columns(table) if (each.line_number_of or "").casefold() in folded), None
        )
        if line is not None:
            own, number = f"t.{quote(column.name)}", f"t.{quote(line)}"
            repeated += f" or list({own} order by {number}) <> list({own} order by {own})"
        yield _check("rising_within", table, column, f"rising in each {', '.join(group)}", group, repeated)


def columns_of_key(table: TableSchema, name: str) -> list[str]:
    """Return the columns of the foreign key that gives rows their lines and has a column, or the column alone."""
    for key in table.foreign_keys:
        has_lines = (
            key.spread is not None or key.counted or any(is_event_key(table.events_of, one) for one in key.columns)
        )
        if has_lines and name.casefold() in map(str.casefold, key.columns):
            return list(key.columns)
    return [name]


def _size_check(table: TableSchema, column: ColumnSchema, groups: tuple[int, int]) -> Check:
    """Return the check of the rows of each group; the last one may have fewer than the minimum."""
    fewest, most = groups
    name = quote(column.name)
    counts = f"select {name} as g, count(*) as n from {stored_name(table)} group by 1"
    sql = f"select [count(*) filter (n > {most}), count(*) filter (n < {fewest})] from ({counts})"

    def fault(found: Sequence[int]) -> int:
        return found[0] + max(0, found[1] - 1)

    return Check(
        "groups", table, column.name, f"{fewest} to {most} rows of each value", sql, lambda found: fault(found) == 0,
        lambda found: f"{fault(found):,} value{'' if fault(found) == 1 else 's'}",
        f"t.{name} in (select g from ({counts}) where n not between {fewest} and {most})", is_query=True,
    )  # fmt: skip


def _check(
    name: str, table: TableSchema, column: ColumnSchema, expected: str, group: Sequence[str], having: str
) -> Check:
    """Return the check that no group meets a condition on its rows."""
    owner = ", ".join(f"t.{quote(each)}" for each in group)
    present = " and ".join(f"t.{quote(each)} is not null" for each in group)
    wrong = f"select {owner} from {stored_name(table)} as t where {present} group by {owner} having {having}"
    return Check(
        name, table, column.name, expected, f"select count(*) from ({wrong})", lambda found: found == 0,
        lambda found: f"{found:,} group{'' if found == 1 else 's'}", f"({owner}) in ({wrong})", is_query=True,
    )  # fmt: skip
