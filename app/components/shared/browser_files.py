"""Components whose browser side lies in files of this project.

Streamlit looks for such files in installed packages; they are registered by hand here, so that a checkout serves its
own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest


@dataclass(frozen=True)
class BrowserFiles:
    """Components of a folder: the name that Streamlit knows them by, and the folder inside with their files."""

    package: str
    folder: Path
    directory: str
    names: tuple[str, ...]

    def component(self, name: str, *, html: str, js: str, css: str | None = None) -> Any:
        """Return a component that draws into `html`; `js` and `css` are files of the directory."""
        self._register()
        return _component(f"{self.package}.{name}", html, js, css)

    def _register(self) -> None:
        """Register the files with Streamlit, once per server."""
        manager = get_bidi_component_manager()
        if manager.get_component_asset_root(f"{self.package}.{self.names[0]}") is None:
            configs = [ComponentConfig(name, self.directory) for name in self.names]
            manager.register_from_manifest(ComponentManifest(self.package, "1", configs), self.folder)


@cache
def _component(name: str, html: str, js: str, css: str | None) -> Any:
    return st.components.v2.component(name, html=html, js=js, css=css)
