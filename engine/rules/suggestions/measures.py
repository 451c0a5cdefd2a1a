"""Measurements and counts by unit and subject: minutes of a delay, km of a trip, kWh of a meter, floors of a house.

The last words of a name decide, first with those of the table: the weight of a person in kg is none of a parcel. A unit
alone (`_km`, `_sec`) gives a range when nothing more is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from engine.rules.name_words import singular
from engine.rules.suggestions.measure_lists import MEASURES, UNITS
from engine.rules.suggestions.number_ranges import Shape, shaped
from engine.rules.suggestions.number_words import number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.text_names import table_words
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_FLAGS = frozenset("flag flg yn indicator monday tuesday wednesday thursday friday saturday sunday".split())
_LEADING = frozenset("amount quantity percent count number".split())
_KEYS = frozenset("id key sk pk code cd type".split())
_GLUED_UNITS = ("seconds", "minutes", "hours", "days", "meters", "liters", "km", "kmh", "ms", "sec", "pct", "years")


def suggest_measures(draft: SchemaDraft) -> None:
    """Suggest a range and its shape for each free number whose unit or subject is known."""
    for table in draft.tables:
        subjects = table_words(table.name) | table_words(table.schema_name or "")
        for column in list(draft.free_columns(table)):
            if column.type.kind not in NUMERIC or table.is_unique(column) or column.foreign_key is not None:
                continue
            for what, change in _changes(table, column, subjects):
                if draft.suggest(table, column.name, change, f'The name "{column.name}": {what}.'):
                    break


def usual_range(table: TableSchema, column: ColumnSchema) -> tuple[Decimal, Decimal] | None:
    """Return where most of the numbers of a measurement are, or None for an unknown one."""
    subjects = table_words(table.name) | table_words(table.schema_name or "")
    for shape in _shapes(measure_words(column.name, table.name), subjects):
        middle, width = shape.parameters.get("mean", 0.0), shape.parameters.get("stddev", 0.0)
        low, high = middle - 2 * width, middle + 2 * width
        if shape.type == "lognormal":
            low, high = math.exp(middle) / 3, math.exp(middle) * 3
        elif shape.type != "normal":
            low, high = shape.low, shape.high
        return Decimal(str(round(max(low, shape.low), 2))), Decimal(str(round(min(high, shape.high), 2)))
    return None


def measure_words(name: str, table: str) -> tuple[str, ...]:
    """Return the words of a number's name with its unit in one spelling: `airTimeMin` is (air, time, minutes)."""
    found = list(number_words(name, table))
    last = found[-1] if found else ""
    for unit in _GLUED_UNITS:
        if last not in UNITS and last.endswith(unit) and len(last) - len(unit) > 2:
            found[-1:] = [last[: -len(unit)], unit]
            break
    if found and found[0] in _LEADING and len(found) > 1:
        found = [*found[1:], found[0]]
    if len(found) > 1 and found[-1] in UNITS:
        found[-1] = UNITS[found[-1]]
    return tuple(found)


def _changes(table: TableSchema, column: ColumnSchema, subjects: frozenset[str]) -> Iterator[tuple[str, Change]]:
    words = measure_words(column.name, table.name)
    if not words or words[-1] in _KEYS:
        return
    is_whole = column.type.kind is not Kind.FLOAT and column.type.scale == 0
    if is_whole and (words[-1] in _FLAGS or words[0] == "is"):
        yield "1 for yes", {"values": [1, 0], "weights": [0.4, 0.6]}
    for shape in _shapes(words, subjects):
        change = shaped(shape, column)
        if change:
            yield shape.what, change


@cache
def _index() -> dict[tuple[str, ...], list[tuple[frozenset[str], Shape]]]:
    found: dict[tuple[str, ...], list[tuple[frozenset[str], Shape]]] = {}
    for tables, endings, shape in MEASURES:
        for ending in endings.split("|"):
            split = tuple(ending.split())
            found.setdefault(split, []).append((frozenset(singular(word) for word in tables.split()), shape))
    return found


def _shapes(words: tuple[str, ...], subjects: frozenset[str]) -> Iterator[Shape]:
    """Yield what the longest known ending of the words stands for, first in a table of its subject."""
    for length in range(len(words), 0, -1):
        known = _index().get(words[-length:], [])
        yield from (shape for tables, shape in known if tables and tables & (subjects | set(words[:-length])))
        yield from (shape for tables, shape in known if not tables)
