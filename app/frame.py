"""The frame of the app: its pages and their navigation.

The browser tab's icon is an emoji, because Streamlit fetches a Material icon from another host there.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.components.commands.command_palette import command_palette
from app.components.experiments.recovery import is_catalog_lost
from app.components.shared.errors import show_errors
from app.components.shared.run_chip import run_chip
from app.page_end import run_page
from app.preloading import warm_up

ABOUT = """**DW Simulator** makes realistic, reproducible data shaped like your warehouse.

Nothing leaves this machine. REST API: [/api/docs](/api/docs)"""

st.set_page_config(
    page_title="DW Simulator",
    page_icon="🗄️",
    layout="wide",
    menu_items={"About": ABOUT},  # with an item of ours the menu is there, and offers the themes
)
st.logo(str(Path(__file__).parent / "static" / "logo.svg"), size="large")
page = st.navigation(
    [
        st.Page(
            "app_pages/experiments.py",
            title="Experiments",
            icon=":material/dashboard:",
            default=True,
            help="All experiments with their tables, rows and last run. Create, reset and delete here.",
        ),
        st.Page(
            "app_pages/generate.py",
            title="Generate",
            icon=":material/bolt:",
            help="Set row counts and a seed, preview the rows, and fill the tables.",
        ),
        st.Page(
            "app_pages/runs.py",
            title="Runs",
            icon=":material/history:",
            help="Past runs with their seeds, sizes and errors.",
        ),
        st.Page(
            "app_pages/query.py",
            title="Query",
            icon=":material/terminal:",
            help="Query the loaded tables in SQL; chart and download the result.",
        ),
        st.Page(
            "app_pages/workload.py",
            title="Workload",
            icon=":material/checklist:",
            help="Bring the queries you run: which find rows, and what would make them find rows.",
        ),
        st.Page(
            "app_pages/board.py",
            title="Board",
            icon=":material/space_dashboard:",
            help="Saved charts and tables of an experiment, computed again after each run.",
        ),
        st.Page(
            "app_pages/explore.py",
            title="Explore",
            icon=":material/monitoring:",
            help="Column profiles, key coverage, the diagram, and an audit of the data against its schema.",
        ),
        st.Page("app_pages/schema.py", title="Schema", visibility="hidden"),
        st.Page("app_pages/new_experiment.py", title="New experiment", url_path="new", visibility="hidden"),
    ],
    position="top",
)
with show_errors():
    if not is_catalog_lost():
        run_chip()
        command_palette(page.url_path)
        run_page(page)
warm_up()
