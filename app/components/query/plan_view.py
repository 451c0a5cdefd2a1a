"""The plan of the query in the editor, as a tree of steps that fold."""

from __future__ import annotations

from html import escape
from pathlib import Path

import streamlit as st

from app import state
from app.components.shared.background_results import discard_result, show_result
from app.markdown_text import plain
from engine import Experiment
from engine.display.wording import counted, duration
from engine.types import PlanStep, QueryPlan

_STYLE = (Path(__file__).parents[2] / "static" / "plan.css").read_text("utf-8")
_PLACE = "plan"


def explain(name: str, *, analyze: bool) -> None:
    """Have the plan of the editor's text drawn; `analyze` runs the query."""
    discard_result(_PLACE)
    sql, dialect = state.draft(name, ""), st.session_state["dialect"]
    st.session_state[_key(name)] = (sql, dialect, analyze)


def show_plan(experiment: Experiment) -> None:
    """Draw the plan that was asked for in the open tab, until it is closed."""
    asked: tuple[str, str, bool] | None = st.session_state.get(_key(experiment.name))
    if asked is None:
        return
    sql, dialect, analyze = asked
    with st.container(border=True, key="query_plan"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Plan** · {plain(' '.join(sql.split())[:80])}", width="stretch")
            st.button(
                "Close plan",
                key=f"close_plan:{experiment.name}",
                icon=":material/close:",
                type="tertiary",
                on_click=st.session_state.pop,
                args=(_key(experiment.name), None),
            )
        show_result(
            _PLACE,
            (experiment.name, experiment.created_at, experiment.loaded_run_id, *asked),
            lambda handle: experiment.explain(sql, dialect=dialect, analyze=analyze, handle=handle),
            _draw,
        )


def _draw(plan: QueryPlan) -> None:
    st.html(f'<style>{_STYLE}</style><ul class="plan">{_item(plan.step, plan)}</ul>')
    if not plan.is_analyzed:
        st.caption("Rows are what DuckDB expects. “Explain and run” counts them and takes the time of each step.")


def _item(step: PlanStep, plan: QueryPlan) -> str:
    """Return a step and, inside it, the steps that it reads from."""
    if step.rows is not None and step.seconds is not None:
        share = step.seconds / plan.seconds if plan.seconds else 0
        numbers = f"{counted(step.rows, 'row')}, {duration(step.seconds)}"
        bar = f'<meter min="0" max="1" value="{share:.3f}" aria-label="Share of the time"></meter>'
    else:
        numbers = "" if step.estimated_rows is None else f"about {counted(step.estimated_rows, 'row')}"
        bar = ""
    facts = "".join(f"<div>{escape(name)}: <code>{escape(text)}</code></div>" for name, text in step.details)
    head = f"<summary><b>{escape(step.name)}</b> <span>{escape(numbers)}</span>{bar}</summary>"
    inputs = "".join(_item(child, plan) for child in step.inputs)
    return f"<li><details open>{head}{facts}{f'<ul>{inputs}</ul>' if inputs else ''}</details></li>"


def _key(name: str) -> str:
    return f"_plan_{name.casefold()}:{state.open_tab(name)}"
