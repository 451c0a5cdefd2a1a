"""The table of a profile: a row per column with NULLs, distinct values, min, max, mean and a small histogram."""

from __future__ import annotations

import polars as pl
import streamlit as st

from engine.display.wording import approximate, exact, with_thousands


def profile_table(frame: pl.DataFrame, *, key: str, alt: str) -> None:
    """Draw the frame of a profile; estimates are marked, and numbers have thousands separators."""
    help_text = "Number of distinct values."
    if frame["is_exact"].all():
        distinct = st.column_config.NumberColumn("Distinct", format="localized", help=help_text)
    else:
        distinct = st.column_config.TextColumn(
            "Distinct", alignment="right", help=f"{help_text} ≈ marks an estimate, off by a few percent."
        )
    st.dataframe(
        _format_numbers(frame),
        key=key,
        alt=alt,
        hide_index=True,
        placeholder="–",
        column_config={
            "column": st.column_config.TextColumn("Column", pinned=True),
            "type": st.column_config.TextColumn("Type"),
            "null_fraction": st.column_config.ProgressColumn(
                "NULL", format="percent", min_value=0, max_value=1, width="small"
            ),
            "distinct": distinct,
            "min_value": st.column_config.TextColumn("Min"),
            "max_value": st.column_config.TextColumn("Max"),
            "mean": st.column_config.TextColumn("Mean", alignment="right"),
            "distribution": st.column_config.BarChartColumn(
                "Distribution", y_min=0, help="Equal-width bins from min to max, or the most common values."
            ),
        },
    )


def _format_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with its numbers formatted; a column with a mean holds numbers."""
    rows = frame.to_dicts()
    bounds = {
        name: [with_thousands(row[name]) if row["mean"] is not None else row[name] for row in rows]
        for name in ("min_value", "max_value")
    }
    if not frame["is_exact"].all():
        texts = [approximate(row["distinct"], is_exact=row["is_exact"]) for row in rows]
        frame = frame.with_columns(pl.Series("distinct", texts, dtype=pl.String))
    means = pl.Series("mean", [exact(row["mean"]) or None for row in rows], dtype=pl.String)
    bound_columns = [pl.Series(name, values, dtype=pl.String) for name, values in bounds.items()]
    return frame.with_columns(means, *bound_columns).drop("is_exact")
