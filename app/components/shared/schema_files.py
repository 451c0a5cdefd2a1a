"""Download buttons for a schema as JSON or as a CREATE TABLE script; a file is built on a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.components.shared.dialects import DIALECTS
from engine import Experiment
from engine.types import Review


def schema_files(schema: Experiment | Review, *, key: str) -> None:
    """Draw a button for each file of `schema`, an experiment or a review: it has `name`, `to_json` and `to_ddl`."""
    _draw_button("JSON", schema.to_json, f"{schema.name}.json", key)
    for dialect, label in DIALECTS.items():
        _draw_button(label, partial(schema.to_ddl, dialect), f"{schema.name}_{dialect}.sql", key)


def _draw_button(label: str, text: Callable[[], str], name: str, key: str) -> None:
    st.download_button(
        label,
        text,
        file_name=name,
        mime="application/json" if name.endswith(".json") else "application/sql",
        key=f"{key}:{name}",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        help=name,
    )
