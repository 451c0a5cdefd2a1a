"""A data frame on a page: exact values, NULL distinct from empty text, dates without a time of day.

A browser's numbers have 53 bits: longer ones are sent as text, aligned right like numbers. Floats have as many digits
as tell them from their neighbours, as in a CSV file.
"""

from __future__ import annotations

import json
from typing import Any, cast

import polars as pl
import streamlit as st

from app.components.shared.number_format import group_digits, has_thousands, uses_separators
from engine.display.json_values import json_value

_MAX_NUMBER = 2**53
_EXACT_DIGITS = 15
_SHOWN_BYTES = 64
_WIDE = frozenset({pl.Int64, pl.UInt64, pl.Int128, pl.UInt128, pl.Float32, pl.Float64})


def frame_table(frame: pl.DataFrame, *, key: str, alt: str, height: int | None = None) -> None:
    """Draw the rows of a frame as a table that can be sorted, searched and copied from."""
    groups = uses_separators()
    shown = frame.with_columns(_to_displayable(column, groups=groups) for column in frame.iter_columns())
    st.dataframe(
        shown,
        key=key,
        alt=alt,
        height=height or "auto",
        hide_index=True,
        placeholder="NULL",
        column_config={
            column.name: config
            for column in frame.iter_columns()
            if (config := _config(column, groups=groups)) is not None
        },
    )


def _to_displayable(column: pl.Series, *, groups: bool) -> pl.Series:
    """Return the values in a type that the table shows exactly."""
    if _is_long(column):
        text = column.cast(pl.String)
        return group_digits(text) if groups else text
    if column.dtype == pl.Float32:
        return column.cast(pl.String).cast(pl.Float64)  # 0.1 and not 0.10000000149011612
    if _is_all_midnight(column):
        return column.dt.date()
    if _has_fractions(column):
        return column.dt.to_string("iso:strict").str.replace("T", " ")
    if column.dtype == pl.Binary:
        return _to_hexadecimal(column)
    if _holds_fields(column.dtype):
        return _to_json(column)
    return column


def _config(column: pl.Series, *, groups: bool) -> Any:
    dtype = column.dtype
    if dtype == pl.Date or _is_all_midnight(column):
        return st.column_config.DateColumn(column.name, format="YYYY-MM-DD")
    if _is_long(column):
        return st.column_config.TextColumn(column.name, alignment="right")
    if not dtype.is_numeric():
        return None
    comma = "," if groups and has_thousands(column) else ""
    if isinstance(dtype, pl.Decimal):
        return st.column_config.NumberColumn(column.name, format=f"%{comma}.{dtype.scale}f")
    if dtype.is_float():
        return st.column_config.NumberColumn(column.name, format=f"%{comma}g")
    return st.column_config.NumberColumn(column.name, format="%,d") if comma else None


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


def _holds_fields(dtype: pl.DataType | Any) -> bool:
    """Return whether a value is a struct or a map, or a list of such; the table shows each in a way of its own."""
    while isinstance(dtype, pl.List | pl.Array):
        dtype = dtype.inner
    return isinstance(dtype, pl.Struct | pl.Map)


def _to_json(column: pl.Series) -> pl.Series:
    """Return each value as one line of JSON; a page of the table has few enough for a loop."""
    texts = [None if each is None else json.dumps(json_value(each), ensure_ascii=False) for each in column.to_list()]
    return pl.Series(column.name, texts, dtype=pl.String)
