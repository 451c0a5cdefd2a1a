"""The Schema page: edit the schema of an experiment, and compare its versions."""

from __future__ import annotations

import streamlit as st

from app.components.schema.editing import open_editing
from app.components.schema.editor import edit_schema
from app.components.schema.versions import show_versions
from app.components.shared.empty_state import go
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header
from app.components.shared.presses import pressed

VIEW = "view"
_LABELS = {"edit": "Edit", "versions": "Versions"}

with page_header("Schema", "Tables, columns and rules of an experiment. Saving makes a new version."):
    if pressed("All experiments", key="back", icon=":material/arrow_back:"):
        go("experiments")
with st.container(horizontal=True, vertical_alignment="center"):
    experiment = choose_experiment(width=260)
    if "schema_view" not in st.session_state:
        linked = st.query_params.get(VIEW, "edit")
        st.session_state["schema_view"] = linked if linked in _LABELS else "edit"
    view = st.segmented_control(
        "View",
        list(_LABELS),
        format_func=lambda each: f"{_LABELS[each]} ({experiment.version})" if each == "versions" else _LABELS[each],
        key="schema_view",
        required=True,
        label_visibility="collapsed",
    )
if view == "versions":
    show_versions(experiment)
else:
    edit_schema(experiment, open_editing(experiment))
