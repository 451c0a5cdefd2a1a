"""The one place where an error of the engine becomes something to read: message, place and hint, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.formats import plain
from engine.display.wording import counted
from engine.errors import Problem, QueryError, SchemaError, WorkbenchError

SHOWN_PROBLEMS = 50


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what the engine refuses inside the block, where the block stands; other exceptions are bugs and pass."""
    try:
        yield
    except WorkbenchError as error:
        show_error(error)


def show_error(error: WorkbenchError) -> None:
    """Show an error: a schema's problems as a list, a query's with its caret line, any other in a sentence."""
    if isinstance(error, SchemaError):
        _show_problems(error.problems)
    elif isinstance(error, QueryError):
        _show_query_error(error)
    else:
        st.error(_sentence(Problem(error.where, error.message, error.hint)), icon=":material/error:")


def _show_problems(problems: tuple[Problem, ...]) -> None:
    lines = [f"- {_sentence(problem)}" for problem in problems[:SHOWN_PROBLEMS]]
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(f"- … and {counted(len(problems) - SHOWN_PROBLEMS, 'more problem')}")
    head = f"**{counted(len(problems), 'problem')} to mend. Nothing was saved.**"
    st.error("\n".join([head, "", *lines]), icon=":material/error:")


def _show_query_error(error: QueryError) -> None:
    with st.container(key="query_error", gap="xsmall"):
        st.error(_sentence(Problem(error.where, error.message, "")), icon=":material/error:")
        if error.caret:
            st.code(error.caret, language=None)
        if error.hint:
            st.caption(plain(error.hint))


def _sentence(problem: Problem) -> str:
    place = f"**{plain(problem.where)}:** " if problem.where else ""
    hint = f" {plain(problem.hint)}" if problem.hint else ""
    return f"{place}{plain(problem.message)}{hint}".replace("\n", "  \n")
