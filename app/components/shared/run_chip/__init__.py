"""The chip of the running jobs in the bar at the top of every page, also of jobs begun by the REST API or a terminal.

It is a component of the browser (`browser/`, plain modules without a build), which asks the REST API and draws outside
of the page: the page is not rerun while a job advances, so nothing jumps and no click is lost. It also sets the title
of the tab, notifies at the end of a run if the user has allowed it, and lets the times on the page tick.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import state
from app.components.shared.browser_files import BrowserFiles
from app.components.shared.empty_state import page_path

_FILES = BrowserFiles("dw_simulator_runs", Path(__file__).parent, "browser", ("run_chip",))


def run_chip() -> None:
    """Draw the chip; a click on a run opens its page: Generate while it runs, and Runs when it has ended."""
    component = _FILES.component("run_chip", html="<div></div>", js="run_chip.js")
    with st.container(key="run_chip", height=1, border=False):  # the component itself draws nothing
        chosen = component(key="run_chip_component", on_open_change=lambda: None).open
    if chosen is not None:
        address = {state.EXPERIMENT: str(chosen["experiment"])}
        if chosen["status"] == "RUNNING":
            st.switch_page(page_path("generate"), query_params=address)
        st.switch_page(page_path("runs"), query_params=address | {state.RUN: str(chosen["run"])})
