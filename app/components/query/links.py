"""The query of the page as a link: its SQL, view and chart, or the short link of a saved query.

| parameter | meaning |
|---|---|
| `saved` | the name of a saved query, shown as it was saved; `view` and chart parameters change that |
| `sql` | the text, up to `MAX_SQL_LENGTH` characters |
| `draft` | the id of a longer text, which the catalog keeps |
| `dialect` | the dialect, when it is not the experiment's |
| `view` | how the result is shown; a link without it does not run the query |
| `mark`, `x`, `unit`, `y`, `aggregate`, `color` | the chosen parts of the chart |

The address changes while a person types, without new entries of the browser's history: a component of the page
replaces it. A link is read once, when a browser tab opens it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import streamlit as st

from app import state
from app.components.query.presentation import CHART_PARTS, VIEWS, Presentation
from app.components.shared.dialects import DIALECTS
from engine import Experiment
from engine.errors import NotFoundError, WorkbenchError
from engine.types import SavedQuery

MAX_SQL_LENGTH = 1_500
"""Longer texts go by an id: servers and chat programs cut addresses from about 2,000 characters."""

_MAX_SETTING_LENGTH = 200
_LINK_READ = "_link_read"
_SCRIPT = """
export default function ({ data }) {
  const url = new URL(window.location.href)
  if (url.pathname.replace(/\\/$/, "").split("/").pop() !== data.page) return
  for (const name of data.names) url.searchParams.delete(name)
  for (const [name, text] of Object.entries(data.link)) url.searchParams.set(name, text)
  if (url.href !== window.location.href) window.history.replaceState(window.history.state, "", url)
}
"""


@dataclass(frozen=True)
class LinkedQuery:
    """The query of a link: its text, and how its result is shown; `is_run` when the link shows a result."""

    sql: str
    dialect: str
    presentation: Presentation
    is_run: bool
    title: str = ""


def read_link(experiment: Experiment) -> LinkedQuery | None:
    """Return the query of the address that this browser tab was opened with, once; None without one.

    What the link names and the home folder has no longer becomes an error of the page.
    """
    if st.session_state.get(_LINK_READ):
        return None
    st.session_state[_LINK_READ] = True
    linked = {name: st.query_params[name] for name in state.LINK if name in st.query_params}
    if st.query_params.get(state.EXPERIMENT, experiment.name).casefold() != experiment.name.casefold():
        return None  # the page shows another experiment than the link's, which is gone
    try:
        return _find_query(experiment, linked)
    except WorkbenchError as error:
        state.set_error(error)
        return None


def _find_query(experiment: Experiment, linked: Mapping[str, str]) -> LinkedQuery | None:
    dialect = linked.get("dialect", experiment.dialect)
    dialect = dialect if dialect in DIALECTS else experiment.dialect
    view = linked.get("view", "").lower()
    shown = Presentation(
        view if view in [name.lower() for name in VIEWS] else "",
        {part: linked[part][:_MAX_SETTING_LENGTH] for part in CHART_PARTS if part in linked},
    )
    if "saved" in linked:
        try:
            saved = experiment.queries.saved_query(linked["saved"])
        except NotFoundError as error:
            hint = error.hint or "It may have been deleted or renamed: choose one under Saved queries."
            raise NotFoundError(error.message, hint=hint) from error
        as_saved = Presentation(shown.view or saved.view, shown.chart or saved.chart)
        return LinkedQuery(saved.sql, saved.dialect, as_saved, is_run=True, title=saved.name)
    if "draft" in linked:
        return LinkedQuery(experiment.queries.stored_draft(linked["draft"]), dialect, shown, is_run=bool(shown.view))
    if linked.get("sql", "").strip():
        return LinkedQuery(linked["sql"], dialect, shown, is_run=bool(shown.view))
    return None


def link_of(experiment: Experiment, sql: str, dialect: str, shown: Presentation) -> dict[str, str]:
    """Return the parameters of a query: the short ones of a saved query with the same text, else its text or id."""
    link = {state.EXPERIMENT: experiment.name}
    saved = _find_saved(experiment, sql, dialect)
    as_saved = Presentation() if saved is None else Presentation(saved.view, saved.chart)
    if saved is not None:
        link["saved"] = saved.name
    elif len(sql) <= MAX_SQL_LENGTH:
        link["sql"] = sql
    else:
        link["draft"] = _stored(experiment, sql)
    if saved is None and dialect != experiment.dialect:
        link["dialect"] = dialect
    if shown.view and (saved is None or shown != as_saved):
        link["view"] = shown.view
        link.update((part, shown.chart[part][:_MAX_SETTING_LENGTH]) for part in CHART_PARTS if part in shown.chart)
    return link


def show_link(experiment: Experiment, sql: str, dialect: str, shown: Presentation) -> None:
    """Put the query into the browser's address."""
    names = [state.EXPERIMENT, *state.LINK]
    link = link_of(experiment, sql, dialect, shown)
    _component()(key="address", data={"page": "query", "names": names, "link": link}, height=1)


def _find_saved(experiment: Experiment, sql: str, dialect: str) -> SavedQuery | None:
    same = (query for query in experiment.queries.saved() if query.sql.strip() == sql.strip())
    return next((query for query in same if query.dialect == dialect), None)


def _stored(experiment: Experiment, sql: str) -> str:
    """Return the id of a long text, stored once for each text."""
    known: tuple[str, str, str] | None = st.session_state.get("_stored_draft")
    if known is None or known[:2] != (experiment.name, sql):
        known = (experiment.name, sql, experiment.queries.store_draft(sql))
        st.session_state["_stored_draft"] = known
    return known[2]


@cache
def _component() -> Any:
    return st.components.v2.component("query_address", html="<span hidden></span>", js=_SCRIPT)
