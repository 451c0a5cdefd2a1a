"""The session state of a browser tab, under typed names.

Widgets keep their values under their own keys; this is the state outside of widgets: pending messages, the run that
the tab waits for, the editor's text and the query results.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import streamlit as st

from engine import Draft, QueryResult
from engine.errors import WorkbenchError
from engine.types import Review

EXPERIMENT = "experiment"
"""The query parameter of the chosen experiment (`?experiment=shop`)."""

RUN = "run"
"""The query parameter of a run, next to its experiment (`?experiment=shop&run=3`)."""

MAX_RESULTS = 6
"""Results kept as tabs; a newer one replaces the oldest."""

TITLE_LENGTH = 28

ErrorPlace = Literal["page", "new_sql", "new_json"]


@dataclass(frozen=True)
class Answer:
    """The outcome of a query: a result, or the error.

    `sql` is what ran, which may be a part of the editor's `text`; blanks replace the text before it, so that an
    error has the same position in both.
    """

    experiment: str
    sql: str
    dialect: str
    result: QueryResult | None = None
    error: WorkbenchError | None = None
    text: str = ""
    number: int = field(default_factory=count().__next__)
    """A unique number, shared by all pages of the same result."""

    @property
    def total(self) -> int | None:
        """The total number of rows of the result, None when unknown."""
        return None if self.result is None else self.result.total

    @property
    def title(self) -> str:
        """The query shortened to a title."""
        words = " ".join(self.sql.split())
        return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


@dataclass(frozen=True)
class Created:
    """An experiment that was just created, with its import."""

    experiment: str
    draft: Draft | None = None


@dataclass(frozen=True)
class Reviewed:
    """A schema under review before it is saved, with its script and import."""

    review: Review
    script: str = ""
    draft: Draft | None = None


def set_review(reviewed: Reviewed | None) -> None:
    """Set the schema under review."""
    st.session_state["_review"] = reviewed


def review() -> Reviewed | None:
    """Return the schema under review."""
    kept: Reviewed | None = st.session_state.get("_review")
    return kept


def leave_review() -> None:
    """Close the review, and keep it for another review of the same input."""
    st.session_state["_left_review"] = review()
    set_review(None)


def previous_review() -> Reviewed | None:
    """Return the review that was closed last."""
    left: Reviewed | None = st.session_state.get("_left_review")
    return left


def chosen_experiment() -> str | None:
    """Return the experiment chosen last, on any page."""
    name: str | None = st.session_state.get("_chosen")
    return name


def choose_experiment(experiment: str) -> None:
    """Store the chosen experiment, also in the address, so that it can be copied as a link."""
    st.session_state["_chosen"] = experiment
    if st.query_params.get(EXPERIMENT) != experiment:
        st.query_params[EXPERIMENT] = experiment
        st.query_params.pop(RUN, None)


def link_run(run_id: int | None) -> None:
    """Put a run of the chosen experiment into the address, to be copied as a link; None removes it."""
    if run_id is None:
        st.query_params.pop(RUN, None)
    else:
        st.query_params[RUN] = str(run_id)


def notify(message: str) -> None:
    """Show `message` as a toast at the next rerun."""
    st.session_state.setdefault("_notices", []).append(message)


def take_notices() -> list[str]:
    """Return and remove the pending messages."""
    messages: list[str] = st.session_state.pop("_notices", [])
    return messages


def set_error(error: WorkbenchError, place: ErrorPlace = "page") -> None:
    """Store an error for the next rerun to show at its place."""
    st.session_state[f"_error_{place}"] = error


def take_error(place: ErrorPlace = "page", *, keep: bool = False) -> WorkbenchError | None:
    """Return the error of a place, and remove it unless `keep`."""
    key = f"_error_{place}"
    error: WorkbenchError | None = st.session_state.get(key)
    if not keep:
        st.session_state.pop(key, None)
    return error


def watch_run(experiment: str, run_id: int) -> None:
    """Store the run whose outcome this tab waits for."""
    st.session_state[f"_watched_{experiment.casefold()}"] = run_id


def unwatch_run(experiment: str) -> None:
    """Remove the run whose outcome this tab waited for: it has been shown."""
    st.session_state.pop(f"_watched_{experiment.casefold()}", None)


def watched_run(experiment: str) -> int | None:
    """Return the run this tab waits for, if any."""
    run_id: int | None = st.session_state.get(f"_watched_{experiment.casefold()}")
    return run_id


def delete_experiment_state(experiment: str) -> None:
    """Delete the state of an experiment that no longer exists."""
    folded = experiment.casefold()
    for key in (f"_watched_{folded}", f"_answer_{folded}", f"_sql_{folded}", f"_running_query_{folded}"):
        st.session_state.pop(key, None)
    if (chosen_experiment() or "").casefold() == folded:
        del st.session_state["_chosen"]
    if tour_experiment() == experiment:
        start_tour(None)


def start_tour(experiment: str | None) -> None:
    """Start the tour of a sample experiment for a new user; None ends it."""
    st.session_state["_tour"] = experiment


def tour_experiment() -> str | None:
    """Return the sample experiment of the tour, if any."""
    name: str | None = st.session_state.get("_tour")
    return name


def add_result(answer: Answer) -> None:
    """Add a result as the newest of its experiment; it replaces an earlier one of the same query.

    An error stays only until the next result.
    """
    kept = [
        other
        for other in results(answer.experiment)
        if other.error is None and (other.sql.strip(), other.dialect) != (answer.sql.strip(), answer.dialect)
    ]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = [answer, *kept][:MAX_RESULTS]


def results(experiment: str) -> list[Answer]:
    """Return the stored results of an experiment, the newest first."""
    kept: list[Answer] = st.session_state.get(f"_answer_{experiment.casefold()}", [])
    return kept


def replace_page(answer: Answer) -> None:
    """Replace the stored page of a result with another page of it."""
    kept = [answer if other.number == answer.number else other for other in results(answer.experiment)]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = kept


def remove_result(answer: Answer) -> None:
    """Remove one result."""
    kept = [other for other in results(answer.experiment) if other is not answer]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = kept


def remove_errors(experiment: str) -> None:
    """Remove the errors of earlier queries."""
    kept = [answer for answer in results(experiment) if answer.error is None]
    st.session_state[f"_answer_{experiment.casefold()}"] = kept


def request_query(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Put `sql` into the editor of an experiment and run it at the next rerun of the query page."""
    set_draft(experiment, sql, dialect)
    st.session_state["_asked"] = (experiment, (0, 0))


