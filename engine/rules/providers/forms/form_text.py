"""Forms as text: the `str()` of a method's values, as a grammar."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import polars as pl

from engine.rules.providers.forms.form import DAY, EPOCH, Decimals, Form, Span
from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.text.grammar.nodes import Made, Node, choice, number, sequence

_MAX_DAYS = 60_000
_SECOND = 1_000_000


def make_text_node(form: Form) -> Node | None:
    """Return the texts of a form, or None."""
    if form.node is not None:
        return form.node
    if form.numbers is not None:
        return number(form.numbers[0], form.numbers[-1], form.numbers.step)
    if form.span is not None:
        return _span_node(form.span)
    if form.decimals is not None:
        return _decimal_node(form.decimals)
    return None


def draw_timestamp(site: Site, span: Span, purpose: str = "value") -> pl.Expr:
    """Return timestamps of a span, in microseconds since 1970 (Int64)."""
    return below(site.bits(purpose), span.size).cast(pl.Int64) + span.low


def draw_day(site: Site, span: Span, purpose: str = "value") -> pl.Expr:
    """Return the days of a span's timestamps, in days since 1970 (Int32)."""
    first, last = span.low // DAY, (span.low + span.size - 1) // DAY
    if span.low % DAY == 0 and span.high % DAY in (0, DAY - 1):
        return (below(site.bits(purpose), last - first + 1).cast(pl.Int64) + first).cast(pl.Int32)
    return (draw_timestamp(site, span, purpose) // DAY).cast(pl.Int32)


def draw_decimal(site: Site, decimals: Decimals, purpose: str = "value") -> pl.Expr:
    """Return numbers as Decimal(38, scale)."""
    unscaled = below(site.bits(purpose), decimals.high - decimals.low + 1).cast(pl.Int64) + decimals.low
    return unscaled.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, decimals.scale))


def _span_node(span: Span) -> Node:
    if span.kind == "date":
        return _date_node(span)
    if span.kind == "time" and span.separator == "T":
        hours, sixty = ([f"{value:02d}" for value in range(size)] for size in (24, 60))
        return sequence([choice(hours), ":", choice(sixty), ":", choice(sixty)])
    pattern = "%H:%M:%S%.6f" if span.kind == "time" else f"%Y-%m-%d{span.separator}%H:%M:%S%.6f"

    def make(site: Site, purpose: str) -> pl.Expr:
        return draw_timestamp(site, span, purpose).cast(pl.Datetime("us")).dt.to_string(pattern)

    def sample(random: Random) -> str:
        timestamp = EPOCH + timedelta(microseconds=span.low + random.randrange(span.size))
        return timestamp.time().isoformat() if span.kind == "time" else timestamp.isoformat(span.separator)

    return Made(make, sample, 15 if span.kind == "time" else 26)


def _date_node(span: Span) -> Node:
    first, last = span.low // DAY, (span.low + span.size - 1) // DAY
    days = [EPOCH.date() + timedelta(days=day) for day in (first, last)]

    def make(site: Site, purpose: str) -> pl.Expr:
        day = draw_day(site, span, purpose)
        if last - first > _MAX_DAYS:
            return day.cast(pl.Date).dt.to_string("%Y-%m-%d")
        table = pl.date_range(days[0], days[1], eager=True).dt.to_string("%Y-%m-%d")
        return pl.lit(table).gather((day - first).cast(pl.UInt32))

    def sample(random: Random) -> str:
        return (EPOCH.date() + timedelta(days=first + random.randrange(last - first + 1))).isoformat()

    return Made(make, sample, 10)


def _decimal_node(decimals: Decimals) -> Node:
    def sample(random: Random) -> str:
        return f"{random.randint(decimals.low, decimals.high) / 10**decimals.scale:.{decimals.scale}f}"

    def make(site: Site, purpose: str) -> pl.Expr:
        return draw_decimal(site, decimals, purpose).cast(pl.String)

    return Made(make, sample, len(str(abs(decimals.low))) + 3)
