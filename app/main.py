"""The entry point of `streamlit run app/main.py`: the same server as `python -m app`.

Streamlit finds the assignment below by parsing this file, so it must name `st.App`. Run as a page, as `AppTest` does,
the file draws only the pages.
"""

from __future__ import annotations

import runpy
import sys

import streamlit as st
from streamlit import config
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.asgi import FRAME, server_parts
from app.start_message import print_address
from engine import WorkbenchError

if get_script_run_ctx(suppress_warning=True) is None:
    _HOST = str(config.get_option("server.address") or "")
    try:
        app = st.App(FRAME, **server_parts(_HOST, on_ready=lambda: print_address(_HOST)))
    except WorkbenchError as error:
        sys.exit(f"Error: {error}")
else:
    runpy.run_path(str(FRAME))
