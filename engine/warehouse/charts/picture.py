"""A chart as SVG for pages without a script: a fixed size that scales with its frame, on white."""

from __future__ import annotations

from io import StringIO

import altair as alt

from engine.display.colours import CHART_COLOURS, GRID_COLOUR

_HEIGHT = 300


def chart_svg(chart: alt.Chart, *, width: int) -> str:
    """Return the chart as SVG text of a width in pixels, without its title."""
    untitled = chart.copy()
    untitled.title = alt.Undefined
    drawn = (
        untitled.properties(width=width, height=_HEIGHT, background="white")
        .configure_mark(color=CHART_COLOURS[0])
        .configure_range(category=list(CHART_COLOURS))
        .configure_view(stroke=None)
        .configure_axis(gridColor=GRID_COLOUR, labelFontSize=12, titleFontSize=13)
    )
    text = StringIO()
    drawn.save(text, format="svg")
    return text.getvalue()


def chart_title(chart: alt.Chart) -> tuple[str, str]:
    """Return the title of a chart and the note on what it leaves out, "" without one."""
    title = chart.title
    if not isinstance(title, alt.TitleParams):
        return str(title), ""
    note = title.subtitle
    return str(title.text), note if isinstance(note, str) else ""
