"""The command palette (Ctrl+K) and the list of shortcuts (?) on every page: a dialog in the browser, without a frame.

Its files (`browser/`, plain modules without a build) load nothing else; this side sends the commands, and the page
carries out the chosen one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from app.components.shared.browser_files import BrowserFiles

_FILES = BrowserFiles("dw_simulator_commands", Path(__file__).parent, "browser", ("palette",))
SHORTCUTS = (
    ("Ctrl+K, Cmd+K", "Commands: pages, experiments, tables, saved queries, actions"),
    ("?", "These shortcuts"),
    ("Ctrl+Enter", "Run the query, or the selection"),
    ("Ctrl+Space", "Complete tables, columns and functions"),
    ("Ctrl+F", "Find in the query"),
    ("Ctrl+Z, Ctrl+Shift+Z", "Undo and redo in the query"),
    ("Escape, then Tab", "Leave the editor"),
    ("Arrow keys on the divider", "Height of the editor; Home, End and Enter too"),
)


@dataclass(frozen=True)
class Command:
    """A command: its kind, the name that the kind needs, its label and the group shown beside it."""

    kind: str
    name: str
    label: str
    group: str


def palette(commands: Sequence[Command]) -> Command | None:
    """Draw the palette, which is closed at first, and return the command that was chosen just now."""
    component = _FILES.component("palette", html="<div></div>", js="palette.js")
    with st.container(key="palette", height=1, border=False):  # the component itself draws nothing
        data = {"commands": [asdict(each) for each in commands], "shortcuts": SHORTCUTS}
        chosen = component(key="palette_component", data=data, on_chosen_change=lambda: None).chosen
    if chosen is None:
        return None
    return next((each for each in commands if (each.kind, each.name) == (chosen["kind"], chosen["name"])), None)
