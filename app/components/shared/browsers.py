"""The name of the browser that shows a page: what it has typed is kept for it alone."""

from __future__ import annotations

import re

import streamlit as st

from app.browser_cookie import BROWSER_COOKIE

_NAME = re.compile("[0-9a-f]{24}")


def browser_name() -> str:
    """Return the name of this browser, "" for one without cookies."""
    name = st.context.cookies.get(BROWSER_COOKIE, "")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else ""
