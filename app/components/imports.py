"""What an import noted: nothing that was dropped, guessed or cut stays unsaid."""

from __future__ import annotations

import streamlit as st

from app.formats import counted, plain
from engine import Draft

_MARKS = {
    "info": ":blue-badge[note]",
    "warning": ":orange-badge[warning]",
    "skipped": ":red-badge[skipped]",
}


def import_summary(draft: Draft) -> None:
    """Draw the balance of an import and its notes, each with the line of the script it speaks of."""
    st.markdown(
        f"{counted(draft.statements, 'statement')} read: **{draft.imported:,}** imported, "
        f"**{draft.imported_with_notes:,}** with notes, **{draft.skipped:,}** skipped."
    )
    if not draft.notes:
        return
    with st.expander(
        counted(len(draft.notes), "note"), expanded=True, key="import_notes", icon=":material/sticky_note_2:"
    ):
        lines = [f"- {_MARKS[note.level]} {plain(note.place)}: {plain(note.message)}" for note in draft.notes]
        st.markdown("\n".join(lines))
