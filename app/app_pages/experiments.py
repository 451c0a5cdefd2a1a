"""The Experiments page: a card for each experiment, or the samples when there are none."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.experiments.cards import damaged_card, experiment_card
from app.components.experiments.recovery import unknown_files
from app.components.experiments.search import search_experiments
from app.components.new_experiment.samples import sample_gallery, tour
from app.components.shared.empty_state import go
from app.components.shared.header import page_header
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.display.wording import counted

CARDS_ON_A_PAGE = 12

experiments = workbench().experiments()
linked = st.query_params.get(state.EXPERIMENT, "").casefold()

if experiments:
    caption = f"{counted(len(experiments), 'experiment')} in {plain(str(workbench().settings.home))}"
else:
    caption = "Realistic, reproducible data shaped like your warehouse. Everything stays on this machine."
with page_header("Experiments", caption):
    if experiments and st.button("New experiment", key="new", icon=":material/add:", type="primary"):
        go("new_experiment")

for damaged in workbench().damaged_experiments():
    damaged_card(damaged.name, damaged.error)

unknown_files()
tour()

if experiments:
    if linked and linked not in (experiment.name.casefold() for experiment in experiments):
        st.warning(f"Experiment “{plain(linked)}” not found.", icon=":material/link_off:")
    experiments = search_experiments(experiments)
    ordered = sorted(experiments, key=lambda experiment: experiment.name.casefold() != linked)
    cards, pages = st.container(), -(-len(ordered) // CARDS_ON_A_PAGE)
    with st.container(horizontal_alignment="center"):
        page = st.pagination(pages, key=f"experiments_page:{len(ordered)}") if pages > 1 else 1
    with cards, st.grid(3, min_column_width=320):
        for experiment in ordered[(page - 1) * CARDS_ON_A_PAGE : page * CARDS_ON_A_PAGE]:
            experiment_card(experiment, is_linked=experiment.name.casefold() == linked)
else:
    st.header("See it work", anchor=False)
    st.caption("One click creates and fills the tables; a second opens a chart.")
    sample_gallery(is_first_page=True)
