"""Running a query from the page: start it, show its time and a Cancel button, and store its result."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.query.presentation import result_tab_key
from app.components.query.query_task import QueryTask
from app.state import Answer
from engine.display.wording import duration

POLL_SECONDS = 0.3
STOP_SECONDS = 0.5


def is_partial(text: str, selection: tuple[int, int]) -> bool:
    """Return whether only the selection runs: it is neither blank nor the whole text."""
    start, end = sorted(selection)
    return bool(text[start:end].strip()) and text[start:end].strip() != text.strip()


def selected_part(text: str, selection: tuple[int, int]) -> str:
    """Return the text to run: the selection with blanks for the text before it, or the whole text without one."""
    if not is_partial(text, selection):
        return text
    start, end = sorted(selection)
    before = "".join(character if character == "\n" else " " for character in text[:start])
    return before + text[start:end]


def start_query(name: str, text: str, selection: tuple[int, int], dialect: str) -> None:
    """Start a query, and store its result at once if it is quick; a running query is cancelled first."""
    state.remove_errors(name)
    _cancel(name)
    _start(QueryTask(name, selected_part(text, selection), dialect, text, tab=state.open_tab(name)))


def start_page(answer: Answer, page: int) -> None:
    """Start to fetch another page of a result, counted from 1."""
    _cancel(answer.experiment)
    _start(
        QueryTask(answer.experiment, answer.sql, answer.dialect, answer.text, page_of=answer, page=page, tab=answer.tab)
    )


def _start(query: QueryTask) -> None:
    """Wait briefly for the query to end, otherwise keep it as the running one."""
    if query.wait_briefly():
        _store(query)
    else:
        st.session_state[_key(query.experiment)] = query


def _cancel(name: str) -> None:
    """Cancel the running query, and wait briefly for its end, so that the next one need not start a worker."""
    running = running_query(name)
    if running is not None:
        running.cancel()
        running.wait(STOP_SECONDS)
        del st.session_state[_key(name)]


def running_query(name: str) -> QueryTask | None:
    """Return the running query of an experiment in this tab, None without one."""
    running: QueryTask | None = st.session_state.get(_key(name))
    return running


def show_running(name: str) -> None:
    """Draw the running query with its time and a Cancel button; redraw the page when it ends."""
    is_live = running_query(name) is not None
    with st.container(key="query_running_place"):  # separate: a last poll would remove from the browser what moves up
        st.fragment(run_every=POLL_SECONDS if is_live else None)(_poll)(name)


def _poll(name: str) -> None:
    running = running_query(name)
    if running is None:
        return
    if running.has_ended:
        del st.session_state[_key(name)]
        _store(running)
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="query_running"):
        previous = " Previous result below." if state.results(name) else ""
        st.markdown(
            f":material/progress_activity: Running {duration(round(running.seconds, 1))}…{previous}", width="stretch"
        )
        st.button("Cancel query", key=f"cancel_query:{name}", icon=":material/stop_circle:", on_click=running.cancel)


def _store(query: QueryTask) -> None:
    answer = query.answer()
    if query.page_of is not None and answer.error is None:
        state.replace_page(answer)
    else:
        state.add_result(answer)
        st.session_state[result_tab_key(query.experiment)] = 0


def _key(name: str) -> str:
    return f"_running_query_{name.casefold()}:{state.open_tab(name)}"
