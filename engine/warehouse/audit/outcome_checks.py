"""Checks of declared outcomes: the rows and the sums of each period or group, counted in SQL from the loaded rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from engine.rules.relations.outcome_cells import count_rows
from engine.schema.conditional_checks import parse_text
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.outcomes import VALUE, Outcome, Partition, flat, partitions_of, period_of
from engine.schema.types import Kind
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, not_proved
from engine.warehouse.loading.layout import stored_name

_SHOWN = 5


def outcome_checks(table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the checks of a table's outcomes: the rows of each period or group, and each target."""
    for partition in partitions_of(table.outcomes):
        first = partition.first
        deciding = [table.column(name) for name in (first.of, first.by) if name is not None]
        shown = f"per {first.per} of {first.of}" + (f" by {first.by}" if first.by else "")
        hidden = next((column for column in deciding if column.hidden), None)
        if hidden is not None:
            yield not_proved(table, deciding[0], f"outcomes {shown}", f"{hidden.name} is hidden")
            continue
        counts = count_rows(table, partition, expected_rows[table.key])
        yield _check(table, partition, deciding[0].name, "outcome_rows", shown, list(map(Decimal, counts)), "count(*)")
        for outcome in partition.outcomes:
            if outcome.sum is not None:
                yield _target_check(table, partition, outcome, shown)


def _target_check(table: TableSchema, partition: Partition, outcome: Outcome, shown: str) -> Check:
    assert outcome.sum is not None and outcome.targets is not None
    column = table.column(outcome.sum)
    if column.hidden:
        return not_proved(table, column, f"targets {shown}", f"{column.name} is hidden")
    targets = flat(outcome.targets, outcome.by)
    expected = [targets[cell] for cell in partition.cells]
    return _check(table, partition, column.name, "outcome_targets", shown, expected, f"sum(t.{quote(column.name)})")


def _check(
    table: TableSchema, partition: Partition, column: str, name: str, shown: str, expected: list[Decimal], sql: str
) -> Check:
    cells = partition.cells
    query = (
        f"select list([cast(cell as varchar), cast(found as varchar)]) from (select c.cell, {sql} as found"
        f" from {stored_name(table)} as t left join (values {_cells_sql(table, partition)}) as c(cell, grouping, part)"
        f" on {_matches(table, partition)} group by c.cell)"
    )

    def faults(found: list[list[str]] | None) -> list[str]:
        made = {place: Decimal(number or 0) for place, number in found or ()}
        wrong = ["rows outside of all of them"] if None in made else []
        for place, number in enumerate(expected):
            if made.get(str(place), Decimal(0)) != number:
                cell = " ".join(filter(None, cells[place]))
                wrong.append(f"{cell}: {made.get(str(place), Decimal(0)):,} for {number:,}")
        return wrong

    return Check(
        name, table, column, f"{len(cells):,} {shown}", query, lambda found: not faults(found), _shown(faults),
        is_query=True,
    )  # fmt: skip


def _shown(faults: Callable[[list[list[str]] | None], list[str]]) -> Callable[[list[list[str]] | None], str]:
    return lambda found: "; ".join(faults(found)[:_SHOWN]) or "as declared"


def _cells_sql(table: TableSchema, partition: Partition) -> str:
    first = partition.first
    rows = []
    for place, (group, name) in enumerate(partition.cells):
        by = "null" if first.by is None else _value(table.column(first.by), group)
        if first.per == VALUE:
            part = _value(table.column(first.of), name)
        else:
            part = f"cast('{period_of(first.per, name)[0]}' as date)"
        rows.append(f"({place}, {by}, {part})")
    return ", ".join(rows)


def _matches(table: TableSchema, partition: Partition) -> str:
    """Return the condition that a row `t` belongs to a cell `c`."""
    first = partition.first
    column = table.column(first.of)
    value = f"t.{quote(column.name)}"
    if first.per != VALUE:
        if column.type.kind is Kind.TIMESTAMPTZ:
            value = f"timezone('UTC', {value})"
        value = f"cast(date_trunc('{first.per}', {value}) as date)"
    matched = f"{value} = c.part"
    return matched if first.by is None else f"{matched} and t.{quote(table.column(first.by).name)} = c.grouping"


def _value(column: ColumnSchema, text: str) -> str:
    value = parse_text(text, column.type)
    shown = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return f"cast({literal(shown)} as {column.type.duckdb})"
