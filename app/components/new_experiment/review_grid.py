"""The columns of a table under review as an editable grid, with sample values."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from app.components.rule_panel.panel import choose_columns, rule_panel
from app.components.shared.errors import show_errors
from app.markdown_text import plain
from engine.display.wording import counted
from engine.types import Review

_ORDER = "column key type rule value samples because references nulls unique settings suggested".split()
_ONLY_WITH_CONTENT = frozenset({"because", "suggested"})
MAX_ROWS = 10**12
_MAX_ROWS_WITHOUT_SCROLLING = 22
_HEIGHT = 700
_GIVEN_SHOWN = 100


def review_grid(review: Review) -> None:
    """Draw the table picker, the number of rows of the table, and the grid of its columns."""
    table, chosen = _choose_table(review)
    if not chosen:
        _draw_grid(review, table)
    else:
        grid, panel = st.columns([3, 2])
        with grid:
            _draw_grid(review, table)
        with panel:
            rule_panel(review, table, chosen)
    _show_promises(review, table)


def _draw_grid(review: Review, table: str) -> None:
    for warning in review.warnings(table):
        st.info(plain(warning), icon=":material/info:")
    samples: dict[str, list[str | None]] = {}
    with show_errors():
        samples = review.samples(table)
    lines = review.lines(table)
    rows = [line | {"samples": [value or "NULL" for value in samples.get(line["column"], [])]} for line in lines]
    key = f"review_grid:{table}:{st.session_state.setdefault('_review_revision', 0)}"
    shown: set[str] = st.session_state.setdefault(f"_review_columns:{table}", set())
    shown |= {
        cell for cell in _ONLY_WITH_CONTENT if any(line[cell] for line in lines)
    }  # no column goes while one edits
    st.data_editor(
        pl.DataFrame(rows, infer_schema_length=None, schema_overrides={"nulls": pl.Float64}),
        key=key,
        hide_index=True,
        disabled=["column", "suggested", "because", "samples"],
        placeholder="",
        height="content" if len(rows) <= _MAX_ROWS_WITHOUT_SCROLLING else _HEIGHT,
        on_change=lambda: _apply_edits(review, table, key, [line["column"] for line in lines]),
        column_order=[cell for cell in _ORDER if cell not in _ONLY_WITH_CONTENT or cell in shown],
        column_config=_columns(review, [line["references"] for line in lines]),
    )
    st.caption(
        " ".join(
            [
                "Samples update with each change.",
                "Suggestions are inferred from names; an edit replaces them.",
                *(f"{plain(fact)}." for fact in review.key_facts(table)),
            ]
        )
    )


def _show_promises(review: Review, table: str) -> None:
    """List the checks that every row meets, and the given rows, which come first."""
    if checks := review.checks(table):
        st.markdown("\n".join(["Every row meets:\n", *(f"- {plain(check)}" for check in checks)]))
    if not (given := review.given_count(table)):
        return
    shown = f", the first {_GIVEN_SHOWN} shown" if given > _GIVEN_SHOWN else ""
    with st.expander(
        f"{counted(given, 'given row')}{shown}", key=f"review_given:{table}", icon=":material/table_rows:"
    ):
        with show_errors():
            st.dataframe(review.given_rows(table, _GIVEN_SHOWN), hide_index=True, placeholder="NULL")
        st.caption("The table begins with these rows. Foreign keys refer to them, and no key of theirs is repeated.")


def reset_grid() -> None:
    """Redraw the inputs from the review, under new keys: a browser keeps the value of a widget it knows."""
    for revision in ("_review_revision", "_review_rows_revision"):
        st.session_state[revision] = st.session_state.get(revision, 0) + 1


def _choose_table(review: Review) -> tuple[str, list[str]]:
    problems = review.problem_counts()

    def label(table: str) -> str:
        return f"{table} · {counted(problems[table], 'problem')}" if table in problems else table

    with st.container(horizontal=True, vertical_alignment="bottom"):
        table: str = st.selectbox("Table", review.tables, format_func=label, key="review_table", width=320)
        key = f"review_rows:{table}:{st.session_state.setdefault('_review_rows_revision', 0)}"
        st.number_input(
            "Rows",
            min_value=0,
            max_value=MAX_ROWS,
            value=review.rows(table),
            placeholder=f"{review.planned_rows()[table]:,}",
            key=key,
            on_change=lambda: review.set_rows(table, st.session_state[key]),
            width=180,
            help="Leave empty to derive the rows from the keys, else 1,000. A run can override this.",
        )
        chosen = choose_columns(review, table)
        if because := review.rows_because(table):
            st.caption(plain(because))
    return table, chosen


def _apply_edits(review: Review, table: str, key: str, columns: list[str]) -> None:
    """Apply the changed cells to the review, and redraw the grid from it."""
    for index, changes in st.session_state[key]["edited_rows"].items():
        review.change(table, columns[int(index)], changes)
    st.session_state["_review_revision"] += 1


def _columns(review: Review, referenced: list[str]) -> dict[str, Any]:
    choices = dict.fromkeys(["", *review.referable(), *referenced])
    return {
        "column": st.column_config.TextColumn("Column", pinned=True),
        "key": st.column_config.CheckboxColumn(
            "Key", help="Primary key. Several columns form one key: unique together, never NULL."
        ),
        "type": st.column_config.TextColumn("Type", required=True, help="VARCHAR(20), DECIMAL(12,2), DATE, ..."),
        "rule": st.column_config.SelectboxColumn(
            "Rule",
            options=list(review.rules),
            format_func=lambda rule: review.rules.get(str(rule), str(rule)),
            required=True,
            width=110,
            help="How values are generated; Random needs no rule value.",
        ),
        "value": st.column_config.TextColumn(
            "Rule value", width=150, help="first_name, SKU-####, price * quantity, or values: new, paid, sent"
        ),
        "samples": st.column_config.ListColumn("Samples", width=210, help="Five sample values of this column."),
        "settings": st.column_config.TextColumn("Parameters", help='As JSON: {"min_value": 1, "max_value": 9}'),
        "nulls": st.column_config.NumberColumn(
            "NULL share",
            min_value=0,
            max_value=1,
            step=0.01,
            format="%.2f",
            help="0 to 1; empty means NOT NULL.",
        ),
        "unique": st.column_config.CheckboxColumn("Unique", help="All values distinct, never NULL."),
        "references": st.column_config.SelectboxColumn(
            "References",
            options=list(choices),
            help="A column that is unique and never NULL; empty for no foreign key.",
        ),
        "suggested": st.column_config.MultiselectColumn(
            "Suggested",
            options=["rule", "key"],
            color=["violet", "blue"],
            help="Inferred from names: the rule or the foreign key.",
        ),
        "because": st.column_config.TextColumn(
            "Why", width=290, help="The reason of the suggestion, or the CHECK that the values keep."
        ),
    }
