"""What columns hold, drawn: a row for each with its NULLs, distinct values, bounds and a small histogram."""

from __future__ import annotations

import polars as pl
import streamlit as st


def profile_table(frame: pl.DataFrame, *, key: str, alt: str) -> None:
    """Draw the frame of a profile."""
    st.dataframe(
        frame,
        key=key,
        alt=alt,
        hide_index=True,
        placeholder="–",
        column_config={
            "column": st.column_config.TextColumn("Column", pinned=True),
            "type": st.column_config.TextColumn("Type"),
            "null_fraction": st.column_config.ProgressColumn("NULL", format="percent", min_value=0, max_value=1),
            "distinct": st.column_config.NumberColumn(
                "Distinct", format="localized", help="Approximate for columns of many values."
            ),
            "least": st.column_config.TextColumn("Least"),
            "greatest": st.column_config.TextColumn("Greatest"),
            "mean": st.column_config.NumberColumn("Mean", format="compact"),
            "distribution": st.column_config.BarChartColumn(
                "Distribution", y_min=0, help="Equal bins from the least to the greatest value, or the top values."
            ),
        },
    )
