"""The Explore page: column profiles, foreign key coverage, the diagram and the audit."""

from __future__ import annotations

import streamlit as st

from app.components.explore.audit import audit_panel
from app.components.explore.overview import coverage_table, table_profile
from app.components.shared.diagram import diagram
from app.components.shared.empty_state import empty_state
from app.components.shared.errors import show_errors
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.run_progress import run_progress
from app.components.shared.table_picker import choose_table
from app.page_end import end_page

page_header("Explore", "Profile the columns and check the data against its schema.")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    view = st.segmented_control(
        "View",
        ["Tables", "Keys", "Diagram", "Audit"],
        default="Tables",
        required=True,
        key="explore_view",
        persist_state="session",
        label_visibility="collapsed",
    )
    has_rows = any(experiment.row_counts().values())
    table = choose_table(experiment, key="explore_table", is_loaded=True) if view == "Tables" and has_rows else ""
run_progress(experiment, is_short=True)
if view != "Diagram" and not has_rows:
    empty_state(
        "The tables are empty",
        "Generate rows or load a finished run to explore them.",
        page="generate",
        label="Generate data",
        experiment=experiment.name,
    )
    end_page()
with show_errors():
    if view == "Tables":
        table_profile(experiment, table)
    elif view == "Keys":
        coverage_table(experiment)
    elif view == "Diagram":
        diagram(experiment.diagram, [table.key for table in experiment.schema.tables], key="explore_diagram")
    else:
        audit_panel(experiment)
