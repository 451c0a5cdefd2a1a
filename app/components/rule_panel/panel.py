"""The rule panel: the rule of a chosen column with its samples, and the catalogue of the rules that it could have.

It is a fragment: a change is applied to the review at once, and only this column is compiled for the panel's samples;
then the whole page follows.
"""

from __future__ import annotations

import streamlit as st

from app.components.rule_panel.bulk import edit_together
from app.components.rule_panel.catalogue import rule_catalogue
from app.components.rule_panel.changes import is_page_behind, note_change, note_page
from app.components.rule_panel.curve import show_curve
from app.components.rule_panel.fields import parameter_fields, show_problems
from app.components.rule_panel.general_fields import general_fields
from app.markdown_text import code, plain
from engine.types import ColumnEditor, Review

_SETTINGS, _RULES = "Settings", "All rules"
_SHOWN = 60


def choose_columns(review: Review, table: str) -> list[str]:
    """Draw the choice of the columns that the panel edits, and return those that the table has."""
    columns = [line["column"] for line in review.lines(table)]
    key = f"rule_columns:{table}"
    chosen = st.multiselect(
        "Edit rules of",
        columns,
        key=key,
        placeholder="Choose a column, or several",
        width=320,
        help="One column: its rule, parameters and samples. Several: the same rule or share of NULLs for all.",
    )
    note_page()
    return [column for column in chosen if column in columns]


@st.fragment
def rule_panel(review: Review, table: str, columns: list[str]) -> None:
    """Draw the panel for the columns of a table; the page runs again after a change."""
    with st.container(border=True, key="rule_panel"):
        if len(columns) == 1:
            _edit_one(review, table, columns[0])
        else:
            edit_together(review, table, columns)
    if is_page_behind():
        st.rerun()


def _edit_one(review: Review, table: str, column: str) -> None:
    editor = review.column_editor(table, column)
    place = f"{table}.{column}"
    rule = editor.rule
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(column)}**", width="content")
        st.caption(plain(editor.type), width="content")
        if rule is not None:
            st.badge(plain(rule.label), color="blue")
    if editor.because:
        st.caption(f":material/lightbulb: {plain(editor.because)}")
    trial = editor.trial()
    _show_samples(trial.texts)
    key = f"rule_view:{place}"
    view = st.segmented_control(
        "View", [_SETTINGS, _RULES], key=key, default=_SETTINGS, required=True, label_visibility="collapsed"
    )
    if rule is None:
        show_problems([each.problem for each in editor.field_problems(trial.problems)])
        st.caption("Correct the type in the grid to choose a rule.")
    elif view == _RULES:
        rule_catalogue(
            editor.catalogue, editor.with_samples, place, rule.name, lambda chosen: _choose(editor, chosen, key)
        )
    else:
        if rule.description:
            st.caption(plain(rule.description))
        problems = editor.field_problems(trial.problems)
        show_problems([each.problem for each in problems if not each.path])
        parameter_fields(review, editor, rule, problems)
        if not trial.problems and (curve := editor.curve()) is not None:
            show_curve(curve, key=f"rule_curve:{place}")
        general_fields(review, editor)


def _choose(editor: ColumnEditor, chosen: str, view: str) -> None:
    rule = next(each for each in editor.catalogue() if each.name == chosen)
    editor.choose(rule)
    st.session_state[view] = _SETTINGS
    note_change()


def _show_samples(texts: list[str | None]) -> None:
    if not texts:
        st.caption("No samples: there is a problem to fix.")
        return
    st.markdown(" ".join("NULL" if text is None else code(_cut(text)) for text in texts))


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