def request_draft(experiment: str, text: str, selection: tuple[int, int]) -> None:
    """Run the editor's text at the next rerun: the selection if there is one."""
    save_draft(experiment, text, selection)
    st.session_state["_asked"] = (experiment, selection)


def take_request(experiment: str) -> tuple[int, int] | None:
    """Return and remove the selection of a requested query, None without one."""
    waiting: tuple[str, tuple[int, int]] | None = st.session_state.get("_asked")
    if waiting is None or waiting[0] != experiment:
        return None
    del st.session_state["_asked"]
    return waiting[1]


def set_draft(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Replace the editor's text of an experiment."""
    st.session_state[sql_key(experiment)] = sql
    st.session_state[f"_revision_{experiment.casefold()}"] = revision(experiment) + 1
    st.session_state.pop(f"_selection_{experiment.casefold()}", None)
    if dialect is not None:
        st.session_state["dialect"] = dialect
        st.session_state["_dialect_experiment"] = experiment.casefold()
        save_dialect(experiment, dialect)


def use_dialect(experiment: str, own: str) -> str:
    """Return the dialect chosen for an experiment, `own` at first; it becomes that of the query page."""
    if st.session_state.get("_dialect_experiment") != experiment.casefold() or "dialect" not in st.session_state:
        st.session_state["_dialect_experiment"] = experiment.casefold()
        st.session_state["dialect"] = st.session_state.get(f"_dialect_{experiment.casefold()}", own)
    chosen: str = st.session_state["dialect"]
    return chosen


def save_dialect(experiment: str, dialect: str) -> None:
    """Store the dialect chosen for an experiment."""
    st.session_state[f"_dialect_{experiment.casefold()}"] = dialect


def save_draft(experiment: str, text: str, selection: tuple[int, int]) -> None:
    """Store the editor's text and selection."""
    st.session_state[sql_key(experiment)] = text
    st.session_state[f"_selection_{experiment.casefold()}"] = selection


def draft(experiment: str, initial: str) -> str:
    """Return the editor's text of an experiment, `initial` at first."""
    text: str = st.session_state.setdefault(sql_key(experiment), initial)
    return text


def selection(experiment: str) -> tuple[int, int]:
    """Return the selection in the editor."""
    bounds: tuple[int, int] = st.session_state.get(f"_selection_{experiment.casefold()}", (0, 0))
    return bounds


def revision(experiment: str) -> int:
    """Return how often the app replaced the editor's text."""
    number: int = st.session_state.get(f"_revision_{experiment.casefold()}", 0)
    return number


def sql_key(experiment: str) -> str:
    """Return the session key of the editor's text of an experiment."""
    return f"_sql_{experiment.casefold()}"


def set_created(created: Created | None) -> None:
    """Set the experiment that was just created, and drop the closed review."""
    st.session_state["_created"] = created
    st.session_state.pop("_left_review", None)


def created() -> Created | None:
    """Return the experiment that was just created."""
    kept: Created | None = st.session_state.get("_created")
    return kept
