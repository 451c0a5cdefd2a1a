"""The experiments as a dense list: a line for each, and the actions of the chosen one below."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from app.components.experiments.cards import experiment_card
from app.components.shared.status import run_state
from engine import Experiment

_MAX_HEIGHT = 560


def experiment_list(experiments: Sequence[Experiment]) -> None:
    """Draw a line for each experiment, which can be sorted by its headings; a chosen line shows its card."""
    runs = [next(iter(experiment.runs()), None) for experiment in experiments]
    frame = pl.DataFrame(
        {
            "Experiment": [experiment.name for experiment in experiments],
            "Tables": [len(experiment.schema.tables) for experiment in experiments],
            "Rows": [sum(experiment.row_counts().values()) for experiment in experiments],
            "Storage": [experiment.size_bytes() for experiment in experiments],
            "Last run": [None if run is None else run.started_at for run in runs],
            "State": ["No runs yet" if run is None else run_state(run) for run in runs],
            "Warnings": [len(experiment.warnings) for experiment in experiments],
            "Description": [experiment.description for experiment in experiments],
        },
        schema_overrides={"Last run": pl.Datetime("us", "UTC")},
    )
    chosen = st.dataframe(
        frame,
        key="experiment_list",
        alt="Experiments",
        hide_index=True,
        height="content" if len(experiments) <= 14 else _MAX_HEIGHT,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        column_config={
            "Experiment": st.column_config.TextColumn(pinned=True),
            "Tables": st.column_config.NumberColumn(format="localized"),
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Storage": st.column_config.NumberColumn(format="bytes", help="Runs and loaded tables on this disk."),
            "Last run": st.column_config.DatetimeColumn(format="YYYY-MM-DD HH:mm", timezone=_timezone()),
        },
    )
    lines = chosen.selection.rows
    if lines and lines[0] < len(experiments):
        experiment_card(experiments[lines[0]])
    else:
        st.caption("Choose a line for its tables and actions.")


def _timezone() -> str | None:
    return st.context.timezone
