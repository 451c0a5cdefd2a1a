"""What every column has besides its rule: the share of NULLs, whether values repeat, and keys without a field."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app.components.rule_panel.changes import note_change
from app.components.rule_panel.fields import json_field
from engine.types import ColumnEditor, Review

_PERCENT = 100
_DEFAULT_PERCENT = 5.0


def general_fields(review: Review, editor: ColumnEditor) -> None:
    """Draw the share of NULLs, whether values are unique, and the other keys as JSON."""
    place = f"{editor.table}.{editor.column}"
    line = editor.line
    share_key, null_key, unique_key = (f"rule_{name}:{place}" for name in ("null_share", "nullable", "unique"))
    is_nullable = line["nulls"] is not None

    def set_nulls() -> None:
        is_on = st.session_state[null_key]
        percent = st.session_state.get(share_key, _DEFAULT_PERCENT) if is_nullable else _DEFAULT_PERCENT
        editor.set_null_share(round(percent / _PERCENT, 6) if is_on else None)
        note_change()

    def set_unique() -> None:
        editor.set_unique(bool(st.session_state[unique_key]))
        note_change()

    with st.container(horizontal=True, vertical_alignment="center"):
        st.session_state[unique_key] = bool(line["unique"])
        st.checkbox("Unique", key=unique_key, on_change=set_unique, help="All values distinct, never NULL.")
        st.session_state[null_key] = is_nullable
        st.checkbox("Allows NULL", key=null_key, on_change=set_nulls)
    if is_nullable:
        st.session_state[share_key] = round(float(line["nulls"]) * _PERCENT, 4)
        st.slider("NULL share", 0.0, 100.0, step=0.5, format="%.4g%%", key=share_key, on_change=set_nulls)
    _other_keys(editor, place)


def _other_keys(editor: ColumnEditor, place: str) -> None:
    others = editor.other_keys

    def set_others(value: Any) -> None:
        kept = {key: each for key, each in editor.keys.items() if key not in others}
        editor.set_keys({**kept, **(value if isinstance(value, dict) else {})})
        note_change()

    with st.expander("Other keys", key=f"rule_other_box:{place}", expanded=bool(others)):
        json_field(
            "Keys without a field",
            others or None,
            set_others,
            key=f"rule_other:{place}",
            help_text='For example {"null_when": "shipped_at is null"}.',
        )
