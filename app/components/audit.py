"""The audit of the loaded data: asked for, then kept until other data is loaded."""

from __future__ import annotations

import streamlit as st

from app.formats import counted
from engine import AuditResult, Experiment


def audit_panel(experiment: Experiment) -> None:
    """Draw the button that audits, and the verdict with every finding."""
    key = f"_audit_{experiment.name}"
    st.caption("Every promise of the schema is proved on the loaded rows: keys, types, bounds, NULL shares, counts.")
    if st.button("Audit the data", key="audit", type="primary", icon=":material/verified:"):
        with st.spinner("Proving …"):
            st.session_state[key] = experiment.audit()
    result: AuditResult | None = st.session_state.get(key)
    if result is None or result.run_id != experiment.loaded_run_id:
        return
    checks = counted(len(result.findings), "check")
    if result.passed:
        st.success(f"**Passed**: {checks}, and every one holds.", icon=":material/verified:")
    else:
        st.error(f"**{len(result.failures)} of {checks} failed.**", icon=":material/gpp_bad:")
    frame = result.frame.sort("passed")
    st.dataframe(
        frame,
        key=f"findings:{experiment.name}",
        alt="Findings of the audit",
        hide_index=True,
        column_config={"passed": st.column_config.CheckboxColumn("Passed", pinned=True)},
    )
