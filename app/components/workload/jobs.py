"""The check and the fit of a workload: both in the background of the engine, so that a reload finds them again."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.shared.empty_state import go
from app.components.shared.live_fragment import live_fragment
from app.components.shared.presses import pressed
from app.components.shared.times import ago_html, time_caption
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Experiment
from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.types import Coverage, FitJob, FitProgress, KeptWorkload, WorkloadFit

POLL_SECONDS = 0.5
MAX_ROWS = 50_000
"""A fit tries so many rows in all by default; a few rounds of more take minutes."""
_ROUNDS = 4


def show_jobs(experiment: Experiment, kept: KeptWorkload) -> bool:
    """Draw the buttons, or the progress of what runs; return whether a check or a fit runs."""
    running = _running(experiment)
    is_live = running is not None
    live_fragment(_poll, POLL_SECONDS if is_live else None)(experiment.name, is_live)
    if not is_live:
        _draw_notes(experiment, kept)
    return is_live


def last_results(experiment: Experiment) -> tuple[Coverage | None, FitJob | None]:
    """Return what the last check found, and the last fit, if they are completed."""
    check, fit = experiment.last_coverage(), experiment.last_fit()
    checked: Coverage | None = check.result if check is not None and check.status == "COMPLETED" else None
    has_fit = fit is not None and fit.status == "COMPLETED" and isinstance(fit.result, WorkloadFit)
    return checked, fit if has_fit else None


def _running(experiment: Experiment) -> FitJob | None:
    jobs = (experiment.last_coverage(), experiment.last_fit())
    return next((job for job in jobs if job is not None and job.status == "RUNNING"), None)


def _poll(name: str, was_live: bool) -> None:
    experiment = workbench()[name]
    job = _running(experiment)
    if job is not None:
        _draw_progress(experiment, job)
    elif not was_live:
        _draw_buttons(experiment)
    if was_live and job is None:
        st.rerun()


def _draw_buttons(experiment: Experiment) -> None:
    has_rows = any(experiment.row_counts().values())
    checked, _ = last_results(experiment)
    with st.container(horizontal=True, vertical_alignment="center", key="workload_jobs"):
        checks = pressed(
            "Check" if checked is None else "Check again",
            key=f"workload_check:{experiment.name}",
            type="primary" if has_rows and checked is None else "secondary",
            icon=":material/playlist_add_check:",
            disabled=not has_rows,
            help="Run all queries on the loaded data.",
        )
        fits = pressed(
            "Fit",
            key=f"workload_fit:{experiment.name}",
            type="secondary" if has_rows and checked is None else "primary",
            icon=":material/join_inner:",
            help="Find changes of the schema with which the queries find rows. You accept each before it is saved.",
        )
        with st.popover("Options", icon=":material/tune:", type="tertiary"):
            st.number_input(
                "Rows in all",
                min_value=len(experiment.schema.tables),
                value=_rows(experiment),
                step=1000,
                key=f"workload_rows:{experiment.name}",
                help="A fit tries its changes on data of this size, made aside; the loaded data stays.",
                persist_state="session",
            )
            st.number_input(
                "Rounds of repair",
                min_value=0,
                max_value=20,
                value=_ROUNDS,
                key=f"workload_rounds:{experiment.name}",
                help="What still finds nothing is repaired again, so many times at most.",
                persist_state="session",
            )
        if not has_rows:
            st.caption("No data is loaded: generate some to check the queries on it. Fit works without.", width=320)
            if pressed("Generate data", key="workload_generate", icon=":material/bolt:"):
                go("generate", experiment.name)
    if checks or fits:
        _start(experiment, is_fit=fits)
        st.rerun()


def _rows(experiment: Experiment) -> int:
    rows = experiment.row_counts()
    planned = sum(rows.values()) or sum(workbench().planned_rows(experiment.schema).values())
    return max(len(experiment.schema.tables), min(planned, MAX_ROWS))


def _start(experiment: Experiment, *, is_fit: bool) -> None:
    kept, values = experiment.workload, st.session_state
    try:
        if is_fit:
            experiment.start_fit(
                kept.files,
                values=kept.values,
                total_rows=int(values.get(f"workload_rows:{experiment.name}") or _rows(experiment)),
                rounds=int(values.get(f"workload_rounds:{experiment.name}", _ROUNDS)),
                dry_run=True,
            )
        else:
            experiment.start_coverage(kept.files, values=kept.values)
    except WorkbenchError as error:
        state.set_error(error)


def _draw_progress(experiment: Experiment, job: FitJob) -> None:
    is_fit = job is experiment.last_fit()
    with st.container(border=True, key="workload_progress"):
        with st.container(horizontal=True, vertical_alignment="center"):
            doing = "Fitting the schema" if is_fit else "Running the queries"
            st.markdown(f"**{doing}** :gray[{plain(str(job.progress))}]", width="stretch")
            st.button(
                "Cancel",
                key=f"workload_cancel:{experiment.name}",
                icon=":material/stop_circle:",
                on_click=_cancel,
                args=(experiment, job, is_fit),
            )
        now = job.progress
        st.progress(min(now.done / now.total, 1.0) if now.total else 0.0)
        if is_fit:
            for number, last in sorted(job.rounds.items()):
                if last.found is not None:
                    st.caption(_round_line(number, last))
            st.caption("The fit continues if you leave this page. Nothing is saved before you accept it.")


def _round_line(number: int, last: FitProgress) -> str:
    name = f"Round {number}" if number else "First changes"
    return f"{name}: {counted(last.found or 0, 'query', 'queries')} find rows"


def _cancel(experiment: Experiment, job: FitJob, is_fit: bool) -> None:
    (experiment.cancel_fit if is_fit else experiment.cancel_coverage)(job.id)


def _draw_notes(experiment: Experiment, kept: KeptWorkload) -> None:
    """Draw how the last jobs ended, and whether what the check found is still so."""
    check, fit = experiment.last_coverage(), experiment.last_fit()
    for job, word in ((check, "check"), (fit, "fit")):
        if job is not None and job.status == "FAILED":
            st.error(f"The {word} failed. {plain(job.error or '')}", icon=":material/error:")
        elif job is not None and job.status == "ABORTED":
            st.info(f"The {word} was cancelled.", icon=":material/block:")
    if check is None or check.status != "COMPLETED":
        return
    checked: Coverage = check.result
    if checked.run_id != experiment.loaded_run_id:
        loaded = experiment.loaded_run_id
        now = "The tables are empty now" if loaded is None else f"Run {loaded} is loaded now"
        st.warning(f"{now}; this check is of run {checked.run_id}. Check again.", icon=":material/update:")
    elif kept.changed_at is not None and kept.changed_at > check.started_at:
        st.warning("The queries have changed since this check. Check again.", icon=":material/update:")
    else:
        time_caption(f"Checked on run {checked.run_id} {ago_html(check.started_at)}.")
