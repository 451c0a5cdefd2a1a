"""The results of queries: row count and time, the rows, their chart, and the SQL that ran."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import state
from app.components.query.chart_builder import chart_builder
from app.components.query.divider import result_room
from app.components.query.downloads import download_buttons
from app.components.query.pager import show_pager
from app.components.query.presentation import VIEWS, result_tab_key, take_asked_view, view_widget
from app.components.shared.column_profiles import profile_table
from app.components.shared.errors import show_error
from app.components.shared.number_format import separators_toggle
from app.components.shared.tables import frame_table
from app.markdown_text import plain
from app.state import Answer
from engine import QueryResult
from engine.display.wording import counted, duration

MAX_RESULTS_WITHOUT_SCROLLING = 3
"""Tabs that fit next to the Close button; more of them scroll."""

TOLD_WAIT_SECONDS = 0.5
"""A wait around the query itself that is longer than this is shown: a worker starts, or the machine is busy."""

_STYLE = Path(__file__).parents[2] / "static" / "answers.css"


def show_results(experiment: str) -> None:
    """Draw one of the stored results, with a tab for each when there are several."""
    answers = state.results(experiment)
    with st.container(key="answers"):  # also when empty: an element that changes its kind may get lost
        st.html(_STYLE)
        if answers:
            show_result(_choose_result(experiment, answers))


def _choose_result(experiment: str, answers: list[Answer]) -> Answer:
    """Draw a tab for each result when there are several, and return the chosen one."""
    shown = answers[0]
    if len(answers) > 1:
        key = result_tab_key(experiment)
        if st.session_state.get(key) not in range(len(answers)):
            st.session_state[key] = 0
        with st.container(horizontal=True, vertical_alignment="center"):
            chosen = st.segmented_control(
                "Results",
                range(len(answers)),
                required=True,
                format_func=_titles(answers).__getitem__,
                key=key,
                label_visibility="collapsed",
                width="stretch" if len(answers) > MAX_RESULTS_WITHOUT_SCROLLING else "content",
            )
            shown = answers[chosen or 0]
            st.button(
                "Close",
                key=f"close_tab:{experiment}",
                icon=":material/close:",
                type="tertiary",
                on_click=state.remove_result,
                args=(shown,),
            )
    return shown


def _titles(answers: list[Answer]) -> list[str]:
    """Return a title for each result; equal titles are numbered, as a tab is identified by its title."""
    titles = [answer.title for answer in answers]
    earlier = [titles[:index].count(title) for index, title in enumerate(titles)]
    return [f"{title} ({count + 1})" if count else title for title, count in zip(titles, earlier, strict=True)]


def show_result(answer: Answer) -> None:
    """Draw a result: its error, or its rows and chart."""
    if answer.error is not None:
        show_error(answer.error)
    if answer.result is None:
        return
    result = answer.result
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_summary(result, answer.waited), width="stretch")
        view = _choose_view(answer, result)
        separators_toggle("query")
        download_buttons(answer)
    show_pager(answer)
    _draw_translation(answer, result)
    with st.container(key="result_body"):
        _draw_body(answer, result, view)


def _draw_body(answer: Answer, result: QueryResult, view: str) -> None:
    if view == "Both" and result.row_count:
        table, chart = st.columns(2, gap="medium")
        with table:
            _draw_table(result)
        with chart:
            chart_builder(result, answer.experiment, is_narrow=True)
    elif view == "Chart" and result.row_count:
        chart_builder(result, answer.experiment, is_narrow=False)
    elif view == "Columns" and result.row_count:
        _draw_columns(result)
    else:
        _draw_table(result)


def _draw_translation(answer: Answer, result: QueryResult) -> None:
    """Draw the SQL that ran in DuckDB and the notes of its translation, in an expander."""
    is_translated = answer.dialect != "duckdb"
    if not is_translated and not result.notes:
        return
    label = "Translated SQL" if is_translated else "Notes"
    if is_translated and result.notes:
        label += f" and {counted(len(result.notes), 'note')}"
    with st.expander(label, icon=":material/translate:", key=f"translated:{answer.experiment}", type="compact"):
        for note in result.notes:
            st.markdown(f"- {plain(note)}")
        if is_translated:
            st.code(result.sql.strip(), language="sql", wrap_lines=True)


def _choose_view(answer: Answer, result: QueryResult) -> str:
    """Draw the choice of view; it is remembered separately for each shape of result."""
    key, default = view_widget(result)
    asked = take_asked_view(answer.experiment)
    if asked:
        st.session_state[key] = asked
    return st.segmented_control(
        "View",
        VIEWS,
        default=default,
        required=True,
        key=key,
        label_visibility="collapsed",
        persist_state="session",
    )


def _summary(result: QueryResult, waited: float) -> str:
    """Return the extent of a result and the time that the person waited, with the query's own if that is shorter."""
    rows = counted(result.row_count if result.total is None else result.total, "row")
    more = "+" if result.total is None else ""
    took = duration(result.seconds)
    if waited - result.seconds >= TOLD_WAIT_SECONDS:
        took = f"{duration(waited)} :gray[({took} in DuckDB)]"
    return f"**{rows}{more}** · {counted(len(result.columns), 'column')} · {took}"


def _draw_table(result: QueryResult) -> None:
    frame_table(
        result.frame, key="result", alt="Rows of the result", height=result_room() if result.row_count > 10 else None
    )
    if not result.row_count:
        st.caption("0 rows: the query ran, nothing matched")


def _draw_columns(result: QueryResult) -> None:
    if not result.is_whole:
        st.caption(f"Profile of the {counted(result.row_count, 'row')} shown.")
    profile_table(result.profile().frame, key="result_columns", alt="Column profile of the result")
