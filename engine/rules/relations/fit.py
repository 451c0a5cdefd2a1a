"""Which columns a roll-up can read into which types, and its results in the type of its column."""

from __future__ import annotations

import polars as pl

from engine.errors import Problem
from engine.rules.derived.scope import Found
from engine.rules.relations.aggregation import Aggregate
from engine.rules.site import Site
from engine.schema.column_rules import DATES
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind

_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_MOMENTS = DATES | {Kind.TIME}
_BOUNDED = NUMERIC | _MOMENTS | {Kind.TEXT}
_INT64_DIGITS = 18
_MORE_DIGITS = 25
_LOWEST_INT64 = -(2**63)
_CONDITIONS = frozenset({"any", "all"})
_COUNTS = frozenset({"count", "count_distinct"})
_USE_DECIMAL = "Give it a DECIMAL type: sums of floats depend on the order of the rows."


def check_fit(site: Site, function: str, child: TableSchema, found: Found | None, most: int) -> None:
    """Raise `RuleError` where an aggregate of a column does not fit the site's type.

    `most` is the most rows that a parent has, 0 if that is not known.
    """
    kind = site.type
    if function in _CONDITIONS:
        if kind.kind is not Kind.BOOLEAN:
            raise site.error(f"{function} is true or false, and the type is {kind}.", 'Use "data_type": "BOOLEAN".')
        return
    if function in _COUNTS:
        if kind.kind not in _EXACT:
            raise site.error(f"{function} is a whole number, and the type is {kind}.", "Use an INTEGER type.")
        _check_range(site, function, 0, most, 0)
        return
    assert found is not None
    column, where = found.column, f"{child.key}.{found.column.name}"
    if function in ("min", "max"):
        _check_same(site, function, column, where)
        return
    if column.type.kind not in _EXACT:
        hint = _USE_DECIMAL if column.type.kind is Kind.FLOAT else "Name a column of numbers."
        raise site.error(f"{function} needs a column of INTEGER or DECIMAL, and {where} is {column.type}.", hint)
    if kind.kind not in _EXACT:
        hint = _USE_DECIMAL if kind.kind is Kind.FLOAT else "Use DECIMAL(18,2)."
        raise site.error(f"{function} is an exact number, and the type is {kind}.", hint)
    if function == "sum":
        _check_scale(site, function, column, where)
        _check_range(site, function, *_sum_bounds(found, most), column.type.scale)
    elif kind.scale - column.type.scale > _MORE_DIGITS:
        raise site.error(f"avg has more than {_MORE_DIGITS} decimal places more than {where}.", "Use a smaller scale.")


def _check_same(site: Site, function: str, column: ColumnSchema, where: str) -> None:
    mine, other = site.type, column.type
    if other.kind not in _BOUNDED:
        raise site.error(f"{function} needs numbers, dates, times or texts, and {where} is {other}.")
    if other.kind in _EXACT and mine.kind in _EXACT:
        _check_scale(site, function, column, where)
        return
    if mine.kind is not other.kind or mine.bits < other.bits:
        raise site.error(f"{function} of {where} is {other}, and the type is {mine}.", f'Use "data_type": "{other}".')
    if mine.length is not None and (other.length is None or other.length > mine.length):
        raise site.error(f"{function} of {where} can be longer than {mine}.", f'Use "data_type": "{other}".')


def _check_scale(site: Site, function: str, column: ColumnSchema, where: str) -> None:
    if column.type.scale > site.type.scale:
        raise site.error(
            f"{function} of {where} has {column.type.scale} decimal places, and {site.type} has {site.type.scale}.",
            f"Use a DECIMAL with {column.type.scale} decimal places.",
        )


def _sum_bounds(found: Found, most: int) -> tuple[int, int]:
    """Return the ends of a sum that its column's own bounds tell; those of a type alone say too little."""
    if found.bounds == found.column.type.integer_bounds:
        return 0, 0
    low, high = found.bounds
    return min(low * most, 0), max(high * most, 0)


