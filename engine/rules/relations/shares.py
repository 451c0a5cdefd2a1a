"""Shares of a parent's number, and running totals within a parent: exact, and for any row alone.

Without weights, a share is what lies between two cuts of the number: cut j of n is at (j + a draw between -0.45 and
0.45) / n of it, so that no cut passes the next one. With weights the cuts are at their sums. A cut is rounded down, so
the shares add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from engine.errors import Problem
from engine.rules.derived.scope import Found, Scope, UnknownName
from engine.rules.random.bits import below, random_bits, row_step, u64
from engine.rules.relations.children import ChildScope
from engine.rules.relations.fit import fit_number, unscaled
from engine.rules.relations.siblings import Sums, add_siblings
from engine.rules.site import Site
from engine.schema.types import Kind

_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_UNIT = 2**24
_JITTER = 0.9
_MAX_DIGITS = 20
_MAX_WEIGHT_DIGITS = 12


@dataclass(frozen=True)
class Family:
    """A row's parent (row numbers, UInt64), its line from 1, the rows of the parent, and a plan of all of them.

    `is_missing` is where the row has no parent; None: nowhere.
    """

    parent: pl.Expr
    line: pl.Expr
    count: pl.Expr
    is_missing: pl.Expr | None
    open: Callable[[], ChildScope]


def make_split(site: Site, scope: Scope, family: Family) -> pl.Expr:
    """Return the row's share of the parent's number that split_of names; the shares add up to it."""
    found = _find_exact(site, scope, site.column.split_of or "", "split_of")
    digits = len(str(found.bounds[1])) + site.type.scale - found.column.type.scale
    if digits > _MAX_DIGITS:
        raise site.error(
            f"split_of shares a number of {digits} digits, and {_MAX_DIGITS} are possible.", "Use a smaller DECIMAL."
        )
    if found.column.type.scale > site.type.scale:
        raise site.error(
            f"split_of reads {found.column.type.scale} decimal places, and {site.type} has {site.type.scale}.",
            f"Use a DECIMAL with {found.column.type.scale} decimal places.",
        )
    whole = unscaled(found)[0].cast(pl.Int128)
    total = site.stages.add(_rescaled(whole, found.column.type.scale, site.type.scale))
    size = site.stages.add(total.abs())
    if site.column.split_weight is None:
        low, high = (_cut(site, family, size, line) for line in (family.line - u64(1), family.line))
    else:
        sums = _weigh(site, family, site.column.split_weight)
        low, high = (_cut_by_weight(family, size, sums, part) for part in (sums.before, sums.upto))
    share = site.stages.add(high) - site.stages.add(low)
    zero = pl.lit(0, dtype=pl.Int128)
    signed = site.stages.add(pl.when(total < 0).then(zero - share).otherwise(share))
    return _finish(site, family, found, "A share", signed, site.type.scale)


def make_running(site: Site, scope: Scope, family: Family) -> pl.Expr:
    """Return the sum of a column over the rows of the parent up to the row, from a number of the parent on."""
    running = site.column.running
    assert running is not None
    siblings = family.open()
    column = _find_exact(site, siblings.scope, running.sum, "running")
    sums = add_siblings(site.stages, siblings, column, family.line)
    start = None if running.start is None else _find_exact(site, scope, running.start, "running: start")
    scales = [column.column.type.scale, 0 if start is None else start.column.type.scale]
    if max(scales) > site.type.scale:
        raise site.error(
            f"running adds numbers with {max(scales)} decimal places, and {site.type} has {site.type.scale}.",
            f"Use a DECIMAL with {max(scales)} decimal places.",
        )
    total = _rescaled(sums.upto, scales[0], max(scales))
    if start is not None:
        total = total + _rescaled(unscaled(start)[0].cast(pl.Int128), scales[1], max(scales))
    return _finish(site, family, start, "The running total", site.stages.add(total), max(scales))


def _finish(site: Site, family: Family, read: Found | None, what: str, number: pl.Expr, scale: int) -> pl.Expr:
    """Return a number in the site's type, NULL for a row without a parent or where what it reads is NULL."""
    if family.is_missing is not None:
        number = site.stages.add(pl.when(~family.is_missing).then(number))
    can_be_null = family.is_missing is not None or (read is not None and read.is_nullable)
    if can_be_null and not site.column.is_nullable:
        message = f"{what} is NULL where the foreign key or the parent's number is, and the column is required."
        raise site.error(message, 'Set "required": false.')
    return fit_number(site, what, number, scale)


def _find_exact(site: Site, scope: Scope, path: str, what: str) -> Found:
    try:
        found = scope.find(path.split("."))
    except UnknownName as unknown:
        raise site.error(f"{what}: {unknown.message}.", unknown.hint) from unknown
    if found.column.type.kind not in _EXACT or site.type.kind not in _EXACT:
        kinds = f"{path} is {found.column.type}, and the type is {site.type}"
        raise site.error(
            f"{what} needs INTEGER or DECIMAL: {kinds}.", "Use DECIMAL types: sums of floats are not exact."
        )
    return found


def _cut(site: Site, family: Family, size: pl.Expr, line: pl.Expr) -> pl.Expr:
    """Return the cut after a line: 0 after line 0, and the whole size after the last one."""
    key = site.key("cut")
    bits = random_bits(row_step(site.stages.add(random_bits(row_step(family.parent), key) + line)), key)
    jitter = below(bits, int(_UNIT * _JITTER)).cast(pl.Int128) - int(_UNIT * _JITTER / 2)
    unit = pl.lit(_UNIT, dtype=pl.Int128)
    inside = size * (line.cast(pl.Int128) * unit + jitter) // (family.count.cast(pl.Int128).clip(1) * unit)
    zero = pl.lit(0, dtype=pl.Int128)
    return pl.when(line == u64(0)).then(zero).when(line >= family.count).then(size).otherwise(inside)


def _weigh(site: Site, family: Family, name: str) -> Sums:
    siblings = family.open()
    weight = _find_exact(site, siblings.scope, name, "split_weight")
    if weight.bounds[0] < 0 and weight.bounds != weight.column.type.integer_bounds:
        raise site.error(f"split_weight {name} can be negative.", "Give it a min_value of 0 or more.")
    if len(str(weight.bounds[1])) > _MAX_WEIGHT_DIGITS:
        hint = f"Use INT or DECIMAL({_MAX_WEIGHT_DIGITS},2), or give it a max_value."
        raise site.error(f"split_weight {name} can have more than {_MAX_WEIGHT_DIGITS} digits.", hint)
    negative = Problem(site.where, f"split_weight {name} is negative in some rows.", "Weights are 0 or more.")
    return add_siblings(site.stages, siblings, weight, family.line, None if weight.bounds[0] >= 0 else negative)


def _cut_by_weight(family: Family, size: pl.Expr, sums: Sums, part: pl.Expr) -> pl.Expr:
    """Return the cut at a sum of weights; parents whose weights are all 0 give their last row everything."""
    inside = size * part // pl.max_horizontal(sums.total, pl.lit(1, dtype=pl.Int128))
    zero = pl.lit(0, dtype=pl.Int128)
    whole = (sums.total <= 0) & (family.line >= family.count) & pl.lit(part is sums.upto)
    return pl.when(whole).then(size).when(sums.total <= 0).then(zero).otherwise(inside)


def _rescaled(number: pl.Expr, scale: int, wanted: int) -> pl.Expr:
    return number * pl.lit(10 ** (wanted - scale), dtype=pl.Int128) if wanted > scale else number
