"""The script of an import, to read: its statements with how they ended, and its notes at their lines."""

from __future__ import annotations

from dataclasses import asdict

from app.components.shared.sql_editor.assets import component
from engine import Draft


def script_view(script: str, draft: Draft, *, key: str) -> None:
    """Draw the statements of a script beside its text, in which the lines of notes are marked by their level."""
    component("script_view", html='<div id="script"></div>')(
        key=key,
        data={
            "text": script,
            "dialect": draft.dialect,
            "label": "The script",
            "statements": [asdict(outcome) for outcome in draft.outcomes],
            "general": [asdict(note) for note in draft.notes if not note.line],
        },
    )
