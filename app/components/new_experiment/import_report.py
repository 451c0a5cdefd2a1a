"""What an import noted: nothing that was dropped, guessed or cut stays unsaid."""

from __future__ import annotations

import streamlit as st

from app.components.shared.sql_editor.script_view import script_view
from app.formats import plain
from engine import Draft
from engine.display.wording import counted

_MARKS = {
    "info": ":blue-badge[note]",
    "warning": ":orange-badge[warning]",
    "skipped": ":red-badge[skipped]",
}


def imported_script(script: str, draft: Draft) -> None:
    """Draw the balance of an import, and its script with what became of each statement."""
    _balance(draft)
    script_view(script, draft, key="import_script")


def imported_json(text: str, warnings: list[str]) -> None:
    """Draw a schema as it was given, with what should be known of it."""
    st.markdown("A schema in JSON is taken as it is; nothing is guessed or left out.")
    if warnings:
        st.markdown("\n".join(f"- :orange-badge[warning] {plain(warning)}" for warning in warnings))
    st.code(text, language="json", line_numbers=True, height=480)


def import_summary(draft: Draft) -> None:
    """Draw the balance of an import and its notes, each with the line of the script it speaks of."""
    _balance(draft)
    if not draft.notes:
        return
    with st.expander(
        counted(len(draft.notes), "note"), expanded=True, key="import_notes", icon=":material/sticky_note_2:"
    ):
        lines = [f"- {_MARKS[note.level]} {plain(note.place)}: {plain(note.message)}" for note in draft.notes]
        st.markdown("\n".join(lines))


def _balance(draft: Draft) -> None:
    st.markdown(
        f"{counted(draft.statements, 'statement')} read: **{draft.imported:,}** imported, "
        f"**{draft.imported_with_notes:,}** with notes, **{draft.skipped:,}** skipped."
    )
