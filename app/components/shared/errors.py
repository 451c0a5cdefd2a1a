"""Engine errors on a page: message, position and hint, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.markdown_text import plain
from engine.display.wording import counted
from engine.errors import Problem, QueryError, SchemaError, WorkbenchError

SHOWN_PROBLEMS = 50


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an error of the engine raised inside the block; other exceptions are bugs and propagate."""
    try:
        yield
    except WorkbenchError as error:
        show_error(error)


def show_error(error: WorkbenchError) -> None:
    """Show an error: schema problems as a list, a query error with its caret line, any other as a sentence."""
    if isinstance(error, SchemaError):
        _show_problems(error.problems)
    elif isinstance(error, QueryError):
        _show_query_error(error)
    else:
        st.error(_format_problem(Problem(error.where, error.message, error.hint)), icon=":material/error:")


def _show_problems(problems: tuple[Problem, ...]) -> None:
    lines = [f"- {_format_problem(problem)}" for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"- … and {counted(len(problems) - SHOWN_PROBLEMS, 'more problem')}")
    head = f"**{counted(len(problems), 'problem')} to fix**"
    st.error("\n".join([head, "", *lines]), icon=":material/error:")


def _show_query_error(error: QueryError) -> None:
    with st.container(key="query_error", gap="xsmall"):
        st.error(_format_problem(Problem(error.where, error.message, "")), icon=":material/error:")
        if error.caret:
            st.code(error.caret, language=None)
        if error.hint:
            st.caption(plain(error.hint))


def _format_problem(problem: Problem) -> str:
    prefix = f"**{plain(problem.where)}:** " if problem.where else ""
    hint = f" {plain(problem.hint)}" if problem.hint else ""
    return f"{prefix}{plain(problem.message)}{hint}".replace("\n", "  \n")
