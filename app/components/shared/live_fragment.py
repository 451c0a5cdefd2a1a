"""Fragments that redraw alone, and rerun the whole page when their experiment has been deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

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
