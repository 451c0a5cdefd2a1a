"""Running a query from the page: begun, waited for with its time and a way to stop it, and kept as an answer."""

from __future__ import annotations

import streamlit as st

from app import asking, state
from app.asking import Asking
from app.formats import duration
from app.state import Answer

POLL_SECONDS = 0.3
STOP_SECONDS = 0.5


def is_part(text: str, selection: tuple[int, int]) -> bool:
    """Return whether the selection alone is to run: it holds something, and not the whole text."""
    start, end = sorted(selection)
    return bool(text[start:end].strip()) and text[start:end].strip() != text.strip()


def part_of(text: str, selection: tuple[int, int]) -> str:
    """Return what is to run: the selection with blanks for what is before it, or the whole text without one."""
    if not is_part(text, selection):
        return text
    start, end = sorted(selection)
    before = "".join(character if character == "\n" else " " for character in text[:start])
    return before + text[start:end]


def start_query(name: str, text: str, selection: tuple[int, int], dialect: str) -> None:
    """Begin a query, and keep its answer at once if it is quick; one that still runs is stopped."""
    state.drop_errors(name)
    _stop(name)
    _begin(Asking(name, part_of(text, selection), dialect, text))


def start_page(answer: Answer, page: int) -> None:
    """Begin to fetch another page of an answer, counted from 1."""
    _stop(answer.experiment)
    _begin(Asking(answer.experiment, answer.sql, answer.dialect, answer.text, page_of=answer, page=page))


def _begin(begun: Asking) -> None:
    """Wait a moment for the query's end, and else keep it as the one that runs."""
    if begun.wait(asking.QUICK_SECONDS):
        _take(begun)
    else:
        st.session_state[_key(begun.experiment)] = begun


def _stop(name: str) -> None:
    """Stop the query that runs, and wait a moment for its end: the next one then need not start a worker."""
    running = running_query(name)
    if running is not None:
        running.cancel()
        running.wait(STOP_SECONDS)
        del st.session_state[_key(name)]


def running_query(name: str) -> Asking | None:
    """Return the query of an experiment that this tab waits for."""
    running: Asking | None = st.session_state.get(_key(name))
    return running


def show_running(name: str) -> None:
    """Draw the query that runs, with its time and a way to stop it; when it ends, the page is redrawn."""
    is_live = running_query(name) is not None
    with st.container(key="query_running_place"):  # its own: a last poll would take from the browser what moves up
        st.fragment(run_every=POLL_SECONDS if is_live else None)(_poll)(name)


def _poll(name: str) -> None:
    running = running_query(name)
    if running is None:
        return
    if running.wait(0):
        del st.session_state[_key(name)]
        _take(running)
        st.rerun()
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="query_running"):
        older = " Below is the answer before it." if state.answers(name) else ""
        st.markdown(
            f":material/progress_activity: Running for {duration(round(running.seconds, 1))} …{older}", width="stretch"
        )
        st.button("Cancel query", key=f"cancel_query:{name}", icon=":material/stop_circle:", on_click=running.cancel)


def _take(ended: Asking) -> None:
    if ended.answer is None:
        return
    if ended.page_of is not None and ended.answer.error is None:
        state.turn_page(ended.answer)
    else:
        state.keep_answer(ended.answer)
        st.session_state[f"result_tab:{ended.experiment.casefold()}"] = 0


def _key(name: str) -> str:
    return f"_asking_{name.casefold()}"
