from streamlit.testing.v1 import AppTest


def page() -> None:
    import streamlit as st

    from app.components.shared.presses import pressed

    if st.session_state.pop("draws_anew", False):
        st.rerun()
    if pressed("Save", key="save"):
        st.session_state["saved"] = st.session_state.get("saved", 0) + 1


def test_a_press_is_read_once_also_when_the_page_is_drawn_anew_before():
    at = AppTest.from_function(page).run()
    at.button(key="save").click().run()
    assert at.session_state["saved"] == 1

    at.session_state["draws_anew"] = True
    at.button(key="save").click().run()
    assert at.session_state["saved"] == 2
    at.run()
    assert at.session_state["saved"] == 2


def test_a_press_that_no_run_read_in_time_is_forgotten():
    at = AppTest.from_function(page).run()
    at.session_state["_pressed:save"] = -100.0
    at.run()
    assert "saved" not in at.session_state
