"""Key literals: a key that a query names exists, by more rows or by a given row that holds it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.schema.column_rules import sources_of
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC
from engine.workload.changes import Change, change_column
from engine.workload.records import LiteralValue
from engine.workload.samples import as_json
from engine.workload.wanted import Wanted

_MOST_KEYS = 100
_SMALL_ROWS = 50
_CHANCES = 3
"""A lookup has fewer than so many rows for each value that is asked for: some would be left out."""
_MORE_ROWS = 10
"""A key of up to so many times the rows gets that many rows; one beyond gets a row of its own."""


def fit_keys(schema: ExperimentSchema, wanted: Sequence[Wanted], counts: Mapping[str, int]) -> list[Change]:
    """Return a change for each table without given rows whose key lacks values that queries name.

    The first rows then hold these keys; their other columns follow their rules.
    """
    changes = []
    for table in schema.tables:
        columns = [column for column in table.columns if table.is_unique(column) and column.foreign_key is None]
        asked: dict[str, dict[LiteralValue, list[tuple[str, int]]]] = {}
        for each in wanted:
            if each.table == table.key and any(column.name == each.column for column in columns):
                for value in each.values[:_MOST_KEYS]:
                    asked.setdefault(each.column, {}).setdefault(value, []).extend(each.sources)
        if not asked or table.rows:
            continue
        name = max(asked, key=lambda each: len(asked[each]))
        missing = _missing(table, table.column(name), asked[name], counts)
        change = _change(table, name, missing, asked[name], counts) if missing else None
        if change is not None:
            changes.append(change)
    return changes


def fit_lookups(schema: ExperimentSchema, wanted: Sequence[Wanted], counts: Mapping[str, int]) -> list[Change]:
    """Return a change for each small table whose few rows leave out some of the many values that queries ask for.

    Its first rows then have these values, one each; given rows keep what they say.
    """
    changes = []
    for table in schema.tables:
        rows = counts.get(table.key, 0)
        if rows > _SMALL_ROWS or _has_groups(table) or any(each.foreign_key for each in table.columns):
            continue
        known_rows = [dict(row) for row in table.rows if isinstance(row, dict)]
        if len(known_rows) < len(table.rows):
            continue  # a list says every column
        said = {name.casefold() for row in known_rows for name in row}
        listed = {
            each.name for each in table.columns
            if each.values is not None and not table.is_unique(each) and each.name.casefold() not in said
        }  # fmt: skip
        asked: dict[str, dict[LiteralValue, list[tuple[str, int]]]] = {}
        for each in wanted:
            for value in each.values if each.table == table.key and each.column in listed else ():
                asked.setdefault(each.column, {}).setdefault(value, []).extend(each.sources)
        name = max(asked, key=lambda each: len(asked[each]), default=None)
        if name is None or len(asked[name]) * _CHANCES < rows:
            continue
        known = {str(value) for value in table.column(name).values or ()}
        values = [value for value in asked[name] if str(value) in known][: len(table.rows) or _MOST_KEYS]
        if not values:
            continue
        serves = tuple(dict.fromkeys(source for value in values for source in asked[name][value]))
        given = known_rows or [{} for _ in values]
        asked_rows = [{**row, name: as_json(value)} for row, value in zip(given, values, strict=False)]
        new: dict[str, object] = {"rows": [*asked_rows, *given[len(asked_rows) :]]}
        if table.target_rows is None or table.target_rows < len(values):
            new["target_rows"] = max(rows, len(values))
        shown = ", ".join(map(str, values[:5]))
        reason = f"Queries ask for {shown} among few rows."
        changes.append(Change(table.key, None, "rows", {"rows": known_rows}, new, serves, reason))
    return changes


def _has_groups(table: TableSchema) -> bool:
    """Return whether a table cannot have given rows, as its rows are in groups."""
    return any(column.groups is not None for column in table.columns)


def _move(
    table: TableSchema, name: str, values: Sequence[LiteralValue], serves: tuple[tuple[str, int], ...], rows: int
) -> Change | None:
    """Return the change with which the keys begin at the least of some numbers; None if they do not reach all."""
    numbers = [value for value in values if isinstance(value, int)]
    if len(numbers) < len(values) or not numbers or max(numbers) - min(numbers) >= rows or min(numbers) < 1:
        return None
    reason = f"Queries name the key {name} {min(numbers)}: the keys begin with it."
    return change_column(table, table.column(name), "min_value", {"min_value": min(numbers)}, serves, reason)


def is_open_key(column: ColumnSchema) -> bool:
    """Whether a key is a whole number without a rule or bounds: it has the numbers from 1 to the number of rows."""
    is_open = not sources_of(column) and column.min_value is None and column.max_value is None
    return is_open and column.type.kind in NUMERIC


def _missing(
    table: TableSchema,
    column: ColumnSchema,
    asked: Mapping[LiteralValue, list[tuple[str, int]]],
    counts: Mapping[str, int],
) -> dict[LiteralValue, list[tuple[str, int]]]:
    """Return the asked keys that are not among the row numbers from 1, which an open number key has."""
    is_open = is_open_key(column)
    rows = counts.get(table.key, 0)
    return {
        value: serves
        for value, serves in asked.items()
        if not (is_open and isinstance(value, int) and 1 <= value <= rows)
        and (column.type.length is None or len(str(value)) <= column.type.length)
    }


def _change(
    table: TableSchema,
    name: str,
    missing: Mapping[LiteralValue, list[tuple[str, int]]],
    asked: Collection[LiteralValue],
    counts: Mapping[str, int],
) -> Change | None:
    values = list(missing)[:_MOST_KEYS]
    serves = tuple(dict.fromkeys(source for value in values for source in missing[value]))
    rows, last = counts.get(table.key, 0), max((value for value in values if isinstance(value, int)), default=0)
    if is_open_key(table.column(name)) and rows < last <= _MORE_ROWS * rows and min(values) > 0:  # type: ignore[operator]
        old = {"target_rows": table.target_rows, "because": table.because}
        reason = f"Queries name the key {name} {last}: so many rows."
        more = {"target_rows": last, "because": reason}
        return Change(table.key, None, "target_rows", old, more, serves, reason)
    shown = ", ".join(map(str, values[:5]))
    if is_open_key(table.column(name)) and _has_groups(table):
        return _move(table, name, list(asked), serves, rows)
    new: dict[str, object] = {"rows": [{name: as_json(value)} for value in values]}
    follows = any(column.foreign_key is not None and column.foreign_key.spread for column in table.columns)
    if table.target_rows is None and not follows:
        new["target_rows"] = max(counts.get(table.key, 0), len(values))
    return Change(table.key, None, "rows", {"rows": []}, new, serves, f"Queries name the keys {name} {shown}.")
