"""The browser side of this package: the files of `bundle/` as Streamlit components.

They are built from `source/` by `npm ci && npm run build` in this folder; the bundle is in the repository, so that
only changes to it need npm. Streamlit looks for component files in installed packages; they are registered by hand
here, so that a checkout serves its own.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_FOLDER = Path(__file__).parent
_PACKAGE = "dw_simulator"
_COMPONENTS = ("sql_editor", "script_view")


def component(name: str, *, html: str) -> Any:
    """Return a component of the bundle that draws into `html`, with its style sheet."""
    _register()
    return _component(f"{_PACKAGE}.{name}", html, f"{name}.css")


def _register() -> None:
    """Register the bundle folder with Streamlit, once per server."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_PACKAGE}.{_COMPONENTS[0]}") is None:
        configs = [ComponentConfig(name, "bundle") for name in _COMPONENTS]
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "1", configs), _FOLDER)


@cache
def _component(name: str, html: str, css: str) -> Any:
    return st.components.v2.component(name, html=html, js="sql_editor.js", css=css)
