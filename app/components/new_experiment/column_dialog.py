"""The dialogs of a column under review: add one, or rename, retype, move, refer and drop one."""

from __future__ import annotations

import re

import streamlit as st

from app.components.new_experiment.review_grid import reset_grid
from app.components.shared.errors import show_error
from app.components.shared.presses import pressed
from app.markdown_text import plain
from engine.errors import WorkbenchError
from engine.types import COLUMN_TYPES, NewColumn, Review

_BY_NAME = "By its name"
_NO_REFERENCE = "None"
_SIZES = {"length": (1, 65_535, 100), "precision": (1, 38, 12), "scale": (0, 37, 2)}
_TYPE = re.compile(r"([A-Za-z ]+?)\s*(?:\(([\d\s,]*)\))?")


@st.dialog("Add a column", icon=":material/add:")
def add_column(review: Review, table: str) -> None:
    """Ask for a column and add it to a table."""
    st.caption(f"To the table {plain(table)}.")
    name = st.text_input("Name", key="column_name", placeholder="email").strip()
    data_type = _choose_type("new", [_BY_NAME, *COLUMN_TYPES], _BY_NAME, ())
    references = _choose_reference(review, "new", "")
    with st.container(horizontal=True):
        is_key = st.checkbox("Primary key", key="column_key")
        is_unique = st.checkbox("Unique", key="column_unique")
        is_nullable = st.checkbox("May be NULL", key="column_nullable", disabled=is_key)
    if pressed("Add", key="column_add", type="primary"):
        column = NewColumn(name, data_type, is_nullable and not is_key, is_unique, is_key, references)
        try:
            review.add_columns(table, [column])
        except WorkbenchError as error:
            show_error(error)
        else:
            reset_grid()
            st.rerun()


@st.dialog("Edit a column", icon=":material/edit:")
def edit_column(review: Review, table: str) -> None:
    """Ask for a column of a table and what to change of it."""
    lines = {line["column"]: line for line in review.lines(table)}
    chosen: str = st.selectbox("Column", list(lines), key=f"edited_column:{table}")
    line, key = lines[chosen], f"{table}:{chosen}"
    name = st.text_input("Name", value=chosen, key=f"column_name:{key}").strip()
    known, sizes = _read_type(line["type"])
    others = [] if known in COLUMN_TYPES else [known]
    data_type = _choose_type(key, [*others, *COLUMN_TYPES], known, sizes)
    references = _choose_reference(review, key, line["references"])
    places = list(range(1, len(lines) + 1))
    place = st.selectbox(
        "Position", places, index=list(lines).index(chosen), key=f"column_place:{key}", help="1 is the first column."
    )
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        wants = pressed("Apply", key="column_apply", type="primary")
        drops = pressed("Drop column", key="column_drop", icon=":material/delete:", help="Undo brings it back.")
    if not (wants or drops):
        return
    try:
        if drops:
            review.drop_column(table, chosen)
        else:
            _apply(review, table, chosen, line, name, data_type, references, place - 1)
    except WorkbenchError as error:
        show_error(error)
    else:
        reset_grid()
        st.rerun()


def _apply(
    review: Review,
    table: str,
    column: str,
    line: dict[str, object],
    name: str,
    data_type: str,
    references: str,
    place: int,
) -> None:
    """Change what differs: the name first, as it may be refused."""
    if name != column:
        review.rename_column(table, column, name)
    if place != [each["column"] for each in review.lines(table)].index(name):
        review.move_column(table, name, place)
    known, sizes = _read_type(str(line["type"]))
    changes = {}
    if data_type != _write_type(known, sizes):
        changes["type"] = data_type
    if references != line["references"]:
        changes["references"] = references
    if changes:
        review.change(table, name, changes)


def _choose_type(key: str, types: list[str], chosen: str, sizes: tuple[int, ...]) -> str:
    """Draw the list of types with the fields of its sizes, and return the type as text, "" for one by the name."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name: str = st.selectbox("Type", types, index=types.index(chosen), key=f"column_type:{key}")
        given = []
        for index, size in enumerate(COLUMN_TYPES.get(name, ())):
            low, high, usual = _SIZES[size]
            value = sizes[index] if name == chosen and index < len(sizes) else usual
            given.append(
                st.number_input(
                    size.capitalize(),
                    min_value=low,
                    max_value=max(high, value),
                    value=value,
                    key=f"column_{size}:{key}:{name}",
                    width=140,
                )
            )
    if name == _BY_NAME:
        return ""
    return _write_type(name, tuple(given) if name in COLUMN_TYPES else sizes)


def _choose_reference(review: Review, key: str, chosen: str) -> str:
    """Draw the lists of parent tables and their columns, and return the column as `table.column`, "" for none."""
    columns: dict[str, list[str]] = {}
    for place in dict.fromkeys([*review.referable(), *([chosen] if chosen else [])]):
        parent, _, column = place.rpartition(".")
        columns.setdefault(parent, []).append(column)
    tables = [_NO_REFERENCE, *columns]
    parent_now, _, column_now = chosen.rpartition(".")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        table: str = st.selectbox(
            "References table",
            tables,
            index=tables.index(parent_now) if parent_now in tables else 0,
            key=f"column_parent:{key}",
            help="Tables with a column that is unique and never NULL.",
        )
        if table == _NO_REFERENCE:
            return ""
        found = columns[table]
        index = found.index(column_now) if table == parent_now and column_now in found else 0
        column = st.selectbox("Column of it", found, index=index, key=f"column_target:{key}:{table}")
    return f"{table}.{column}"


def _read_type(text: str) -> tuple[str, tuple[int, ...]]:
    """Return the name and sizes of a type; a text that is none has no sizes."""
    match = _TYPE.fullmatch(text.strip())
    if match is None:
        return text, ()
    sizes = tuple(int(size) for size in (match[2] or "").split(",") if size.strip())
    name = match[1].upper()
    return {"INT": "INTEGER", "NUMERIC": "DECIMAL", "NUMBER": "DECIMAL"}.get(name, name), sizes


def _write_type(name: str, sizes: tuple[int, ...]) -> str:
    return f"{name}({','.join(map(str, sizes))})" if sizes else name
