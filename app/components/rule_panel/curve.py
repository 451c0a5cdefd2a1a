"""The histogram of a column's first values, with the curve of its distribution."""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import polars as pl
import streamlit as st

from engine.types import Curve

_HEIGHT = 160


def show_curve(curve: Curve, *, key: str) -> None:
    """Draw the bars of the sample, and the distribution as a line over them."""
    is_number = isinstance(curve.bars[0][0], float)
    kind: Literal["quantitative", "temporal"] = "quantitative" if is_number else "temporal"
    axis = alt.Axis(title=None, tickCount=4, grid=False, labelFlush=True)
    scale = alt.Scale(zero=False, nice=False) if is_number else alt.Scale(type="utc")
    low, high, share = zip(*curve.bars, strict=True)
    bars = (
        alt.Chart(pl.DataFrame({"from": low, "to": high, "share": share}))
        .mark_bar(binSpacing=1, opacity=0.6)
        .encode(
            x=alt.X("from", type=kind, bin="binned", axis=axis, scale=scale),
            x2="to",
            y=alt.Y("share:Q", axis=alt.Axis(title=None, tickCount=3, format="~%", grid=False)),
            tooltip=[alt.Tooltip("from", type=kind), alt.Tooltip("share:Q", format=".1%", title="rows")],
        )
    )
    chart: Any = bars
    if curve.points:
        x, y = zip(*curve.points, strict=True)
        line = (
            alt.Chart(pl.DataFrame({"x": x, "share": y}))
            .mark_line(strokeWidth=2, color="#E08A1E")
            .encode(x=alt.X("x", type=kind, axis=axis, scale=scale), y="share:Q")
        )
        chart = alt.layer(bars, line)
    st.altair_chart(chart, key=key, height=_HEIGHT, alt="Histogram of the first values")
    st.caption("Bars: the first 2,000 rows." + (" Line: the distribution." if curve.points else ""))
