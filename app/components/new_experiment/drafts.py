"""The draft of a new experiment: its script and its review, kept for this browser until it is created."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import streamlit as st

import engine
from app import state
from app.components.new_experiment.review_grid import reset_grid
from app.components.shared.browsers import browser_name
from app.components.shared.times import ago_html, time_caption
from app.shared_workbench import workbench
from engine.errors import WorkbenchError
from engine.types import EditorDraft, EditorDrafts

_INPUTS = ("new_sql", "new_sql_name", "new_json", "new_json_name", "new_blank_name", "new_blank_table")
_CHOICES = ("new_sql_dialect", "new_sql_popularity", "new_way")
_RECORD = "_new_draft"
_RESTORED = "_new_restored_at"


def restore_new_draft() -> None:
    """Fill the page with what this browser left, once for each window; draw when that was."""
    if _RECORD not in st.session_state:
        st.session_state[_RECORD] = _restore()
    if st.session_state.get(_RESTORED) is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="new_restored"):
        time_caption(f"Your draft of {ago_html(st.session_state[_RESTORED])} is restored.")
        st.button("Discard draft", key="new_discard_draft", type="tertiary", on_click=_discard)
        st.button("Keep", key="new_keep_draft", type="tertiary", on_click=_keep)


def save_new_draft() -> None:
    """Save what is typed on the page, or remove the draft when there is nothing."""
    reviewed = state.review()
    inputs = {key: text for key in _INPUTS if (text := st.session_state.get(key))}
    if not inputs and reviewed is None:
        remove_new_draft()
        return
    content: dict[str, Any] = {"inputs": inputs | {key: st.session_state.get(key) for key in _CHOICES}, "review": None}
    if reviewed is not None:
        dialect = None if reviewed.draft is None else reviewed.draft.dialect
        content["review"] = reviewed.review.to_draft()
        content |= {"script": reviewed.script, "dialect": dialect}
    text = json.dumps(content)
    known: EditorDraft | None = st.session_state.get(_RECORD)
    if known is None or known.content != text:
        st.session_state[_RECORD] = _drafts().save(replace(known or EditorDraft(""), content=text))


def remove_new_draft() -> None:
    """Delete the draft: the experiment has been created, or nothing is typed."""
    known: EditorDraft | None = st.session_state.get(_RECORD)
    if known is not None:
        _drafts().discard(known)
    st.session_state[_RECORD] = st.session_state[_RESTORED] = None


def _restore() -> EditorDraft | None:
    if state.review() is not None or any(st.session_state.get(key) for key in _INPUTS):
        return None
    draft = _drafts().latest()
    if draft is None:
        return None
    try:
        data = json.loads(draft.content)
        reviewed = None if data["review"] is None else _read_reviewed(data)
        for key, value in dict(data["inputs"]).items():
            if key in (*_INPUTS, *_CHOICES) and value is not None:
                st.session_state[key] = value
    except (WorkbenchError, KeyError, TypeError, ValueError):
        _drafts().discard(draft)
        return None
    state.set_review(reviewed)
    reset_grid()
    st.session_state[_RESTORED] = draft.changed_at
    return draft


def _read_reviewed(data: dict[str, Any]) -> state.Reviewed:
    review, script = _drafts().read_review(data["review"]), str(data["script"])
    imported = None
    if data["dialect"] is not None:
        imported = engine.import_sql(script, name=review.name, dialect=data["dialect"])
    return state.Reviewed(review, script, imported)


def _drafts() -> EditorDrafts:
    return workbench().editor_drafts(browser_name())


def _discard() -> None:
    for key in _INPUTS:
        if key in st.session_state:
            st.session_state[key] = ""
    state.set_review(None)
    remove_new_draft()


def _keep() -> None:
    st.session_state[_RESTORED] = None
