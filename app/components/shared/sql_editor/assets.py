"""The browser side of this package: the files of `bundle/` as Streamlit components.

They are built from `source/` by `npm ci && npm run build` in this folder; the bundle is in the repository, so that
only changes to it need npm.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.components.shared.browser_files import BrowserFiles

_FILES = BrowserFiles("dw_simulator", Path(__file__).parent, "bundle", ("sql_editor", "script_view"))


def component(name: str, *, html: str) -> Any:
    """Return a component of the bundle that draws into `html`, with its style sheet."""
    return _FILES.component(name, html=html, js="sql_editor.js", css=f"{name}.css")