def _check_range(site: Site, function: str, low: int, high: int, scale: int) -> None:
    """Raise where a result between two bounds in units of a scale can be too large for the site's type."""
    factor = 10 ** (site.type.scale - scale)
    lowest, highest = site.type.integer_bounds
    if low * factor >= lowest and high * factor <= highest:
        return
    worst = high if high * factor > highest else low
    digits = len(str(abs(worst))) - scale + site.type.scale
    shown = f"{worst / 10**scale:,.{scale}f}"
    hint = (
        f"Use DECIMAL({digits},{site.type.scale})."
        if digits <= 38
        else "Narrow the bounds of the column, or its fan_out."
    )
    raise site.error(f"{function} can be {shown}, which does not fit {site.type}.", hint)


def is_small_sum(found: Found, most: int) -> bool:
    """Return whether the sum of `most` values of a column is surely within the range of Int64."""
    low, high = found.bounds
    return max(abs(low), abs(high)) * most < -_LOWEST_INT64


def unscaled(found: Found) -> tuple[pl.Expr, pl.DataType]:
    """Return a column's values as they are aggregated, and their type: exact numbers and times as integers."""
    kind, expr = found.column.type, found.expr.cast(found.column.type.polars)
    match kind.kind:
        case Kind.INTEGER:
            return expr.cast(pl.Int64), pl.Int64()
        case Kind.DECIMAL:
            dtype = pl.Int64() if kind.precision <= _INT64_DIGITS else pl.Int128()
            return expr.reinterpret(dtype=pl.Int128).cast(dtype), dtype
        case Kind.DATE | Kind.TIMESTAMP | Kind.TIMESTAMPTZ | Kind.TIME:
            return expr.to_physical().cast(pl.Int64), pl.Int64()
        case _:
            return expr, kind.polars


def restore(site: Site, aggregate: Aggregate, found: Found | None, value: pl.Expr) -> pl.Expr:
    """Return a result in the site's type; a run fails where it is too large for it."""
    kind, function = site.type, aggregate.function
    if function in _CONDITIONS:
        return value
    if kind.kind in _EXACT:
        is_scaled = found is not None and function in ("sum", "min", "max")
        scale = found.column.type.scale if found is not None and is_scaled else kind.scale if function == "avg" else 0
        return fit_number(site, function, site.stages.add(value), scale, aggregate.result)
    if kind.kind is Kind.DATE:
        return value.cast(pl.Int32).cast(pl.Date)
    return value.cast(kind.polars)


def fit_number(site: Site, function: str, number: pl.Expr, scale: int, dtype: pl.DataType | None = None) -> pl.Expr:
    """Return a number of a scale in the site's type; a run fails in rows where it is too large for it.

    `dtype` is the number's, Int64 or Int128 (the default).
    """
    kind, wide = site.type, pl.Int128()
    factor = 10 ** (kind.scale - scale)
    lowest, highest = (-(-kind.integer_bounds[0] // factor), kind.integer_bounds[1] // factor)
    dtype = wide if dtype is None else dtype
    if dtype != wide:
        lowest, highest = max(lowest, _LOWEST_INT64), min(highest, -_LOWEST_INT64 - 1)
    low, high = (pl.lit(bound, dtype=dtype) for bound in (lowest, highest))
    is_bad = ((number < low) | (number > high)).fill_null(False)
    failure = Problem(site.where, f"{function} does not fit {kind} in some rows.", "Use a larger type.")
    fits = site.stages.add_check(is_bad, failure)
    number = number.cast(wide)
    result = number * pl.lit(factor, dtype=wide) if factor > 1 else number
    checked = pl.when(fits).then(result)
    return checked.reinterpret(dtype=kind.polars) if kind.kind is Kind.DECIMAL else checked.cast(kind.polars)
