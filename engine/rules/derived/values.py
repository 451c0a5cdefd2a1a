"""Typed values: a Polars expression and its properties known at compile time.

Whole numbers and decimals are both exact numbers: an integer (Int64 or Int128) in units of the last decimal place,
with bounds. The bounds decide how wide the integer must be and where overflow must be checked; this arithmetic is
exact and much faster than that of Polars' own Decimal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import polars as pl

from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

MAX_UNSCALED = 10**38 - 1
_INT64 = 2**63


@dataclass(frozen=True)
class Pool:
    """The source of a text that is one of few: the texts, and the index of the one used (UInt32)."""

    texts: pl.Series
    codes: pl.Expr


@dataclass(frozen=True)
class Value:
    """An expression of a kind; `kind` is None for NULL itself.

    `scale`, `low`, `high` and `bits` are for exact numbers: decimal places, the unscaled bounds, and the width of the
    integer. `constant` is the value of a literal: text, or an unscaled integer. A text can have a `pool`.
    """

    expr: pl.Expr
    kind: Kind | None
    scale: int = 0
    low: int = 0
    high: int = 0
    bits: int = 64
    constant: str | int | None = None
    pool: Pool | None = None

    @property
    def is_exact(self) -> bool:
        """Whether it is an exact number."""
        return self.kind is Kind.DECIMAL

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.kind in NUMERIC

    @property
    def is_whole(self) -> bool:
        """Whether it is an exact number without decimal places."""
        return self.is_exact and self.scale == 0

    @property
    def is_date_or_timestamp(self) -> bool:
        """Whether it is a date or a timestamp."""
        return self.kind is Kind.DATE or self.kind in TIMESTAMPS

    @property
    def name(self) -> str:
        """The name of its kind in messages."""
        if self.kind is None:
            return "NULL"
        return "number" if self.is_number else str(self.kind)


@dataclass(frozen=True)
class Interval:
    """A span of time; each part a whole number or None. A month has no fixed length, hence three parts."""

    months: Value | None = None
    days: Value | None = None
    micros: Value | None = None

    @property
    def name(self) -> str:
        """Its name in messages."""
        return "interval"


Operand = Value | Interval
NULL = Value(pl.lit(None), None)


def int_dtype(bits: int) -> pl.DataType:
    """Return the integer type of the given width."""
    return pl.Int64() if bits == 64 else pl.Int128()


def bits_for(low: int, high: int) -> int:
    """Return the width needed for an integer between the bounds."""
    return 64 if low >= -_INT64 and high < _INT64 else 128


def exact(expr: pl.Expr, scale: int, low: int, high: int, bits: int | None = None) -> Value:
    """Return an exact number; `expr` is an integer of `bits`, by default the width its bounds need."""
    return Value(expr, Kind.DECIMAL, scale, low, high, bits_for(low, high) if bits is None else bits)


def whole(number: int, scale: int = 0) -> Value:
    """Return an exact literal; `number` is unscaled."""
    bits = bits_for(number, number)
    return Value(pl.lit(number, dtype=int_dtype(bits)), Kind.DECIMAL, scale, number, number, bits, number)


def make_whole(expr: pl.Expr, low: int, high: int) -> Value:
    """Return a whole number from an expression of any integer type."""
    return exact(expr.cast(pl.Int64), 0, low, high, 64)


def to_width(value: Value, bits: int) -> pl.Expr:
    """Return the integer of an exact number in the given width, which must fit it."""
    return value.expr if value.bits == bits else value.expr.cast(int_dtype(bits))


def text(expr: pl.Expr) -> Value:
    """Return a text value."""
    return Value(expr, Kind.TEXT)


def make_pooled(texts: pl.Series, codes: pl.Expr) -> Value:
    """Return a text that is one of `texts`."""
    return Value(pl.lit(texts).gather(codes), Kind.TEXT, pool=Pool(texts, codes))


def map_text(value: Value, change: Callable[[pl.Expr], pl.Expr]) -> Value:
    """Return a text changed by a function of the text alone; each text of a pool is changed once."""
    if value.pool is None:
        return text(change(value.expr))
    return make_pooled(_map_pool(value.pool, change), value.pool.codes)


def map_text_expr(value: Value, change: Callable[[pl.Expr], pl.Expr]) -> pl.Expr:
    """Return the result of a function of the text alone; it runs once for each text of a pool."""
    if value.pool is None:
        return change(value.expr)
    return pl.lit(_map_pool(value.pool, change)).gather(value.pool.codes)


def _map_pool(pool: Pool, change: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    return pl.DataFrame({"text": pool.texts}).select(change(pl.col("text"))).to_series()


def text_literal(literal: str) -> Value:
    """Return a text literal."""
    return Value(pl.lit(literal, dtype=pl.String), Kind.TEXT, constant=literal)


def condition(expr: pl.Expr) -> Value:
    """Return a truth value."""
    return Value(expr, Kind.BOOLEAN)


def timestamp_literal(timestamp: date | datetime | time, kind: Kind) -> Value:
    """Return a literal date, timestamp or time."""
    return Value(pl.lit(timestamp, dtype=TIME_DTYPES[kind]), kind)


def with_expr(value: Value, expr: pl.Expr) -> Value:
    """Return a value of the same kind and bounds with another expression, no longer a literal."""
    return replace(value, expr=expr, constant=None, pool=None)


TIME_DTYPES: dict[Kind, pl.DataType] = {
    Kind.DATE: pl.Date(),
    Kind.TIME: pl.Time(),
    Kind.TIMESTAMP: pl.Datetime("us"),
    Kind.TIMESTAMPTZ: pl.Datetime("us", "UTC"),
}
