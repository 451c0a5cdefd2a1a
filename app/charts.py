"""Charts for a page and as PNG or SVG files, rendered on this machine.

A chart on a page fills its container; a file has a fixed size and a white background in every theme.
"""

from __future__ import annotations

from io import BytesIO, StringIO
from textwrap import wrap
from typing import Literal

import altair as alt

from engine.display.colours import CHART_COLOURS, GRID_COLOUR

PictureKind = Literal["png", "svg"]
MIME_TYPES: dict[PictureKind, str] = {"png": "image/png", "svg": "image/svg+xml"}

WIDTH, HEIGHT = 960, 480
WIDE_TITLE, NARROW_TITLE = 110, 42
"""Characters per line of the title, in a full-width chart or picture and in half a page."""

NARROW_LEGEND = 3
"""Columns of the legend in a half-width chart."""

_PIXELS_PER_POINT = 2  # sharp on a screen of high density and on paper


def fit_to_page(chart: alt.Chart, *, is_narrow: bool, has_title: bool = True) -> tuple[alt.Chart, str]:
    """Return the chart for a page and its subtitle, which the page draws itself in the theme's colour.

    In half a page, the title wraps earlier and the legend is below. Without its title, the page names it.
    """
    note = chart.title.subtitle if isinstance(chart.title, alt.TitleParams) else None
    lines = _wrap_title(chart, NARROW_TITLE if is_narrow else WIDE_TITLE) if has_title else ""
    drawn = chart.properties(title=alt.TitleParams(lines))
    if is_narrow:
        drawn = drawn.configure_legend(orient="bottom", columns=NARROW_LEGEND, labelLimit=90)
    return drawn, note if isinstance(note, str) else ""


def render_picture(chart: alt.Chart, kind: PictureKind) -> bytes:
    """Render the chart as the bytes of a picture file."""
    drawn = (
        chart.properties(title=_full_title(chart), width=WIDTH, height=HEIGHT, background="white", padding=16)
        .configure_mark(color=CHART_COLOURS[0])
        .configure_range(category=list(CHART_COLOURS))
        .configure_view(stroke=None)
        .configure_axis(gridColor=GRID_COLOUR, labelFontSize=12, titleFontSize=13)
        .configure_title(anchor="start", fontSize=16, subtitleFontSize=12, subtitleColor="#64707D", offset=12)
    )
    if kind == "svg":
        text = StringIO()
        drawn.save(text, format="svg")
        return text.getvalue().encode()
    image = BytesIO()
    drawn.save(image, format="png", scale_factor=_PIXELS_PER_POINT)
    return image.getvalue()


def _full_title(chart: alt.Chart) -> alt.TitleParams:
    """Return the title of a picture with its subtitle, the only note there on what was left out."""
    note = chart.title.subtitle if isinstance(chart.title, alt.TitleParams) else None
    lines = _wrap_title(chart, WIDE_TITLE)
    return alt.TitleParams(lines, subtitle=note) if isinstance(note, str) else alt.TitleParams(lines)


def _wrap_title(chart: alt.Chart, characters: int) -> str | list[str]:
    """Return the title of a chart, wrapped into several lines if it is long."""
    title = chart.title.text if isinstance(chart.title, alt.TitleParams) else chart.title
    lines = wrap(str(title), characters)
    return lines if len(lines) > 1 else str(title)
