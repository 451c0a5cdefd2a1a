"""Recovery of a lost catalog, and the files in the home folder that the catalog does not know."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Workbench
from engine.display.wording import counted
from engine.errors import CatalogLostError, WorkbenchError


def is_catalog_lost() -> bool:
    """Return whether the catalog is lost although data exists; if so, draw the error and a Recover button."""
    try:
        workbench()
    except CatalogLostError as error:
        show_error(error)
        if pressed("Recover", key="recover", type="primary", icon=":material/restore:"):
            _recover()
        return True
    return False


def unknown_files() -> None:
    """List the items in the home folder that the workbench does not know, if any."""
    notes = workbench().notes
    if notes:
        with st.expander(f"{counted(len(notes), 'note')} about the home folder", icon=":material/folder_off:"):
            st.markdown("\n".join(f"- {plain(note)}" for note in notes))


def _recover() -> None:
    try:
        recovery = Workbench.recover()
    except WorkbenchError as error:
        show_error(error)
        return
    state.notify(f"{counted(len(recovery.experiments), 'experiment')} recovered")
    st.rerun()
