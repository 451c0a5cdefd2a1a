from streamlit.testing.v1 import AppTest


def page_with_a_fragment_whose_experiment_is_deleted() -> None:
    """Draw a page whose fragment finds that its experiment has just been deleted."""
    import streamlit as st

    from app.components.shared.live_fragment import live_fragment
    from engine.errors import NotFoundError

    draws = st.session_state.setdefault("draws", [])
    draws.append("page")
    if len(draws) > 1:
        st.info("There is no such experiment any more.")
        st.stop()

    def draw(name: str) -> None:
        raise NotFoundError(f"There is no experiment {name!r}.")

    live_fragment(draw)("shop")


def test_a_fragment_of_a_deleted_experiment_reruns_the_page():
    at = AppTest.from_function(page_with_a_fragment_whose_experiment_is_deleted).run()

    assert not at.exception
    assert at.session_state["draws"] == ["page", "page"]
    assert at.info[0].value == "There is no such experiment any more."
