"""The sample experiments, and the tour of a new user: create a sample, watch its run, open its chart."""

from __future__ import annotations

from itertools import chain, count

import streamlit as st

from app import state
from app.components.new_experiment.forms import begin_review
from app.components.shared.empty_state import go
from app.components.shared.presses import pressed
from app.components.shared.run_progress import run_outcome, run_progress
from app.markdown_text import plain
from app.samples import Sample, samples
from app.shared_workbench import workbench
from engine.display.wording import counted
from engine.errors import WorkbenchError


def sample_gallery(*, is_first_page: bool = False) -> None:
    """Draw the sample experiments, each with a button that creates and fills it.

    On the first page the last card imports one's own tables; elsewhere a sample can be reviewed first.
    """
    found = samples()
    if not found:
        st.caption("This installation has no sample experiments. Import your own schema instead.")
    with st.grid(3, min_column_width=300):
        for index, sample in enumerate(found):
            _sample_card(sample, is_first=index == 0, offers_review=not is_first_page)
        if is_first_page:
            _own_card()


def _sample_card(sample: Sample, *, is_first: bool, offers_review: bool) -> None:
    with st.container(border=True, height="stretch", key=f"sample:{sample.name}"):
        st.header(plain(sample.name), anchor=False)
        st.caption(plain(sample.schema.description))
        st.markdown(f"{counted(len(sample.schema.tables), 'table')} · {counted(sample.rows, 'row')}")
        names = ", ".join(plain(table.name) for table in sample.schema.tables[:8])
        st.caption(f"{names}{', …' if len(sample.schema.tables) > 8 else ''}")
        st.space("stretch")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if sample.name in workbench():
                _open_button(sample)
            else:
                _build_button(sample, is_first=is_first)
            if offers_review and pressed(
                "Review",
                key=f"look:{sample.name}",
                icon=":material/fact_check:",
                help="Change the schema before creating it.",
            ):
                _review(sample)
                st.rerun()


def _open_button(sample: Sample) -> None:
    st.caption(":material/check: Already created", width="content")
    if pressed("Open", key=f"open:{sample.name}", type="primary", icon=":material/arrow_forward:"):
        is_filled = any(workbench()[sample.name].row_counts().values())
        go("query" if is_filled else "experiments", sample.name)


def _build_button(sample: Sample, *, is_first: bool) -> None:
    wants = pressed(
        "Create with data",
        key=f"build:{sample.name}",
        type="primary" if is_first else "secondary",
        icon=":material/play_arrow:",
    )
    if wants:
        with st.spinner("Creating the tables…"):
            _build(sample)
        st.rerun()


def _review(sample: Sample) -> None:
    """Open the review of a sample under a free name."""
    names = chain([sample.name], (f"{sample.name}_{number}" for number in count(2)))
    name = next(name for name in names if name not in workbench())
    review = workbench().review(sample.schema, name=name)
    begin_review(state.Reviewed(review, review.to_json()))


def _own_card() -> None:
    with st.container(border=True, height="stretch", key="own_schema"):
        st.header("Your own tables", anchor=False)
        st.caption("The CREATE TABLE script of your Redshift or Snowflake warehouse, or a schema in JSON.")
        st.markdown(":material/lock: Nothing leaves this machine")
        st.caption("Types, keys and NOT NULL are imported; the report lists anything else line by line.")
        st.space("stretch")
        if pressed("Import a schema", key="own", icon=":material/upload_file:"):
            go("new_experiment")


def _build(sample: Sample) -> None:
    if sample.name in workbench():
        return  # the button was pressed twice
    try:
        experiment = workbench().create(sample.schema)
        run = experiment.start()
    except WorkbenchError as error:
        state.set_error(error)
        return
    state.watch_run(experiment.name, run.id)
    state.start_tour(experiment.name)


def tour() -> None:
    """Draw the run of the sample created by a new user: its progress, then the button to its chart."""
    name = state.tour_experiment()
    if name is None or name not in workbench():
        return
    run_progress(workbench()[name], lambda: _finish_tour(name))


def _finish_tour(name: str) -> None:
    run_id = state.watched_run(name)
    if state.tour_experiment() != name or run_id is None:
        return
    experiment = workbench()[name]
    run = experiment.run(run_id)
    run_outcome(run)
    with st.container(horizontal=True):
        if run.is_loaded and pressed("Open chart", key="tour_chart", type="primary", icon=":material/insert_chart:"):
            state.unwatch_run(name)
            state.request_query(name, experiment.first_query(), experiment.dialect)
            go("query", name)
        st.button("Dismiss", key="tour_end", on_click=_dismiss, args=(name,), type="tertiary")


def _dismiss(name: str) -> None:
    state.unwatch_run(name)
    state.start_tour(None)
