"""The board as one HTML file, made in the background and then ready to be downloaded."""

from __future__ import annotations

from collections.abc import Hashable

import streamlit as st

from app.background_task import BackgroundTask
from app.components.shared.errors import show_error
from engine import Experiment
from engine.display.wording import duration

_KEY = "_board_file"


def export_button(experiment: Experiment, version: Hashable) -> None:
    """Draw the button that makes the file, its progress, and then its download; `version` is what the board shows."""
    name = experiment.name
    kept: tuple[Hashable, BackgroundTask[str]] | None = st.session_state.get(_KEY)
    task = None if kept is None or kept[0] != version else kept[1]
    if task is None or (task.error is not None and task.is_cancelled):
        st.button(
            "Export as HTML",
            key=f"export_board:{name}",
            icon=":material/download:",
            help="One file with all charts and tables that needs no network.",
            on_click=_start,
            args=(experiment, version),
        )
    elif not task.has_ended:
        st.caption(f":material/progress_activity: Making the file, {duration(round(task.seconds))}…")
        st.button("Cancel", key=f"cancel_export:{name}", icon=":material/stop_circle:", on_click=task.cancel)
    elif task.error is not None:
        show_error(task.error)
        st.button("Export again", key=f"again_export:{name}", on_click=_start, args=(experiment, version))
    else:
        st.download_button(
            "Download the file",
            task.result or "",
            file_name=f"{name}-board.html",
            mime="text/html",
            key=f"board_file:{name}",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
            help="One file with all charts and tables that needs no network.",
        )


def _start(experiment: Experiment, version: Hashable) -> None:
    board = experiment.board()
    task = BackgroundTask(lambda handle: board.html(handle=handle), name="export")
    st.session_state[_KEY] = (version, task)
    task.wait_briefly()
