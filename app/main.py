"""What `streamlit run app/main.py` serves: the server of `python -m app`, with its API, its checks and its headers.

Streamlit finds the assignment below by reading this file, so it has to name `st.App`. Run as a page, as `AppTest`
does, the file draws the pages alone.
"""

from __future__ import annotations

import runpy
import sys

import streamlit as st
from streamlit import config
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.asgi import FRAME, server_parts
from app.start_message import greet
from engine import WorkbenchError

if get_script_run_ctx(suppress_warning=True) is None:
    _HOST = str(config.get_option("server.address") or "")
    try:
        app = st.App(FRAME, **server_parts(_HOST, on_ready=lambda: greet(_HOST)))
    except WorkbenchError as error:
        sys.exit(f"Error: {error}")
else:
    runpy.run_path(str(FRAME))
