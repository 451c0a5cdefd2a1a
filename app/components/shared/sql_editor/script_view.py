"""A read-only view of a script: each statement of an import with its outcome, or one text with marked lines."""

from __future__ import annotations

from collections.abc import Mapping
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


def marked_script(
    text: str, dialect: str, marks: Mapping[int, str], *, label: str, key: str, first_line: int = 1
) -> None:
    """Draw a text to read, with its lines marked that have a message; pointing at one shows it.

    Lines are numbered from `first_line`, as in the file that the text is of; so are those of `marks`.
    """
    last_line = text.count("\n") + 1
    notes = [
        {"line": max(1, min(line - first_line + 1, last_line)), "level": "warning", "object": "", "message": message}
        for line, message in marks.items()
    ]
    statement = {"line": 1, "last_line": last_line, "title": label, "outcome": "imported", "notes": notes}
    component("script_view", html='<div id="script" class="alone"></div>')(
        key=key,
        data={
            "text": text,
            "dialect": dialect,
            "label": label,
            "statements": [statement],
            "general": [],
            "first_line": first_line,
        },
    )
