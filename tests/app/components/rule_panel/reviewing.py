"""A review opened on the page of a new experiment."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.app.conftest import Open


def open_review(open_page: Open, schema: dict[str, Any]) -> AppTest:
    """Open the review of a schema at its table of orders."""
    at = open_page("new_experiment")
    at.button_group(key="new_way").set_value("JSON").run()
    at.text_area(key="new_json").set_value(json.dumps(schema))
    at.button(key="new_json_create").click().run()
    assert [each.value for each in at.error] == []
    at.selectbox(key="review_table").select("orders").run()
    assert not at.exception
    return at
