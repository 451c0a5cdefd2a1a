"""The audit of the loaded data: asked for, then kept until other data is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import state
from app.components.shared.background_results import discard_result, show_result
from app.components.shared.empty_state import go
from app.formats import plain
from engine import AuditResult, Experiment
from engine.display.wording import counted
from engine.types import Finding

SHOWN_FAILURES = 5
_ALL = "All tables"
_HOLDS, _FAILED = "✓ holds", "✗ failed"


def audit_panel(experiment: Experiment) -> None:
    """Draw the button that audits, and the verdict with every finding."""
    name, key = experiment.name, f"_audited_{experiment.name}"
    of = (experiment.loaded_run_id, experiment.created_at)
    with st.container(horizontal=True, vertical_alignment="center"):
        wants = st.button("Audit the data", key="audit", type="primary", icon=":material/verified:")
        st.caption(
            "Every promise of the schema is proved on the loaded rows: keys, types, bounds, NULL shares, counts.",
            width="stretch",
        )
    if wants:
        discard_result(f"audit:{name}")
        st.session_state[key] = of
    if st.session_state.get(key) != of:
        return
    show_result(
        f"audit:{name}",
        of,
        lambda handle: experiment.audit(handle=handle),
        lambda result: _draw(experiment, result),
    )


def _draw(experiment: Experiment, result: AuditResult) -> None:
    _verdict(result)
    _kinds(result)
    _failures(experiment, result)
    _findings(experiment, result)


def _verdict(result: AuditResult) -> None:
    checks = counted(len(result.findings), "check")
    if result.passed:
        st.success(f"**Passed**: {checks}, and every one holds.", icon=":material/verified:")
    else:
        st.error(f"**{len(result.failures)} of {checks} failed.**", icon=":material/gpp_bad:")


def _kinds(result: AuditResult) -> None:
    """Draw a badge for each kind of check with how many there are, those that failed first."""
    kinds: dict[str, list[bool]] = {}
    for finding in sorted(result.findings, key=lambda finding: finding.passed):
        kinds.setdefault(finding.check, []).append(finding.passed)
    with st.container(horizontal=True, gap="xsmall"):
        for kind, verdicts in kinds.items():
            failed = verdicts.count(False)
            if failed:
                st.badge(f"{_words(kind)} {failed} of {len(verdicts)} failed", icon=":material/close:", color="red")
            else:
                st.badge(f"{_words(kind)} {len(verdicts)}", icon=":material/check:", color="green")


def _failures(experiment: Experiment, result: AuditResult) -> None:
    """Offer the rows that break a promise, for the first checks that failed and have some."""
    with_rows = [finding for finding in result.failures if finding.failing_sql][:SHOWN_FAILURES]
    for place, finding in enumerate(with_rows):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":red[✗] **{plain(finding.table)}.{plain(finding.column)}** {_words(finding.check).lower()}: "
                f"{plain(finding.expected)} expected, {plain(finding.found)} found.",
                width="stretch",
            )
            if st.button("Show these rows", key=f"failing:{experiment.name}:{place}", icon=":material/terminal:"):
                state.ask(experiment.name, finding.failing_sql, "duckdb")
                go("query", experiment.name)


def _findings(experiment: Experiment, result: AuditResult) -> None:
    tables = list(dict.fromkeys(finding.table for finding in result.findings))
    table = st.selectbox(
        "Findings of",
        [_ALL, *tables],
        key=f"audit_table:{experiment.name}",
        label_visibility="collapsed",
        icon=":material/filter_list:",
        width=260,
    )
    shown = [finding for finding in result.findings if table in (_ALL, finding.table)]
    st.dataframe(
        _rows(sorted(shown, key=lambda finding: finding.passed)),
        key=f"findings:{experiment.name}",
        alt="Findings of the audit",
        hide_index=True,
        column_config={
            "Verdict": st.column_config.MultiselectColumn(
                options=[_HOLDS, _FAILED], color=["green", "red"], width="small"
            )
        },
    )


def _rows(findings: Sequence[Finding]) -> dict[str, list[Any]]:
    verdicts = [[_HOLDS if finding.passed else _FAILED] for finding in findings]
    names = {"Check": "check", "Table": "table", "Column": "column", "Expected": "expected", "Found": "found"}
    columns: dict[str, list[Any]] = {
        header: [str(getattr(finding, name)) for finding in findings] for header, name in names.items()
    }
    columns["Check"] = [_words(check) for check in columns["Check"]]
    return {"Verdict": verdicts} | columns


def _words(check: str) -> str:
    """Return the name of a check as words: `not_null` is `Not null`."""
    return check.replace("_", " ").capitalize()
