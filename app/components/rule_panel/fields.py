"""The typed fields of a rule's parameters, each with its problems below it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import streamlit as st

from app.components.rule_panel.changes import note_change
from app.components.rule_panel.expression_field import expression_field
from app.components.rule_panel.weights import shares_field, values_field
from app.markdown_text import plain
from engine.errors import Problem
from engine.types import CatalogueRule, ColumnEditor, FieldProblem, Review, RuleParameter

_SAFE = 2**53 - 1
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_SIDE_BY_SIDE = frozenset({"integer", "decimal", "date", "time", "choice"})
_NAMING = frozenset({"rollup", "running", "split_of", "split_weight", "line_number_of"})  # tables and columns
Set = Callable[[Any], None]


def parameter_fields(
    review: Review, editor: ColumnEditor, rule: CatalogueRule, problems: Sequence[FieldProblem]
) -> None:
    """Draw a field for each parameter of the column's rule; numbers and dates stand in pairs."""
    if rule.rule == "foreign_key":
        _reference_field(editor)
    if rule.rule == "rollup":
        _aggregate_field(editor)
    small = [each for each in rule.parameters if each.kind in _SIDE_BY_SIDE]
    for parameter in rule.parameters:
        if parameter in small:
            continue
        if parameter.path == ("weights",) and rule.rule == "values":
            continue  # beside each value
        _field(editor, parameter, problems)
    for start in range(0, len(small), 2):
        with st.container(horizontal=True, vertical_alignment="top"):
            for parameter in small[start : start + 2]:
                with st.container(gap=None):
                    _field(editor, parameter, problems)


def show_problems(problems: Sequence[Problem]) -> None:
    """Draw problems in a few words each, where their field is."""
    for problem in problems:
        st.markdown(f":red[:material/error: {plain(problem.message)} {plain(problem.hint)}]")


def _field(editor: ColumnEditor, parameter: RuleParameter, problems: Sequence[FieldProblem]) -> None:
    key = f"rule_field:{editor.table}.{editor.column}:{'.'.join(parameter.path)}"

    def set_value(value: Any) -> None:
        editor.set(parameter.path, value)
        note_change()

    value = editor.value(parameter.path)
    is_list = parameter.path == ("values",)
    if is_list and (value is None or isinstance(value, list)):
        values_field(editor, value or [], key=key)
    elif parameter.kind == "shares":
        shares_field(parameter, value, set_value, key=key)
    elif parameter.kind == "expression":
        expression_field(editor, parameter, value, set_value, key=key)
    else:
        _plain_field(parameter, value, set_value, key=key)
    here = [each.problem for each in problems if each.path == parameter.path]
    if parameter.path == ("values",):
        here += [each.problem for each in problems if each.path == ("weights",)]
    show_problems(here)


def _plain_field(parameter: RuleParameter, value: Any, set_value: Set, *, key: str) -> None:
    label = parameter.label if not parameter.is_required else f"{parameter.label} *"
    help_text = plain(parameter.description) or None

    def changed() -> None:
        set_value(_as_json(st.session_state[key]))

    match parameter.kind:
        case "integer" | "decimal" if (number := _number(value, parameter)) is not _NOT_A_NUMBER:
            low, high = _ends(parameter)
            is_whole = parameter.kind == "integer"
            st.session_state[key] = number
            st.number_input(
                label, min_value=low, max_value=high, value=None, key=key, help=help_text, on_change=changed,
                step=1 if is_whole else None, format="%d" if is_whole else "%g",
                placeholder="" if parameter.default is None else str(parameter.default),
            )  # fmt: skip
        case "boolean":
            st.session_state[key] = bool(parameter.default if value is None else value)
            st.checkbox(label, key=key, help=help_text, on_change=changed)
        case "choice":
            options = list(dict.fromkeys([*parameter.choices, *([str(value)] if value else [])]))
            st.session_state[key] = value or None
            st.selectbox(
                label, options, index=None, key=key, help=help_text, on_change=changed, placeholder="Choose",
                format_func=str if parameter.path[0] in _NAMING else lambda option: option.replace("_", " "),
            )  # fmt: skip
        case "date" if (day := _moment(value, date.fromisoformat)) is not _NOT_A_MOMENT:
            st.session_state[key] = day
            st.date_input(label, None, _FIRST, _LAST, key=key, help=help_text, on_change=changed, format="YYYY-MM-DD")
        case "timestamp" if (moment := _moment(value, datetime.fromisoformat)) is not _NOT_A_MOMENT:
            st.session_state[key] = moment
            st.datetime_input(
                label, None, datetime.combine(_FIRST, time()), datetime.combine(_LAST, time(23, 59)), key=key,
                help=help_text, on_change=changed, format="YYYY-MM-DD",
            )  # fmt: skip
        case "time" if (clock := _moment(value, time.fromisoformat)) is not _NOT_A_MOMENT:
            st.session_state[key] = clock
            st.time_input(label, None, key=key, help=help_text, on_change=changed)
        case "pair":
            _pair(parameter, value, set_value, key=key)
        case "text" if value is None or not isinstance(value, dict | list):
            st.session_state[key] = "" if value is None else str(value)
            st.text_input(
                label, key=key, help=help_text, placeholder=str(parameter.default or ""),
                on_change=lambda: set_value(_typed(st.session_state[key], value)),
            )  # fmt: skip
        case _:
            json_field(label, value, set_value, key=key, help_text=help_text)


