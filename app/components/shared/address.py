"""The browser's address without entries of its own in the history: Back leaves the page by one press.

Streamlit adds an entry whenever the server writes a parameter of the address. The browser side makes an entry of the
same page replace the one before, and writes the experiment that a page has chosen by itself, which then needs no
writing by the server.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

_SCRIPT = """
const MARK = "__replacesOwnPage"

export default function ({ data }) {
  const history = window.history
  if (!history[MARK]) {
    const push = history.pushState.bind(history)
    history[MARK] = true
    history.pushState = (state, title, address) => {
      const url = new URL(address ?? window.location.href, window.location.href)
      if (url.pathname === window.location.pathname) history.replaceState(state, title, address)
      else push(state, title, address)
    }
  }
  const url = new URL(window.location.href)
  if (url.pathname.replace(/\\/$/, "").split("/").pop() !== data.page || url.searchParams.has(data.name)) return
  url.searchParams.set(data.name, data.text)
  history.replaceState(history.state, "", url)
}
"""


def keep_in_address(name: str, text: str) -> None:
    """Put a parameter into the address of this page if it has none of this name, in place of the present entry."""
    page = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    with st.container(key="page_address", height=1, border=False):
        _component()(key="page_address_component", data={"name": name, "text": text, "page": page}, height=1)


@cache
def _component() -> Any:
    return st.components.v2.component("page_address", html="<span hidden></span>", js=_SCRIPT)
