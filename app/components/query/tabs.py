"""Query tabs: several texts for an experiment, with names, which survive a reload and a restart of the server.

They are in the catalog by browser (a cookie tells browsers apart), not in the browser's own storage: the page is drawn
with the right text at once, and a long text is stored for its link anyway. Two windows of a browser share its tabs; a
text that another window has changed meanwhile is saved as a tab of its own.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import state
from app.components.query.links import LinkedQuery, read_link
from app.components.query.presentation import Presentation, ask_presentation, current_presentation
from app.components.shared.browsers import browser_name
from app.components.shared.live_fragment import while_it_exists
from app.components.shared.sql_editor import Draft
from app.markdown_text import plain
from engine import Experiment
from engine.types import QueryTab

MAX_TABS = 24
TABS_WITHOUT_SCROLLING = 6
_MAX_TITLE_LENGTH = 40


def query_tabs(experiment: Experiment) -> None:
    """Draw the tabs, and put the text of the open one into the editor when it changes."""
    tabs = _open_one(experiment)
    name = experiment.name
    opened = state.open_tab(name)
    key = f"query_tab:{name}"
    st.session_state[key] = opened
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="query_tabs"):
        st.segmented_control(
            "Query tabs",
            [tab.id for tab in tabs],
            required=True,
            format_func=_titles(tabs).__getitem__,
            key=key,
            label_visibility="collapsed",
            width="stretch" if len(tabs) > TABS_WITHOUT_SCROLLING else "content",
            on_change=_switch,
            args=(experiment, key),
        )
        st.button(
            "New tab",
            key=f"new_tab:{name}",
            icon=":material/add:",
            type="tertiary",
            disabled=len(tabs) >= MAX_TABS,
            help="Open an empty query tab." if len(tabs) < MAX_TABS else "Close a tab first.",
            on_click=open_empty_tab,
            args=(experiment,),
        )
        with st.popover("Tab", icon=":material/more_horiz:", key=f"tab_menu:{name}:{opened}", type="tertiary"):
            st.text_input(
                "Name of the tab",
                value=next((tab.title for tab in tabs if tab.id == opened), ""),
                key=f"tab_title:{name}:{opened}",
                max_chars=_MAX_TITLE_LENGTH,
                on_change=_rename,
                args=(experiment, f"tab_title:{name}:{opened}"),
            )
            st.button(
                "Close tab",
                key=f"close_query_tab:{name}",
                icon=":material/close:",
                width="stretch",
                disabled=len(tabs) == 1,
                on_click=_close,
                args=(experiment, tabs),
            )
            if st.session_state.get(_closed_key(name)):
                st.button(
                    "Reopen closed tab",
                    key=f"reopen_tab:{name}",
                    icon=":material/undo:",
                    width="stretch",
                    on_click=_reopen,
                    args=(experiment,),
                )


def save_tab(experiment: Experiment) -> None:
    """Save the editor's text and presentation in the open tab, or in a new one if another window changed that."""
    name = experiment.name
    saved = state.tab_record(name)
    if saved is None:
        return
    shown = current_presentation(name)
    current = replace(
        saved,
        sql=state.draft(name, saved.sql),
        dialect=state.use_dialect(name, saved.dialect),
        view=shown.view,
        chart=dict(shown.chart),
    )
    if current != saved:
        _store(experiment, current)


@while_it_exists
def take_draft(experiment: Experiment, tab_id: str, draft: Draft) -> None:
    """Save what the editor of a tab reports; it may arrive after another tab was opened."""
    if state.open_tab(experiment.name) == tab_id:
        state.save_draft(experiment.name, draft.text, draft.selection)
        return
    tab = _find(experiment.queries.tabs(browser_name()), tab_id)
    if tab is not None and tab.sql != draft.text:
        experiment.queries.change_tab(browser_name(), replace(tab, sql=draft.text))


def _open_one(experiment: Experiment) -> list[QueryTab]:
    """Return the tabs, one of them open: the linked, the requested, the one of this window, or the last changed."""
    name, browser = experiment.name, browser_name()
    title = state.take_new_tab(name)
    tabs = experiment.queries.tabs(browser)
    opened = _find(tabs, state.open_tab(name))
    link = read_link(experiment)
    if link is not None:
        _open_link(experiment, tabs, link)
    elif title is not None:
        text, dialect = state.draft(name, ""), state.use_dialect(name, experiment.dialect)
        _open(experiment, _find_text(tabs, text, dialect) or _add(experiment, tabs, text, dialect, title))
    elif opened is None:
        waiting: str | None = st.session_state.get(state.sql_key(name))
        if state.tab_record(name) is not None or waiting is not None:  # closed in another window, or requested
            text, dialect = waiting or "", state.use_dialect(name, experiment.dialect)
            found = _find_text(tabs, text, dialect) or _add(experiment, tabs, text, dialect)
            _open(experiment, found)
        elif tabs:
            _open(experiment, max(tabs, key=lambda tab: tab.changed_at), is_new=True)
        else:
            _open(experiment, _add(experiment, tabs, experiment.first_query(), experiment.dialect), is_new=True)
    else:
        return tabs
    return experiment.queries.tabs(browser)


