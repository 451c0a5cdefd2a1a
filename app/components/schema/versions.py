"""The versions of a schema: when, why, what changed, which runs; two compared, and the way back to one."""

from __future__ import annotations

import streamlit as st

from app import state
from app.components.shared.dialog_buttons import dialog_buttons, take_fault
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.components.shared.schema_changes import schema_changes
from app.components.shared.times import ago_html
from app.markdown_text import plain
from engine import Experiment
from engine.types import SchemaVersion

VERSION = "version"
"""The query parameter of the version to compare with the one before it."""
_VERSIONS_ON_A_PAGE = 10


def show_versions(experiment: Experiment) -> None:
    """Draw the comparison of two versions, and the list of all."""
    versions = experiment.versions()
    if len(versions) > 1:
        _compare(experiment, [version.number for version in versions])
    else:
        st.caption("Version 1 is the only one. Each change that you save becomes a version, which you can go back to.")
    pages = -(-len(versions) // _VERSIONS_ON_A_PAGE)
    first = (st.pagination(pages, key=f"versions_page:{experiment.name}") - 1) * _VERSIONS_ON_A_PAGE if pages > 1 else 0
    for version in versions[first : first + _VERSIONS_ON_A_PAGE]:
        _version_row(experiment, version)


def _compare(experiment: Experiment, numbers: list[int]) -> None:
    linked = st.query_params.get(VERSION, "")
    second = int(linked) if linked.isdecimal() and int(linked) in numbers else numbers[0]
    first = max((number for number in numbers if number < second), default=numbers[-1])
    key = f"{experiment.name}:{numbers[0]}"
    with st.container(border=True, key="compare_versions"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            old = st.selectbox(
                "Compare version", numbers, index=numbers.index(first), key=f"compare_first:{key}", width=160
            )
            new = st.selectbox("with", numbers, index=numbers.index(second), key=f"compare_second:{key}", width=160)
        diff = experiment.diff(old, new)
        if diff:
            schema_changes(diff.changes)
        else:
            st.caption("No difference.")


def _version_row(experiment: Experiment, version: SchemaVersion) -> None:
    with st.container(border=True, key=f"version:{version.number}", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            badge = " :green-badge[current]" if version.is_current else ""
            st.markdown(
                f"**Version {version.number}**{badge} · {ago_html(version.saved_at)}",
                unsafe_allow_html=True,
                width="stretch",
            )
            if not version.is_current and pressed(
                "Go back to it", key=f"revert:{version.number}", icon=":material/history:", type="tertiary"
            ):
                confirm_revert(experiment, version)
        if version.note:
            st.markdown(plain(version.note))
        st.caption(plain(version.changes) if version.changes else "The first version." if version.number == 1 else "")
        if version.run_ids:
            runs = ", ".join(map(str, version.run_ids[:12])) + (" …" if len(version.run_ids) > 12 else "")
            st.caption(f"Made {'run' if len(version.run_ids) == 1 else 'runs'} {runs}")


@st.dialog("Go back to this version?", width="large", icon=":material/history:")
def confirm_revert(experiment: Experiment, version: SchemaVersion) -> None:
    """Show what going back changes, and save it as a new version."""
    current = experiment.version
    st.markdown(
        f"The schema of version {version.number} becomes version {current + 1}. No version is deleted, and the loaded"
        " data stays until the next run."
    )
    changes = experiment.diff(current, version.number).changes
    with st.container(height=320 if len(changes) > 6 else "content", border=False):
        schema_changes(changes)
    fault = take_fault("revert")
    if fault is not None:
        show_error(fault)
    dialog_buttons("Go back", "revert", lambda: _revert(experiment, version.number, current), fault)


def _revert(experiment: Experiment, version: int, current: int) -> None:
    state.notify(plain(str(experiment.revert(version, based_on=current))))
