"""Suggestions of row counts: lookups small, dimensions larger, facts largest, lines a few for each header.

The numbers start from what tables of such names usually have beside 50,000 orders. Then the keys have their say, from
the parents down: a fact has more rows than what it refers to, and no table more than its unique keys can hold. A
default run should take seconds, so the tables that grow share 500,000 rows and 12 million values.
"""

from __future__ import annotations

from datetime import date, timedelta

from engine.rules.keys.row_capacity import RowCapacity
from engine.rules.suggestions.bridges import suggest_bridges
from engine.rules.suggestions.detail_lines import suggest_lines
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_kinds import CALENDAR_ROWS, Role, TableKind, kind_of, stem
from engine.rules.suggestions.table_words import FOLLOW_UPS
from engine.schema.models import DEFAULT_ROWS, TableSchema
from engine.schema.types import Kind

FIRST_DAY = date(2015, 1, 1)
MAX_ROWS_IN_ALL = 500_000
MAX_VALUES_IN_ALL = 12_000_000
_FEWEST = 100
_MOST_FOLLOWING = 200_000


def suggest_row_counts(draft: SchemaDraft) -> None:
    """Suggest the rows of every table that has none, and the fan-outs of tables of lines."""
    graph = KeyGraph(draft.schema)
    lines = {
        table.key: found
        for table in graph.ordered
        if _is_open(draft, table) and (found := suggest_lines(draft, table, graph))
    }
    suggest_bridges(draft, graph)
    kinds = {table.key: kind_of(table, graph) for table in draft.tables}
    is_single = len(draft.tables) == 1
    for table in draft.tables:
        _bound_days(draft, table, kinds[table.key])
    capacity = RowCapacity(draft.finish())
    planned = _plan(draft, graph, kinds, capacity, 1.0)
    share = _affordable_share(draft, kinds, planned)
    counts = planned if share == 1 else _plan(draft, graph, kinds, capacity, share)
    for table in draft.tables:
        if not _is_open(draft, table):
            continue
        kind, rows = kinds[table.key], counts[table.key]
        natural = capacity.natural_rows(table, counts)
        if natural is not None and natural == rows:
            parent, fan_out = lines.get(table.key, (None, None))
            why = f"{fan_out[0]} to {fan_out[1]} rows for each row of {parent.key}." if fan_out and parent else ""
            draft.suggest_rows(table, None, why or _reason_of_key(draft, table))
        elif kind.role is Role.FIXED or not (is_single or kind.role is Role.PLAIN):
            draft.suggest_rows(table, rows, _reason(kind, rows, share))
        elif rows < DEFAULT_ROWS:
            draft.suggest_rows(table, rows, "As many rows as its unique keys can hold.")


def _bound_days(draft: SchemaDraft, table: TableSchema, kind: TableKind) -> None:
    """Give the unique date of a calendar as many days as the table has rows."""
    if kind.rows != CALENDAR_ROWS or not _is_open(draft, table):
        return
    for column in table.columns:
        if column.type.kind is Kind.DATE and table.is_unique(column):
            days = {"date_start": FIRST_DAY, "date_end": FIRST_DAY + timedelta(days=CALENDAR_ROWS - 1)}
            draft.suggest(table, column.name, days, "The days of a calendar.")


def _is_open(draft: SchemaDraft, table: TableSchema) -> bool:
    return draft.rows(table) is None and not draft.given_rows(table)


def _reason_of_key(draft: SchemaDraft, table: TableSchema) -> str:
    spreads = (column.foreign_key.fan_out for column in draft.columns(table) if column.foreign_key is not None)
    found = next((each for each in spreads if each is not None), None)
    if found is not None and found != (1, 1):
        return f"{found[0]} to {found[1]} rows for each row that its key refers to."
    return "As many rows as the table that its key refers to."


def _reason(kind: TableKind, rows: int, share: float) -> str:
    """Return the kind's reason, with what made the number smaller or larger."""
    if kind.role in (Role.FIXED, Role.FOLLOWING) or rows == kind.rows:
        return kind.because if rows >= kind.rows or kind.role is Role.FOLLOWING else f"{kind.because} {_AS_HELD}"
    if rows > kind.rows:
        return f"{kind.because} More than its parents."
    return f"{kind.because} {'Fewer, as there are many tables.' if share < 1 else _AS_HELD}"


_AS_HELD = "As many as its keys can hold."


def _plan(
    draft: SchemaDraft, graph: KeyGraph, kinds: dict[str, TableKind], capacity: RowCapacity, share: float
) -> dict[str, int]:
    """Return the rows of each table, parents first, when tables that grow have this share of their usual rows."""
    counts: dict[str, int] = {}
    for table in graph.ordered:
        if not _is_open(draft, table):
            declared = draft.rows(table)
            counts[table.key] = draft.given_rows(table) if declared is None else declared
            continue
        natural = capacity.natural_rows(table, counts)
        wanted = _wanted(table, graph, kinds, counts, share) if natural is None else natural
        counts[table.key] = capacity.rows(table, wanted, counts)
    return counts


def _wanted(
    table: TableSchema, graph: KeyGraph, kinds: dict[str, TableKind], counts: dict[str, int], share: float
) -> int:
    kind = kinds[table.key]
    if kind.role is Role.FIXED:
        return kind.rows
    growing = [parent.key for parent in graph.parents(table) if kinds[parent.key].role is not Role.FIXED]
    most = max((counts.get(key, 0) for key in growing), default=0)
    if kind.role is Role.FOLLOWING:
        rows = int(most * kind.rows * kind.share) if most else DEFAULT_ROWS
        return max(1, min(rows, max(_MOST_FOLLOWING, most)))
    rows = max(min(kind.rows, _FEWEST), int(kind.rows * share))
    is_event_of_event = any(kinds[key].role is Role.EVENT and counts.get(key) == most for key in growing)
    if kind.role is Role.EVENT:
        is_follow_up = is_event_of_event and stem(table)[-1] in FOLLOW_UPS
        return max(rows, most if is_follow_up else 2 * most)
    if kind.role is Role.ENTITY and not is_event_of_event:
        return max(rows, min(2 * most, 2 * rows))
    return rows


def _affordable_share(draft: SchemaDraft, kinds: dict[str, TableKind], counts: dict[str, int]) -> float:
    """Return the share of the usual rows with which all tables stay within the rows and values of a default run."""
    growing = [table for table in draft.tables if kinds[table.key].role is not Role.FIXED and _is_open(draft, table)]
    rows = sum(counts[table.key] for table in growing)
    values = sum(counts[table.key] * len(table.columns) for table in growing)
    return min(1.0, MAX_ROWS_IN_ALL / max(rows, 1), MAX_VALUES_IN_ALL / max(values, 1))
