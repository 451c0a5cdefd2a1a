"""What one browser tab remembers between reruns, under typed names.

Widgets keep their own values under their keys; here is what is not a widget: messages that must survive a rerun, the
run a person is waiting for, and the last answer of the query page.
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
"""The name of the chosen experiment in the address (`?experiment=shop`)."""

RUN = "run"
"""The number of a run in the address, beside its experiment (`?experiment=shop&run=3`)."""

GREATEST_ANSWERS = 6
"""So many answers stay as tabs; the oldest makes room."""

TITLE_LENGTH = 28

Place = Literal["page", "new_sql", "new_json"]


@dataclass(frozen=True)
class Answer:
    """What came of one query: a result, or the error that explains why there is none.

    `sql` is what ran, which may be a part of the editor's `text`; blanks stand for what is before it, so that an
    error's place is the same in both.
    """

    experiment: str
    sql: str
    dialect: str
    result: QueryResult | None = None
    error: WorkbenchError | None = None
    text: str = ""
    number: int = field(default_factory=count().__next__)
    """The same for all pages of an answer, and no other's."""

    @property
    def total(self) -> int | None:
        """The number of all rows of the result, as far as it is known."""
        return None if self.result is None else self.result.total

    @property
    def title(self) -> str:
        """The query in a few words."""
        words = " ".join(self.sql.split())
        return words if len(words) <= TITLE_LENGTH else words[: TITLE_LENGTH - 1].rstrip() + "…"


@dataclass(frozen=True)
class Created:
    """An experiment that was just made, with what its import noted."""

    experiment: str
    draft: Draft | None = None


@dataclass(frozen=True)
class Reviewed:
    """A schema that is looked over before it is saved, with the script it came from and what its import noted."""

    review: Review
    script: str = ""
    draft: Draft | None = None


def keep_review(reviewed: Reviewed | None) -> None:
    """Keep the schema that is looked over."""
    st.session_state["_review"] = reviewed


def review() -> Reviewed | None:
    """Return the schema that is looked over."""
    kept: Reviewed | None = st.session_state.get("_review")
    return kept


def leave_review() -> None:
    """Put the review aside, for the case that its input is reviewed again."""
    st.session_state["_left_review"] = review()
    keep_review(None)


def left_review() -> Reviewed | None:
    """Return the review that was put aside last."""
    left: Reviewed | None = st.session_state.get("_left_review")
    return left


def chosen() -> str | None:
    """Return the experiment that was chosen last, on any page."""
    name: str | None = st.session_state.get("_chosen")
    return name


def choose(experiment: str) -> None:
    """Keep the chosen experiment, also in the address, so that it can be copied as a link."""
    st.session_state["_chosen"] = experiment
    if st.query_params.get(EXPERIMENT) != experiment:
        st.query_params[EXPERIMENT] = experiment
        st.query_params.pop(RUN, None)


def link_run(run_id: int | None) -> None:
    """Put a run of the chosen experiment into the address, so that it can be copied as a link; None takes it out."""
    if run_id is None:
        st.query_params.pop(RUN, None)
    else:
        st.query_params[RUN] = str(run_id)


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


def unwatch(experiment: str) -> None:
    """Forget the run whose outcome the person waited for: it has been told."""
    st.session_state.pop(f"_watched_{experiment.casefold()}", None)


def watched(experiment: str) -> int | None:
    """Return the run that was started here, if any."""
    run_id: int | None = st.session_state.get(f"_watched_{experiment.casefold()}")
    return run_id


def forget(experiment: str) -> None:
    """Drop what is remembered of an experiment that is gone."""
    folded = experiment.casefold()
    for key in (f"_watched_{folded}", f"_answer_{folded}", f"_sql_{folded}", f"_running_query_{folded}"):
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
    """Keep an answer of an experiment as the newest; an earlier one to the same query makes room for it.

    An error stays only until the next answer.
    """
    kept = [
        other
        for other in answers(answer.experiment)
        if other.error is None and (other.sql.strip(), other.dialect) != (answer.sql.strip(), answer.dialect)
    ]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = [answer, *kept][:GREATEST_ANSWERS]


def answers(experiment: str) -> list[Answer]:
    """Return the answers of an experiment that are kept, the newest first."""
    kept: list[Answer] = st.session_state.get(f"_answer_{experiment.casefold()}", [])
    return kept


def turn_page(answer: Answer) -> None:
    """Put an answer in the place of the other page of it that is kept."""
    kept = [answer if other.number == answer.number else other for other in answers(answer.experiment)]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = kept


def drop_answer(answer: Answer) -> None:
    """Forget one answer."""
    kept = [other for other in answers(answer.experiment) if other is not answer]
    st.session_state[f"_answer_{answer.experiment.casefold()}"] = kept


def drop_errors(experiment: str) -> None:
    """Forget the errors of earlier queries."""
    kept = [answer for answer in answers(experiment) if answer.error is None]
    st.session_state[f"_answer_{experiment.casefold()}"] = kept


def ask(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Put `sql` into the editor of an experiment and have it run at the next drawing of the query page."""
    write(experiment, sql, dialect)
    st.session_state["_asked"] = (experiment, (0, 0))


def ask_draft(experiment: str, text: str, selection: tuple[int, int]) -> None:
    """Have what stands in the editor run at the next drawing: the selection if there is one."""
    keep_draft(experiment, text, selection)
    st.session_state["_asked"] = (experiment, selection)


def asked(experiment: str) -> tuple[int, int] | None:
    """Return the selection of a query that waits to be run, None without one; asking forgets it."""
    waiting: tuple[str, tuple[int, int]] | None = st.session_state.get("_asked")
    if waiting is None or waiting[0] != experiment:
        return None
    del st.session_state["_asked"]
    return waiting[1]


def write(experiment: str, sql: str, dialect: str | None = None) -> None:
    """Put `sql` into the editor of an experiment, in place of what stands there."""
    st.session_state[sql_key(experiment)] = sql
    st.session_state[f"_revision_{experiment.casefold()}"] = revision(experiment) + 1
    st.session_state.pop(f"_selection_{experiment.casefold()}", None)
    if dialect is not None:
        st.session_state["dialect"] = dialect


def keep_draft(experiment: str, text: str, selection: tuple[int, int]) -> None:
    """Keep what was typed into the editor, and what is selected there."""
    st.session_state[sql_key(experiment)] = text
    st.session_state[f"_selection_{experiment.casefold()}"] = selection


def draft(experiment: str, beginning: str) -> str:
    """Return what stands in the editor of an experiment; at first, `beginning`."""
    text: str = st.session_state.setdefault(sql_key(experiment), beginning)
    return text


def selection(experiment: str) -> tuple[int, int]:
    """Return what is selected in the editor."""
    bounds: tuple[int, int] = st.session_state.get(f"_selection_{experiment.casefold()}", (0, 0))
    return bounds


def revision(experiment: str) -> int:
    """Return how often the editor's text was replaced from outside."""
    number: int = st.session_state.get(f"_revision_{experiment.casefold()}", 0)
    return number


def sql_key(experiment: str) -> str:
    """Return the key of the editor's text of an experiment."""
    return f"_sql_{experiment.casefold()}"


def keep_created(created: Created | None) -> None:
    """Keep what was just created, for the page that tells about it; no review is put aside any more."""
    st.session_state["_created"] = created
    st.session_state.pop("_left_review", None)


def created() -> Created | None:
    """Return what was just created on the page for new experiments."""
    kept: Created | None = st.session_state.get("_created")
    return kept
