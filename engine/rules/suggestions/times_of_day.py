"""Tables of the times of a day: each row is the next second, minute or hour, and every part of it is computed."""

from __future__ import annotations

from engine.rules.name_words import words
from engine.rules.suggestions.date_part_names import part_of_name
from engine.rules.suggestions.date_part_sql import part_sql
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.values.timestamps import FIRST_DAY
from engine.schema.models import ColumnSchema, Sequence, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_PARTS = frozenset("hour hour12 minute second ampm daypart".split())
_NAMES_OF_TABLES = frozenset("time times hour hours minute minutes clock tod daytime".split())
_GRAINS = ("second", "minute", "hour")
_KEY_WORDS = frozenset("key sk id".split())


def suggest_times_of_day(draft: SchemaDraft) -> None:
    """Suggest consecutive times and their parts for each table of times of day."""
    for table in draft.tables:
        parts = _parts_of(table)
        if "hour" not in parts.values() or len(parts) < 2:
            continue
        grain = next(unit for unit in _GRAINS if unit in parts.values())
        moment = f"dateadd({grain}, seq4(), timestamp '{FIRST_DAY} 00:00:00')"
        for column in list(draft.free_columns(table)):
            _suggest_column(draft, table, column, parts.get(column.name, ""), moment, grain)


def _parts_of(table: TableSchema) -> dict[str, str]:
    """Return the parts of the time of day by column; none for tables of other things, or with dates."""
    has_dates = any(column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS for column in table.columns)
    if has_dates or not set(words(table.name)) & _NAMES_OF_TABLES:
        return {}
    found = {column.name: part_of_name(column.name) for column in table.columns if column.foreign_key is None}
    return {name: part[0] for name, part in found.items() if part is not None and part[0] in _PARTS}


def _suggest_column(
    draft: SchemaDraft, table: TableSchema, column: ColumnSchema, part: str, moment: str, grain: str
) -> None:
    reason = f"One {grain} a row: a table of times."
    is_key = table.is_unique(column) and set(words(column.name)) & (_KEY_WORDS | {grain})
    if is_key and column.type.kind in NUMERIC:
        draft.suggest(table, column.name, {"sequence": Sequence(start=0)}, reason)
    elif column.type.kind is Kind.TIME:
        draft.suggest(table, column.name, {"expression": f"cast({moment} as time)"}, reason)
    elif part and (sql := part_sql(part, column, moment)) is not None:
        draft.suggest(table, column.name, {"expression": sql}, reason)
