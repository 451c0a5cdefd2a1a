"""Small charts of a column's distribution: a histogram of numbers or timestamps, or bars of the most common values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import altair as alt
import polars as pl

from engine.display.wording import percent
from engine.types import ColumnProfile

_HISTOGRAM_TICKS = 4
_SHORT_NUMBER = "abs(datum.value) >= 100000 ? format(datum.value, '~s') : format(datum.value, ',~f')"
_SHORT_COUNT = "datum.value >= 1000 ? format(datum.value, '~s') : format(datum.value, ',~f')"
_LABEL_LENGTH = 20
_LABEL_PIXELS = 240
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shape_chart(column: ColumnProfile) -> Any:
    """Return the chart of a column's profile, which must have bars; its colours come from the theme."""
    return _histogram(column) if column.edges else _top_values(column)


def _histogram(column: ColumnProfile) -> Any:
    is_timestamp = column.shape == "timestamp"
    edges = [_EPOCH + timedelta(seconds=edge) for edge in column.edges] if is_timestamp else list(column.edges)
    labels, counts = zip(*column.bars, strict=True)
    frame = pl.DataFrame({"label": labels, "from": edges[:-1], "to": edges[1:], "rows": counts})
    label_format = alt.Undefined if is_timestamp else _SHORT_NUMBER
    axis = alt.Axis(title=None, tickCount=_HISTOGRAM_TICKS, grid=False, labelFlush=True, labelExpr=label_format)
    scale = alt.Scale(type="utc") if is_timestamp else alt.Scale(zero=False, nice=False)
    return (
        alt.Chart(frame)
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X("from", type="temporal" if is_timestamp else "quantitative", bin="binned", axis=axis, scale=scale),
            x2="to",
            y=alt.Y("rows:Q", axis=alt.Axis(title=None, tickCount=3, labelExpr=_SHORT_COUNT)),
            tooltip=[alt.Tooltip("label:N", title="from"), alt.Tooltip("rows:Q", format=",")],
        )
    )


def _top_values(column: ColumnProfile) -> Any:
    """Return a bar for each value in its order; the label has the share, in the theme's text colour."""
    filled = column.rows - column.nulls
    labels, counts = zip(*column.bars, strict=True)
    shares = [percent(count / filled) for count in counts]
    frame = pl.DataFrame({"position": range(len(labels)), "value": labels, "rows": counts, "share": shares})
    axis_labels = json.dumps([f"{_shorten(label)} · {share}" for label, share in zip(labels, shares, strict=True)])
    axis = alt.Axis(
        title=None,
        labelExpr=f"{axis_labels}[datum.value]",
        labelLimit=_LABEL_PIXELS,
        ticks=False,
        domain=False,
        grid=False,
    )
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("rows:Q", axis=None),
            y=alt.Y("position:O", sort=None, axis=axis),
            tooltip=[alt.Tooltip("value:N"), alt.Tooltip("rows:Q", format=","), alt.Tooltip("share:N")],
        )
    )


def _shorten(label: str) -> str:
    return label if len(label) <= _LABEL_LENGTH else label[: _LABEL_LENGTH - 1].rstrip() + "…"
