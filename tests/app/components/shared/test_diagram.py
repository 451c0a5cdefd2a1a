"""The diagram as sent to the browser, on the background of the page."""

import pytest
from streamlit.testing.v1 import AppTest


def page() -> None:
    from app.components.shared.diagram import diagram

    diagram(lambda around: f'erDiagram\n  "{around}" {{\n  }}', [f"t{number}" for number in range(26)], key="diagram")


def test_of_many_tables_one_with_its_neighbours_is_drawn():
    at = AppTest.from_function(page).run()

    assert "26 tables are too many" in at.caption[0].value
    assert '"t0"' in at.markdown[0].value
    at.selectbox(key="diagram").set_value("t7").run()
    assert '"t7"' in at.markdown[0].value


@pytest.mark.parametrize("setting", ["edgeLabelBackground", "tertiaryColor"])
def test_labels_have_the_background_of_the_page(setting: str):
    assert f'{setting}: "#' in AppTest.from_function(page).run().markdown[0].value
