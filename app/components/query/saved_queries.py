"""The shelf of the query page: what was asked lately, what is saved, and saving what stands in the editor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from app import state
from app.formats import plain
from engine import Experiment
from engine.display.wording import ago, counted, duration
from engine.errors import WorkbenchError

_LINE_LENGTH = 70


class _Query(Protocol):
    @property
    def sql(self) -> str: ...

    @property
    def dialect(self) -> str: ...


def history_choice(experiment: Experiment) -> None:
    """Draw the choice of an earlier query, which it brings back into the editor."""
    past = experiment.queries.history()

    def described(index: int) -> str:
        query = past[index]
        came = "failed" if query.error else f"{counted(query.row_count, 'row')}, {duration(query.seconds)}"
        return f"{_line(query.sql)} · {came} · {ago(query.asked_at)}"

    key = f"history:{experiment.name}"
    st.selectbox(
        "History",
        range(len(past)),
        index=None,
        format_func=described,
        placeholder="History" if past else "No history",
        disabled=not past,
        key=key,
        label_visibility="collapsed",
        icon=":material/history:",
        width=155,
        on_change=lambda: _bring_back(experiment.name, key, past),
    )


def saved_choice(experiment: Experiment) -> None:
    """Draw the choice of a saved query, which it brings back into the editor."""
    saved = experiment.queries.saved()
    key = f"saved:{experiment.name}"
    st.selectbox(
        "Saved queries",
        range(len(saved)),
        index=None,
        format_func=lambda index: saved[index].name,
        placeholder="Saved queries" if saved else "None saved",
        disabled=not saved,
        key=key,
        label_visibility="collapsed",
        icon=":material/bookmark:",
        width=155,
        on_change=lambda: _bring_back(experiment.name, key, saved),
    )


def save_query(experiment: Experiment, sql: str) -> None:
    """Draw the fold that keeps the editor's text under a name, downloads it as a file, and forgets saved ones."""
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
                f"Forget “{plain(saved.name)}”",
                key=f"forget:{name}:{index}",
                icon=":material/delete:",
                type="tertiary",
                on_click=_forget,
                args=(experiment, saved.name),
            )


def _bring_back(name: str, key: str, queries: Sequence[_Query]) -> None:
    index = st.session_state[key]
    if index is not None:
        state.write(name, queries[index].sql, queries[index].dialect)
    st.session_state[key] = None


def _title(given: str | None, name: str) -> str:
    return (given or "").strip().removesuffix(".sql").strip() or name


def _save(experiment: Experiment) -> None:
    """Save what stands there now: the click may come with a name or a text that no drawing has seen."""
    title = _title(st.session_state[f"save_name:{experiment.name}"], experiment.name)
    sql, dialect = state.draft(experiment.name, experiment.first_query()), st.session_state["dialect"]
    try:
        experiment.queries.save(title, sql, dialect)
    except WorkbenchError as error:
        state.fail(error)
    else:
        state.notify(f"Saved as “{plain(title)}”")


def _forget(experiment: Experiment, title: str) -> None:
    try:
        experiment.queries.remove(title)
    except WorkbenchError as error:
        state.fail(error)


def _line(sql: str) -> str:
    words = " ".join(sql.split())
    return words if len(words) <= _LINE_LENGTH else words[: _LINE_LENGTH - 1].rstrip() + "…"
