"""Dates and timestamps at a fixed interval within each parent: the start of the parent, and a step for each line."""

from __future__ import annotations

from datetime import date, datetime, time

import polars as pl

from engine.errors import Problem
from engine.rules.derived.scope import Scope, UnknownName
from engine.rules.relations.shares import Family
from engine.rules.site import Site
from engine.rules.values.timestamps import from_ticks, moment_ticks
from engine.schema.column_rules import DATES
from engine.schema.time_rules import parse_interval, parse_moment
from engine.schema.types import Kind

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
_LAST = moment_ticks(datetime.combine(date.max, time.max))


def make_every(site: Site, scope: Scope, family: Family) -> pl.Expr:
    """Return start + (line - 1) * interval within the parent of each row, in the site's type."""
    every = site.column.every
    assert every is not None
    seconds = parse_interval(every.interval)
    assert seconds is not None
    is_date = site.type.kind is Kind.DATE
    start, is_nullable = find_start(site, scope, every.start, "every", is_date=is_date)
    if family.is_missing is not None:
        start = pl.when(~family.is_missing).then(start)
    if (is_nullable or family.is_missing is not None) and not site.column.is_nullable:
        message = "every is NULL where the foreign key or the start is, and the column is required."
        raise site.error(message, 'Set "required": false.')
    steps = (family.line - 1).cast(pl.Int64)
    most = _LAST // (seconds * _SECOND)
    ticks = site.stages.add(start + steps.clip(0, most) * (seconds * _SECOND))
    problem = Problem(
        site.where, f"A step of {every.interval} passes the year 9999 within a parent.", "Use a shorter interval."
    )
    is_sound = site.stages.add_check(((ticks > _LAST) | (steps > most)).fill_null(False), problem)
    ticks = site.stages.add(pl.when(is_sound).then(ticks))
    return from_ticks(ticks // _DAY if is_date else ticks, 0, 1, site.type)


def find_start(site: Site, scope: Scope, start: str, rule: str, *, is_date: bool) -> tuple[pl.Expr, bool]:
    """Return the start in microseconds since 1970 (whole days if `is_date`), and whether it can be NULL."""
    moment = parse_moment(start)
    if moment is not None:
        ticks = moment_ticks(moment)
        return pl.lit(ticks // _DAY * _DAY if is_date else ticks, dtype=pl.Int64), False
    try:
        found = scope.find(start.split("."))
    except UnknownName as unknown:
        raise site.error(f"{rule}: start: {unknown.message}.", unknown.hint) from unknown
    if found.column.type.kind not in DATES:
        message = f"{rule}: start {start} is {found.column.type}, and not a date or timestamp."
        raise site.error(message, "Name a column of a date or timestamp.")
    dtype = pl.Datetime("us", "UTC") if found.column.type.kind is Kind.TIMESTAMPTZ else pl.Datetime("us")
    moments = found.expr.cast(pl.Date) if is_date else found.expr
    return moments.cast(pl.Datetime("us") if is_date else dtype).cast(pl.Int64), found.is_nullable
