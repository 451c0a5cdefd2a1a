"""Dates and timestamps in the order of a life cycle: created, updated, shipped, delivered, closed.

Columns of a table whose names show a stage of a life cycle depend on the first of them: each adds a span of its own
stage to it. Stages do not overlap, so the order holds for any subset of the columns, and adding one changes no other.
A column takes part only if its bounds allow every value of the first one.
"""

from __future__ import annotations

import polars as pl

from engine.rules.name_words import words
from engine.rules.random.bits import u64
from engine.rules.site import Site
from engine.rules.values.timestamps import moment_bounds
from engine.schema.column_rules import shapes_of, sources_of
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import TIMESTAMPS, Kind

_SPAN_DAYS = 30
_STAGES = (
    "created ordered order opened open started start begin registered signup signed joined hired issued placed "
    "requested submitted booked enrolled entered from departure checkin",
    "updated modified changed confirmed approved assigned paid processed accepted activated",
    "shipped ship dispatched sent departed",
    "delivered received receipt served arrived arrival",
    "closed ended end finished finish completed resolved expired expires expiry returned refunded cancelled canceled "
    "terminated checkout to until",
    "deleted archived removed purged",
)
_STAGE_OF = {word: stage for stage, listed in enumerate(_STAGES) for word in listed.split()}
_FILLERS = frozenset({"at", "on", "date", "time", "timestamp", "ts", "dt", "day", "datetime", "utc"})
_WORD = 2**32
_MICROSECONDS = 1_000_000
_DAY = 86_400 * _MICROSECONDS


def first_of_sequence(table: TableSchema, column: ColumnSchema) -> ColumnSchema | None:
    """Return the column that `column` follows, or None when it is independent."""
    own = _find_stage(table, column)
    if own is None or sources_of(column) or shapes_of(column):
        return None
    group, stage = own
    earlier: list[tuple[int, ColumnSchema]] = []
    for other in table.columns:
        place = _find_stage(table, other)
        if place is not None and place[0] == group and place[1] < stage:
            earlier.append((place[1], other))
    if not earlier:
        return None
    first = min(earlier, key=lambda found: found[0])[1]
    return first if _covers(column, first) else None


def make_following(site: Site, first: ColumnSchema, timestamps: pl.Expr) -> pl.Expr:
    """Return dates or timestamps of the column's stage after `first_timestamps`, the values of the column `first`."""
    group = _find_stage(site.table, site.column)
    assert group is not None
    is_date = site.type.kind is Kind.DATE
    ticks_of = _to_days if is_date else _to_microseconds
    tick = 1 if is_date else _MICROSECONDS
    start = ticks_of(timestamps)
    last = _last_tick(first, is_date)
    span = _SPAN_DAYS if is_date else _SPAN_DAYS * 86_400
    space = ((pl.lit(last, dtype=pl.Int64) - start) // tick).clip(0, span).cast(pl.UInt64)
    share = site.bits() // u64(_WORD) + u64(group[1] * _WORD)
    gap = (site.stages.add(space) * share // u64(len(_STAGES) * _WORD)).cast(pl.Int64)
    ticks = start + gap * tick
    if is_date:
        return ticks.cast(pl.Int32).cast(pl.Date)
    timestamp = ticks.cast(pl.Datetime("us"))
    return timestamp.dt.replace_time_zone("UTC") if site.type.kind is Kind.TIMESTAMPTZ else timestamp


def _find_stage(table: TableSchema, column: ColumnSchema) -> tuple[tuple[str, ...], int] | None:
    """Return the words before the stage's word, and the stage, of a date or timestamp that can be in a sequence."""
    kind = column.type.kind
    if (kind is not Kind.DATE and kind not in TIMESTAMPS) or table.is_unique(column):
        return None
    if any(column.name.casefold() in map(str.casefold, key) for key in table.composite_keys):
        return None
    found = [(word, place) for place, word in enumerate(words(column.name)) if word in _STAGE_OF]
    if not found:
        return None
    word, place = found[-1]
    every = words(column.name)
    rest = [later for later in every[place + 1 :] if later not in _FILLERS]
    if rest:
        return None
    return every[:place], _STAGE_OF[word]


def _covers(column: ColumnSchema, first: ColumnSchema) -> bool:
    """Whether the column's bounds include those of the first column."""
    low, high = _bounds_in_microseconds(column)
    first_low, first_high = _bounds_in_microseconds(first)
    if column.type.kind is Kind.DATE:
        first_low -= first_low % _DAY
    return low <= first_low and high >= first_high


def _bounds_in_microseconds(column: ColumnSchema) -> tuple[int, int]:
    low, high, _ = moment_bounds(column)
    return (low * _DAY, high * _DAY + _DAY - _MICROSECONDS) if column.type.kind is Kind.DATE else (low, high)


def _last_tick(first: ColumnSchema, is_date: bool) -> int:
    high = _bounds_in_microseconds(first)[1]
    return high // _DAY if is_date else high


def _to_days(timestamps: pl.Expr) -> pl.Expr:
    return timestamps.cast(pl.Date).cast(pl.Int32).cast(pl.Int64)


def _to_microseconds(timestamps: pl.Expr) -> pl.Expr:
    return timestamps.cast(pl.Datetime("us")).cast(pl.Int64)
