"""The audit of the loaded data, started by a button and shown until other data is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from app import state
from app.components.shared.background_results import discard_result, show_result
from app.components.shared.empty_state import go
from app.components.shared.presses import pressed
from app.markdown_text import plain
from engine import AuditResult, Experiment
from engine.display.wording import counted
from engine.types import Finding

SHOWN_FAILURES = 5
_ALL = "All tables"
_PASSED, _FAILED = "✓ passed", "✗ failed"


def audit_panel(experiment: Experiment) -> None:
    """Draw the audit button, the verdict and every finding."""
    name, key = experiment.name, f"_audited_{experiment.name}"
    of = (experiment.loaded_run_id, experiment.created_at)
    with st.container(horizontal=True, vertical_alignment="center"):
        wants = pressed("Audit the data", key="audit", type="primary", icon=":material/verified:")
        st.caption(
            "Checks the loaded rows against the schema: keys, types, bounds, NULL shares, row counts.",
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
    _draw_verdict(result)
    _draw_kinds(result)
    _draw_failures(experiment, result)
    _draw_findings(experiment, result)


def _draw_verdict(result: AuditResult) -> None:
    checks = counted(len(result.findings), "check")
    if result.passed:
        st.success(f"**Passed**: {checks}, no failures.", icon=":material/verified:")
    else:
        st.error(f"**{len(result.failures)} of {checks} failed.**", icon=":material/gpp_bad:")


def _draw_kinds(result: AuditResult) -> None:
    """Draw a badge with a count for each kind of check, failed ones first."""
    kinds: dict[str, list[bool]] = {}
    for finding in sorted(result.findings, key=lambda finding: finding.passed):
        kinds.setdefault(finding.check, []).append(finding.passed)
    with st.container(horizontal=True, gap="xsmall"):
        for kind, verdicts in kinds.items():
            failed = verdicts.count(False)
            if failed:
                st.badge(f"{_label(kind)} {failed} of {len(verdicts)} failed", icon=":material/close:", color="red")
            else:
                st.badge(f"{_label(kind)} {len(verdicts)}", icon=":material/check:", color="green")


def _draw_failures(experiment: Experiment, result: AuditResult) -> None:
    """Draw the first failed checks that have failing rows, each with a button that queries those rows."""
    with_rows = [finding for finding in result.failures if finding.failing_sql][:SHOWN_FAILURES]
    for index, finding in enumerate(with_rows):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":red[✗] **{plain(finding.table)}.{plain(finding.column)}** {_label(finding.check).lower()}: "
                f"expected {plain(finding.expected)}, found {plain(finding.found)}.",
                width="stretch",
            )
            if pressed("Show these rows", key=f"failing:{experiment.name}:{index}", icon=":material/terminal:"):
                state.request_query(experiment.name, finding.failing_sql, "duckdb")
                go("query", experiment.name)


def _draw_findings(experiment: Experiment, result: AuditResult) -> None:
    tables = list(dict.fromkeys(finding.table for finding in result.findings))
    table = st.selectbox(
        "Findings for",
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
        alt="Audit findings",
        hide_index=True,
        column_config={
            "Verdict": st.column_config.MultiselectColumn(
                options=[_PASSED, _FAILED], color=["green", "red"], width="small"
            )
        },
    )


def _rows(findings: Sequence[Finding]) -> dict[str, list[Any]]:
    verdicts = [[_PASSED if finding.passed else _FAILED] for finding in findings]
    names = {"Check": "check", "Table": "table", "Column": "column", "Expected": "expected", "Found": "found"}
    columns: dict[str, list[Any]] = {
        header: [str(getattr(finding, name)) for finding in findings] for header, name in names.items()
    }
    columns["Check"] = [_label(check) for check in columns["Check"]]
    return {"Verdict": verdicts} | columns


def _label(check: str) -> str:
    """Return the label of a check: `Not null` for `not_null`."""
    return check.replace("_", " ").capitalize()
