"""The two ways to bring a schema, a script or JSON; what was typed stays until it has become an experiment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

import engine
from app import state
from app.components.shared.code_area import code_editor
from app.components.shared.dialects import DIALECTS
from app.components.shared.errors import show_error
from app.shared_workbench import workbench
from engine.errors import Problem, SchemaError, WorkbenchError

_INPUTS = ("new_sql", "new_sql_name", "new_json", "new_json_name")
_SQL_EXAMPLE = "CREATE TABLE customers (\n    customer_id INTEGER NOT NULL PRIMARY KEY,\n    name VARCHAR(80)\n);"
_JSON_EXAMPLE = (
    '{"name": "shop", "tables": [\n  {"name": "customers", "target_rows": 1000, "columns": [\n'
    '    {"name": "customer_id", "data_type": "INT", "is_unique": true}\n  ]}\n]}'
)


def sql_form() -> None:
    """Draw the form for a CREATE TABLE script, and what was wrong with it."""
    _show_failure("new_sql")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name",
            key="new_sql_name",
            placeholder="shop",
            help="Letters, digits and _. Tables are then shop__orders from anywhere, or orders inside.",
            persist_state="session",
        )
        st.selectbox(
            "Dialect",
            list(DIALECTS),
            format_func=DIALECTS.__getitem__,
            key="new_sql_dialect",
            persist_state="session",
        )
    _upload("new_sql", ["sql", "ddl", "txt"])
    code_editor("CREATE TABLE script", key="new_sql", height=320, placeholder=_SQL_EXAMPLE)
    _review_button("new_sql", _from_sql)


def json_form() -> None:
    """Draw the form for a schema in JSON, and what was wrong with it."""
    _show_failure("new_json")
    st.text_input(
        "Name",
        key="new_json_name",
        placeholder="As in the file",
        help="Leave it empty to take the name inside the JSON.",
        persist_state="session",
    )
    _upload("new_json", ["json"])
    code_editor("Schema in JSON", key="new_json", height=320, placeholder=_JSON_EXAMPLE)
    _review_button("new_json", _from_json)


def _from_sql() -> state.Reviewed:
    values = st.session_state
    text, name, dialect = values.new_sql, values.new_sql_name.strip(), values.new_sql_dialect
    draft = engine.import_sql(text, name=name, dialect=dialect)
    return state.Reviewed(workbench().review(draft), text, draft)


def _from_json() -> state.Reviewed:
    values = st.session_state
    text, name = _json_text(values.new_json), values.new_json_name.strip()
    return state.Reviewed(workbench().review(text, name=name or None), text)


def begin_review(reviewed: state.Reviewed) -> None:
    """Open a review, with what was changed in the one that was left, where both have the same columns."""
    left = state.left_review()
    if left is not None:
        reviewed.review.adopt(left.review)
    state.keep_review(reviewed)


def forget_input() -> None:
    """Empty the forms, once their input has become an experiment."""
    for key in _INPUTS:
        st.session_state[key] = ""


def keep_input() -> None:
    """Give the forms their input anew: a browser that is just dropping it would draw them empty."""
    for key in _INPUTS:
        if key in st.session_state:
            st.session_state[key] = st.session_state[key]


def _json_text(text: str) -> str:
    """Return the text if it can be JSON of a schema: the engine would take any other text for a path."""
    if not text.lstrip().startswith(("{", "[")):
        problem = Problem("", "This is not a schema in JSON.", 'It begins with {"name": "...", "tables": [...]}.')
        raise SchemaError([problem])
    return text


def _show_failure(form: state.Place) -> None:
    error = state.failure(form, keep=True)
    if error is not None:
        show_error(error)


def _upload(form: state.Place, types: list[str]) -> None:
    st.file_uploader(
        "Take it from a file",
        type=types,
        key=f"{form}_file",
        on_change=_take_file,
        args=(form,),
        label_visibility="collapsed",
    )


def _take_file(form: state.Place) -> None:
    file = st.session_state[f"{form}_file"]
    if file is None:
        return
    try:
        st.session_state[form] = file.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        problem = Problem(file.name, "The file is not UTF-8 text.", "Save it as UTF-8 and choose it again.")
        state.fail(SchemaError([problem]), form)
        return
    state.failure(form)
    if form == "new_sql" and not st.session_state.new_sql_name.strip():
        st.session_state.new_sql_name = PurePath(file.name).stem


def _review_button(form: state.Place, read: Callable[[], state.Reviewed]) -> None:
    if not st.button(
        "Review", key=f"{form}_create", type="primary", icon=":material/fact_check:", help="Nothing is saved yet."
    ):
        return
    try:
        with st.spinner("Reading the schema …"):
            begin_review(read())
    except WorkbenchError as error:
        state.fail(error, form)
    else:
        state.failure(form)
    st.rerun()
