"""The queries of a workload: files, archives and pasted scripts, kept with the experiment; values that they ask for."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from app import state
from app.components.shared.code_area import code_editor
from app.components.shared.live_fragment import while_it_exists
from app.markdown_text import code, plain
from engine import Experiment
from engine.display.wording import counted
from engine.errors import WorkbenchError
from engine.types import KeptWorkload, Statement

_PASTED = "pasted.sql"
_EXAMPLE = (
    "select country, sum(total)\nfrom orders join customers using (customer_id)\nwhere country = 'FR'\ngroup by 1;"
)
_SHOWN_FILES = 50
_SHOWN_PLACES = 3


def read_kept(experiment: Experiment, kept: KeptWorkload) -> tuple[Statement, ...]:
    """Return the statements of the kept queries; they are read once after each change."""
    if not kept.files:
        return ()
    return _read(experiment, (experiment.name, experiment.loaded_version, experiment.created_at, kept.changed_at))


@st.cache_resource(max_entries=20, show_spinner="Reading the queries…")
def _read(_experiment: Experiment, of: object) -> tuple[Statement, ...]:
    kept = _experiment.workload
    return _experiment.read_queries(kept.files, kept.values)


def bring_queries(experiment: Experiment, kept: KeptWorkload, statements: int) -> None:
    """Draw the ways to bring queries; once there are some, folded up under their number, with what is there."""
    if not kept.files:
        with st.container(border=True, key="workload_bring"):
            st.header("Bring your queries", anchor=False)
            st.caption(
                "Reports, dashboards, models: each statement runs on the generated data, and the page tells which find"
                " rows. They stay with this experiment, on this machine."
            )
            _draw_ways(experiment)
        return
    label = f"{counted(statements, 'query', 'queries')} in {counted(len(kept.files), 'file')}"
    with st.expander(label, key=f"workload_files:{experiment.name}", icon=":material/folder_open:"):
        _draw_ways(experiment)
        _draw_files(experiment, kept)


def _draw_ways(experiment: Experiment) -> None:
    key = f"workload_upload:{experiment.name}:{st.session_state.get('_workload_uploads', 0)}"
    upload, paste = st.tabs(["Upload", "Paste"], key="workload_way")
    with upload:
        st.file_uploader(
            "Upload .sql files, or a .zip of a folder",
            type=["sql", "zip"],
            accept_multiple_files=True,
            key=key,
            on_change=_take_uploads,
            args=(experiment, key),
            help="A file of the same name is replaced. The folders of an archive stay part of the names.",
        )
    with paste:
        code_editor("Queries", key="workload_sql", height=180, placeholder=_EXAMPLE)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Save as", key="workload_sql_name", placeholder=_PASTED, width=260)
            st.button(
                "Add queries",
                key="workload_add",
                type="primary",
                icon=":material/add:",
                on_click=_take_pasted,
                args=(experiment,),
            )


def _draw_files(experiment: Experiment, kept: KeptWorkload) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Files",
            list(kept.files),
            key=f"workload_chosen_files:{experiment.name}",
            placeholder=f"Choose of {counted(len(kept.files), 'file')}",
            persist_state="session",
        )
        st.button(
            "Remove",
            key="workload_remove",
            icon=":material/delete:",
            disabled=not chosen,
            on_click=_remove,
            args=(experiment, chosen),
        )
        st.button(
            "Remove all",
            key="workload_remove_all",
            type="tertiary",
            on_click=_remove,
            args=(experiment, list(kept.files)),
        )


@while_it_exists
def _take_uploads(experiment: Experiment, key: str) -> None:
    uploads = {file.name: file.getvalue() for file in st.session_state[key]}
    st.session_state["_workload_uploads"] = st.session_state.get("_workload_uploads", 0) + 1
    try:
        before = len(experiment.workload.files)
        kept = experiment.bring_queries(uploads)
    except WorkbenchError as error:
        state.set_error(error)
    else:
        new = len(kept.files) - before
        state.notify(f"{counted(new, 'file')} added" if new else "The files are replaced")


@while_it_exists
def _take_pasted(experiment: Experiment) -> None:
    text: str = st.session_state["workload_sql"]
    if not text.strip():
        state.set_error(WorkbenchError("There is no query.", hint="Paste one or several, with ; between them."))
        return
    kept = experiment.workload
    name: str = st.session_state["workload_sql_name"].strip() or _free_name(kept.files)
    try:
        experiment.keep_workload({**kept.files, name: text}, kept.values)
    except WorkbenchError as error:
        state.set_error(error)
        return
    st.session_state["workload_sql"] = st.session_state["workload_sql_name"] = ""
    state.notify(f"{name} added")


def _free_name(files: Mapping[str, str]) -> str:
    stem, _, suffix = _PASTED.partition(".")
    names = (_PASTED, *(f"{stem}_{number}.{suffix}" for number in range(2, len(files) + 3)))
    return next(name for name in names if name not in files)


@while_it_exists
def _remove(experiment: Experiment, names: list[str]) -> None:
    kept = experiment.workload
    left = {name: text for name, text in kept.files.items() if name not in names}
    experiment.keep_workload(left, kept.values if left else {})
    st.session_state.pop(f"workload_chosen_files:{experiment.name}", None)


def ask_values(experiment: Experiment, kept: KeptWorkload, statements: tuple[Statement, ...]) -> None:
    """Draw a field for each placeholder without a value of its own, with the lines where it stands."""
    asked = _placeholders(kept, statements)
    if not asked:
        return
    missing = sum(name not in kept.values for name in asked)
    with st.container(border=True, key="workload_values"):
        st.markdown(
            f"**{counted(missing, 'value')} missing** :gray[These queries do not run without them.]"
            if missing
            else "**Values of placeholders**"
        )
        columns = st.columns(3)
        for number, (name, (text, places)) in enumerate(asked.items()):
            with columns[number % 3]:
                key = f"workload_value:{experiment.name}:{name}"
                st.session_state.setdefault(key, kept.values.get(name, ""))
                st.text_input(
                    f"{code(text)} :gray[{plain(_shown_places(places))}]",
                    key=key,
                    placeholder="2024, Paris or 2024-01-31",
                    on_change=_keep_value,
                    args=(experiment, name, key),
                )


def _placeholders(kept: KeptWorkload, statements: tuple[Statement, ...]) -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    for statement in statements:
        for each in statement.placeholders:
            name = f"{statement.name}:{each.name}" if each.name.isdigit() else each.name
            if not each.is_given or name in kept.values:
                found.setdefault(name, (each.text, []))[1].append(f"{statement.file} line {each.line}")
    return found


def _shown_places(places: list[str]) -> str:
    more = f" and {len(places) - _SHOWN_PLACES} more" if len(places) > _SHOWN_PLACES else ""
    return ", ".join(places[:_SHOWN_PLACES]) + more


@while_it_exists
def _keep_value(experiment: Experiment, name: str, key: str) -> None:
    kept, value = experiment.workload, st.session_state[key].strip()
    values = {other: text for other, text in kept.values.items() if other != name}
    try:
        experiment.keep_workload(kept.files, values | ({name: value} if value else {}))
    except WorkbenchError as error:
        state.set_error(error)
