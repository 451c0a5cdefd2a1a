"""Two runs beside each other: rows, NULLs, distinct values and means of every column."""

from __future__ import annotations

import streamlit as st

from app.components.errors import errors_shown
from engine import Experiment, Run


def comparison(experiment: Experiment, runs: list[Run]) -> None:
    """Draw the choice of two completed runs and their comparison, in a fold; nothing with fewer than two."""
    completed = [run.id for run in runs if run.status == "COMPLETED"]
    if len(completed) < 2:
        return
    with st.expander("Compare two runs", icon=":material/compare_arrows:", key=f"compare:{experiment.name}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = st.selectbox("Run", completed, index=1, key=f"compare_first:{experiment.name}", width=140)
            second = st.selectbox("with run", completed, index=0, key=f"compare_second:{experiment.name}", width=140)
            wants = st.button("Compare", key=f"compare_go:{experiment.name}", icon=":material/compare_arrows:")
        if not wants:
            return
        with errors_shown(), st.spinner("Counting …"):
            frame = experiment.compare(first, second)
            headers = {
                name: name.replace("_first", f" ({first})").replace("_second", f" ({second})") for name in frame.columns
            }
            st.dataframe(
                frame.rename(headers) if first != second else frame,
                key=f"comparison:{experiment.name}",
                hide_index=True,
                placeholder="–",
                alt=f"Run {first} beside run {second}",
            )
