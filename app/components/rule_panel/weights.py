"""Lists of weights with a bar for each: the values of a list, the days of the week, the hours of the day."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from app.components.rule_panel.changes import note_change
from engine.types import ColumnEditor, RuleParameter

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ROWS_WITHOUT_SCROLLING = 10
_HEIGHT = 340


def values_field(editor: ColumnEditor, values: Sequence[Any], *, key: str) -> None:
    """Draw the values of a list, each with its weight and a bar; rows are added and deleted."""
    weights = _weights(editor.value(("weights",)), len(values))
    has_weights = isinstance(editor.value(("weights",)), list)
    numbered = f"{key}:{st.session_state.get('_review_revision', 0)}"

    def changed() -> None:
        now, shares = apply_edits(values, weights, st.session_state[numbered])
        set_values(editor, now, shares if has_weights or len(set(shares)) > 1 else None)
        note_change()

    st.data_editor(
        pl.DataFrame(
            {"value": [_as_text(value) for value in values], "weight": weights, "share": _shares(weights)},
            schema={"value": pl.String, "weight": pl.Float64, "share": pl.Float64},
        ),
        key=numbered,
        hide_index=True,
        num_rows="dynamic",
        disabled=["share"],
        height="content" if len(values) <= _ROWS_WITHOUT_SCROLLING else _HEIGHT,
        on_change=changed,
        column_config={
            "value": st.column_config.TextColumn("Value", required=True),
            "weight": st.column_config.NumberColumn("Weight", min_value=0, default=1, width=70),
            "share": _bar(max(_shares(weights), default=1)),
        },
    )


def shares_field(parameter: RuleParameter, value: Any, set_value: Callable[[Any], None], *, key: str) -> None:
    """Draw a fixed number of weights, each with a bar; without any, a button that starts with even ones."""
    size = parameter.size or 0
    names = _DAYS if size == len(_DAYS) else [f"{number:02}:00" for number in range(size)]
    is_given = isinstance(value, list) and len(value) == size and all(_is_number(each) for each in value)
    if not is_given:
        st.button(
            f"Add {parameter.label.lower()}", key=f"{key}:add", icon=":material/add:", type="tertiary",
            on_click=set_value, args=([1] * size,),
        )  # fmt: skip
        return
    weights = [float(each) for each in value]
    numbered = f"{key}:{st.session_state.get('_review_revision', 0)}"

    def changed() -> None:
        now = list(value)
        for index, cells in st.session_state[numbered]["edited_rows"].items():
            now[int(index)] = _plain_number(cells.get("weight") or 0)
        set_value(now)

    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(parameter.label, width="stretch")
        if not parameter.is_required:
            st.button(
                "Remove", key=f"{key}:remove", type="tertiary", on_click=set_value, args=(None,),
                help=f"Remove {parameter.label.lower()}.",
            )  # fmt: skip
    st.data_editor(
        pl.DataFrame({"name": list(names), "weight": weights, "share": _shares(weights)}),
        key=numbered,
        hide_index=True,
        disabled=["name", "share"],
        height="content" if size <= _ROWS_WITHOUT_SCROLLING else _HEIGHT,
        on_change=changed,
        column_config={
            "name": st.column_config.TextColumn("Day" if size == len(_DAYS) else "Hour"),
            "weight": st.column_config.NumberColumn("Weight", min_value=0, width=70),
            "share": _bar(max(_shares(weights), default=1)),
        },
    )


def apply_edits(
    values: Sequence[Any], weights: Sequence[float], edits: Mapping[str, Any]
) -> tuple[list[Any], list[float]]:
    """Return the values and weights after the edits of a table; both always have the same length."""
    rows = [[value, weight] for value, weight in zip(values, weights, strict=True)]
    for index, cells in edits.get("edited_rows", {}).items():
        row = rows[int(index)]
        if "value" in cells:
            row[0] = _as_value(cells["value"], values)
        if "weight" in cells:
            row[1] = float(cells["weight"] or 0)
    deleted = {int(index) for index in edits.get("deleted_rows", ())}
    rows = [row for index, row in enumerate(rows) if index not in deleted]
    for cells in edits.get("added_rows", ()):
        if cells.get("value") not in (None, ""):
            rows.append([_as_value(cells["value"], values), float(cells.get("weight", 1) or 0)])
    return [value for value, _ in rows], [weight for _, weight in rows]


def set_values(editor: ColumnEditor, values: Sequence[Any], weights: Sequence[float] | None) -> None:
    """Set the values of a list with their weights; None for even ones."""
    keys = {key: each for key, each in editor.keys.items() if key not in ("values", "weights")}
    keys["values"] = list(values)
    if weights is not None:
        keys["weights"] = [_plain_number(weight) for weight in weights]
    editor.set_keys(keys)


def _weights(given: Any, count: int) -> list[float]:
    """Return a weight for each value: a weight that is missing or no number is 1."""
    found = given if isinstance(given, list) else []
    return [float(found[index]) if index < len(found) and _is_number(found[index]) else 1.0 for index in range(count)]


def _shares(weights: Sequence[float]) -> list[float]:
    total = sum(weights)
    return [weight / total if total else 0.0 for weight in weights]


def _bar(longest: float) -> Any:
    return st.column_config.ProgressColumn("Share", format="percent", min_value=0, max_value=longest or 1)


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _as_value(text: Any, before: Sequence[Any]) -> Any:
    """Return a typed text as a number or a truth value where the others are."""
    if any(not isinstance(value, str) for value in before):
        try:
            found = json.loads(str(text))
        except ValueError:
            return text
        return found if isinstance(found, bool | int | float) else text
    return text


def _plain_number(weight: float) -> float | int:
    return int(weight) if weight == int(weight) else weight


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
