"""A chart as a picture to keep: PNG for slides, SVG for print, drawn here and not in the browser."""

from __future__ import annotations

from functools import partial
from io import BytesIO, StringIO
from typing import Any, Literal

import streamlit as st

FileKind = Literal["png", "svg"]
KINDS: tuple[FileKind, ...] = ("png", "svg")
WIDTH_PIXELS = 800
SHARPNESS = 2


def picture(chart: Any, kind: FileKind) -> bytes:
    """Return a chart as a file of that kind, on white and at a width of its own."""
    import altair as alt

    fixed = chart.properties(width=WIDTH_PIXELS, background="white")
    with alt.data_transformers.disable_max_rows():
        if kind == "svg":
            text = StringIO()
            fixed.save(text, format="svg")
            return text.getvalue().encode()
        data = BytesIO()
        fixed.save(data, format="png", scale_factor=SHARPNESS)
        return data.getvalue()


def chart_downloads(chart: Any, experiment: str) -> None:
    """Draw the buttons that save a chart; the picture is made when one is pressed."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small", key=f"chart_files:{experiment}"):
        for kind in KINDS:
            st.download_button(
                f"Chart as {kind.upper()}",
                partial(picture, chart, kind),
                file_name=f"{experiment}.{kind}",
                mime="image/png" if kind == "png" else "image/svg+xml",
                key=f"chart_{kind}:{experiment}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
            )
