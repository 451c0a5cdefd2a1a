"""Downloads of the query page: the full result as CSV.

Without the REST API beside it (`streamlit run`), the app itself must make the file, and does so when the button is
pressed: of the very rows on the page when they are all, else from the query once more, as the page has only the first.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from app.formats import counted
from app.shared import workbench
from app.state import Answer


def csv_button(answer: Answer) -> None:
    """Draw the button that downloads every row of an answer, also those the page does not show."""
    st.download_button(
        "CSV",
        lambda: full_csv(answer),
        file_name=f"{answer.experiment}.csv",
        mime="text/csv",
        key=f"csv:{answer.experiment}",
        icon=":material/download:",
        on_click="ignore",
        help=_extent(answer),
    )


def full_csv(answer: Answer) -> bytes:
    """Return every row of an answer as CSV."""
    result = answer.result
    if result is None or result.truncated:
        chunks = workbench().stream_csv(answer.sql, dialect=answer.dialect, experiment=answer.experiment)
        return b"".join(chunks)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "result.csv"
        result.to_csv(path)
        return path.read_bytes()


def _extent(answer: Answer) -> str:
    if answer.result is None or answer.result.truncated:
        return "Every row of the result, not only those shown."
    return counted(answer.result.row_count, "row")
