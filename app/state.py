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
from engine.types import QueryTab, Review

EXPERIMENT = "experiment"
"""The query parameter of the chosen experiment (`?experiment=shop`)."""

LINK = ("saved", "draft", "sql", "dialect", "view", "mark", "x", "unit", "y", "aggregate", "color")
"""The query parameters of a query of the chosen experiment, its view and its chart."""

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
    tab: str = ""
    """The query tab that it belongs to."""
    waited: float = 0.0
    """The seconds from the request to the answer, with the start of a worker and the queue before it."""
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


def choose_experiment(experiment: str, *, is_default: bool = False) -> None:
    """Store the chosen experiment, also in the address, so that it can be copied as a link.

    `is_default` leaves the address to the browser side: nobody has chosen the experiment there.
    """
    st.session_state["_chosen"] = experiment
    linked = st.query_params.get(EXPERIMENT)
    if linked != experiment and not (is_default and linked is None):
        st.query_params[EXPERIMENT] = experiment
        if linked is None or linked.casefold() != experiment.casefold():
            for name in (RUN, *LINK):
                st.query_params.pop(name, None)


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
    kinds = (
        "_watched",
        "_answer",
        "_sql",
        "_running_query",
        "_tab",
        "_new_tab",
        "_edited",
        "_editing",
        "_asked_view",
        "_asked_chart",
        "_plan",
        "_workload_refused",
        "_workload_saved",
    )
    own = tuple(f"{kind}_{folded}" for kind in kinds)
    for key in [str(key) for key in st.session_state]:
        if key.partition(":")[0] in own:
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
        for other in results(answer.experiment, answer.tab)
        if other.error is None and (other.sql.strip(), other.dialect) != (answer.sql.strip(), answer.dialect)
    ]
    _set_results(answer, [answer, *kept][:MAX_RESULTS])


def results(experiment: str, tab: str | None = None) -> list[Answer]:
    """Return the stored results of a query tab, by default of the open one, the newest first."""
    kept: list[Answer] = st.session_state.get(_results_key(experiment, tab), [])
    return kept


def _results_key(experiment: str, tab: str | None) -> str:
    return f"_answer_{experiment.casefold()}:{open_tab(experiment) if tab is None else tab}"


def _set_results(answer: Answer, kept: list[Answer]) -> None:
    st.session_state[_results_key(answer.experiment, answer.tab)] = kept


def replace_page(answer: Answer) -> None:
    """Replace the stored page of a result with another page of it."""
    kept = results(answer.experiment, answer.tab)
    _set_results(answer, [answer if other.number == answer.number else other for other in kept])


def remove_result(answer: Answer) -> None:
    """Remove one result."""
    _set_results(answer, [other for other in results(answer.experiment, answer.tab) if other is not answer])


def remove_errors(experiment: str) -> None:
    """Remove the errors of earlier queries."""
    st.session_state[_results_key(experiment, None)] = [each for each in results(experiment) if each.error is None]


def request_query(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Put `sql` into the editor of an experiment and run it at the next rerun of the query page.

    It goes into a new query tab when the open one has text that never ran.
    """
    offer_draft(experiment, sql, dialect)
    st.session_state["_asked"] = (experiment, (0, 0))


def request_draft(experiment: str, text: str, selection: tuple[int, int]) -> None:
    """Run the editor's text at the next rerun: the selection if there is one."""
    save_draft(experiment, text, selection)
    st.session_state.pop(f"_edited_{experiment.casefold()}", None)
    st.session_state["_asked"] = (experiment, selection)


def request_run(experiment: str) -> None:
    """Run the editor's text at the next rerun of the query page."""
    st.session_state["_asked"] = (experiment, (0, 0))


def take_request(experiment: str) -> tuple[int, int] | None:
    """Return and remove the selection of a requested query, None without one."""
    waiting: tuple[str, tuple[int, int]] | None = st.session_state.get("_asked")
    if waiting is None or waiting[0] != experiment:
        return None
    del st.session_state["_asked"]
    return waiting[1]


def offer_draft(experiment: str, sql: str, dialect: str | None = None, title: str = "") -> None:
    """Put `sql` into the editor: into a new query tab when the open one has text that never ran."""
    folded = experiment.casefold()
    if open_tab(experiment) and (title or st.session_state.pop(f"_edited_{folded}", False)):
        st.session_state[f"_new_tab_{folded}"] = title
    set_draft(experiment, sql, dialect)


def take_new_tab(experiment: str) -> str | None:
    """Return and remove the title of the query tab that the draft waits for, "" for one without; None without any."""
    title: str | None = st.session_state.pop(f"_new_tab_{experiment.casefold()}", None)
    return title


def has_new_tab(experiment: str) -> bool:
    """Return whether the draft waits for a query tab of its own."""
    return f"_new_tab_{experiment.casefold()}" in st.session_state


def open_tab(experiment: str) -> str:
    """Return the id of the open query tab, "" before the first."""
    tab: QueryTab | None = tab_record(experiment)
    return "" if tab is None else tab.id


def tab_record(experiment: str) -> QueryTab | None:
    """Return the open query tab as it was saved last."""
    tab: QueryTab | None = st.session_state.get(f"_tab_{experiment.casefold()}")
    return tab


def set_tab_record(experiment: str, tab: QueryTab | None) -> None:
    """Set the open query tab."""
    st.session_state[f"_tab_{experiment.casefold()}"] = tab


def set_draft(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Replace the editor's text of an experiment."""
    st.session_state[sql_key(experiment)] = sql
    st.session_state[revision_key(experiment)] = revision(experiment) + 1
    st.session_state.pop(f"_selection_{experiment.casefold()}", None)
    st.session_state.pop(f"_edited_{experiment.casefold()}", None)
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
    if st.session_state.get(sql_key(experiment)) != text:
        st.session_state[f"_edited_{experiment.casefold()}"] = True
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
    number: int = st.session_state.get(revision_key(experiment), 0)
    return number


def revision_key(experiment: str) -> str:
    """Return the session key of the revision of the editor's text."""
    return f"_revision_{experiment.casefold()}"


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
