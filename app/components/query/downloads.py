"""Downloads of the query page: every row of a result as CSV or Parquet, also rows the page does not show.

The REST API of the server streams the file. Without it (a page drawn alone, as in tests) the app builds the file in
memory on a click.
"""

from __future__ import annotations

from functools import partial
from typing import Literal

import streamlit as st

from app.components.shared.download_links import Link, download_links
from app.shared_workbench import workbench
from app.state import Answer
from app.tickets import Ticket, tickets
from engine.display.wording import counted

FileKind = Literal["csv", "parquet"]
FORMATS: dict[FileKind, str] = {"csv": "CSV", "parquet": "Parquet"}


def download_buttons(answer: Answer) -> None:
    """Draw the buttons that download the full result."""
    is_safe = st.checkbox(
        "Spreadsheet-safe CSV",
        key=f"spreadsheet_safe:{answer.experiment}",
        help="Put a single quote before text that a spreadsheet would run as a formula.",
    )
    ticket = Ticket(answer.experiment, answer.sql, answer.dialect, answer.result)
    if tickets.is_served:
        secret = _secret(answer, ticket)
        links = [
            Link(f"↓ {label}", f"/api/query/downloads/{secret}.{kind}{_query_string(kind, is_safe)}", _extent(answer))
            for kind, label in FORMATS.items()
        ]
        with st.container(key=f"downloads:{answer.experiment}", width="content"):
            download_links(links, key=f"download_links:{answer.experiment}")
        return
    for kind, label in FORMATS.items():
        st.download_button(
            label,
            partial(_read_all, ticket, kind, is_safe),
            file_name=f"{answer.experiment}.{kind}",
            mime="text/csv" if kind == "csv" else "application/vnd.apache.parquet",
            key=f"{kind}:{answer.experiment}",
            icon=":material/download:",
            on_click="ignore",
            help=_extent(answer),
        )


def _secret(answer: Answer, ticket: Ticket) -> str:
    """Return the secret of a result's ticket, the same at every rerun."""
    known: tuple[Answer, str] | None = st.session_state.get("_ticket")
    if known is None or known[0] is not answer or tickets.redeem(known[1]) is None:
        known = (answer, tickets.issue(ticket))
        st.session_state["_ticket"] = known
    return known[1]


def _query_string(kind: FileKind, is_safe: bool) -> str:
    return "?spreadsheet_safe=true" if is_safe and kind == "csv" else ""


def _read_all(ticket: Ticket, kind: FileKind, is_safe: bool) -> bytes:
    return b"".join(ticket.pieces(workbench(), kind, spreadsheet_safe=is_safe))


def _extent(answer: Answer) -> str:
    if answer.result is None or not answer.result.is_whole:
        return "Every row of the result, not only those shown."
    return counted(answer.result.row_count, "row")
