"""Parts of a page for an experiment that may be deleted elsewhere: fragments, and listeners of widgets."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import streamlit as st

from engine import Experiment
from engine.errors import NotFoundError

P = ParamSpec("P")


def live_fragment(draw: Callable[P, None], every_seconds: float | None = None) -> Callable[P, None]:
    """Return `draw` as a fragment, redrawn every `every_seconds` if given.

    Another tab, a notebook or a terminal may delete the experiment between two reruns; the whole page, which can
    report that, then reruns.
    """

    @wraps(draw)
    def draw_or_rerun(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except NotFoundError:
            st.rerun()

    return st.fragment(run_every=every_seconds)(draw_or_rerun)


def while_it_exists(
    listener: Callable[Concatenate[Experiment, P], None],
) -> Callable[Concatenate[Experiment, P], None]:
    """Return a listener that does nothing for an experiment that was deleted elsewhere: the page tells that."""

    @wraps(listener)
    def listen(experiment: Experiment, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            listener(experiment, *args, **kwargs)
        except NotFoundError:
            return

    return listen
