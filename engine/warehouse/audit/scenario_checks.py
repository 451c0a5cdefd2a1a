"""Checks of scenarios: they have as many rows as promised, and each of these has the values and parents given.

A loaded table keeps the order of its rows, so that its row ids tell the rows of a scenario. The rule of a column is
proved for the other rows; what it allows at all, such as its bounds, holds for every row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from engine.rules.scenarios.layout import Lane, Layout, make_layout
from engine.schema.given_rows import parse_cell
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.scenario_keys import PlacedKey, find_scenario, placed_columns, placed_keys, within_key
from engine.schema.scenarios import RowParent, Scenario, ScenarioParent
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, counted
from engine.warehouse.audit.given_checks import of_rows
from engine.warehouse.loading.layout import stored_name

_OF_EVERY_ROW = frozenset({
    "type", "not_null", "length", "min_value", "max_value", "date_start", "date_end", "timestamp_start",
    "timestamp_end", "time_start", "time_end", "allowed_values", "pattern", "weekday_weights", "hour_weights",
    "values_by", "values_by_covered", "null_by_covered", "distribution_by_covered",
})  # fmt: skip
_SHOWN = 200
_EXACT_LANES = 16


def scenario_checks(schema: ExperimentSchema, table: TableSchema, expected_rows: Mapping[str, int]) -> Iterator[Check]:
    """Yield the check of each scenario of a table; `expected_rows` by table key."""
    for scenario in table.scenarios:
        matched, shown = _matches(schema, table, scenario)
        condition = _member_sql(schema, table, scenario, "t", "t.rowid")
        lane = _lane_of(table, scenario)
        promised = None if lane is None else _layout(table).count(lane, expected_rows[table.key])
        sql = (
            f"select [count(*) filter (where {condition}), count(*) filter (where ({condition}) and not ({matched}))]"
            f" from {stored_name(table)} as t"
        )

        def passes(found: Sequence[int], promised: int | None = promised) -> bool:
            return found[1] == 0 and (promised is None or found[0] == promised)

        text = f"{scenario.name}: {shown}"
        text = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
        expected = f"{text} in {'its rows' if promised is None else counted(promised)}"
        yield Check(
            "scenario", table, "", expected, sql, passes,
            lambda found: f"{counted(found[0])}, {found[1]:,} other", f"({condition}) and not ({matched})",
            is_query=True,
        )  # fmt: skip


class ScenarioRows:
    """The rows of a table in which scenarios place columns, left out of the checks of what rules promise."""

    def __init__(self, schema: ExperimentSchema, table: TableSchema) -> None:
        self._schema = schema
        self._table = table
        self._placed = [(one, placed_columns(schema, table, one)) for one in table.scenarios]

    def beyond(self, checks: Iterable[Check], columns: Sequence[ColumnSchema]) -> Iterator[Check]:
        """Yield the checks of columns, their rule's for the rows in which no scenario places one of them."""
        names = {column.name.casefold() for column in columns}
        placing = [one for one, placed in self._placed if not names.isdisjoint(placed)]
        condition = f"not ({_any_sql(self._schema, self._table, placing)})" if placing else ""
        for check in checks:
            yield of_rows(check, condition) if placing and check.name not in _OF_EVERY_ROW else check

    def outside(self, checks: Iterable[Check]) -> Iterator[Check]:
        """Yield the checks of several columns together for the rows of no scenario."""
        condition = f"not ({_any_sql(self._schema, self._table, self._table.scenarios)})"
        for check in checks:
            yield of_rows(check, condition) if self._placed else check


def _any_sql(schema: ExperimentSchema, table: TableSchema, scenarios: Sequence[Scenario]) -> str:
    """Return SQL that is true for the rows of any of the scenarios; for many, also for other rows of their places."""
    layout = _layout(table)
    lanes = [lane for one in scenarios if (lane := _lane_of(table, one)) is not None]
    if len(lanes) <= _EXACT_LANES:
        found = [layout.condition_sql(lane, "s.rowid") for lane in lanes]
    else:
        found = [layout.places_sql(lanes, "s.rowid")]
    found += [_within_sql(schema, table, one, "s") for one in scenarios if one.within is not None]
    return " or ".join(found) or "false"


