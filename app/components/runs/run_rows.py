"""A run of the history: state, times and size in one line, the rest in an expander."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app import state
from app.components.runs.export_dialog import export_run
from app.components.runs.exports import exports_of_run
from app.components.shared.confirmations import confirm_delete_run
from app.components.shared.presses import pressed
from app.components.shared.run_progress import kept_rows, resume
from app.components.shared.status import RUN_STATES, error_line, loaded_badge, run_badge
from app.components.shared.times import ago_html, local_html, time_caption
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Run
from engine.display.wording import counted, duration, size
from engine.errors import WorkbenchError


def status_filter(name: str) -> list[str]:
    """Draw the filter by state, and return the chosen states; empty means all."""
    chosen: list[str] = st.pills(
        "Status",
        list(RUN_STATES),
        selection_mode="multi",
        key=f"status:{name}",
        label_visibility="collapsed",
    )
    return chosen


def run_row(run: Run, *, can_load: bool, names_experiment: bool = False, is_linked: bool = False) -> None:
    """Draw a run; a completed one can be loaded unless it is loaded already or the experiment is busy.

    The run that the address names is drawn with its details open.
    """
    key = f"{run.experiment}:{run.id}"
    with st.container(border=True, key=f"run:{key}", gap="xsmall"):
        sizes = workbench()[run.experiment].run_sizes(run.id)
        left, when, took, rows, seed, action = st.columns([3, 1.3, 1, 2.2, 1.7, 2.2], vertical_alignment="center")
        with left.container(horizontal=True, vertical_alignment="center"):
            prefix = f"{plain(run.experiment)} · " if names_experiment else ""
            st.markdown(f"{prefix}**Run {run.id}**", width="content")
            run_badge(run)
            loaded_badge(run)
        when.markdown(ago_html(run.started_at), unsafe_allow_html=True)
        took.markdown(duration(run.seconds))
        rows.markdown(_format_rows(run, sizes))
        seed.markdown(f":gray[seed] `{run.seed}`")
        with action.container(horizontal=True, horizontal_alignment="right"):
            if run.status == "COMPLETED" and not run.is_loaded and can_load:
                st.button("Load", key=f"load:{key}", icon=":material/database_upload:", on_click=_load, args=(run,))
            if run.status in ("FAILED", "ABORTED") and can_load:
                st.button("Resume", key=f"resume:{key}", icon=":material/resume:", on_click=resume, args=(run,))
            if run.status == "COMPLETED" and pressed(
                "Export", key=f"export:{key}", icon=":material/ios_share:", help="As files for other systems."
            ):
                export_run(run)
        if run.status == "ABORTED" and not run.is_damaged:
            st.markdown(f":gray[{plain(run.error or '')} {kept_rows(run)}]")
        else:
            error_line(run)
        exports_of_run(run)
        _draw_details(run, key, sizes, can_change=can_load, is_open=is_linked)


def _format_rows(run: Run, sizes: Mapping[str, int]) -> str:
    """Return the rows of a run and their size; of a run in progress, the requested rows."""
    rows = counted(sum(run.row_counts.values()), "row")
    if run.status == "RUNNING":
        return f"{rows} :gray[requested]"
    return rows + (f" :gray[· {size(sum(sizes.values()))}]" if any(sizes.values()) else "")


def _format_times(run: Run) -> str:
    ended = "" if run.finished_at is None else f"  \nEnded {local_html(run.finished_at)}"
    return f"Started {local_html(run.started_at)}{ended}"


def _draw_details(run: Run, key: str, sizes: Mapping[str, int], *, can_change: bool, is_open: bool) -> None:
    with st.expander("Details", key=f"details:{key}", type="compact", expanded=is_open):
        time_caption(_format_times(run))
        if any(run.row_counts.values()):
            st.markdown(
                "  \n".join(
                    f"{plain(name)} :gray[{counted(rows, 'row')} · {size(sizes.get(name, 0))}]"
                    for name, rows in run.row_counts.items()
                )
            )
        with st.container(horizontal=True):
            if can_change:
                st.button(
                    "Run again",
                    key=f"again:{key}",
                    icon=":material/replay:",
                    help="Same row counts and seed, same data.",
                    on_click=_run_again,
                    args=(run,),
                )
                if not run.is_loaded and pressed("Delete", key=f"delete_run:{key}", icon=":material/delete:"):
                    confirm_delete_run(run.experiment, run.id)
            if not is_open:
                st.button(
                    "Link",
                    key=f"link:{key}",
                    icon=":material/link:",
                    help="Put this run into the page's address, ready to copy.",
                    on_click=_link,
                    args=(run,),
                )
        if run.output_dir:
            st.caption(f"Files in {plain(run.output_dir)}")
        for note in run.notes:
            st.caption(plain(note))
        if run.traceback:
            st.markdown("**Full traceback**")
            st.code(run.traceback, language="python")


def _link(run: Run) -> None:
    state.choose_experiment(run.experiment)
    state.link_run(run.id)


def _run_again(run: Run) -> None:
    try:
        started = workbench()[run.experiment].start(run.requested_rows, seed=run.seed, batches=run.batches)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify(f"Run {started.id} started: same data as run {run.id}")


def _load(run: Run) -> None:
    try:
        result = workbench()[run.experiment].load(run.id)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify(f"Run {run.id} loaded: {counted(sum(result.row_counts.values()), 'row')}")
