"""The history and saved queries of the query page, and saving the editor's text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import TypeVar

import streamlit as st

from app import state
from app.components.query.presentation import Presentation, ask_presentation, current_presentation
from app.components.shared.times import local_text
from app.markdown_text import plain
from engine import Experiment
from engine.display.wording import counted, duration
from engine.errors import WorkbenchError
from engine.types import PastQuery, SavedQuery

_LINE_LENGTH = 70
Q = TypeVar("Q", PastQuery, SavedQuery)


def history_choice(experiment: Experiment) -> None:
    """Draw the picker of past queries; a choice puts the query into the editor."""
    past, key = experiment.queries.history(), f"history:{experiment.name}"
    _choice("History", past, _describe, experiment, key=key, empty="No history", icon=":material/history:")


def saved_choice(experiment: Experiment) -> None:
    """Draw the picker of saved queries; a choice puts the query into the editor."""
    saved, key = experiment.queries.saved(), f"saved:{experiment.name}"
    label, empty = "Saved queries", "No saved queries"
    _choice(label, saved, attrgetter("name"), experiment, key=key, empty=empty, icon=":material/bookmark:")


def _choice(
    label: str,
    queries: Sequence[Q],
    describe: Callable[[Q], str],
    experiment: Experiment,
    *,
    key: str,
    empty: str,
    icon: str,
) -> None:
    st.selectbox(
        label,
        queries,
        index=None,
        format_func=describe,
        placeholder=label if queries else empty,
        disabled=not queries,
        key=key,
        label_visibility="collapsed",
        icon=icon,
        width=155,
        on_change=put_into_editor,
        args=(experiment.name, key),
    )


def save_query(experiment: Experiment, sql: str) -> None:
    """Draw the popover that saves the editor's text under a name, downloads it, and deletes saved queries."""
    name = experiment.name
    with st.popover("Save", icon=":material/save:", key=f"save:{name}"):
        given = st.text_input("Name", value=name, key=f"save_name:{name}", persist_state="session")
        title = _title(given, name)
        st.button(
            "Save in the workbench",
            key=f"save_kept:{name}",
            icon=":material/bookmark_add:",
            type="primary",
            width="stretch",
            on_click=_save,
            args=(experiment,),
        )
        st.download_button(
            f"Download {plain(title)}.sql",
            sql.rstrip() + "\n",
            file_name=f"{title}.sql",
            mime="application/sql",
            key=f"save_file:{name}",
            icon=":material/download:",
            on_click="ignore",
            width="stretch",
        )
        for index, saved in enumerate(experiment.queries.saved()):
            st.button(
                f"Delete “{plain(saved.name)}”",
                key=f"forget:{name}:{index}",
                icon=":material/delete:",
                type="tertiary",
                on_click=_delete,
                args=(experiment, saved.name),
            )


def _describe(query: PastQuery) -> str:
    """Return the label of a past query, the same at every time: Streamlit finds a chosen option by its label."""
    outcome = "failed" if query.error else f"{counted(query.row_count, 'row')}, {duration(query.seconds)}"
    return f"{_shorten(query.sql)} · {outcome} · {local_text(query.asked_at)}"


def put_into_editor(name: str, key: str) -> None:
    """Put the chosen query of a picker into the editor, and empty the picker."""
    query: PastQuery | SavedQuery | str | None = st.session_state[key]
    if query is not None and not isinstance(query, str):  # the label of an option that is gone
        state.offer_draft(name, query.sql, query.dialect, query.name if isinstance(query, SavedQuery) else "")
        if isinstance(query, SavedQuery):
            ask_presentation(name, Presentation(query.view, query.chart))
    st.session_state[key] = None


def _title(given: str | None, name: str) -> str:
    return (given or "").strip().removesuffix(".sql").strip() or name


def _save(experiment: Experiment) -> None:
    """Save the current text: the click may arrive with a name or text that no rerun has seen."""
    title = _title(st.session_state[f"save_name:{experiment.name}"], experiment.name)
    sql, dialect = state.draft(experiment.name, experiment.first_query()), st.session_state["dialect"]
    try:
        shown = current_presentation(experiment.name)
        experiment.queries.save(title, sql, dialect, view=shown.view or "both", chart=shown.chart)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        state.notify(f"Saved as “{plain(title)}”")


def _delete(experiment: Experiment, title: str) -> None:
    try:
        experiment.queries.remove(title)
    except WorkbenchError as error:
        state.set_error(error)


def _shorten(sql: str) -> str:
    words = " ".join(sql.split())
    return words if len(words) <= _LINE_LENGTH else words[: _LINE_LENGTH - 1].rstrip() + "…"
