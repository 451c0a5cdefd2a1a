"""The exports of a run: progress while they work, then the link that downloads the zip."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from app import state
from app.components.runs.export_dialog import FORMATS, TARGETS
from app.components.shared.download_links import Link, download_links
from app.components.shared.live_fragment import live_fragment
from app.markdown_text import plain
from app.shared_workbench import workbench
from app.tickets import tickets
from engine import Run
from engine.display.wording import counted, size
from engine.errors import WorkbenchError
from engine.types import ExportJob

POLL_SECONDS = 0.5


def exports_of_run(run: Run) -> None:
    """Draw the exports of a run that this program knows, newest first.

    The container is there without any too: a last poll that crosses the redrawing of the page finds it.
    """
    is_live = any(job.status == "RUNNING" for job in _jobs(run))
    with st.container(key=f"exports:{run.experiment}:{run.id}", gap="xsmall"):
        live_fragment(_draw, POLL_SECONDS if is_live else None)(run, is_live)


def _jobs(run: Run) -> list[ExportJob]:
    return [job for job in workbench()[run.experiment].export_jobs() if job.run == run.id]


def _draw(run: Run, was_live: bool) -> None:
    jobs = _jobs(run)
    for job in jobs:
        with st.container(key=f"export_job:{run.experiment}:{job.id}", gap="xsmall"):
            _draw_job(job)
    if was_live and not any(job.status == "RUNNING" for job in jobs):
        st.rerun()


def _draw_job(job: ExportJob) -> None:
    key, name = f"{job.experiment}:{job.id}", _describe(job)
    with st.container(horizontal=True, vertical_alignment="center"):
        match job.status:
            case "RUNNING":
                st.markdown(f":material/progress_activity: Exporting {name}{_progress_text(job)}", width="stretch")
                label = "Stopping…" if job.stop.is_set() else "Cancel"
                st.button(
                    label,
                    key=f"cancel_export:{key}",
                    icon=":material/stop_circle:",
                    disabled=job.stop.is_set(),
                    on_click=_cancel,
                    args=(job,),
                )
            case "COMPLETED":
                st.markdown(f":material/folder_zip: {name} :gray[{_size_text(job)}]", width="stretch")
                _draw_link(job, key)
                _draw_removal(job, key)
            case "FAILED":
                st.markdown(f":red[:material/error: {name} failed. {plain(job.error or '')}]", width="stretch")
                _draw_removal(job, key)
            case "ABORTED":
                st.markdown(f":gray[:material/block: {name}: cancelled, nothing is kept.]", width="stretch")
                _draw_removal(job, key)
    if job.status == "RUNNING":
        progress = job.progress
        st.progress(progress.rows_done / max(progress.rows_total, 1) if progress is not None else 0.0)
    if job.result is not None:
        for note in job.result.notes:
            st.caption(plain(note))


def _describe(job: ExportJob) -> str:
    return f"{FORMATS[job.request.format]} for {TARGETS[job.request.target]}"


def _progress_text(job: ExportJob) -> str:
    progress = job.progress
    if progress is None:
        return ""
    files = counted(progress.files, "file")
    return f" :gray[· {progress.rows_done:,} of {counted(progress.rows_total, 'row')}, {files}]"


def _size_text(job: ExportJob) -> str:
    made = job.result
    if made is None:
        return ""
    files = 1 if made.only_file is not None else sum(len(table.files) for table in made.tables)
    return f"· {counted(made.rows, 'row')} in {counted(files, 'file')}, {size(made.size_bytes)}"


def _draw_link(job: ExportJob, key: str) -> None:
    if not job.is_downloadable:
        return
    help_text = "The files with ddl.sql, load.sql and the manifest; kept until the server stops."
    if tickets.is_served:
        address = f"/api/experiments/{quote(job.experiment)}/exports/{job.id}/download"
        with st.container(width="content"):
            download_links([Link("↓ Zip", address, help_text)], key=f"export_link:{key}")
        return
    st.download_button(
        "Zip",
        lambda: b"".join(job.download()),
        file_name=job.file_name,
        mime="application/zip",
        key=f"export_zip:{key}",
        icon=":material/download:",
        on_click="ignore",
        help=help_text,
    )


def _draw_removal(job: ExportJob, key: str) -> None:
    label = "Remove" if job.folder is not None else "Dismiss"
    st.button(label, key=f"remove_export:{key}", icon=":material/close:", on_click=_remove, args=(job,))


def _cancel(job: ExportJob) -> None:
    try:
        workbench()[job.experiment].cancel_export(job.id)
    except WorkbenchError as error:
        state.set_error(error)


def _remove(job: ExportJob) -> None:
    try:
        workbench()[job.experiment].delete_export(job.id)
    except WorkbenchError as error:
        state.set_error(error)
