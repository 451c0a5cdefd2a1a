"""A data frame on a page: exact values, NULL distinct from empty text, dates without a time of day.

A browser's numbers have 53 bits: longer ones are sent as text, aligned right like numbers.
"""

from __future__ import annotations

from typing import Any, cast

import polars as pl
import streamlit as st

_MAX_NUMBER = 2**53
_EXACT_DIGITS = 15
_WRITTEN_DECIMALS = 9
_SHOWN_BYTES = 64
_WIDE = frozenset({pl.Int64, pl.UInt64, pl.Int128, pl.UInt128, pl.Float32, pl.Float64})


def frame_table(frame: pl.DataFrame, *, key: str, alt: str, height: int | None = None) -> None:
    """Draw the rows of a frame as a table that can be sorted, searched and copied from."""
    shown = frame.with_columns(_to_displayable(column) for column in frame.iter_columns())
    st.dataframe(
        shown,
        key=key,
        alt=alt,
        height=height or "auto",
        hide_index=True,
        placeholder="NULL",
        column_config={
            column.name: config for column in frame.iter_columns() if (config := _config(column)) is not None
        },
    )


def _to_displayable(column: pl.Series) -> pl.Series:
    """Return the values in a type that the table shows exactly."""
    if _is_long(column):
        return column.cast(pl.String)
    if _is_all_midnight(column):
        return column.dt.date()
    if _has_fractions(column):
        return column.dt.to_string("iso:strict").str.replace("T", " ")
    if column.dtype == pl.Binary:
        return _to_hexadecimal(column)
    return column


def _config(column: pl.Series) -> Any:
    dtype = column.dtype
    if dtype == pl.Date or _is_all_midnight(column):
        return st.column_config.DateColumn(column.name, format="YYYY-MM-DD")
    if _is_long(column):
        return st.column_config.TextColumn(column.name, alignment="right")
    if isinstance(dtype, pl.Decimal):
        return st.column_config.NumberColumn(column.name, format=f"%.{dtype.scale}f")
    if dtype.is_float() and _has_few_decimals(column):
        return st.column_config.NumberColumn(column.name, format="plain")
    return None


def _is_long(column: pl.Series) -> bool:
    """Return whether a number has more digits than the table keeps, or is NaN, which it shows as NULL."""
    dtype = column.dtype
    if not (isinstance(dtype, pl.Decimal) or dtype in _WIDE) or not column.count():
        return False
    if dtype.is_float() and not column.is_finite().all():
        return True
    smallest, largest = cast(Any, column.min()), cast(Any, column.max())
    limit = 10 ** (_EXACT_DIGITS - dtype.scale) if isinstance(dtype, pl.Decimal) else _MAX_NUMBER
    return bool(max(-smallest, largest) > limit)


def _has_few_decimals(column: pl.Series) -> bool:
    """Return whether all numbers have few decimals, unlike the quotients of a division."""
    return bool((column.round(_WRITTEN_DECIMALS) == column).all())


def _has_fractions(column: pl.Series) -> bool:
    """Return whether any value has a fraction of a second, which the table would drop."""
    if column.dtype == pl.Time or isinstance(column.dtype, pl.Datetime):
        return bool((column.dt.nanosecond() != 0).any())
    return False


def _is_all_midnight(column: pl.Series) -> bool:
    """Return whether all timestamps without a time zone are at midnight, as `date_trunc` returns them."""
    dtype = column.dtype
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is not None or not column.count():
        return False
    return bool((column.dt.truncate("1d") == column).all())


def _to_hexadecimal(column: pl.Series) -> pl.Series:
    """Return bytes in SQL's hexadecimal notation, cut after the first ones."""
    cut = pl.col("b").bin.size() > _SHOWN_BYTES
    text = pl.lit("\\x") + pl.col("b").bin.slice(0, _SHOWN_BYTES).bin.encode("hex")
    shown = pl.when(cut).then(text + pl.lit("…")).otherwise(text)
    return pl.DataFrame({"b": column}).select(shown.alias(column.name))[column.name]
