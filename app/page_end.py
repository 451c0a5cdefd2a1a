"""The early end of a page: what follows in its script is not drawn.

`st.stop()` counts as a script that broke off: Streamlit keeps the page's earlier fragments, and one whose timer then
fires draws into a place that is no longer there, which breaks the page in the browser. A page that ends here has ended
like any other, and fragments that it did not draw are forgotten.
"""

from __future__ import annotations

from typing import NoReturn

from streamlit.navigation.page import Page


class _PageEndError(Exception):
    """The page has drawn all that it has to draw."""


def end_page() -> NoReturn:
    """End the page that is being drawn; only for the page's own run, not inside of a fragment."""
    raise _PageEndError


def run_page(page: Page) -> None:
    """Draw a page up to its end."""
    try:
        page.run()
    except _PageEndError:
        return
