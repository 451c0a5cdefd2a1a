"""The schema of an experiment while it is edited in this window: its review, the version it is based on, its draft."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from app.components.new_experiment.review_grid import reset_grid
from app.components.shared.browsers import browser_name
from app.shared_workbench import workbench
from engine import Experiment
from engine.errors import WorkbenchError
from engine.types import EditorDraft, EditorDrafts, Review, SchemaUpdate

_OPEN = "_edited_experiment"


@dataclass
class Editing:
    """An experiment's schema under review; `saved` is the outcome of the last save, `restored_at` that of a draft."""

    experiment: str
    review: Review
    based_on: int
    draft: EditorDraft | None = None
    restored_at: datetime | None = None
    saved: SchemaUpdate | None = None


def open_editing(experiment: Experiment) -> Editing:
    """Return the editing of an experiment: that of this window, the draft of this browser, or the current version."""
    key = _key(experiment.name)
    editing: Editing | None = st.session_state.get(key)
    if editing is None or editing.based_on > experiment.version:  # deleted and created again
        editing = _restore(experiment) or Editing(experiment.name, experiment.review(), experiment.version)
        st.session_state[key] = editing
    elif editing.based_on != experiment.version and not editing.review.changes:
        editing = Editing(experiment.name, experiment.review(), experiment.version)
        st.session_state[key] = editing
        reset_grid()
    if st.session_state.get(_OPEN) != experiment.name:
        st.session_state[_OPEN] = experiment.name
        reset_grid()
    return editing


def save_draft(editing: Editing) -> None:
    """Save what is typed for this browser, or remove the draft when nothing differs from the saved version."""
    drafts = drafts_of(editing.experiment)
    if not editing.review.changes:
        discard_draft(editing)
        return
    content = json.dumps({"review": editing.review.to_draft(), "based_on": editing.based_on})
    if editing.draft is None or editing.draft.content != content:
        editing.draft = drafts.save(replace(editing.draft or EditorDraft(""), content=content))


def discard_draft(editing: Editing) -> None:
    """Delete the draft of what is edited."""
    if editing.draft is not None:
        drafts_of(editing.experiment).discard(editing.draft)
    editing.draft = editing.restored_at = None


def start_again(editing: Editing, experiment: Experiment) -> None:
    """Go on from the current version; what was typed comes back by undo."""
    schema = experiment.schema
    editing.review.replace(schema, f"Start again from version {experiment.version}")
    editing.review.compare_with(schema)
    editing.based_on = experiment.version
    reset_grid()


def drafts_of(experiment: str) -> EditorDrafts:
    """Return the drafts of this browser for an experiment."""
    return workbench().editor_drafts(browser_name(), experiment)


def _restore(experiment: Experiment) -> Editing | None:
    """Return the editing that this browser left unsaved; a damaged draft is deleted."""
    drafts = drafts_of(experiment.name)
    draft = drafts.latest()
    if draft is None:
        return None
    try:
        data = json.loads(draft.content)
        review = drafts.read_review(data["review"])
        based_on = int(data["based_on"])
    except (WorkbenchError, KeyError, TypeError, ValueError):
        drafts.discard(draft)
        return None
    if based_on > experiment.version:
        return None
    return Editing(experiment.name, review, based_on, draft, draft.changed_at)


def _key(name: str) -> str:
    return f"_editing_{name.casefold()}"
