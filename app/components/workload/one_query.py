"""One query: its SQL with the condition that starves it marked, what a fit changes for it, and what it dropped."""

from __future__ import annotations

import streamlit as st

from app.components.shared.background_results import show_result
from app.components.shared.sql_editor.script_view import marked_script
from app.components.workload.changes import describe_change
from app.components.workload.table import STATES, QueryRow
from app.markdown_text import code, plain
from engine import Experiment
from engine.types import FitJob, Starving, Statement, WorkloadFit

_EMPTY = ("empty", "only the empty-input row")


def show_query(experiment: Experiment, row: QueryRow, fit: FitJob | None) -> None:
    """Draw the chosen query."""
    icon, colour, _ = STATES[row.state]
    with st.container(border=True, key="workload_one"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{plain(row.statement.name)}** :gray[line {row.statement.line}]", width="content")
            st.badge(row.state, icon=icon, color=colour)  # type: ignore[arg-type]
            if row.checked is not None and row.checked.largest_table and row.checked.share is not None:
                st.caption(f"selects {row.checked.share:.1%} of {plain(row.checked.largest_table)}")
        if row.reason:
            st.markdown(f":red[{plain(row.reason)}]")
        if row.checked is not None and row.state in _EMPTY:
            statement = row.checked.statement
            show_result(
                f"starving:{experiment.name}",
                (experiment.created_at, experiment.loaded_run_id, statement.name, statement.sql),
                lambda handle: (experiment.find_starving(statement, handle=handle),),
                lambda found: _draw(experiment, statement, found[0]),
            )
        else:
            _draw_sql(experiment, row.statement, None)
        if fit is not None:
            _draw_fit(row, fit.result)


def _draw(experiment: Experiment, statement: Statement, starving: Starving | None) -> None:
    if starving is None:
        st.markdown("It finds nothing, and no single condition can be told as the reason.")
    else:
        st.markdown(_reason(starving))
    _draw_sql(experiment, statement, starving)


def _reason(starving: Starving) -> str:
    kind = "join" if starving.is_join else "condition"
    first = f"No row meets the {kind} {code(starving.text)} (line {starving.line})"
    return (
        f":orange[:material/filter_alt_off:] {first}{'' if starving.is_alone else ', together with those before it'}."
    )


def _draw_sql(experiment: Experiment, statement: Statement, starving: Starving | None) -> None:
    marks = {} if starving is None else {starving.line: f"No row meets {starving.text}."}
    marked_script(
        statement.text.strip(),
        experiment.dialect,
        marks,
        label="The query",
        key=f"workload_text:{experiment.name}",
        first_line=statement.line,
    )


def _draw_fit(row: QueryRow, fitted: WorkloadFit) -> None:
    name = row.statement.name
    changed = [change for change in fitted.kept if any(served == name for served, _ in change.serves)]
    dropped = [each for each in fitted.dropped if any(served == name for served, _ in each.change.serves)]
    starving = next((each for each in fitted.starving if each.statement.name == name), None)
    if row.fitted is not None:
        icon, colour, _ = STATES[row.fitted.state]
        st.markdown(f"With the changes of the fit: :{colour}[{icon} {row.fitted.state}]")
    if starving is not None:
        st.markdown(f"Still in the way: {code(starving.text)} (line {starving.line}).")
    if changed:
        st.markdown("**Changed for it**")
        for change in changed:
            st.markdown(f"- {describe_change(change)}")
    if dropped:
        st.markdown("**Dropped**")
        for each in dropped:
            st.markdown(f"- **{plain(each.change.place)}** {plain(each.reason)}")