def json_field(label: str, value: Any, set_value: Set, *, key: str, help_text: str | None = None) -> None:
    """Draw a value as JSON; a text that is no JSON is kept in the field, with what is wrong below."""
    wrong_key = f"{key}:wrong"

    def changed() -> None:
        text = st.session_state[key].strip()
        try:
            parsed = json.loads(text) if text else None
        except ValueError:
            st.session_state[wrong_key] = text
            return
        st.session_state.pop(wrong_key, None)
        set_value(parsed)

    wrong = st.session_state.get(wrong_key)
    shown = "" if value is None else json.dumps(value, ensure_ascii=False)
    st.session_state[key] = shown if wrong is None else wrong
    st.text_area(label, key=key, help=help_text, height=70, on_change=changed, placeholder="JSON")
    if wrong is not None:
        show_problems([Problem("", "This is not JSON, so it is not used yet.", 'Write it as {"key": "value"}.')])


def _pair(parameter: RuleParameter, value: Any, set_value: Set, *, key: str) -> None:
    """Draw a min and a max; they are set once both are known."""
    given = value if isinstance(value, list) and len(value) == 2 else [None, None]
    keys = f"{key}:min", f"{key}:max"

    def changed() -> None:
        low, high = (st.session_state[each] for each in keys)
        if low is None and high is None:
            set_value(None)
        else:
            set_value([low if low is not None else min(1, high), high if high is not None else max(1, low)])

    with st.container(horizontal=True):
        for each, name, part in zip(keys, ("min", "max"), given, strict=True):
            st.session_state[each] = part
            st.number_input(
                f"{parameter.label}, {name}", min_value=0 if name == "min" else 1, value=None, step=1, key=each,
                help=plain(parameter.description) or None, on_change=changed,
            )  # fmt: skip


def _reference_field(editor: ColumnEditor) -> None:
    key = f"rule_reference:{editor.table}.{editor.column}"

    def changed() -> None:
        editor.set_reference(st.session_state[key])
        note_change()

    st.session_state[key] = editor.reference
    options = list(dict.fromkeys([*editor.references, editor.reference]))
    st.selectbox("Refers to", options, key=key, on_change=changed)


def _aggregate_field(editor: ColumnEditor) -> None:
    key = f"rule_aggregate:{editor.table}.{editor.column}"

    def changed() -> None:
        editor.set_aggregate(st.session_state[key])
        note_change()

    st.session_state[key] = editor.aggregate or None
    st.selectbox(
        "Aggregate *", editor.aggregates, index=None, key=key, on_change=changed, placeholder="Choose",
        format_func=lambda option: option.replace("_", " "),
    )  # fmt: skip


_NOT_A_NUMBER, _NOT_A_MOMENT = object(), object()


def _number(value: Any, parameter: RuleParameter) -> Any:
    """Return the number for a field; a marker for what a browser's number cannot hold, which is written as text."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _NOT_A_NUMBER
    low, high = _ends(parameter)
    is_inside = (low is None or value >= low) and (high is None or value <= high)
    if not is_inside or abs(value) > _SAFE:
        return _NOT_A_NUMBER
    if parameter.kind == "integer":
        return int(value) if value == int(value) else _NOT_A_NUMBER
    return float(value)


def _ends(parameter: RuleParameter) -> tuple[Any, Any]:
    """Return the bounds that a browser's number field can have."""
    make = int if parameter.kind == "integer" else float
    low, high = (
        None if end is None or abs(end) > _SAFE else make(end) for end in (parameter.minimum, parameter.maximum)
    )
    return low, high


def _moment(value: Any, read: Callable[[str], Any]) -> Any:
    if value is None:
        return None
    with suppress(ValueError, TypeError):
        found = read(str(value))
        if getattr(found, "tzinfo", None) is None and getattr(found, "microsecond", 0) == 0:
            return found
    return _NOT_A_MOMENT


def _as_json(value: Any) -> Any:
    """Return what a field holds as a JSON value; whole numbers without a fraction."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value == int(value) and abs(value) <= _SAFE:
        return int(value)
    return value


def _typed(text: str, before: Any) -> Any:
    """Return a text as the number that it is, where a number was; None for no text."""
    if not text.strip():
        return None
    if isinstance(before, int | float) and not isinstance(before, bool):
        with suppress(ArithmeticError, ValueError):
            number = Decimal(text)
            return int(number) if number == int(number) else float(number)
    return text
