"""Suggestions by the name of a column alone, with its type and length."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from engine.rules.name_words import words, words_without_prefix
from engine.rules.suggestions.name_endings import split_endings
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.text_names import text_names
from engine.rules.suggestions.word_lists import (
    BIRTHDAYS,
    CODES,
    COMPANY_TABLES,
    NUMBERS,
    PERSON_TABLES,
    SHARES,
    TEXTS,
    Change,
)
from engine.rules.text.pattern import parse_pattern
from engine.schema.column_checks import check_column
from engine.schema.column_rules import has_any_key
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind, WarehouseType


def suggest_by_names(draft: SchemaDraft) -> None:
    """Suggest a rule for each free column whose own name says what it holds."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            if change := suggest(table, column):
                draft.suggest(table, column.name, change, f'The name "{column.name}".')


def suggest(table: TableSchema, column: ColumnSchema) -> dict[str, Any]:
    """Return the keys to set on a column, such as `{"faker_rule": "email"}`; empty when nothing is known."""
    if _is_described(table, column):
        return {}
    names = [words_without_prefix(column.name, table.name)]
    if column.type.kind is Kind.TEXT:
        names += [name for name in text_names(column.name, table.name)[:1] if name not in names]
    for change in (each for name in names for each in _candidates(name, table, column)):
        trial = column.model_copy(update=change)
        trial.__dict__.pop("type", None)
        if _fits(change, column) and not any(check_column(table, trial, "")):
            return change
    return {}


def _fits(change: Change, column: ColumnSchema) -> bool:
    """Return whether the texts of a pattern are no longer than the column."""
    length = column.type.length
    return length is None or "pattern" not in change or parse_pattern(change["pattern"]).length <= length


def _is_described(table: TableSchema, column: ColumnSchema) -> bool:
    is_in_key = any(column.name.casefold() in map(str.casefold, key) for key in table.composite_keys)
    is_referencing = any(column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys)
    is_counted = table.is_unique(column) and column.type.kind is not Kind.TEXT
    return has_any_key(column) or is_in_key or is_referencing or is_counted


def _candidates(name: tuple[str, ...], table: TableSchema, column: ColumnSchema) -> Iterator[Change]:
    kind = column.type.kind
    if kind is Kind.TEXT:
        yield from _texts(name, table, column)
    elif kind in NUMERIC:
        yield from _numbers(name, column)
    elif kind is Kind.DATE or kind in TIMESTAMPS:
        if ends_with(name, BIRTHDAYS):
            yield {"date_start": date(1945, 1, 1), "date_end": date(2006, 12, 31)}
    elif kind is Kind.BOOLEAN:
        yield from ({"probability": share} for share in _shares(name))


def _texts(name: tuple[str, ...], table: TableSchema, column: ColumnSchema) -> Iterator[Change]:
    length = column.type.length
    if length == 1 and (is_question(column) or ends_with(name, "flag | indicator | ind")):
        yield from _answers("Y", "N", name)
    for limit, endings, change in TEXTS:
        if ends_with(name, endings) and (limit is None or (length is not None and length <= limit)):
            if "values" in change and table.is_unique(column):
                continue
            yield change
    if name == ("name",) and ends_with(words(table.name), "country | countries | nation | nations"):
        yield {"faker_rule": "country"}
    if name == ("name",):
        yield {"faker_rule": "name" if _is_person(table) else "company" if _is_company(table) else "catch_phrase"}


def is_question(column: ColumnSchema) -> bool:
    """Return whether the name is that of a boolean: `is_active`, `hasChildren`."""
    return len(words(column.name)) > 1 and words(column.name)[0] in ("is", "has", "was", "can")


def _answers(yes: Any, no: Any, name: tuple[str, ...]) -> Iterator[Change]:
    share = next(_shares(name), 0.5)
    yield {"values": [yes, no], "weights": [share, round(1 - share, 2)]}


def true_share(name: tuple[str, ...]) -> float:
    """Return the share of true values for a boolean of this name."""
    return next(_shares(name), 0.5)


def _shares(name: tuple[str, ...]) -> Iterator[float]:
    """Yield the probability of true for a boolean of this name."""
    return (share for share, endings in SHARES if set(name) & set(endings.split()))


def _is_person(table: TableSchema) -> bool:
    return any(word in table.name.lower() for word in PERSON_TABLES.split())


def _is_company(table: TableSchema) -> bool:
    return any(word in table.name.lower() for word in COMPANY_TABLES.split())


def _numbers(name: tuple[str, ...], column: ColumnSchema) -> Iterator[Change]:
    kind = column.type
    if kind.kind is not Kind.FLOAT and kind.scale == 0 and is_question(column):
        yield from _answers(1, 0, name)
    yield from (
        {"values": values, "weights": weights} for endings, values, weights in CODES if ends_with(name, endings)
    )
    for digits, min_text, max_text, endings in NUMBERS:
        if not ends_with(name, endings) or not _holds(kind, digits):
            continue
        low, high = Decimal(min_text), Decimal(max_text)
        if kind.kind is not Kind.FLOAT:
            low, high = (value.quantize(Decimal(1).scaleb(-min(kind.scale, 6))) for value in (low, high))
            high = min(high, Decimal(kind.integer_bounds[1]).scaleb(-kind.scale))
        if low < high:
            yield {"min_value": low, "max_value": high}


def ends_with(name: tuple[str, ...], endings: str) -> bool:
    """Return whether the name ends with one of the endings; a long one may be glued to what is before: `retailprice`.

    So may be its own words: folded to lower case, `UnitPrice` has become `unitprice`.
    """
    prepared = split_endings(endings)
    return prepared.end(name) or prepared.end_glued(name)


def _holds(kind: WarehouseType, digits: int) -> bool:
    """Whether a number is known to hold this many digits before the point."""
    return digits == 1 if kind.kind is Kind.FLOAT else kind.integer_bounds[1] >= 10 ** (digits + kind.scale - 1)
