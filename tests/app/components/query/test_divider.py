"""The room for a result is what the browser reports, within bounds."""

import pytest
from streamlit.testing.v1 import AppTest


@pytest.mark.parametrize(
    ("cookie", "reported", "room"),
    [
        ("", None, 392),
        ("640", None, 640),
        ("640", 500, 500),
        ("9", None, 220),
        ("x9", None, 392),
        ("99999", None, 2_400),
    ],
)
def test_the_room_comes_from_the_browser(cookie: str, reported: int | None, room: int):
    def page(cookie):  # type: ignore[no-untyped-def]
        from unittest.mock import patch

        import streamlit as st

        from app.components.query.divider import ROOM_COOKIE, result_room

        with patch.object(type(st.context), "cookies", {ROOM_COOKIE: cookie}):
            st.text(str(result_room()))

    at = AppTest.from_function(page, kwargs={"cookie": cookie})
    if reported is not None:
        at.session_state["_result_room"] = reported
    assert at.run().text[0].value == str(room)
