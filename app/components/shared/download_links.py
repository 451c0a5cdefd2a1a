"""Download links styled as the app's buttons: the browser streams the file from the link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

_SCRIPT = """
export default function ({ data, parentElement }) {
  const container = parentElement.querySelector("#links")
  container.replaceChildren(...data.links.map(({ label, address, help }) => {
    const link = document.createElement("a")
    link.textContent = label
    link.href = address
    link.title = help
    link.download = ""
    return link
  }))
}
"""
_STYLE = """
#links {
  display: flex;
  gap: 8px;
}
a {
  padding: 6px 12px;
  border: 1px solid var(--st-border-color);
  border-radius: var(--st-button-radius);
  color: var(--st-text-color);
  background: var(--st-background-color);
  font: 400 var(--st-base-font-size) var(--st-font);
  line-height: 1.5;
  text-decoration: none;
  white-space: nowrap;
}
a:hover,
a:focus-visible {
  border-color: var(--st-primary-color);
  color: var(--st-primary-color);
  outline: none;
}
"""


@dataclass(frozen=True)
class Link:
    """A file to download: the link's label, its address and a tooltip."""

    label: str
    address: str
    help: str


def download_links(links: Sequence[Link], *, key: str) -> None:
    """Draw the links side by side."""
    _component()(key=key, data={"links": [vars(link) for link in links]}, width="content")


@cache
def _component() -> Any:
    return st.components.v2.component("download_links", html='<div id="links"></div>', css=_STYLE, js=_SCRIPT)
