"""The report of an import: everything that was dropped, inferred or cut."""

from __future__ import annotations

import streamlit as st

from app.components.shared.sql_editor.script_view import script_view
from app.markdown_text import plain
from engine import Draft
from engine.display.wording import counted


def show_script(script: str, draft: Draft) -> None:
    """Draw the summary of an import and its script with the outcome of each statement."""
    _summarize(draft)
    script_view(script, draft, key="import_script")


def show_json(text: str, warnings: list[str]) -> None:
    """Draw the JSON of a schema with its warnings."""
    st.markdown("A schema in JSON is used unchanged; nothing is inferred or left out.")
    if warnings:
        st.markdown("\n".join(f"- :orange-badge[warning] {plain(warning)}" for warning in warnings))
    st.code(text, language="json", line_numbers=True, height=480)


def _summarize(draft: Draft) -> None:
    warnings = sum(note.level == "warning" for note in draft.notes)
    summary = f"{counted(len(draft.schema.tables), 'table')} imported"
    if warnings:
        summary += f" ({counted(warnings, 'warning')})"
    if draft.skipped:
        summary += f", {counted(draft.skipped, 'statement')} ignored"
    st.markdown(summary)