def _open_link(experiment: Experiment, tabs: list[QueryTab], link: LinkedQuery) -> None:
    tab = _find_text(tabs, link.sql, link.dialect)
    _open(experiment, tab or _add(experiment, tabs, link.sql, link.dialect, link.title), is_new=True)
    ask_presentation(experiment.name, link.presentation)
    if link.is_run:
        state.request_run(experiment.name)


def _open(experiment: Experiment, tab: QueryTab, *, is_new: bool = False) -> None:
    """Open a tab; `is_new` in a new browser tab, whose editor may hold what was typed before a reload."""
    name = experiment.name
    state.set_tab_record(name, tab)
    if st.session_state.get(state.sql_key(name)) == tab.sql:
        return
    revision = state.revision(name)
    state.set_draft(name, tab.sql, tab.dialect)
    if is_new:
        st.session_state[state.revision_key(name)] = revision


def _add(experiment: Experiment, tabs: list[QueryTab], sql: str, dialect: str, title: str | None = None) -> QueryTab:
    taken = {tab.title for tab in tabs}
    free = next(f"Query {number}" for number in range(1, len(tabs) + 2) if f"Query {number}" not in taken)
    return experiment.queries.add_tab(browser_name(), QueryTab("", (title or free)[:_MAX_TITLE_LENGTH], sql, dialect))


def _store(experiment: Experiment, tab: QueryTab) -> None:
    """Save a changed tab, as a new one if another window has changed or closed it."""
    name = experiment.name
    saved = experiment.queries.change_tab(browser_name(), tab)
    if saved is None:
        saved = experiment.queries.add_tab(browser_name(), replace(tab, title=f"{tab.title} (2)"[:_MAX_TITLE_LENGTH]))
        state.notify(f"Another window changed this tab: your text is now in “{plain(saved.title)}”")
    state.set_tab_record(name, saved)


@while_it_exists
def _switch(experiment: Experiment, key: str) -> None:
    save_tab(experiment)
    tab = _find(experiment.queries.tabs(browser_name()), st.session_state[key])
    if tab is not None:
        _show(experiment, tab)


def _show(experiment: Experiment, tab: QueryTab) -> None:
    state.set_tab_record(experiment.name, tab)
    state.set_draft(experiment.name, tab.sql, tab.dialect)
    ask_presentation(experiment.name, Presentation(tab.view, tab.chart))


@while_it_exists
def open_empty_tab(experiment: Experiment) -> None:
    """Open a new tab without text; does nothing when there is no room for one."""
    tabs = experiment.queries.tabs(browser_name())
    if len(tabs) >= MAX_TABS:
        return
    save_tab(experiment)
    _show(experiment, _add(experiment, tabs, "", state.use_dialect(experiment.name, experiment.dialect)))


@while_it_exists
def _rename(experiment: Experiment, key: str) -> None:
    title, tab = " ".join(st.session_state[key].split()), state.tab_record(experiment.name)
    if title and tab is not None:
        _store(experiment, replace(tab, title=title[:_MAX_TITLE_LENGTH]))


@while_it_exists
def _close(experiment: Experiment, tabs: list[QueryTab]) -> None:
    save_tab(experiment)
    closed = state.tab_record(experiment.name)
    if closed is None or len(tabs) < 2:
        return
    experiment.queries.remove_tab(browser_name(), closed.id)
    st.session_state.setdefault(_closed_key(experiment.name), []).append(closed)
    index = next((index for index, tab in enumerate(tabs) if tab.id == closed.id), 0)
    others = [tab for tab in tabs if tab.id != closed.id]
    _show(experiment, others[min(index, len(others) - 1)])


@while_it_exists
def _reopen(experiment: Experiment) -> None:
    save_tab(experiment)
    closed: list[QueryTab] = st.session_state[_closed_key(experiment.name)]
    _show(experiment, experiment.queries.add_tab(browser_name(), closed.pop()))


def _find(tabs: list[QueryTab], tab_id: str) -> QueryTab | None:
    return next((tab for tab in tabs if tab.id == tab_id), None)


def _find_text(tabs: list[QueryTab], sql: str, dialect: str) -> QueryTab | None:
    same = [tab for tab in tabs if (tab.sql.strip(), tab.dialect) == (sql.strip(), dialect)]
    return max(same, key=lambda tab: tab.changed_at, default=None)


def _titles(tabs: list[QueryTab]) -> dict[str, str]:
    """Return a title for each tab; equal titles are numbered, as a tab is found by its title."""
    titles: dict[str, str] = {}
    for tab in tabs:
        title, number = plain(tab.title) or "Query", 1
        while title in titles.values():
            number += 1
            title = f"{plain(tab.title)} ·{number}"
        titles[tab.id] = title
    return titles


def _closed_key(name: str) -> str:
    return f"_closed_tabs_{name.casefold()}"
