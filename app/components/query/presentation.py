"""How the result of a query is shown: its view, and the parts of its chart that are chosen.

A link, a saved query and a query tab hold it as plain words (`view=chart`, `mark=bar`). The widgets keep labels under
their own keys; what is asked for waits here until they are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from app import state
from app.state import Answer
from engine import QueryResult

VIEWS = ["Both", "Table", "Chart", "Columns"]
CHART_PARTS = ("mark", "x", "unit", "y", "aggregate", "color")
WIDE_FROM_COLUMNS = 5
_VIEW_KEYS = {"narrow": "view", "single": "view_single", "wide": "view_wide"}

MARKS = {"Bars": "bar", "Line": "line", "Area": "area", "Points": "point"}
AGGREGATES = {
    "Sum": "sum",
    "Mean": "mean",
    "Median": "median",
    "Min": "min",
    "Max": "max",
    "Rows": "count",
    "Each row": "none",
}
UNITS = {name.capitalize(): name for name in ("minute", "hour", "day", "week", "month", "quarter", "year")}
UNITS["Each timestamp"] = "none"
NO_COLOUR = "No colour"
_LABELS: Mapping[str, Mapping[str, str]] = {
    "mark": MARKS,
    "unit": UNITS,
    "aggregate": AGGREGATES,
    "color": {NO_COLOUR: ""},
}


@dataclass(frozen=True)
class Presentation:
    """A view ("" before a query ran) and the chosen parts of a chart, as arguments of `QueryResult.chart`."""

    view: str = ""
    chart: Mapping[str, str] = field(default_factory=dict)


def current_presentation(experiment: str) -> Presentation:
    """Return how the open result is shown, before its widgets are drawn; no view when the editor's text did not run."""
    asked_view: str = st.session_state.get(_asked_view_key(experiment), "")
    asked_chart: Mapping[str, str] | None = st.session_state.get(_asked_chart_key(experiment))
    answer = open_answer(experiment)
    text = st.session_state.get(state.sql_key(experiment))
    if answer is None or answer.result is None or not text or answer.sql.strip() != text.strip():
        return Presentation(asked_view, asked_chart or {})
    key, default = view_widget(answer.result)
    view = asked_view or str(st.session_state.get(key) or default).lower()
    if asked_chart is not None or st.session_state.get(charted_key(experiment)) != answer.result.columns:
        return Presentation(view, asked_chart or {})
    labels = {part: st.session_state.get(chart_key(part, experiment)) for part in CHART_PARTS}
    return Presentation(
        view, {part: _LABELS.get(part, {}).get(label, label) for part, label in labels.items() if label is not None}
    )


def ask_presentation(experiment: str, presentation: Presentation) -> None:
    """Show the next result of the open tab in this way."""
    st.session_state[_asked_view_key(experiment)] = presentation.view
    st.session_state[_asked_chart_key(experiment)] = presentation.chart


def take_asked_view(experiment: str) -> str:
    """Return the label of the view that is asked for, "" without one."""
    asked = st.session_state.pop(_asked_view_key(experiment), "")
    return next((view for view in VIEWS if view.lower() == asked), "")


def take_asked_chart(experiment: str) -> Mapping[str, str] | None:
    """Return the parts of the chart that are asked for; None when the chart stays as it is."""
    asked: Mapping[str, str] | None = st.session_state.pop(_asked_chart_key(experiment), None)
    return asked


def view_widget(result: QueryResult) -> tuple[str, str]:
    """Return the key and the default of the choice of view for the shape of a result."""
    shape = "wide" if len(result.columns) > WIDE_FROM_COLUMNS else "single" if result.row_count == 1 else "narrow"
    return _VIEW_KEYS[shape], "Both" if shape == "narrow" else "Table"


def open_answer(experiment: str) -> Answer | None:
    """Return the result that is shown, None without one."""
    answers = state.results(experiment)
    chosen: int = st.session_state.get(result_tab_key(experiment)) or 0
    return answers[chosen if chosen in range(len(answers)) else 0] if answers else None


def result_tab_key(experiment: str) -> str:
    """Return the key of the choice among the results."""
    return f"result_tab:{experiment.casefold()}"


def chart_key(part: str, experiment: str) -> str:
    """Return the key of the choice of a part of the chart."""
    return f"chart_{part}:{experiment}"


def charted_key(experiment: str) -> str:
    """Return the key of the columns that the choices of the chart are for."""
    return f"_charted_{experiment.casefold()}"


def _asked_view_key(experiment: str) -> str:
    return f"_asked_view_{experiment.casefold()}"


def _asked_chart_key(experiment: str) -> str:
    return f"_asked_chart_{experiment.casefold()}"