def _member_sql(schema: ExperimentSchema, table: TableSchema, scenario: Scenario, alias: str, row: str) -> str:
    """Return SQL, never NULL, that is true for the rows of a scenario."""
    layout, lane = _layout(table), _lane_of(table, scenario)
    if lane is not None:
        return layout.condition_sql(lane, row)
    earlier = [layout.condition_sql(one, row) for one in layout.lanes]
    before = table.scenarios[: table.scenarios.index(scenario)]
    earlier += [_within_sql(schema, table, one, alias) for one in before if one.within is not None]
    given = [f"{row} < {layout.given}"] if layout.given else []
    return " and not ".join([_within_sql(schema, table, scenario, alias), *given, *earlier])


def _within_sql(schema: ExperimentSchema, table: TableSchema, scenario: Scenario, alias: str) -> str:
    """Return SQL, never NULL, that is true for the rows whose parent is a row of the scenario of the parent."""
    of = within_key(schema, table, scenario)
    above = None if of is None else find_scenario(of.parent, scenario.name)
    assert of is not None and above is not None
    return _parent_sql(of.columns, of.key, of.parent, _member_sql(schema, of.parent, above, "p", "p.rowid"), alias)


def _parent_sql(columns: Sequence[str], key: Any, parent: TableSchema, condition: str, alias: str) -> str:
    targets = [key.references_column] if hasattr(key, "references_column") else key.references_columns
    own = ", ".join(f"{alias}.{quote(name)}" for name in columns)
    above = ", ".join(f"p.{quote(parent.column(name).name)}" for name in targets)
    return f"coalesce(({own}) in (select ({above}) from {stored_name(parent)} as p where {condition}), false)"


def _matches(schema: ExperimentSchema, table: TableSchema, scenario: Scenario) -> tuple[str, str]:
    """Return SQL that is true for the rows with the values and parents of a scenario, and both as text."""
    conditions, shown = [], []
    for name, value in scenario.values.items():
        column = table.column(name)
        if isinstance(value, ScenarioParent | RowParent) or column.hidden:
            continue
        expected = "null" if value is None else _literal(parse_cell(value, column.type), column)
        conditions.append(f"t.{quote(column.name)} is not distinct from {expected}")
        shown.append(f"{column.name} {'NULL' if value is None else value}")
    for placed in placed_keys(schema, table, scenario):
        columns = [table.column(name).name for name in placed.of.columns]
        if any(table.column(name).hidden for name in columns):
            continue
        conditions.append(_parent_sql(columns, placed.of.key, placed.of.parent, _target_sql(schema, placed), "t"))
        target = placed.target
        which = f"row {target.row}" if isinstance(target, RowParent) else target.scenario
        shown.append(f"{', '.join(columns)} of {which}")
    return " and ".join(conditions) or "true", ", ".join(shown) or "its rows"


def _target_sql(schema: ExperimentSchema, placed: PlacedKey) -> str:
    if isinstance(placed.target, RowParent):
        return f"p.rowid = {placed.target.row}"
    above = find_scenario(placed.of.parent, placed.target.scenario)
    assert above is not None
    return _member_sql(schema, placed.of.parent, above, "p", "p.rowid")


def _lane_of(table: TableSchema, scenario: Scenario) -> Lane | None:
    return next((lane for lane in _layout(table).lanes if table.scenarios[lane.scenario] is scenario), None)


def _layout(table: TableSchema) -> Layout:
    return _layouts(_Table(table))


class _Table:
    """A table as a key of a cache: by identity, as its contents cannot be hashed."""

    def __init__(self, table: TableSchema) -> None:
        self.table = table

    def __hash__(self) -> int:
        return id(self.table)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Table) and other.table is self.table


@lru_cache(maxsize=64)
def _layouts(table: _Table) -> Layout:
    return make_layout(table.table)


def _literal(value: Any, column: ColumnSchema) -> str:
    if isinstance(value, bytes):
        return f"from_hex('{value.hex()}')"
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return f"cast({literal(text)} as {column.type.duckdb})"
