"""The table of the queries: state, rows, share and time of each, filtered by state; and the one that is chosen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl
import streamlit as st

from engine import Experiment
from engine.types import Coverage, FitJob, Statement, StatementCoverage

NOT_CHECKED = "not checked"
STATES = {
    "finds rows": (":material/check_circle:", "green", "✓"),
    "only the empty-input row": (":material/remove_circle:", "orange", "–"),
    "empty": (":material/circle:", "orange", "○"),
    "does not run": (":material/cancel:", "red", "✗"),
    "not understood": (":material/help:", "red", "?"),
    NOT_CHECKED: (":material/pending:", "gray", "·"),
}
"""The icon, the colour and the sign of each state."""
_HEIGHT = 360
_MANY = 10


@dataclass(frozen=True)
class QueryRow:
    """A query with what the last check found, and what the last fit would make it find."""

    statement: Statement
    checked: StatementCoverage | None
    fitted: StatementCoverage | None

    @property
    def state(self) -> str:
        """What it finds on the loaded data; before a check, what reading tells."""
        if self.checked is not None:
            return self.checked.state
        return NOT_CHECKED if self.statement.state == "runs" else self.statement.state

    @property
    def reason(self) -> str:
        """Why it does not run or is not understood."""
        return (self.checked.reason if self.checked is not None else self.statement.reason) or ""


def choose_query(
    experiment: Experiment, statements: tuple[Statement, ...], checked: Coverage | None, fit: FitJob | None
) -> QueryRow | None:
    """Draw the table and return the chosen query: by a click in the table, or by its name below."""
    rows = _rows(statements, checked, fit)
    counts = Counter(row.state for row in rows)
    states = [state for state in STATES if counts[state]]
    st.subheader("Queries", anchor=False)
    wanted = st.pills(
        "State",
        states,
        selection_mode="multi",
        format_func=lambda state: f"{STATES[state][0]} {state} {counts[state]}",
        key=f"workload_states:{experiment.name}",
        label_visibility="collapsed",
    )
    shown = [row for row in rows if not wanted or row.state in wanted]
    if not shown:
        return None
    _draw_table(experiment, shown, has_fit=fit is not None)
    names = [row.statement.name for row in shown]
    key = f"workload_query:{experiment.name}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = next((row.statement.name for row in shown if row.state != "finds rows"), names[0])
    name = st.selectbox("Query", names, key=key, icon=":material/description:", persist_state="session")
    return next(row for row in shown if row.statement.name == name)


def _rows(statements: tuple[Statement, ...], checked: Coverage | None, fit: FitJob | None) -> list[QueryRow]:
    before = {} if checked is None else {each.statement.name: each for each in checked.statements}
    after = {} if fit is None else {each.statement.name: each for each in fit.result.after}
    return [QueryRow(each, before.get(each.name), after.get(each.name)) for each in statements]


def _draw_table(experiment: Experiment, rows: list[QueryRow], *, has_fit: bool) -> None:
    columns = {
        "Query": [row.statement.name for row in rows],
        "State": [f"{STATES[row.state][2]} {row.state}" for row in rows],
        "Rows": [None if row.checked is None else row.checked.rows for row in rows],
        "Share": [None if row.checked is None or row.checked.share is None else row.checked.share for row in rows],
        "Seconds": [None if row.checked is None else row.checked.seconds for row in rows],
    }
    types = {"Query": pl.String, "State": pl.String, "Rows": pl.Int64, "Share": pl.Float64, "Seconds": pl.Float64}
    if has_fit:
        columns["With the changes"] = [
            None if row.fitted is None else f"{STATES[row.fitted.state][2]} {row.fitted.state}" for row in rows
        ]
        types["With the changes"] = pl.String
    key = f"workload_table:{experiment.name}"
    st.dataframe(
        pl.DataFrame(columns, schema=types),
        key=key,
        alt="The queries with what each finds",
        height="auto" if len(rows) < _MANY else _HEIGHT,
        hide_index=True,
        placeholder="",
        on_select=lambda: _take_selection(experiment, key, [row.statement.name for row in rows]),
        selection_mode="single-row",
        column_config={
            "Query": st.column_config.TextColumn("Query", width="medium"),
            "State": st.column_config.TextColumn("State", width="medium"),
            "Rows": st.column_config.NumberColumn("Rows", format="%,d", help="Rows of the result, 10,000 at most."),
            "Share": st.column_config.NumberColumn(
                "Share", format="percent", help="The part of its largest table that it selects."
            ),
            "Seconds": st.column_config.NumberColumn("Seconds", format="%.2f"),
        },
    )


def _take_selection(experiment: Experiment, key: str, names: list[str]) -> None:
    chosen = st.session_state[key].selection.rows
    if chosen and chosen[0] < len(names):
        st.session_state[f"workload_query:{experiment.name}"] = names[chosen[0]]
