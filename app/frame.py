"""The frame of the app: its pages and their navigation, and nothing else.

The browser tab's icon is an emoji, because Streamlit fetches a Material icon from another host there.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.components.experiments.recovery import is_catalog_lost
from app.components.shared.errors import errors_shown
from app.components.shared.page_style import complete_look
from app.preloading import warm_up

st.set_page_config(page_title="DW Simulator", page_icon="🗄️", layout="wide")
st.logo(str(Path(__file__).parent / "static" / "logo.svg"), size="large")
page = st.navigation(
    [
        st.Page(
            "app_pages/experiments.py",
            title="Experiments",
            icon=":material/dashboard:",
            default=True,
            help="Every experiment with its tables, rows and last run. Create, reset and delete here.",
        ),
        st.Page(
            "app_pages/generate.py",
            title="Generate",
            icon=":material/bolt:",
            help="Choose rows and seed, preview the rows, and fill the tables.",
        ),
        st.Page(
            "app_pages/runs.py",
            title="Runs",
            icon=":material/history:",
            help="What was generated when, with which seed, and why it failed if it did.",
        ),
        st.Page(
            "app_pages/query.py",
            title="Query",
            icon=":material/terminal:",
            help="Ask the loaded tables in SQL; chart and download the answer.",
        ),
        st.Page(
            "app_pages/explore.py",
            title="Explore",
            icon=":material/monitoring:",
            help="What each column holds, how the keys hang together, and the proof that all promises are kept.",
        ),
        st.Page("app_pages/new_experiment.py", title="New experiment", url_path="new", visibility="hidden"),
    ],
    position="top",
)
complete_look()
with errors_shown():
    if not is_catalog_lost():
        page.run()
warm_up()
