"""The Experiments page: a card for each experiment, or the samples when there are none."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.experiments.cards import damaged_card, experiment_card
from app.components.experiments.dense_list import experiment_list
from app.components.experiments.order import (
    CARDS,
    LAST_USED,
    LIST,
    choose_layout,
    choose_order,
    choose_shown,
    filter_experiments,
    sort_experiments,
)
from app.components.experiments.recovery import unknown_files
from app.components.experiments.search import search_experiments
from app.components.new_experiment.samples import sample_gallery, tour
from app.components.shared.empty_state import go
from app.components.shared.header import page_header
from app.components.shared.presses import pressed
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.display.wording import counted, size

CARDS_ON_A_PAGE = 12

experiments = workbench().experiments()
linked = st.query_params.get(state.EXPERIMENT, "").casefold()

if experiments:
    storage = size(sum(experiment.size_bytes() for experiment in experiments))
    caption = f"{counted(len(experiments), 'experiment')}, {storage} in {plain(str(workbench().settings.home))}"
else:
    caption = "Realistic, reproducible data shaped like your warehouse. Everything stays on this machine."
with page_header("Experiments", caption):
    if experiments and pressed("New experiment", key="new", icon=":material/add:", type="primary"):
        go("new_experiment")

for damaged in workbench().damaged_experiments():
    damaged_card(damaged.name, damaged.error)

unknown_files()
tour()

if experiments:
    if linked and linked not in (experiment.name.casefold() for experiment in experiments):
        st.warning(f"Experiment “{plain(linked)}” not found.", icon=":material/link_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        found = search_experiments(experiments)
        order, shown, layout = LAST_USED, [], CARDS
        if len(experiments) > 1:
            order, shown, layout = choose_order(), choose_shown(), choose_layout()
    matching = filter_experiments(found, shown)
    if found and not matching:
        st.caption("No experiment is in one of these states.")
    ordered = sort_experiments(matching, order, linked=linked)
    if layout == LIST and ordered:
        experiment_list(ordered)
    elif ordered:
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
