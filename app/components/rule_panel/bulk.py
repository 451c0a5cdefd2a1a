"""The same rule or share of NULLs for several columns at once."""

from __future__ import annotations

import streamlit as st

from app.components.rule_panel.catalogue import rule_catalogue
from app.components.rule_panel.changes import note_change
from app.markdown_text import plain
from engine.display.wording import counted
from engine.types import CatalogueRule, Review

_PERCENT = 100


def edit_together(review: Review, table: str, columns: list[str]) -> None:
    """Draw the share of NULLs, and the rules that fit all the columns."""
    place = f"{table}:together"
    editors = [review.column_editor(table, column) for column in columns]
    st.markdown(f"**{counted(len(columns), 'column')}**")
    st.caption(", ".join(plain(column) for column in columns))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"rule_null_share:{place}"
        st.number_input("NULL share, %", 0.0, 100.0, 5.0, 0.5, key=key, format="%g")

        def set_share() -> None:
            for editor in editors:
                editor.set_null_share(round(st.session_state[key] / _PERCENT, 6))
            note_change()

        def set_required() -> None:
            for editor in editors:
                editor.set_null_share(None)
            note_change()

        st.button("Apply to all", key=f"rule_apply_nulls:{place}", on_click=set_share)
        st.button("NOT NULL", key=f"rule_not_null:{place}", on_click=set_required, help="No NULL in any of them.")
    common = set.intersection(*({rule.name for rule in editor.catalogue()} for editor in editors))

    def find(search: str) -> list[CatalogueRule]:
        return [rule for rule in editors[0].catalogue(search) if rule.name in common]

    def choose(name: str) -> None:
        for editor in editors:
            editor.choose(next(rule for rule in editor.catalogue() if rule.name == name))
        note_change()

    names = {rule.name for editor in editors if (rule := editor.rule) is not None}
    current = next(iter(names)) if len(names) == 1 else ""
    rule_catalogue(find, editors[0].with_samples, place, current, choose)
