"""Words of a column's subject: usual values, names made of parts, and codes with a form, by its name and its table's.

The longest ending of a name that a vocabulary knows decides; one that is only for the table's subject comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from engine.rules.name_words import singular
from engine.rules.suggestions.column_names import true_share
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.text_names import spell, table_words, text_names
from engine.rules.suggestions.vocabularies.commerce import COMMERCE
from engine.rules.suggestions.vocabularies.finance import FINANCE
from engine.rules.suggestions.vocabularies.health import HEALTH
from engine.rules.suggestions.vocabularies.people import PEOPLE
from engine.rules.suggestions.vocabularies.technology import TECHNOLOGY
from engine.rules.suggestions.vocabularies.transport import TRANSPORT
from engine.rules.suggestions.vocabularies.vocabulary import Vocabulary
from engine.rules.suggestions.word_lists import Change
from engine.rules.text.pattern import parse_pattern
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

VOCABULARIES = (*COMMERCE, *PEOPLE, *TECHNOLOGY, *TRANSPORT, *HEALTH, *FINANCE)
_SAY_LITTLE = frozenset("name code description label text value source txt abbreviation".split())
_CODES = frozenset("code abbreviation".split())
_FLAGS = frozenset("flag indicator".split())
_LONGEST_FLAG = 5
_ENOUGH = 0.6
_UNLIMITED = 60
_FEWEST_NAMES = 12


def suggest_known_words(draft: SchemaDraft) -> None:
    """Suggest words, names and codes of its subject for each free text column whose name tells the subject."""
    for table in draft.tables:
        subjects = table_words(table.name) | table_words(table.schema_name or "")
        for column in list(draft.free_columns(table)):
            if column.type.kind is Kind.TEXT:
                for what, change in _changes(table, column, subjects):
                    if draft.suggest(table, column.name, change, f'The name "{column.name}": {what}.'):
                        break


def _changes(table: TableSchema, column: ColumnSchema, subjects: frozenset[str]) -> Iterator[tuple[str, Change]]:
    names = text_names(column.name, table.name)
    space = column.type.length or _UNLIMITED
    is_unique = table.is_unique(column)
    if not names:
        return
    if names[0][-1] in _FLAGS and space <= _LONGEST_FLAG and not is_unique:
        share = true_share(names[0])
        yield "yes or no", {"values": ["Y", "N"], "weights": [share, round(1 - share, 2)]}
    for vocabulary, is_code in _find(names, subjects):
        change = _change(vocabulary, space, is_code=is_code, is_unique=is_unique)
        if change:
            yield vocabulary.what, change


@cache
def _index() -> dict[tuple[str, ...], list[Vocabulary]]:
    """Return the vocabularies of each ending; those for certain tables first."""
    found: dict[tuple[str, ...], list[Vocabulary]] = {}
    for vocabulary in sorted(VOCABULARIES, key=lambda each: not each.tables):
        for ending in vocabulary.endings.split("|"):
            listed = found.setdefault(spell(tuple(ending.split())), [])
            if vocabulary not in listed:
                listed.append(vocabulary)
    return found


def _find(names: tuple[tuple[str, ...], ...], subjects: frozenset[str]) -> Iterator[tuple[Vocabulary, bool]]:
    """Yield the vocabularies of the longest ending first, and whether a code of it is asked for."""
    stripped = [(name[:-1], name[-1] in _CODES) for name in names if len(name) > 1 and name[-1] in _SAY_LITTLE]
    found: list[tuple[int, int, bool, int, Vocabulary, bool]] = []
    for is_stripped, pairs in enumerate(([(name, name[-1] in _CODES) for name in names], stripped)):
        for name, is_code in pairs:
            for length in range(1, len(name) + 1):
                for order, vocabulary in enumerate(_index().get(name[-length:], ())):
                    tables = {singular(word) for word in vocabulary.tables.split()}
                    if not tables or tables & (subjects | set(name[:-length])):
                        if is_stripped and vocabulary.patterns:
                            continue
                        found.append((is_stripped, -length, not tables, order, vocabulary, is_code))
    for *_, vocabulary, is_code in sorted(found, key=lambda each: each[:4]):
        yield vocabulary, is_code


def _change(vocabulary: Vocabulary, space: int, *, is_code: bool, is_unique: bool) -> Change:
    if vocabulary.patterns:
        fitting = (pattern for pattern in vocabulary.patterns if parse_pattern(pattern).length <= space)
        pattern = next(fitting, "")
        return {"pattern": pattern} if pattern else {}
    if is_unique:
        return {}
    if vocabulary.parts:
        return _names(vocabulary.parts, space)
    values = _fitting(vocabulary, space, is_code=is_code)
    return {"values": values, "weights": _weights(len(values))} if len(values) > 1 else {}


def _fitting(vocabulary: Vocabulary, space: int, *, is_code: bool) -> list[str]:
    """Return the words, or their codes where these are asked for or the words do not fit."""
    longs = [word for word in vocabulary.longs if len(word) <= space]
    shorts = [word for word in vocabulary.shorts if len(word) <= space]
    if is_code and len(shorts) > 1:
        return shorts
    if len(longs) >= _ENOUGH * len(vocabulary.longs):
        return longs
    return shorts if len(shorts) >= _ENOUGH * max(len(vocabulary.shorts), 1) else longs


def _weights(number: int) -> list[float]:
    """Return falling weights, the first about three times the last."""
    return [round(2 / (2 + 4 * place / number), 3) for place in range(number)]


def _names(parts: tuple[tuple[str, ...], ...], space: int) -> Change:
    """Return an expression that joins a word of each part; the first parts are left out where all do not fit."""
    for start in range(len(parts)):
        kept = parts[start:]
        room = space - len(kept) + 1
        share = room // len(kept)
        if sum(max(map(len, part)) for part in kept) > room:
            kept = tuple(tuple(word for word in part if len(word) <= share) for part in kept)
        if all(kept) and sum(map(len, kept)) >= _FEWEST_NAMES:
            return {"expression": " || ' ' || ".join(_one_of(part) for part in kept)}
    return {}


def _one_of(part: tuple[str, ...]) -> str:
    if len(part) == 1:
        return _quoted(part[0])
    cases = ", ".join(f"{place}, {_quoted(word)}" for place, word in enumerate(part, start=1))
    return f"decode(uniform(1, {len(part)}, random()), {cases})"


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
