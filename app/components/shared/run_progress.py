"""The progress of a run by table, polled by a fragment, so that the page around it stays usable.

The progress comes from the catalog, not from this tab: it survives page changes and browser reloads.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.components.shared.live_fragment import live_fragment
from app.components.shared.messages import show_messages
from app.components.shared.status import run_state
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Experiment, Run, RunProgress, TableProgress
from engine.display.wording import counted, duration
from engine.errors import WorkbenchError

POLL_SECONDS = 0.3
_PHASES = {
    "waiting": "Preparing",
    "generating": "Generating",
    "loading": "Loading into DuckDB",
    "done": "Finishing",
}


def run_progress(
    experiment: Experiment,
    ended: Callable[[], None] = lambda: None,
    *,
    is_short: bool = False,
    has_border: bool = True,
) -> bool:
    """Draw the run in progress and return whether there is one; redraw the page when it ends.

    `is_short` leaves out the tables. Without a run, `ended` draws, inside the fragment: a last poll that crosses
    the redraw of the page would remove from the browser what is next to it.
    """
    progress = experiment.progress()
    is_live = progress is not None
    if progress is not None:
        state.watch_run(experiment.name, progress.run_id)  # so that its outcome is shown also after a reload
    live_fragment(_poll, POLL_SECONDS if is_live else None)(experiment.name, is_live, ended, is_short, has_border)
    return is_live


def _poll(name: str, was_live: bool, ended: Callable[[], None], is_short: bool, has_border: bool) -> None:
    show_messages()
    progress = workbench()[name].progress()
    if progress is not None:
        with st.container(border=has_border, key=f"progress:{name}", gap="small"):
            _draw(name, progress)
            if not is_short:
                st.caption("The run continues if you leave this page or close the browser.")
                tables_of_run(name, progress)
    else:
        ended()
    if was_live != (progress is not None):
        st.rerun()


def _draw(name: str, progress: RunProgress) -> None:
    with st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Run {progress.run_id}** · {_PHASES.get(progress.phase, progress.phase)}", width="stretch")
            st.button(
                "Cancel run",
                key=f"cancel:{name}",
                icon=":material/stop_circle:",
                on_click=_cancel,
                args=(name, progress.run_id),
            )
        st.progress(min(max(progress.fraction, 0.0), 1.0), text=_format_progress(progress))


def tables_of_run(name: str, progress: RunProgress) -> None:
    """Draw the progress of each table of a run, or its state when the run ended."""
    is_loading = progress.phase == "loading"
    st.dataframe(
        {
            "Table": [table.table for table in progress.tables],
            "Done": [table.fraction for table in progress.tables],
            "Rows": [table.rows_loaded if is_loading else table.rows_done for table in progress.tables],
            "Of": [table.rows_total for table in progress.tables],
            "Rows/s": [round(table.rows_per_second) for table in progress.tables],
            "Time left": [_format_time_left(table, progress) for table in progress.tables],
        },
        key=f"tables_of_run:{name}",
        hide_index=True,
        alt=f"Progress of each table of {name}",
        column_config={
            "Done": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent", width=80),
            "Rows": st.column_config.NumberColumn(format="localized", width=92),  # space for the numbers as they grow
            "Of": st.column_config.NumberColumn(format="localized", width=92),
            "Rows/s": st.column_config.NumberColumn(format="localized", width=84),
            "Time left": st.column_config.TextColumn(width=70),
        },
    )


def _format_time_left(table: TableProgress, progress: RunProgress) -> str:
    if table.fraction >= 1:
        return "done"
    if table.rows_done >= table.rows_total:
        return "to load" if progress.status == "RUNNING" else "written"
    return duration(table.seconds_left if progress.status == "RUNNING" else None)


def _format_progress(progress: RunProgress) -> str:
    phase = progress.current
    done = progress.rows_done if phase is None or phase.name == "waiting" else phase.rows_done
    parts = [f"{done:,} of {counted(progress.rows_total, 'row')}"]
    if progress.rows_per_second and progress.phase != "waiting":
        parts.append(f"{progress.rows_per_second:,.0f} rows/s")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return " · ".join(parts)


def _cancel(name: str, run_id: int) -> None:
    try:
        workbench()[name].cancel(run_id)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify("Cancelling: the run stops after its current chunk")


def run_outcome(run: Run) -> None:
    """Draw the outcome of a run in one line."""
    if run.status == "COMPLETED":
        rows = counted(sum(run.row_counts.values()), "row")
        readiness = "ready to query" if run.is_loaded else "not loaded"
        st.success(
            f"**Run {run.id}** finished: {rows} in {duration(run.seconds)}, {readiness}. Seed {run.seed}.",
            icon=":material/check_circle:",
        )
    elif run.status == "ABORTED":
        cause = "" if run_state(run) == "Cancelled" else f" {plain(run.error or '')}"
        with st.container(border=True):
            st.markdown(f":material/block: **Run {run.id}** {run_state(run).lower()}.{cause} {kept_rows(run)}")
    elif run.status == "FAILED":
        st.error(f"**Run {run.id}** failed. {plain(run.error or '')}", icon=":material/error:")
        if run.traceback:
            with st.expander("Full traceback", key=f"traceback:{run.experiment}:{run.id}", type="compact"):
                st.code(run.traceback, language="python")


def kept_rows(run: Run) -> str:
    """Return what an aborted run kept, and what resuming does with it."""
    kept, wanted = sum(run.row_counts.values()), sum(run.requested_rows.values())
    if not kept:
        return "No rows are kept; Resume starts it again."
    return f"{kept:,} of {counted(wanted, 'row')} are kept; Resume continues from there."


def resume_button(run: Run) -> None:
    """Draw the button that resumes a run that failed, was cancelled or was interrupted."""
    if run.status in ("FAILED", "ABORTED"):
        st.button(
            "Resume",
            key=f"resume_watched:{run.experiment}",
            type="primary",
            icon=":material/resume:",
            help="Continues after the rows already written; the data is the same as without the break.",
            on_click=resume,
            args=(run,),
        )


def resume(run: Run) -> None:
    """Continue a run in the background; an error is shown on the page."""
    try:
        workbench()[run.experiment].start_resume(run.id)
    except WorkbenchError as error:
        state.set_error(error)
