"""The browser's side of this package: the files of `bundle/`, as Streamlit's components.

They are built from `source/` by `npm ci && npm run build` here; the bundle is kept, so that only who changes it needs
npm. Streamlit looks for the files of a component in the packages that are installed; they are declared by hand here,
so that a checkout serves its own.
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
    """Return what draws a component of the bundle into `html`, in the style sheet of its name."""
    _declare()
    return _component(f"{_PACKAGE}.{name}", html, f"{name}.css")


def _declare() -> None:
    """Name the folder of the bundle to Streamlit, once for each server."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{_PACKAGE}.{_COMPONENTS[0]}") is None:
        configs = [ComponentConfig(name, "bundle") for name in _COMPONENTS]
        manager.register_from_manifest(ComponentManifest(_PACKAGE, "1", configs), _FOLDER)


@cache
def _component(name: str, html: str, css: str) -> Any:
    return st.components.v2.component(name, html=html, js="sql_editor.js", css=css)
