"""The pages of a long result."""

from __future__ import annotations

import streamlit as st

from app.components.query.execution import start_page
from app.components.query.query_task import SHOWN_ROWS
from app.state import Answer


def show_pager(answer: Answer) -> None:
    """Draw which rows of a long result are shown, and its pages; nothing for a complete result."""
    result = answer.result
    if result is None or result.is_whole:
        return
    shown = result.offset // SHOWN_ROWS + 1
    pages = shown + result.truncated if result.total is None else -(-result.total // SHOWN_ROWS)
    with st.container(horizontal=True, vertical_alignment="center", key="pager"):
        st.caption(_describe(answer), width="stretch")
        key = f"page_of:{answer.number}"
        st.pagination(
            max(pages, shown),
            default=shown,
            key=key,
            on_change=lambda: start_page(answer, st.session_state[key]),
        )


def _describe(answer: Answer) -> str:
    result = answer.result
    assert result is not None
    total = "more" if result.total is None else f"{result.total:,}"
    rows = f"{result.offset + 1:,} to {result.offset + result.row_count:,} of {total}"
    order = "" if "order by" in answer.sql.lower() else " Without ORDER BY, pages may overlap."
    return f":material/info: Showing rows {rows}, also in chart and columns; downloads have all rows.{order}"
