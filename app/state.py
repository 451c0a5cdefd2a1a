"""What one browser tab remembers between reruns, under typed names.

Widgets keep their own values under their keys; here is what is not a widget: messages that must survive a rerun, the
run a person is waiting for, and the last answer of the query page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from engine import Draft, QueryResult
from engine.errors import WorkbenchError

EXPERIMENT = "experiment"
"""The name of the chosen experiment in the address (`?experiment=shop`)."""

Place = Literal["page", "new"]


@dataclass(frozen=True)
class Answer:
    """What came of one query: a result, or the error that explains why there is none."""

    experiment: str
    sql: str
    dialect: str
    result: QueryResult | None = None
    error: WorkbenchError | None = None


@dataclass(frozen=True)
class Created:
    """An experiment that was just made, with what its import noted."""

    experiment: str
    draft: Draft | None = None


def chosen() -> str | None:
    """Return the experiment that was chosen last, on any page."""
    name: str | None = st.session_state.get("_chosen")
    return name


def choose(experiment: str) -> None:
    """Keep the chosen experiment, also in the address, so that it can be copied as a link."""
    st.session_state["_chosen"] = experiment
    if st.query_params.get(EXPERIMENT) != experiment:
        st.query_params[EXPERIMENT] = experiment


def notify(message: str) -> None:
    """Show `message` as a toast at the next drawing of a page."""
    st.session_state.setdefault("_notices", []).append(message)


def notices() -> list[str]:
    """Return the messages that wait to be shown, and forget them."""
    messages: list[str] = st.session_state.pop("_notices", [])
    return messages


def fail(error: WorkbenchError, place: Place = "page") -> None:
    """Keep an error so that the next drawing shows it at its place."""
    st.session_state[f"_error_{place}"] = error


def failure(place: Place = "page", *, keep: bool = False) -> WorkbenchError | None:
    """Return the kept error of a place, and forget it unless `keep`."""
    key = f"_error_{place}"
    error: WorkbenchError | None = st.session_state.get(key)
    if not keep:
        st.session_state.pop(key, None)
    return error


def watch(experiment: str, run_id: int) -> None:
    """Remember the run whose outcome the person waits for."""
    st.session_state[f"_watched_{experiment.casefold()}"] = run_id


def watched(experiment: str) -> int | None:
    """Return the run that was started here, if any."""
    run_id: int | None = st.session_state.get(f"_watched_{experiment.casefold()}")
    return run_id


def forget(experiment: str) -> None:
    """Drop what is remembered of an experiment that is gone."""
    folded = experiment.casefold()
    for key in (f"_watched_{folded}", f"_answer_{folded}", f"_sql_{folded}"):
        st.session_state.pop(key, None)
    if (chosen() or "").casefold() == folded:
        del st.session_state["_chosen"]
    if tour() == experiment:
        start_tour(None)


def start_tour(experiment: str | None) -> None:
    """Remember the sample experiment that is being shown to a new user."""
    st.session_state["_tour"] = experiment


def tour() -> str | None:
    """Return the sample experiment that is being shown to a new user."""
    name: str | None = st.session_state.get("_tour")
    return name


def keep_answer(answer: Answer) -> None:
    """Keep the last answer of an experiment."""
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = answer


def answer(experiment: str) -> Answer | None:
    """Return the last answer of an experiment."""
    kept: Answer | None = st.session_state.get(f"_answer_{experiment.casefold()}")
    return kept


def ask(experiment: str, sql: str) -> None:
    """Put `sql` into the editor of an experiment and have it run at the next drawing of the query page."""
    st.session_state[sql_key(experiment)] = sql
    st.session_state["_asked"] = experiment


def asked(experiment: str) -> bool:
    """Whether a query of this experiment waits to be run; asking forgets it."""
    if st.session_state.get("_asked") != experiment:
        return False
    del st.session_state["_asked"]
    return True


def sql_key(experiment: str) -> str:
    """Return the key of the SQL editor of an experiment."""
    return f"_sql_{experiment.casefold()}"


def keep_created(created: Created | None) -> None:
    """Keep what was just created, for the page that tells about it."""
    st.session_state["_created"] = created


def created() -> Created | None:
    """Return what was just created on the page for new experiments."""
    kept: Created | None = st.session_state.get("_created")
    return kept
