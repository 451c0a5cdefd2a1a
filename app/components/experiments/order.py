"""The order of the experiments on their page, which of them are shown, and whether as cards or as a list."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.shared_workbench import workbench
from engine import Experiment

CARDS, LIST = "Cards", "List"
LAST_USED, NAME, STORAGE, ROWS = "Last used", "Name", "Storage", "Rows"
_ORDERS = (LAST_USED, NAME, STORAGE, ROWS)
_SHOWN = ("With data", "Empty", "Running", "Failed")


def choose_order() -> str:
    """Draw the choice of the order; it is in the address."""
    return st.selectbox(
        "Sort by",
        _ORDERS,
        key="sort",
        bind="query-params",
        label_visibility="collapsed",
        icon=":material/sort:",
        width=150,
        required=True,
    )


def choose_shown() -> list[str]:
    """Draw the filter by what an experiment holds and how its last run ended; nothing chosen shows all."""
    chosen: list[str] = st.pills(
        "Show", _SHOWN, selection_mode="multi", key="shown_experiments", label_visibility="collapsed"
    )
    return chosen


def choose_layout() -> str:
    """Draw the choice between cards and a list; it is in the address and stays for the session."""
    return st.segmented_control(
        "Layout",
        (CARDS, LIST),
        default=CARDS,
        required=True,
        key="layout",
        bind="query-params",
        label_visibility="collapsed",
    )


def filter_experiments(experiments: Sequence[Experiment], shown: Sequence[str]) -> list[Experiment]:
    """Return the experiments that match one of the chosen kinds; all without any."""
    return [experiment for experiment in experiments if not shown or _kinds(experiment) & set(shown)]


def sort_experiments(experiments: Sequence[Experiment], order: str, *, linked: str) -> list[Experiment]:
    """Return the experiments in an order, with the one that the address names first."""
    if order == NAME:
        ordered = sorted(experiments, key=lambda each: each.name.casefold())
    elif order == STORAGE:
        ordered = sorted(experiments, key=lambda each: -each.size_bytes())
    elif order == ROWS:
        ordered = sorted(experiments, key=lambda each: -sum(each.row_counts().values()))
    else:
        places = {name: place for place, name in enumerate(workbench().recently_used())}
        ordered = sorted(experiments, key=lambda each: places.get(each.name, len(places)))
    return sorted(ordered, key=lambda each: each.name.casefold() != linked)


def _kinds(experiment: Experiment) -> set[str]:
    last = next(iter(experiment.runs()), None)
    kinds = {"With data" if any(experiment.row_counts().values()) else "Empty"}
    if last is not None:
        kinds |= {"Running"} if last.status == "RUNNING" else {"Failed"} if last.status == "FAILED" else set()
    return kinds
