"""The changes of a fit: each accepted or refused, then saved together as a new version of the schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from app import state
from app.components.shared.browsers import browser_name
from app.components.shared.empty_state import go
from app.components.shared.presses import pressed
from app.markdown_text import code, plain
from engine import Experiment
from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.types import AppliedChanges, FitChange, FitJob, WorkloadFit

CHANGES_ON_A_PAGE = 15
_SHOWN = 90
_NOTHING: tuple[object, ...] = (None, [], {})
_UNTOLD = ("because", "suggested", "weights")
"""Keys that say nothing beyond the others of their change."""
_SHOWN_QUERIES = 3
_REMEMBERED_FITS = 500


def show_changes(experiment: Experiment, fit: FitJob | None) -> None:
    """Draw what was saved last, or the changes of the last fit to accept."""
    _draw_saved(experiment)
    if fit is None:
        return
    fitted: WorkloadFit = fit.result
    with st.container(border=True, key="workload_changes"):
        _draw_outcome(fitted)
        if fitted.kept and experiment.version == fitted.based_on:
            _draw_choice(experiment, fit)
        elif fitted.kept:
            st.caption(
                f"The schema has changed since this fit: it has version {experiment.version}, the fit is of version"
                f" {fitted.based_on}. Fit again to see what is still missing."
            )
        _draw_dropped(fitted)


def describe_change(change: FitChange) -> str:
    """Return a change in Markdown: its place, the reason, and its keys before and after."""
    return f"**{plain(change.place)}** {plain(change.reason)}  \n{_keys(change)}"


def _keys(change: FitChange) -> str:
    if change.key == "scenarios":
        named = ", ".join(str(each["name"]) for each in change.new["scenarios"])
        return f"{code('scenarios')} + {code(_short(named))}"
    shown = [key for key in change.new if key not in _UNTOLD] or list(change.new)
    parts = [_key_change(key, change.old.get(key), change.new[key]) for key in shown]
    return ", ".join(part for part in parts if part)


def _key_change(key: str, old: object, new: object) -> str:
    if new == old or (new is None and old in _NOTHING):
        return ""
    if isinstance(old, list) and isinstance(new, list) and old and new[: len(old)] == old:
        return f"{code(key)} + {code(_short(new[len(old) :]).removeprefix('[').removesuffix(']'))}"
    before = "" if old in _NOTHING else f"{code(_short(old))} → "
    return f"{code(key)} {before}{'removed' if new is None else code(_short(new))}"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _draw_outcome(fitted: WorkloadFit) -> None:
    if not fitted.after:
        st.markdown(f"**{counted(len(fitted.kept), 'change')}**: the queries were not run with them.")
        return
    all_queries = counted(len(fitted.after), "query", "queries")
    gained = fitted.found_after - fitted.found_before
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**With these changes {fitted.found_after} of {all_queries} find rows**, {fitted.found_before} without."
            if gained or fitted.kept
            else f"**Nothing to change**: {fitted.found_after} of {all_queries} find rows.",
            width="stretch",
        )
        if fitted.audit_failures is not None:
            passed = not fitted.audit_failures
            st.badge(
                "audit passed" if passed else f"{counted(fitted.audit_failures, 'audit failure')}",
                icon=":material/verified:" if passed else ":material/gpp_bad:",
                color="green" if passed else "red",
            )
        st.badge(counted(len(fitted.rounds), "round"), icon=":material/cycle:", color="gray")
    if fitted.lost:
        st.warning(f"These find rows without the changes only: {plain(', '.join(fitted.lost))}.")


def _draw_choice(experiment: Experiment, fit: FitJob) -> None:
    fitted: WorkloadFit = fit.result
    units = _units(fitted.kept)
    refused = _refused_changes(experiment, fit)
    pages = -(-len(units) // CHANGES_ON_A_PAGE)
    first = (st.pagination(pages, key=f"workload_page:{experiment.name}:{fit.id}") - 1) if pages > 1 else 0
    for unit in units[first * CHANGES_ON_A_PAGE :][:CHANGES_ON_A_PAGE]:
        _draw_unit(experiment, fit, unit, refused)
    accepted = [number for unit in units if unit[0] not in refused for number in unit]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Save {counted(len(accepted), 'change')}" if accepted else "Save",
            key=f"workload_save:{experiment.name}",
            type="primary",
            icon=":material/save:",
            disabled=not accepted,
            help=f"As version {experiment.version + 1} of the schema. The loaded data stays until the next run.",
            on_click=_save,
            args=(experiment, fit, accepted),
        )
        everything = {unit[0] for unit in units}
        st.button(
            "Accept all",
            key="workload_accept_all",
            type="tertiary",
            disabled=not refused,
            on_click=_set_all,
            args=(experiment, fit, refused, set()),
        )
        st.button(
            "Refuse all",
            key="workload_refuse_all",
            type="tertiary",
            disabled=refused >= everything,
            on_click=_set_all,
            args=(experiment, fit, refused, everything),
        )


def _refused_changes(experiment: Experiment, fit: FitJob) -> set[int]:
    """Return the changes that this browser has refused, as a set to change; it outlives a reload of the page."""
    name, browser = experiment.name.casefold(), browser_name()
    if not browser:
        refused: set[int] = st.session_state.setdefault(f"_workload_refused_{name}:{fit.id}", set())
        return refused
    return _refused_in_browser(browser, name, experiment.created_at, fit.id)


@st.cache_resource(max_entries=_REMEMBERED_FITS, show_spinner=False)
def _refused_in_browser(browser: str, name: str, created_at: datetime, fit: int) -> set[int]:
    return set()


def _units(changes: Sequence[FitChange]) -> list[list[int]]:
    """Return the positions of the changes, those that are made together in one list."""
    units: dict[object, list[int]] = {}
    for number, change in enumerate(changes):
        units.setdefault(change.unit if change.unit is not None else number, []).append(number)
    return list(units.values())


def _draw_unit(experiment: Experiment, fit: FitJob, unit: Sequence[int], refused: set[int]) -> None:
    changes = [fit.result.kept[number] for number in unit]
    key = _key(experiment, fit, unit[0])
    st.session_state[key] = unit[0] not in refused
    places = ", ".join(dict.fromkeys(change.place for change in changes))
    st.checkbox(
        f"**{plain(places)}** {plain(changes[0].reason)} :gray[{plain(_serves(changes))}]",
        key=key,
        on_change=_toggle,
        args=(key, unit[0], refused),
    )
    with st.container(key=f"workload_keys:{key}"):
        st.caption("  \n".join(_keys(change) for change in changes))


def _key(experiment: Experiment, fit: FitJob, number: int) -> str:
    return f"workload_change:{experiment.name}:{fit.id}:{number}"


def _serves(changes: Sequence[FitChange]) -> str:
    names = list(dict.fromkeys(name for change in changes for name, _ in change.serves))
    more = f" and {len(names) - _SHOWN_QUERIES} more" if len(names) > _SHOWN_QUERIES else ""
    return f"· {', '.join(names[:_SHOWN_QUERIES])}{more}" if names else ""


def _toggle(key: str, number: int, refused: set[int]) -> None:
    (refused.discard if st.session_state[key] else refused.add)(number)


def _set_all(experiment: Experiment, fit: FitJob, refused: set[int], wanted: set[int]) -> None:
    refused.clear()
    refused |= wanted


def _save(experiment: Experiment, fit: FitJob, accepted: Sequence[int]) -> None:
    try:
        applied = experiment.accept_fit(fit.id, accepted)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        st.session_state[f"_workload_saved_{experiment.name.casefold()}"] = applied


def _draw_saved(experiment: Experiment) -> None:
    key = f"_workload_saved_{experiment.name.casefold()}"
    applied: AppliedChanges | None = st.session_state.get(key)
    if applied is None:
        return
    with st.container(key="workload_saved"):
        if applied.update is None:
            st.warning("Nothing was saved: no accepted change leaves the schema valid.", icon=":material/block:")
        else:
            st.success(
                f"{counted(len(applied.kept), 'change')} saved as version {applied.update.version}. Generate data with"
                " it, then check again.",
                icon=":material/check_circle:",
            )
        for each in applied.dropped:
            st.markdown(f"- Fell away: **{plain(each.change.place)}** {plain(each.reason)}")
        with st.container(horizontal=True):
            if pressed("Generate data", key="workload_to_generate", type="primary", icon=":material/bolt:"):
                st.session_state.pop(key, None)
                go("generate", experiment.name)
            st.button(
                "Dismiss", key="workload_dismiss", type="tertiary", on_click=st.session_state.pop, args=(key, None)
            )


def _draw_dropped(fitted: WorkloadFit) -> None:
    if not fitted.dropped:
        return
    with st.expander(f"{counted(len(fitted.dropped), 'change')} dropped", type="compact"):
        for each in fitted.dropped[:100]:
            st.markdown(f"- **{plain(each.change.place)}** {plain(each.reason)}")
        if len(fitted.dropped) > 100:
            st.caption(f"… and {len(fitted.dropped) - 100} more")
