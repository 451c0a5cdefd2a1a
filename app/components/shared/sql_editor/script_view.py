"""A read-only view of an imported script: each statement with its outcome, and notes at their lines."""

from __future__ import annotations

from dataclasses import asdict

from app.components.shared.sql_editor.assets import component
from engine import Draft


def script_view(script: str, draft: Draft, *, key: str) -> None:
    """Draw the statements of a script next to its text; lines with notes are marked by level."""
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
