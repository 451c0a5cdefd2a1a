"""A frame on a page: every value as it is, NULL told apart from empty text, and dates without a time of day.

A browser's numbers have 53 bits: what is longer is handed over as text, to the right where numbers stand.
"""

from __future__ import annotations

from typing import Any, cast

import polars as pl
import streamlit as st

_GREATEST_NUMBER = 2**53
_EXACT_DIGITS = 15
_WRITTEN_DECIMALS = 9
_SHOWN_BYTES = 64
_WIDE = frozenset({pl.Int64, pl.UInt64, pl.Int128, pl.UInt128, pl.Float32, pl.Float64})


def frame_table(frame: pl.DataFrame, *, key: str, alt: str, height: int | None = None) -> None:
    """Draw the rows of a frame as a table that can be sorted, searched and copied from."""
    shown = frame.with_columns(_shown(column) for column in frame.iter_columns())
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


def _shown(column: pl.Series) -> pl.Series:
    """Return the values in a type that the table shows as they are."""
    if _is_long(column):
        return column.cast(pl.String)
    if _is_all_midnight(column):
        return column.dt.date()
    if _has_fractions(column):
        return column.dt.to_string("iso:strict").str.replace("T", " ")
    if column.dtype == pl.Binary:
        return _hexadecimal(column)
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
    """Whether a column of numbers has one with more digits than the table keeps, or NaN, which it takes for NULL."""
    dtype = column.dtype
    if not (isinstance(dtype, pl.Decimal) or dtype in _WIDE) or not column.count():
        return False
    if dtype.is_float() and not column.is_finite().all():
        return True
    least, greatest = cast(Any, column.min()), cast(Any, column.max())
    limit = 10 ** (_EXACT_DIGITS - dtype.scale) if isinstance(dtype, pl.Decimal) else _GREATEST_NUMBER
    return bool(max(-least, greatest) > limit)


def _has_few_decimals(column: pl.Series) -> bool:
    """Whether all numbers are as they were written down, and not the endless ones of a division."""
    return bool((column.round(_WRITTEN_DECIMALS) == column).all())


def _has_fractions(column: pl.Series) -> bool:
    """Whether there is a fraction of a second, which the table leaves out."""
    if column.dtype == pl.Time or isinstance(column.dtype, pl.Datetime):
        return bool((column.dt.nanosecond() != 0).any())
    return False


def _is_all_midnight(column: pl.Series) -> bool:
    """Whether moments without a zone are days in truth, as `date_trunc` makes them."""
    dtype = column.dtype
    if not isinstance(dtype, pl.Datetime) or dtype.time_zone is not None or not column.count():
        return False
    return bool((column.dt.truncate("1d") == column).all())


def _hexadecimal(column: pl.Series) -> pl.Series:
    """Return bytes as SQL writes them, the first ones of many."""
    cut = pl.col("b").bin.size() > _SHOWN_BYTES
    text = pl.lit("\\x") + pl.col("b").bin.slice(0, _SHOWN_BYTES).bin.encode("hex")
    shown = pl.when(cut).then(text + pl.lit("…")).otherwise(text)
    return pl.DataFrame({"b": column}).select(shown.alias(column.name))[column.name]
