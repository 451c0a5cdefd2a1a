"""The grid of a board: each item with its chart or table, and the buttons that arrange it.

Results are cached for what is loaded, so that only a run, or a change of a query, computes them again.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import streamlit as st

from app import state
from app.background_task import BackgroundTask
from app.charts import fit_to_page
from app.components.board.export import export_button
from app.components.shared.empty_state import empty_state
from app.components.shared.errors import show_error
from app.components.shared.live_fragment import live_fragment, while_it_exists
from app.components.shared.messages import show_messages
from app.components.shared.number_format import separators_toggle
from app.components.shared.tables import frame_table
from app.markdown_text import plain
from app.shared_workbench import workbench
from engine import Experiment
from engine.errors import WorkbenchError
from engine.types import BoardCell, BoardItem

POLL_SECONDS = 2.0
COLUMNS = 3
CELL_HEIGHT = 320


def show_board(name: str) -> None:
    """Draw the board of an experiment; it follows runs that load other rows."""
    live_fragment(_draw_board, every_seconds=POLL_SECONDS)(name)


def _draw_board(name: str) -> None:
    show_messages()
    experiment = workbench()[name]
    items = experiment.board().items
    saved = [query.name for query in experiment.queries.saved()]
    if not saved:
        empty_state(
            "Nothing to pin yet",
            "Save a query on the page Query, with its chart; then pin it here.",
            page="query",
            label="Write a query",
            experiment=name,
        )
        return
    version = _version(experiment, items)
    _draw_tools(experiment, saved, version, has_items=bool(items))
    if not items:
        st.info("Choose a saved query above to pin it.", icon=":material/keep:")
        return
    task = _computing(experiment, version)
    if not task.wait_briefly():
        st.caption(":material/progress_activity: Computing the board…")
        return
    if task.error is not None:
        show_error(task.error)
        return
    _draw_rows(experiment, task.result or [])


def _version(experiment: Experiment, items: Sequence[BoardItem]) -> Hashable:
    """Return what a board is computed from: its items, their queries and the loaded data."""
    queries = tuple(
        (query.name, query.sql, query.dialect, query.saved_at, *query.chart.items())
        for query in experiment.queries.saved()
    )
    created, loaded, counts = experiment.created_at, experiment.loaded_run_id, experiment.row_counts()
    return experiment.name, created, loaded, tuple(counts.items()), tuple(items), queries


def _computing(experiment: Experiment, version: Hashable) -> BackgroundTask[list[BoardCell]]:
    """Return the task that computes the board as it is now, started once for each version of it."""
    known: tuple[object, BackgroundTask[list[BoardCell]]] | None = st.session_state.get("_board")
    if known is None or known[0] != version:
        board = experiment.board()
        task = BackgroundTask(lambda handle: board.cells(handle=handle), name="board", cache_key=("board", version))
        known = (version, task)
        st.session_state["_board"] = known
    return known[1]


def _draw_tools(experiment: Experiment, saved: list[str], version: Hashable, *, has_items: bool) -> None:
    name = experiment.name
    with st.container(horizontal=True, vertical_alignment="center", key="board_tools"):
        st.selectbox(
            "Pin a saved query",
            saved,
            index=None,
            placeholder="Pin a saved query",
            key=f"pin:{name}",
            label_visibility="collapsed",
            icon=":material/keep:",
            width=280,
            on_change=_pin,
            args=(experiment,),
        )
        if has_items:
            separators_toggle("board")
            export_button(experiment, version)


def _draw_rows(experiment: Experiment, cells: Sequence[BoardCell]) -> None:
    """Draw the cells in rows of the grid: a cell that does not fit begins the next row."""
    rows: list[list[BoardCell]] = [[]]
    for cell in cells:
        if rows[-1] and sum(other.item.width for other in rows[-1]) + cell.item.width > COLUMNS:
            rows.append([])
        rows[-1].append(cell)
    for row in rows:
        widths = [cell.item.width for cell in row]
        room = COLUMNS - sum(widths)
        for slot, cell in zip(st.columns([*widths, *([room] if room else [])]), row, strict=False):
            with slot:
                _draw_cell(experiment, cell, position=cells.index(cell) + 1, count=len(cells))


def _draw_cell(experiment: Experiment, cell: BoardCell, *, position: int, count: int) -> None:
    key = f"{experiment.name}:{cell.item.view}:{cell.item.query}"
    with st.container(border=True, key=f"board_cell:{key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(f"**{plain(cell.query.name)}**", width="stretch")
            with st.popover("Arrange", icon=":material/more_horiz:", key=f"arrange:{key}", type="tertiary"):
                _draw_menu(experiment, cell.item, key, position=position, count=count)
        if cell.result is None:
            show_error(cell.error or WorkbenchError("The query has no result."))
        elif cell.item.view == "table" or not cell.result.row_count:
            frame_table(
                cell.result.frame, key=f"board_rows:{key}", alt=f"Rows of {cell.query.name}", height=CELL_HEIGHT
            )
        else:
            _draw_chart(cell, key)


def _draw_chart(cell: BoardCell, key: str) -> None:
    assert cell.result is not None
    try:
        chart = cell.result.chart(**dict(cell.query.chart))
    except WorkbenchError as error:
        st.caption(f":material/insert_chart: {plain(error.message)} {plain(error.hint)}")
        return
    themed, note = fit_to_page(chart, is_narrow=cell.item.width < COLUMNS, has_title=False)
    st.altair_chart(themed, key=f"board_chart:{key}", height=CELL_HEIGHT, alt=f"Chart of {cell.query.name}")
    if note:
        st.caption(f":material/info: {plain(note[:1].upper() + note[1:])}.")


def _draw_menu(experiment: Experiment, item: BoardItem, key: str, *, position: int, count: int) -> None:
    st.segmented_control(
        "Width",
        range(1, COLUMNS + 1),
        default=item.width,
        required=True,
        format_func=lambda width: f"{width} of {COLUMNS}",
        key=f"width:{key}:{item.width}",
        on_change=_resize,
        args=(experiment, item, f"width:{key}:{item.width}"),
    )
    for label, icon, target in (("Move back", "arrow_back", position - 1), ("Move on", "arrow_forward", position + 1)):
        st.button(
            label,
            key=f"{icon}:{key}",
            icon=f":material/{icon}:",
            width="stretch",
            disabled=not 1 <= target <= count,
            on_click=_change,
            args=(experiment, "move", item, target),
        )
    st.button(
        "Unpin",
        key=f"unpin:{key}",
        icon=":material/keep_off:",
        width="stretch",
        on_click=_change,
        args=(experiment, "unpin", item),
    )


def _pin(experiment: Experiment) -> None:
    key = f"pin:{experiment.name}"
    chosen = st.session_state[key]
    st.session_state[key] = None
    if chosen is not None:
        try:
            experiment.board().pin(chosen)
        except WorkbenchError as error:
            state.set_error(error)


def _resize(experiment: Experiment, item: BoardItem, key: str) -> None:
    _change(experiment, "resize", item, st.session_state[key])


@while_it_exists
def _change(experiment: Experiment, action: str, item: BoardItem, number: int = 0) -> None:
    board = experiment.board()
    try:
        if action == "move":
            board.move(item.query, number, item.view)
        elif action == "resize":
            board.resize(item.query, number, item.view)
        else:
            board.unpin(item.query, item.view)
    except WorkbenchError as error:  # changed meanwhile in another window
        state.set_error(error)
