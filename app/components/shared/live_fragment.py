"""A part of a page that is redrawn alone, and that hands over to the page when what it shows has been deleted."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import streamlit as st

from engine.errors import NotFoundError

P = ParamSpec("P")


def living_fragment(draw: Callable[P, None], every_seconds: float | None = None) -> Callable[P, None]:
    """Return `draw` as a fragment, redrawn every so many seconds if given.

    Another tab, a notebook or a terminal may delete the experiment between two redrawings; the page, which knows
    how to say so, is then redrawn as a whole.
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            draw(*args, **kwargs)
        except NotFoundError:
            st.rerun()

    return st.fragment(run_every=every_seconds)(drawn)
