"""A frame on a page: NULL told apart from empty text, and dates without a time of day."""

from __future__ import annotations

import polars as pl
import streamlit as st


def frame_table(frame: pl.DataFrame, *, key: str, alt: str, height: int | None = None) -> None:
    """Draw the rows of a frame as a table that can be sorted, searched and copied from."""
    dates = [name for name, dtype in frame.schema.items() if dtype == pl.Date]
    st.dataframe(
        frame,
        key=key,
        alt=alt,
        height=height or "auto",
        hide_index=True,
        placeholder="NULL",
        column_config={name: st.column_config.DateColumn(name, format="YYYY-MM-DD") for name in dates},
    )
