"""Codes and states: values that fit a text column's subject and length, where its name alone says little."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.rules.name_words import singular, words, words_without_prefix
from engine.rules.suggestions.column_names import ends_with
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.word_lists import Change
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

_STATES = (
    ("order purchase sale basket cart", "delivered shipped processing cancelled returned"),
    ("ticket case incident issue alert task", "open in_progress resolved closed"),
    ("invoice bill payment transaction txn refund payout charge", "paid pending overdue failed"),
    ("employee worker staff driver courier user customer member account contact", "active inactive suspended"),
    ("device sensor machine meter vehicle station asset", "online offline maintenance retired"),
    ("subscription plan contract policy licence license", "active trialing paused cancelled expired"),
    ("claim application loan request approval", "submitted in_review approved denied"),
    ("shipment delivery parcel package trip ride leg", "in_transit delivered delayed returned"),
    ("campaign ad adgroup promotion experiment", "active paused ended draft"),
    ("flight segment departure", "scheduled departed landed delayed cancelled"),
    ("reservation booking appointment visit stay", "confirmed checked_in completed cancelled no_show"),
    ("lead opportunity deal prospect", "new contacted qualified won lost"),
    ("run job load batch import export pipeline", "succeeded running failed queued"),
    ("email message send sms notification", "sent delivered bounced opened"),
    ("product item listing property room", "available reserved sold discontinued"),
    ("enrollment student course registration", "enrolled completed withdrawn"),
)
_CODES = (
    "code | cd | no | num | nbr | nr | number | ref | reference | serial | serial number | batch | lot | key | id "
    "| tracking | mrn | npi | barcode | bk | nk | abbr | symbol | ticker | token"
)
_STATE_WORDS = frozenset(("status", "code", "cd", "current", "last"))
_CODED_LENGTH = 12
_PAIR = re.compile(r"[\"']?\b([A-Za-z0-9_]{1,20})[\"']?\s*(?:=>?|:|\s[-–]\s)\s*[\"']?[A-Za-z]")
_LISTED = re.compile(r"[\"']([^\"',/|;]{1,40})[\"']")
_SLASHED = re.compile(r"(?<![\w/])([A-Za-z0-9_]{1,12}(?:\s?[/|]\s?[A-Za-z0-9_]{1,12})+)(?![\w/])")
_SEVERAL = re.compile(r"(?:one of|values?|allowed|valid)\b[^:]*:\s*([\w \-]+(?:,\s*[\w \-]+)+)", re.IGNORECASE)


def suggest_by_comments(draft: SchemaDraft) -> None:
    """Suggest the values that a column's comment lists, such as `Y/N` or `1=open, 2=closed`."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            if table.is_unique(column) or not column.comment or column.type.kind not in (Kind.TEXT, Kind.INTEGER):
                continue
            values = listed_values(column.comment)
            if column.type.kind is Kind.INTEGER:
                numbers = [int(value) for value in values if value.isdigit()]
                values = numbers if len(numbers) == len(values) else []  # type: ignore[assignment]
            if len(values) > 1:
                draft.suggest(table, column.name, {"values": values}, "The values that its comment lists.")


def listed_values(comment: str) -> list[str]:
    """Return the values that a comment lists, none if it lists less than two."""
    for pattern in (_PAIR, _LISTED):
        found = list(dict.fromkeys(pattern.findall(comment)))
        if len(found) > 1:
            return found
    if several := _SEVERAL.search(comment):
        return list(dict.fromkeys(part.strip() for part in several.group(1).split(",") if part.strip()))
    if slashed := _SLASHED.search(comment):
        return list(dict.fromkeys(part.strip() for part in re.split(r"[/|]", slashed.group(1))))
    return []


def suggest_states(draft: SchemaDraft) -> None:
    """Suggest the states of what a table, or the column's own name, is about."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            name = words(column.name)
            is_state = ends_with(name, "status | status code | status cd | state code of")
            if column.type.kind is not Kind.TEXT or table.is_unique(column) or not is_state or "http" in name:
                continue
            before = tuple(word for word in words_without_prefix(column.name, table.name) if word not in _STATE_WORDS)
            subject, states = _states(before or words(table.name))
            if name[-1] != "status":
                states = [state.upper() for state in states]
            if states and (values := _fitting(states, column.type.length)):
                weights = [round(0.6 / 2**place, 3) for place in range(len(values))]
                change = {"values": values, "weights": weights}
                draft.suggest(table, column.name, change, f"The states of {_with_article(subject)}.")


def _states(found: tuple[str, ...]) -> tuple[str, list[str]]:
    own = [singular(word) for word in found]
    for word in own:
        for subjects, states in _STATES:
            if word in subjects.split():
                return word, states.split()
    return "", []


def _fitting(states: list[str], length: int | None) -> list[str]:
    """Return the states that fit, or their first letters where they differ."""
    if length is None or max(map(len, states)) <= length:
        return states
    initials = list(dict.fromkeys(state[:1].upper() for state in states))
    whole = [state for state in states if len(state) <= length]
    return initials if length < _CODED_LENGTH // 3 or len(whole) < 2 else whole


def suggest_codes(draft: SchemaDraft) -> None:
    """Suggest codes, or the column's name with a number, for text columns of which nothing else is known."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            if column.type.kind is Kind.TEXT:
                for kind, change in _changes(table, column):
                    if draft.suggest(table, column.name, change, f'The name "{column.name}": {kind}.'):
                        break


def _changes(table: TableSchema, column: ColumnSchema) -> Iterator[tuple[str, Change]]:
    name, length = words(column.name), column.type.length
    if not name:
        return
    is_unique = table.is_unique(column)
    space = 40 if length is None else length
    if ends_with(name, "type | kind | class | category | group | grade | level | tier | segment") and not is_unique:
        letters = list("ABCD")
        yield "a class", {"values": letters if space < 7 else [f"{name[-1].title()} {each}" for each in letters]}
    if space == 1 and not is_unique and not ends_with(name, _CODES):
        yield "yes or no", {"values": ["Y", "N"]}
    if ends_with(name, f"{_CODES} | source value") or is_unique or space < _CODED_LENGTH:
        yield "a code", {"pattern": code_pattern(table, name, space, is_unique=is_unique)}
        return
    if ends_with(name, "name | label | title"):
        yield "a name", {"faker_rule": "catch_phrase"}
    title = " ".join(word.title() for word in name)
    if not is_unique and len(title) + 3 <= space:
        yield "the name with a number", {"pattern": f"{title} ##"}


def code_pattern(table: TableSchema, name: tuple[str, ...], space: int, *, is_unique: bool) -> str:
    """Return a pattern of at most `space` characters: the first letters of the subject, and digits."""
    bare = [word for word in name if word not in _CODES.split()] or [singular(word) for word in words(table.name)]
    prefix = (bare[-1][:3] if bare else "c").upper()
    digits = 9 if is_unique else 5
    if space >= len(prefix) + 1 + digits:
        return f"{prefix}-{'#' * digits}"
    if space < 4 or (is_unique and space < 7):
        return "?" * space
    return "?" + "#" * min(space - 1, digits)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[:1] in tuple('aeiou') else 'a'} {noun}"
