"""Checks of life cycles: legal ways through the states, exact shares of transitions, times that increase."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.rules.keys.lifecycle_paths import find_ways, possible_ways
from engine.schema.conditional_checks import parse_text
from engine.schema.lifecycles import Lifecycle, columns_of
from engine.schema.models import TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, expect_none, not_proved
from engine.warehouse.loading.layout import stored_name

_SHOWN = 5


def lifecycle_checks(table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the checks of a table's life cycle."""
    lifecycle = table.lifecycle
    if lifecycle is None:
        return
    status = table.column(lifecycle.status)
    stored = [column.name for column in table.columns if not column.hidden]
    columns = columns_of(lifecycle, stored)
    if status.hidden:
        yield not_proved(table, status, "the ways of the lifecycle", f"{status.name} is hidden")
    else:
        yield from _way_checks(table, lifecycle, columns, expected_rows[table.key])
    timed = [state for state in lifecycle.order if state in columns]
    for place, state in enumerate(timed[1:], start=1):
        yield from _time_checks(table, lifecycle, columns, timed[:place], state)


def _way_checks(table: TableSchema, lifecycle: Lifecycle, columns: dict[str, str], rows: int) -> Iterator[Check]:
    """Yield the checks of what a row shows of its way: its status, and which times it has."""
    shown = [state for state in lifecycle.order[1:] if state in columns]

    def sign(states: Sequence[str]) -> str:
        text = str(parse_text(states[-1], table.column(lifecycle.status).type))
        return "".join("1" if state in states else "0" for state in shown) + text

    marks = [f"case when t.{quote(columns[state])} is null then '0' else '1' end" for state in shown]
    status = table.column(lifecycle.status)
    text = f"cast(t.{quote(status.name)} as varchar)"
    seen = " || ".join([*marks, text])
    expected = Counter[str]()
    for way in find_ways(lifecycle, rows):
        expected[sign(way.states)] += way.rows
    all_ways = {sign(way) for way in possible_ways(lifecycle)} if lifecycle.until is not None else set(expected)
    listed = ", ".join(map(literal, sorted(all_ways))) or "''"
    shown_as = "only states and times of a way"
    yield expect_none("lifecycle_ways", table, status.name, shown_as, f"{seen} not in ({listed})")
    if lifecycle.until is not None:
        return
    sql = (
        f"select list([sign, cast(found as varchar)]) from (select {seen} as sign, count(*) as found"
        f" from {stored_name(table)} as t group by all)"
    )

    def faults(found: Sequence[Sequence[str]] | None) -> list[str]:
        made = {sign: int(count) for sign, count in found or ()}
        wrong = [key for key in sorted({*made, *expected}) if made.get(key, 0) != expected[key]]
        return [f"{key.lstrip('01') or key}: {made.get(key, 0):,} for {expected[key]:,}" for key in wrong]

    yield Check(
        "lifecycle_shares", table, status.name, f"the rows of {len(expected):,} ways", sql,
        lambda found: not faults(found), lambda found: "; ".join(faults(found)[:_SHOWN]) or "as declared",
        is_query=True,
    )  # fmt: skip


def _time_checks(
    table: TableSchema, lifecycle: Lifecycle, columns: dict[str, str], before: Sequence[str], state: str
) -> Iterator[Check]:
    name = f"t.{quote(columns[state])}"
    earlier = ", ".join(f"t.{quote(columns[each])}" for each in before)
    last = f"greatest({earlier})" if len(before) > 1 else earlier
    column = table.column(columns[state])
    yield expect_none("lifecycle_order", table, column.name, f"after {', '.join(before)}", f"{name} <= {last}")
    is_date = column.type.kind is Kind.DATE
    if all(each in columns for each in lifecycle.order[: lifecycle.order.index(state)]):
        low, high = lifecycle.gap_of(state)
        unit, width = ("day", 86_400) if is_date else ("microsecond", 1)
        factor = 1 if is_date else 1_000_000
        gap = f"date_diff('{unit}', {last}, {name})"
        between = f"between {low // width * factor} and {high // width * factor}"
        yield expect_none("lifecycle_gap", table, column.name, f"{low} to {high} seconds", f"not {gap} {between}")
    if lifecycle.until is not None:
        until = lifecycle.until.isoformat(sep=" ")
        kind = "TIMESTAMPTZ" if column.type.kind is Kind.TIMESTAMPTZ and lifecycle.until.tzinfo else "TIMESTAMP"
        value = f"timezone('UTC', {name})" if column.type.kind is Kind.TIMESTAMPTZ and kind == "TIMESTAMP" else name
        later = f"{value} > cast('{until}' as {kind})"
        yield expect_none("lifecycle_until", table, column.name, f"up to {until}", later)
