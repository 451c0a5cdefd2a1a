"""A chart as a picture to keep: PNG for a message, SVG for a document, drawn on this machine.

A page's chart is as wide as its place; a file has no place, so it gets a size of its own, on white whatever the theme.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from typing import Literal

import altair as alt

PictureKind = Literal["png", "svg"]
MIME_TYPES: dict[PictureKind, str] = {"png": "image/png", "svg": "image/svg+xml"}

WIDTH, HEIGHT = 960, 480
_PIXELS_PER_POINT = 2  # sharp on a screen of high density and on paper
_COLOURS = ["#0F766E", "#E08A1E", "#3E63B5", "#C2456B", "#7A9A2E", "#7E57B5", "#2B9BC4", "#8A7360"]


def without_note(chart: alt.Chart) -> tuple[alt.Chart, str]:
    """Return the chart without its subtitle, and the subtitle: a page writes it itself, in the colour of its theme."""
    title = chart.title
    if not isinstance(title, alt.TitleParams) or not isinstance(title.subtitle, str):
        return chart, ""
    bare: alt.Chart = chart.properties(title=alt.TitleParams(title.text))
    return bare, title.subtitle


def picture(chart: alt.Chart, kind: PictureKind) -> bytes:
    """Return the chart as the bytes of a picture file."""
    drawn = (
        chart.properties(width=WIDTH, height=HEIGHT, background="white", padding=16)
        .configure_mark(color=_COLOURS[0])
        .configure_range(category=_COLOURS)
        .configure_view(stroke=None)
        .configure_axis(gridColor="#E3E8ED", labelFontSize=12, titleFontSize=13)
        .configure_title(anchor="start", fontSize=16, subtitleFontSize=12, subtitleColor="#64707D", offset=12)
    )
    if kind == "svg":
        text = StringIO()
        drawn.save(text, format="svg")
        return text.getvalue().encode()
    image = BytesIO()
    drawn.save(image, format="png", scale_factor=_PIXELS_PER_POINT)
    return image.getvalue()
