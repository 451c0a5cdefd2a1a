"""The first steps of a new user: choose a sample, see it being made, open its chart."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.empty import go
from app.components.progress import run_outcome, run_progress
from app.formats import counted, plain
from app.samples import Sample, samples
from app.shared import workbench
from engine.errors import WorkbenchError


def sample_gallery(*, offers_own: bool = False) -> None:
    """Draw the ready experiments, each with the one button that makes it and fills it; last, the way to one's own."""
    found = samples()
    if not found:
        st.caption("The folder of sample experiments is missing from this installation; bring your own schema.")
    with st.grid(3, min_column_width=300):
        for index, sample in enumerate(found):
            _sample_card(sample, is_first=index == 0)
        if offers_own:
            _own_card()


def _sample_card(sample: Sample, *, is_first: bool) -> None:
    with st.container(border=True, height="stretch", key=f"sample:{sample.name}"):
        st.subheader(plain(sample.name), anchor=False)
        st.caption(plain(sample.schema.description))
        facts = counted(len(sample.schema.tables), "table")
        st.markdown(f"{facts} · {counted(sample.rows, 'row')}" if sample.rows else facts)
        names = ", ".join(plain(table.name) for table in sample.schema.tables[:8])
        st.caption(f"{names}{', …' if len(sample.schema.tables) > 8 else ''}")
        st.space("stretch")
        if sample.name in workbench():
            st.caption(":material/check: Already here")
            return
        wants = st.button(
            "Create and fill it",
            key=f"build:{sample.name}",
            type="primary" if is_first else "secondary",
            icon=":material/play_arrow:",
        )
        if wants:
            with st.spinner("Making the tables …"):
                _build(sample)
            st.rerun()


def _own_card() -> None:
    with st.container(border=True, height="stretch", key="own_schema"):
        st.subheader("Your own tables", anchor=False)
        st.caption("The CREATE TABLE script of your Redshift or Snowflake warehouse, or a schema in JSON.")
        st.markdown(":material/lock: Nothing leaves this machine")
        st.caption("Types, keys and NOT NULL are taken over; what cannot be is told line by line.")
        st.space("stretch")
        if st.button("Bring a schema", key="own", icon=":material/upload_file:"):
            go("new_experiment")


def _build(sample: Sample) -> None:
    if sample.name in workbench():
        return  # pressed twice
    try:
        experiment = workbench().create(sample.schema)
        run = experiment.start()
    except WorkbenchError as error:
        state.fail(error)
        return
    state.watch(experiment.name, run.id)
    state.start_tour(experiment.name)


def tour() -> None:
    """Draw the sample that is being made for a new user: its progress, then the way to its chart."""
    name = state.tour()
    if name is None or name not in workbench():
        return
    run_progress(workbench()[name], lambda: _toured(name))


def _toured(name: str) -> None:
    run_id = state.watched(name)
    if state.tour() != name or run_id is None:
        return
    experiment = workbench()[name]
    run = experiment.run(run_id)
    run_outcome(run)
    with st.container(horizontal=True):
        if run.is_loaded and st.button("Chart it", key="tour_chart", type="primary", icon=":material/insert_chart:"):
            state.ask(name, experiment.first_query())
            go("query", name)
        st.button("Dismiss", key="tour_end", on_click=state.start_tour, args=(None,), type="tertiary")
