"""Numbers in order: min and max, with the average between them, low and high, percentiles, and open, high, low, close.

The lowest is drawn from the lower part of the range that its name suggests; each of the next adds up to an equal share
of what is left.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.rules.name_words import words
from engine.rules.suggestions.column_names import suggest
from engine.rules.suggestions.expression_text import sql_name
from engine.rules.suggestions.measures import usual_range
from engine.rules.suggestions.moments import form_of
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.time_words import split_words
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_LEVELS = {
    **dict.fromkeys("min minimum mn lowest smallest low lower floor lo from begin start first least bottom".split(), 0),
    **dict.fromkeys("p1 p5 p10".split(), 1), "p25": 2, "q1": 2,
    **dict.fromkeys("med median mid p50".split(), 3), **dict.fromkeys("avg average mean".split(), 4),
    "p75": 5, "q3": 5, "p90": 6, "p95": 7, "p99": 8, "p999": 9,
    **dict.fromkeys("max maximum mx highest largest high upper ceiling ceil hi to end last most top peak".split(), 10),
}  # fmt: skip
_STRONG = frozenset(
    "min minimum lowest smallest low lower floor max maximum highest largest high upper ceiling p1 p5 p10 p25 p50 "
    "p75 p90 "
    "p95 p99 p999 q1 q3 lo hi median".split()
)
_WEAK_PAIRS = (
    frozenset({"from", "to"}),
    frozenset({"start", "end"}),
    frozenset({"begin", "end"}),
    frozenset({"first", "last"}),
)
_NOT_NUMBERS = frozenset(
    "id key sk code name type by zip phone location station city airport account node user".split()
)
_PRICE_WORDS = frozenset("price px adj adjusted bid ask trade day daily".split())
_GLUED = ("minimum", "maximum", "median", "average", "min", "max", "avg", "lower", "upper")
_MOST = 100


def suggest_min_max(draft: SchemaDraft) -> None:
    """Suggest ranges and expressions that keep numbers in the order that their names tell."""
    for table in draft.tables:
        groups: dict[tuple[str, ...], dict[str, ColumnSchema]] = {}
        for column in draft.columns(table):
            if column.type.kind not in NUMERIC or column.foreign_key is not None or table.is_unique(column):
                continue
            if form_of(column, split_words(column.name)) is not None:
                continue
            for word, rest in _levels(column.name):
                groups.setdefault(rest, {}).setdefault(word, column)
        for rest, members in groups.items():
            if not set(rest) & _NOT_NUMBERS:
                _suggest_group(draft, table, members)


def _levels(name: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words of a name that are levels, each with the other words."""
    names = list(words(name))
    joined: list[str] = []
    for word in names:
        if joined and joined[-1] in ("p", "q") and word.isdigit():
            joined[-1] += word
        else:
            joined.append(word)
    found = [(word, tuple(joined[:place] + joined[place + 1 :])) for place, word in enumerate(joined)
             if word in _LEVELS or word in ("open", "close", "opening", "closing")]  # fmt: skip
    if not found and len(joined) == 1:
        prefix = next((word for word in _GLUED if joined[0].startswith(word) and len(joined[0]) > len(word) + 2), None)
        return [] if prefix is None else [(prefix, (joined[0][len(prefix) :],))]
    return found[-1:] if len(found) > 1 else found


def _suggest_group(draft: SchemaDraft, table: TableSchema, members: dict[str, ColumnSchema]) -> None:
    if {"open", "high", "low", "close"} <= members.keys():
        _suggest_prices(draft, table, members)
        return
    levels: dict[int, ColumnSchema] = {}
    for word, column in members.items():
        if word in _LEVELS and (word in _STRONG or word in ("avg", "average", "mean", "med", "mid", "peak", "p50")):
            levels.setdefault(_LEVELS[word], column)
    if len(levels) < 2:
        weak = next((pair for pair in _WEAK_PAIRS if pair <= members.keys()), None)
        levels = {} if weak is None else {_LEVELS[word]: members[word] for word in weak}
    if len(levels) > 1:
        _suggest_levels(draft, table, [levels[level] for level in sorted(levels)])


def _suggest_levels(draft: SchemaDraft, table: TableSchema, ordered: list[ColumnSchema]) -> None:
    first = draft.column(table, ordered[0].name)
    low, high = _range(table, first, ordered)
    if low >= high:
        return
    step = (high - low) * Decimal("0.4")
    names = ", ".join(column.name for column in ordered)
    if draft.is_free(table, first.name):
        change = {"min_value": _fit(low, first), "max_value": _fit(low + step, first)}
        if not draft.suggest(table, first.name, change, f"The lowest of {names}."):
            return
    elif first.expression is None and first.min_value is None:
        return
    share = (high - low) * Decimal("0.6") / (len(ordered) - 1)
    previous = first
    for column in ordered[1:]:
        if draft.is_free(table, column.name):
            base = sql_name(previous.name)
            if previous.is_nullable and not column.is_nullable:
                base = f"coalesce({base}, {_fit(low, column)})"
            sql = f"{base} + uniform({_literal(Decimal(0), column)}, {_literal(share, column)}, random())"
            draft.suggest(table, column.name, {"expression": sql}, f"From {previous.name} up: {names} are in order.")
        previous = column


def _range(table: TableSchema, first: ColumnSchema, ordered: list[ColumnSchema]) -> tuple[Decimal, Decimal]:
    """Return the range of a group's numbers: what the script or the names say, within all of the types."""
    if first.min_value is not None and first.max_value is not None:
        low, high = first.min_value, first.max_value
        return low, high + (high - low)
    known: dict[str, Any] = {}
    for column in ordered:
        if found := usual_range(table, column):
            known = {"min_value": found[0], "max_value": found[1]}
            break
        known = suggest(table, column)
        if "min_value" in known:
            break
    low, high = known.get("min_value", Decimal(0)), known.get("max_value", Decimal(_MOST))
    for column in ordered:
        kind = column.type
        if kind.kind is not Kind.FLOAT:
            high = min(high, Decimal(kind.integer_bounds[1]).scaleb(-kind.scale))
    return low, high


def _fit(value: Decimal, column: ColumnSchema) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-_scale(column)))


def _literal(value: Decimal, column: ColumnSchema) -> str:
    return str(_fit(value, column))


def _scale(column: ColumnSchema) -> int:
    return 2 if column.type.kind is Kind.FLOAT else min(column.type.scale, 6)


def _suggest_prices(draft: SchemaDraft, table: TableSchema, members: dict[str, ColumnSchema]) -> None:
    """Suggest the prices of a period: the close near the open, the high above both, the low below both."""
    first, high, low, close = (members[word] for word in ("open", "high", "low", "close"))
    if any(not draft.is_free(table, column.name) for column in (first, high, low, close)):
        return
    if any(column.is_nullable for column in (first, close)) and any(not column.is_nullable for column in (high, low)):
        return
    names = f"{first.name}, {high.name}, {low.name}, {close.name}"
    reason = f"{names} are in order."
    opened, closed = sql_name(first.name), sql_name(close.name)
    draft.suggest(table, first.name, {"min_value": Decimal(20), "max_value": Decimal(300)}, reason)
    for column, sql in (
        (close, f"{opened} * uniform(0.960, 1.040, random())"),
        (high, f"greatest({opened}, {closed}) * uniform(1.000, 1.030, random())"),
        (low, f"least({opened}, {closed}) * uniform(0.970, 1.000, random())"),
    ):
        scale = 4 if column.type.kind is Kind.FLOAT else min(column.type.scale, 6)
        draft.suggest(table, column.name, {"expression": f"round({sql}, {scale})"}, reason)
