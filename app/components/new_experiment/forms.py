"""The forms that import a schema from a SQL script or JSON; their input stays until the experiment is created."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

import engine
from app import state
from app.components.shared.code_area import code_editor
from app.components.shared.dialects import DIALECTS
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine.errors import Problem, SchemaError, WorkbenchError

_NAME_MISSING = "Give the experiment a name, for example sales_2024"
_INPUTS = ("new_sql", "new_sql_name", "new_json", "new_json_name", "new_blank_name", "new_blank_table")
_SQL_EXAMPLE = "CREATE TABLE customers (\n    customer_id INTEGER NOT NULL PRIMARY KEY,\n    name VARCHAR(80)\n);"
_JSON_EXAMPLE = (
    '{"name": "shop", "tables": [\n  {"name": "customers", "target_rows": 1000, "columns": [\n'
    '    {"name": "customer_id", "data_type": "INT", "is_unique": true}\n  ]}\n]}'
)


def sql_form() -> None:
    """Draw the form for a CREATE TABLE script, with the error of the last import."""
    _show_failure("new_sql")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name",
            key="new_sql_name",
            placeholder="shop",
            help="Letters, digits and _. Query its tables as orders, or as shop__orders from any experiment.",
            persist_state="session",
        )
        st.selectbox(
            "Dialect",
            list(DIALECTS),
            format_func=DIALECTS.__getitem__,
            key="new_sql_dialect",
            persist_state="session",
        )
    if st.session_state.get("_is_name_missing") and not st.session_state.new_sql_name.strip():
        st.markdown(f":red[{plain(_NAME_MISSING)}]")
    _upload("new_sql", ["sql", "ddl", "txt"])
    code_editor("CREATE TABLE script", key="new_sql", height=320, placeholder=_SQL_EXAMPLE)
    st.checkbox(
        "Some rows of a parent are referred to more often",
        value=True,
        key="new_sql_popularity",
        help="A few customers then have most of the orders. Without it, each has about as many as any other.",
        persist_state="session",
    )
    _review_button("new_sql", _read_sql)


def json_form() -> None:
    """Draw the form for a schema in JSON, with the error of the last import."""
    _show_failure("new_json")
    st.text_input(
        "Name",
        key="new_json_name",
        placeholder="As in the file",
        help="Leave empty to use the name in the JSON.",
        persist_state="session",
    )
    _upload("new_json", ["json"])
    code_editor("Schema in JSON", key="new_json", height=320, placeholder=_JSON_EXAMPLE)
    _review_button("new_json", _read_json)


def _read_sql() -> state.Reviewed:
    values = st.session_state
    text, name, dialect = values.new_sql, values.new_sql_name.strip(), values.new_sql_dialect
    draft = engine.import_sql(text, name=name, dialect=dialect, popularity=values.new_sql_popularity)
    return state.Reviewed(workbench().review(draft), text, draft)


def _read_json() -> state.Reviewed:
    values = st.session_state
    text, name = _require_json(values.new_json), values.new_json_name.strip()
    return state.Reviewed(workbench().review(text, name=name or None), text)


def begin_review(reviewed: state.Reviewed) -> None:
    """Open a review; changes of the previous review are kept for the columns both have."""
    left = state.previous_review()
    if left is not None:
        reviewed.review.adopt(left.review)
    state.set_review(reviewed)


def clear_input() -> None:
    """Empty the forms after their input has become an experiment."""
    for key in _INPUTS:
        st.session_state[key] = ""


def keep_input() -> None:
    """Set the input of the forms again: a browser that is just dropping it would draw them empty."""
    for key in _INPUTS:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _require_json(text: str) -> str:
    """Return the text if it looks like JSON; the engine would read any other text as a path."""
    if not text.lstrip().startswith(("{", "[")):
        problem = Problem("", "The text is not a schema in JSON.", 'Start it with {"name": "...", "tables": [...]}.')
        raise SchemaError([problem])
    return text


def _show_failure(form: state.ErrorPlace) -> None:
    error = state.take_error(form, keep=True)
    if error is not None:
        show_error(error)


def _upload(form: state.ErrorPlace, types: list[str]) -> None:
    st.file_uploader(
        "Upload a file",
        type=types,
        key=f"{form}_file",
        on_change=_read_file,
        args=(form,),
        label_visibility="collapsed",
    )


def _read_file(form: state.ErrorPlace) -> None:
    file = st.session_state[f"{form}_file"]
    if file is None:
        return
    try:
        st.session_state[form] = file.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem(file.name, "The file is not UTF-8 text.", "Save it as UTF-8 and upload it again.")
        state.set_error(SchemaError([problem]), form)
        return
    state.take_error(form)
    if form == "new_sql" and not st.session_state.new_sql_name.strip():
        st.session_state.new_sql_name = PurePath(file.name).stem


def _review_button(form: state.ErrorPlace, read: Callable[[], state.Reviewed]) -> None:
    if not pressed(
        "Review",
        key=f"{form}_create",
        type="primary",
        icon=":material/fact_check:",
        help="Check the schema before saving it.",
    ):
        return
    st.session_state["_is_name_missing"] = form == "new_sql" and not st.session_state.new_sql_name.strip()
    try:
        if not st.session_state["_is_name_missing"]:
            with st.spinner("Reading the schema…"):
                begin_review(read())
    except WorkbenchError as error:
        state.set_error(error, form)
    else:
        state.take_error(form)
    st.rerun()
