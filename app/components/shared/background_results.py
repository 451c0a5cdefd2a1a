"""Results of background tasks on a page: with the time and a Cancel button while they run, then cached."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from app.background_task import BackgroundTask
from app.components.shared.errors import show_error
from app.components.shared.live_fragment import live_fragment
from app.components.shared.presses import pressed
from engine import QueryHandle
from engine.display.wording import duration

POLL_SECONDS = 0.3
_RUNNING = "_background_result"
T = TypeVar("T")


def show_result(
    place: str,
    cache_key: Hashable,
    run: Callable[[QueryHandle], T],
    draw: Callable[[T], None],
    first: Callable[[], None] = lambda: None,
) -> None:
    """Have `draw` draw the result of `run`; while it runs, draw its time and a Cancel button.

    `first` is drawn above from the beginning.

    Each `place` of a tab holds one result, that of `cache_key`. A tab runs one task at a time: an earlier one that
    still runs is cancelled. All is drawn inside one fragment: a last poll that crosses the redrawing of the page would
    remove elements next to it from the browser.
    """
    key, cache_key = f"_result_{place}", (place, cache_key)
    task: BackgroundTask[T] | None = st.session_state.get(key)
    if task is None or task.cache_key != cache_key:
        _cancel_running()
        task = st.session_state[key] = BackgroundTask(run, name="calculation", cache_key=cache_key)
        st.session_state[_RUNNING] = key
        task.wait_briefly()
    is_live = not task.has_ended
    live_fragment(_poll, POLL_SECONDS if is_live else None)(key, is_live, draw, first)


def discard_result(place: str) -> None:
    """Delete the result of a place, so that it is calculated again."""
    task: BackgroundTask[Any] | None = st.session_state.pop(f"_result_{place}", None)
    if task is not None:
        task.clear_cache()


def _cancel_running() -> None:
    key: str = st.session_state.get(_RUNNING, "_result_")
    running: BackgroundTask[Any] | None = st.session_state.get(key)
    if running is not None and not running.has_ended:
        running.cancel()
        del st.session_state[key]


def _poll(key: str, was_live: bool, draw: Callable[[Any], None], first: Callable[[], None]) -> None:
    first()
    task: BackgroundTask[Any] | None = st.session_state.get(key)
    if task is None:
        st.rerun()
    elif not task.has_ended:
        _show_running(key, task)
    elif task.error is not None:
        _show_failure(key, task)
    else:
        draw(task.result)
    if was_live and (task is None or task.has_ended):
        st.rerun()


def _show_running(key: str, running: BackgroundTask[Any]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="background_result"):
        st.markdown(f":material/progress_activity: Running {duration(round(running.seconds, 1))}…", width="stretch")
        st.button("Cancel", key=f"cancel{key}", icon=":material/stop_circle:", on_click=running.cancel)


def _show_failure(key: str, failed: BackgroundTask[Any]) -> None:
    if failed.is_cancelled:
        st.info("Cancelled.", icon=":material/block:")
    elif failed.error is not None:
        show_error(failed.error)
    if pressed("Run again", key=f"again{key}", icon=":material/replay:"):
        del st.session_state[key]
        st.rerun()
