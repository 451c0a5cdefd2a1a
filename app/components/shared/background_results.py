"""Figures of the loaded data on a page: counted once, waited for with their time and a way to stop, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from app import asking
from app.components.shared.errors import show_error
from app.components.shared.live_fragment import live_fragment
from app.counting import Counting
from app.formats import duration
from engine import QueryHandle

POLL_SECONDS = 0.3
_RUNNING = "_counting"
T = TypeVar("T")


def show_figures(
    place: str,
    of: Hashable,
    count: Callable[[QueryHandle], T],
    draw: Callable[[T], None],
    first: Callable[[], None] = lambda: None,
) -> None:
    """Have `draw` draw what `count` finds; while it counts, draw its time and a way to stop it.

    What `first` draws stands above, from the beginning.

    Each `place` of a tab keeps the figures of one thing, `of`. A tab counts one thing at a time: another that it
    still counts, and nobody looks at any more, is stopped. All is drawn inside one fragment: a last poll that crosses
    the redrawing of the page would take from the browser what stands beside.
    """
    key, of = f"_figures_{place}", (place, of)
    kept: Counting[T] | None = st.session_state.get(key)
    if kept is None or kept.of != of:
        _stop_running()
        kept = st.session_state[key] = Counting(of, count)
        st.session_state[_RUNNING] = key
        kept.wait(asking.QUICK_SECONDS)
    is_live = not kept.wait(0)
    live_fragment(_poll, POLL_SECONDS if is_live else None)(key, is_live, draw, first)


def forget_figures(place: str) -> None:
    """Count anew when the figures of a place are asked for again."""
    kept: Counting[Any] | None = st.session_state.pop(f"_figures_{place}", None)
    if kept is not None:
        kept.forget()


def _stop_running() -> None:
    key: str = st.session_state.get(_RUNNING, "_figures_")
    running: Counting[Any] | None = st.session_state.get(key)
    if running is not None and not running.wait(0):
        running.cancel()
        del st.session_state[key]


def _poll(key: str, was_live: bool, draw: Callable[[Any], None], first: Callable[[], None]) -> None:
    first()
    kept: Counting[Any] | None = st.session_state.get(key)
    if kept is None:
        st.rerun()
    elif not kept.wait(0):
        _show_running(key, kept)
    elif kept.error is not None:
        _show_failure(key, kept)
    else:
        draw(kept.found)
    if was_live and (kept is None or kept.wait(0)):
        st.rerun()


def _show_running(key: str, running: Counting[Any]) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="counting"):
        st.markdown(
            f":material/progress_activity: Counting for {duration(round(running.seconds, 1))} …", width="stretch"
        )
        st.button("Cancel", key=f"cancel{key}", icon=":material/stop_circle:", on_click=running.cancel)


def _show_failure(key: str, failed: Counting[Any]) -> None:
    if failed.is_cancelled:
        st.info("The counting was stopped.", icon=":material/block:")
    elif failed.error is not None:
        show_error(failed.error)
    if st.button("Count again", key=f"again{key}", icon=":material/replay:"):
        del st.session_state[key]
        st.rerun()
