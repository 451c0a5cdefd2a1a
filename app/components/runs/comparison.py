"""The comparison of two runs: rows and sizes of every table, then the statistics of the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import streamlit as st

from app.components.shared.background_results import discard_result, show_result
from app.components.shared.errors import show_errors
from app.components.shared.presses import pressed
from engine import Experiment, Run
from engine.display.wording import approximate, counted, significant, size, with_thousands

_SIDES = ("first", "second")
_COLUMN_STATISTICS = {"NULLs": "nulls", "Distinct": "distinct", "Mean": "mean", "Min": "min_value", "Max": "max_value"}
_LEFT = ("Table", "Column", "Min", "Max")


def compare_runs(experiment: Experiment, runs: list[Run]) -> None:
    """Draw the choice of two completed runs and their comparison; nothing with fewer than two."""
    name, completed = experiment.name, [run.id for run in runs if run.status == "COMPLETED"]
    if len(completed) < 2:
        return
    key = f"_compared_{name}"
    with st.expander("Compare two runs", icon=":material/compare_arrows:", key=f"compare:{name}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            first = st.selectbox("Run", completed, index=1, key=f"compare_first:{name}", width=140)
            second = st.selectbox("with run", completed, index=0, key=f"compare_second:{name}", width=140)
            if pressed("Compare", key=f"compare_go:{name}", icon=":material/compare_arrows:"):
                st.session_state[key] = (first, second)
                discard_result(f"comparison:{name}")
        pair = st.session_state.get(key)
        if pair is not None and set(pair) <= set(completed):
            with show_errors():
                _draw_comparison(experiment, *pair)


def _draw_comparison(experiment: Experiment, first: int, second: int) -> None:
    name = experiment.name
    tables = experiment.compare_tables(first, second)
    show_result(
        f"comparison:{name}",
        (first, second, experiment.created_at),
        lambda handle: experiment.compare(first, second, handle=handle),
        lambda frame: _draw_columns(name, first, second, frame),
        first=lambda: _draw_tables(name, first, second, tables),
    )


def _draw_tables(name: str, first: int, second: int, frame: pl.DataFrame) -> None:
    rows, alt = _table_rows(frame, _headers(first, second)), f"Tables of run {first} and run {second}"
    st.dataframe(rows, key=f"compared_tables:{name}", hide_index=True, alt=alt, column_config=_alignment(rows))


def _draw_columns(name: str, first: int, second: int, frame: pl.DataFrame) -> None:
    differing = frame.filter("differs")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{differing.height:,} of {counted(frame.height, 'column')} differ in NULLs, distinct, mean, min or max.",
            width="stretch",
        )
        shows_all = st.toggle("All columns", key=f"compare_all:{name}")
    shown = frame if shows_all else differing
    if shown.is_empty():
        st.success(f"No column statistic differs between run {first} and run {second}.", icon=":material/check:")
        return
    columns, alt = _column_rows(shown, _headers(first, second)), f"Columns of run {first} and run {second}"
    st.dataframe(
        columns,
        key=f"comparison:{name}",
        hide_index=True,
        placeholder="–",
        alt=alt,
        column_config=_alignment(columns),
    )


def _alignment(columns: Iterable[str]) -> dict[str, Any]:
    """Return a configuration that aligns numbers right and pins the names."""
    return {
        header: st.column_config.TextColumn(
            alignment="left" if header.startswith(_LEFT) else "right", pinned=header in ("Table", "Column")
        )
        for header in columns
    }


def _headers(first: int, second: int) -> tuple[str, str]:
    """Return the headers of the two sides, distinct also for a run compared with itself."""
    return f"run {first}", f"run {second}" if first != second else f"run {second} again"


def _table_rows(frame: pl.DataFrame, sides: tuple[str, str]) -> dict[str, list[str]]:
    rows = frame.to_dicts()
    columns = {"Table": [row["table"] for row in rows]}
    for title, name, shown in (("Rows", "rows", _format_number), ("Size", "bytes", size)):
        for side, header in zip(_SIDES, sides, strict=True):
            columns[f"{title}, {header}"] = [shown(row[f"{name}_{side}"]) for row in rows]
        columns[f"{title}, difference"] = [_format_difference(row[f"{name}_difference"], shown) for row in rows]
    return columns


def _format_number(number: int) -> str:
    return f"{number:,}"


def _format_difference(number: int, shown: Callable[[int], str]) -> str:
    """Return a difference with its sign; zero is an equals sign."""
    if number == 0:
        return "="
    return f"{'+' if number > 0 else '−'}{shown(abs(number))}"


def _column_rows(frame: pl.DataFrame, sides: tuple[str, str]) -> dict[str, list[Any]]:
    rows = frame.to_dicts()
    columns: dict[str, list[Any]] = {
        "Table": [row["table"] for row in rows],
        "Column": [row["column"] for row in rows],
    }
    for title, name in _COLUMN_STATISTICS.items():
        for side, header in zip(_SIDES, sides, strict=True):
            columns[f"{title}, {header}"] = [_format_statistic(row, name, side) for row in rows]
    return columns


def _format_statistic(row: dict[str, Any], name: str, side: str) -> str | None:
    value = row[f"{name}_{side}"]
    if name == "distinct":
        return approximate(value, is_exact=row[f"is_exact_{side}"])
    if name == "nulls":
        return _format_number(value)
    if name == "mean":
        return significant(value) or None
    is_number = row[f"mean_{side}"] is not None
    return with_thousands(value) if is_number else value
