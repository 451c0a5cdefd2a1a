"""The dialog that exports a run: format, target, tables and codec, with the size and the scripts before the start."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import state
from app.background_task import BackgroundTask
from app.components.shared.dialog_buttons import dialog_buttons, take_fault
from app.components.shared.errors import show_error
from app.components.shared.live_fragment import live_fragment
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Run
from engine.display.wording import counted, duration, size
from engine.errors import WorkbenchError
from engine.types import ExportEstimate, ExportOptions

FORMATS = {
    "parquet": "Parquet",
    "csv": "CSV",
    "csv.gz": "CSV, gzipped",
    "jsonl": "JSON lines",
    "duckdb": "DuckDB file",
    "delta": "Delta tables",
    "xlsx": "Excel workbook",
    "sql": "INSERT statements",
    "dbt": "dbt seeds",
}
TARGETS = {"redshift": "Redshift", "snowflake": "Snowflake", "duckdb": "DuckDB"}
CODECS = {"snappy": "Snappy", "zstd": "Zstandard", "none": "None"}
_WITH_CODEC = ("parquet", "delta")
_POLL_SECONDS = 0.4
_ESTIMATE = "_export_estimate"


@st.dialog("Export this run", icon=":material/ios_share:", width="large", on_dismiss="rerun")
def export_run(run: Run) -> None:
    """Ask how to export a run, and start it in the background."""
    key = f"{run.experiment}:{run.id}"
    if run.experiment not in workbench():  # deleted in another tab
        st.rerun()
    fault = take_fault("export")
    options = _choose(run, key)
    with st.container(key=f"export_estimate:{key}"):
        live_fragment(_show_estimate, _POLL_SECONDS if _start_estimate(run, options) else None)()
    if fault is not None and not _is_shown(fault):
        show_error(fault)
    dialog_buttons("Export", "export", lambda: _start(run, options), fault)


def _choose(run: Run, key: str) -> ExportOptions:
    schema = workbench()[run.experiment].version_schema(run.schema_version)
    with st.container(horizontal=True, gap="small"):
        chosen = st.selectbox("Format", FORMATS, format_func=FORMATS.__getitem__, key=f"export_format:{key}", width=190)
        targets = list(TARGETS)
        own = targets.index(schema.dialect) if schema.dialect in targets else targets.index("duckdb")
        target = st.selectbox(
            "For",
            targets,
            index=own,
            format_func=TARGETS.__getitem__,
            key=f"export_target:{key}",
            width=150,
            help="Where the scripts create and load the tables.",
        )
        codec = "snappy"
        if chosen in _WITH_CODEC:
            codec = st.selectbox(
                "Compression", CODECS, format_func=CODECS.__getitem__, key=f"export_codec:{key}", width=150
            )
    tables = st.multiselect(
        "Tables", [table.key for table in schema.tables], key=f"export_tables:{key}", placeholder="All tables"
    )
    return {"run": run.id, "format": chosen, "target": target, "codec": codec, "tables": tables or None}


def _start_estimate(run: Run, options: ExportOptions) -> bool:
    """Start the estimate of these options if there is none, and return whether it still runs."""
    cache_key = ("export", run.experiment, run.id, run.started_at, repr(sorted(options.items())))
    task: BackgroundTask[ExportEstimate] | None = st.session_state.get(_ESTIMATE)
    if task is None or task.cache_key != cache_key:
        experiment = workbench()[run.experiment]
        task = st.session_state[_ESTIMATE] = BackgroundTask(
            lambda _handle: experiment.estimate_export(**options), name="estimate", cache_key=cache_key
        )
        task.wait_briefly()
    return not task.has_ended


def _show_estimate() -> None:
    task: BackgroundTask[ExportEstimate] | None = st.session_state.get(_ESTIMATE)
    if task is None:
        return
    if not task.has_ended:
        st.markdown(":material/progress_activity: Measuring a sample of the rows…")
    elif task.error is not None:
        show_error(task.error)
    elif task.result is not None:
        _draw_estimate(task.result)


def _is_shown(fault: WorkbenchError) -> bool:
    """Whether the estimate has the same error."""
    task: BackgroundTask[ExportEstimate] | None = st.session_state.get(_ESTIMATE)
    return task is not None and task.error is not None and str(task.error) == str(fault)


def _draw_estimate(made: ExportEstimate) -> None:
    rows, files = counted(made.rows, "row"), counted(made.files, "file")
    if made.format in ("duckdb", "xlsx", "sql"):
        st.markdown(f"**{rows}** in one file; takes about {duration(made.seconds)}.")
    else:
        st.markdown(
            f"**{rows}** in **{files}**, about **{size(made.size_bytes)}**; takes about {duration(made.seconds)}."
        )
    tabs: dict[str, Callable[[], None]] = {
        name: lambda text=text: st.code(text, language="sql", height=260)  # type: ignore[misc]
        for name, text in reversed(made.scripts.items())
    }
    tabs["Tables"] = lambda: _draw_tables(made)
    for tab, draw in zip(st.tabs(list(tabs)), tabs.values(), strict=True):
        with tab:
            draw()


def _draw_tables(made: ExportEstimate) -> None:
    is_one = made.format in ("duckdb", "xlsx", "sql")
    shown = {
        "Table": list(made.sizes),
        "Rows": [f"{each.rows:,}" for each in made.sizes.values()],
    }
    if not is_one:
        shown |= {
            "Files": [f"{each.files:,}" for each in made.sizes.values()],
            "Size": [size(each.size_bytes) for each in made.sizes.values()],
        }
    right = {name: st.column_config.TextColumn(alignment="right") for name in shown if name != "Table"}
    st.dataframe(shown, hide_index=True, alt="Tables of the export", height=260, column_config=right)


def _start(run: Run, options: ExportOptions) -> None:
    workbench()[run.experiment].start_export(**options)
    _forget_estimate()
    state.notify(f"Export of run {run.id} of {plain(run.experiment)} started")


def _forget_estimate() -> None:
    st.session_state.pop(_ESTIMATE, None)
