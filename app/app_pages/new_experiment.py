"""The New experiment page: import a SQL script or JSON, or start from a sample."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.new_experiment.blank import blank_form
from app.components.new_experiment.drafts import restore_new_draft, save_new_draft
from app.components.new_experiment.forms import clear_input, json_form, sql_form
from app.components.new_experiment.review import review_schema
from app.components.new_experiment.samples import sample_gallery, tour
from app.components.shared.empty_state import go
from app.components.shared.header import page_header
from app.components.shared.presses import pressed
from app.markdown_text import plain
from app.page_end import end_page
from app.shared_workbench import workbench
from engine.display.wording import counted

with page_header("New experiment", "Import your table definitions; the rows are generated here."):
    if pressed("All experiments", key="back", icon=":material/arrow_back:"):
        go("experiments")

created = state.created()
if created is not None and created.experiment in workbench():
    clear_input()
    experiment = workbench()[created.experiment]
    st.success(
        f"**{plain(experiment.name)}** created with {counted(len(experiment.schema.tables), 'table')}.",
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True):
        if pressed("Generate data", key="new_generate", type="primary", icon=":material/bolt:"):
            state.set_created(None)
            go("generate", experiment.name)
        st.button("Create another", key="new_again", on_click=state.set_created, args=(None,))
    if experiment.warnings:
        st.markdown("**Good to know**")
        st.markdown("\n".join(f"- {plain(warning)}" for warning in experiment.warnings))
    end_page()

restore_new_draft()
reviewed = state.review()
if reviewed is not None:
    review_schema(reviewed)
    save_new_draft()
    end_page()

source = st.segmented_control(
    "Start from",
    ["SQL script", "JSON", "Blank", "Sample"],
    default="SQL script",
    required=True,
    key="new_way",
    persist_state="session",
    label_visibility="collapsed",
)
if source == "SQL script":
    sql_form()
elif source == "JSON":
    json_form()
elif source == "Blank":
    blank_form()
else:
    tour()
    sample_gallery()
save_new_draft()
