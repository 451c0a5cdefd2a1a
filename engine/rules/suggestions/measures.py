"""Measurements and counts by unit and subject: minutes of a delay, km of a trip, kWh of a meter, floors of a house.

The last words of a name decide, first with those of the table: the weight of a person in kg is none of a parcel. A unit
alone (`_km`, `_sec`) gives a range when nothing more is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from engine.rules.name_words import singular, split_glued
from engine.rules.suggestions.measure_lists import GLUED, MEASURES, UNITS
from engine.rules.suggestions.number_ranges import Shape, shaped
from engine.rules.suggestions.number_words import number_words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.text_names import table_words
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_FLAGS = frozenset("flag flg yn indicator monday tuesday wednesday thursday friday saturday sunday".split())
_LEADING = frozenset("amount quantity percent count points".split())
_KEYS = frozenset("id key sk pk code cd type".split())
_SPELLINGS = {
    "pct": "percent",
    "pts": "points",
    "no": "number",
    "avg": "average",
    "point": "points",
    "calories": "kcal",
}
_SHORTEST_GLUED = 6


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


def measure_words(name: str, table: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of a number's name, bare and whole, with its unit in one spelling: (air, time, minutes)."""
    return tuple(dict.fromkeys(_spell(found) for found in (number_words(name, table), number_words(name, ""))))


def _spell(words: tuple[str, ...]) -> tuple[str, ...]:
    found = [piece for word in words for piece in _pieces(word)]
    if found[-2:] in (["m", "3"], ["m", "2"]):
        found[-2:] = ["cubic" if found[-1] == "3" else "sqm"]
    if len(found) > 1 and found[0] in _LEADING:
        found = [*found[1:], found[0]]
    spelled = [_SPELLINGS.get(word, word) for word in found]
    return tuple(UNITS.get(word, word) if place or len(spelled) == 1 else word for place, word in enumerate(spelled))


def _pieces(word: str) -> list[str]:
    return [word] if len(word) < _SHORTEST_GLUED or word in _words() else split_glued(word, _words())


@cache
def _words() -> frozenset[str]:
    """Return the words that names of numbers are made of."""
    return (
        GLUED
        | {word for _, endings, _ in MEASURES for word in endings.split() if len(word) > 2}
        | UNITS.keys() - {word for word in UNITS if len(word) < 2}
    )


def _changes(table: TableSchema, column: ColumnSchema, subjects: frozenset[str]) -> Iterator[tuple[str, Change]]:
    names = measure_words(column.name, table.name)
    words = names[0]
    if not words or words[-1] in _KEYS:
        return
    is_whole = column.type.kind is not Kind.FLOAT and column.type.scale == 0
    if is_whole and (words[-1] in _FLAGS or words[0] == "is"):
        yield "1 for yes", {"values": [1, 0], "weights": [0.4, 0.6]}
    for shape in _shapes(names, subjects):
        change = shaped(shape, column)
        if change:
            yield shape.what, change


@cache
def _index() -> dict[tuple[str, ...], list[tuple[frozenset[str], Shape]]]:
    found: dict[tuple[str, ...], list[tuple[frozenset[str], Shape]]] = {}
    for tables, endings, shape in MEASURES:
        for ending in endings.split("|"):
            split = _spell(tuple(ending.split()))
            found.setdefault(split, []).append((frozenset(singular(word) for word in tables.split()), shape))
    return found


def _shapes(names: tuple[tuple[str, ...], ...], subjects: frozenset[str]) -> Iterator[Shape]:
    """Yield what the longest known ending of the names stands for, first in a table of its subject."""
    for length in range(max(map(len, names)), 0, -1):
        for words in names:
            known = _index().get(words[-length:], []) if length <= len(words) else []
            own = subjects | set(words[:-length])
            yield from (shape for tables, shape in known if tables and tables & own)
            yield from (shape for tables, shape in known if not tables)
