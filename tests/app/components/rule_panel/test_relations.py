"""Rules over other rows in the rule panel: tables and columns are chosen, and what is wrong is at its field."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import engine
from tests.app.components.rule_panel.test_panel import open_panel, saved, use
from tests.app.conftest import Open

from .reviewing import open_review


def key_to(table: str, **more: Any) -> dict[str, Any]:
    return {"references_table": table, "references_column": "id"} | more


ID = {"name": "id", "data_type": "INT", "is_unique": True}
SCHEMA = {
    "name": "trial",
    "tables": [
        {
            "name": "customers",
            "target_rows": 9,
            "latents": ["wealth"],
            "columns": [ID, {"name": "budget", "data_type": "INT", "min_value": 0, "max_value": 99}],
        },
        {
            "name": "orders",
            "target_rows": 40,
            "latents": ["mood"],
            "columns": [
                ID,
                {"name": "customer", "data_type": "INT", "foreign_key": key_to("customers", counted=True)},
                {"name": "channel", "data_type": "VARCHAR(9)", "values": ["web", "shop"]},
                {"name": "amount", "data_type": "DECIMAL(12,2)", "min_value": 1, "max_value": 99},
                {"name": "state", "data_type": "VARCHAR(9)"},
                {"name": "is_big", "data_type": "BOOLEAN"},
            ],
        },
        {
            "name": "items",
            "columns": [
                {"name": "order_id", "data_type": "INT", "foreign_key": key_to("orders", fan_out=[1, 3])},
                {"name": "line_total", "data_type": "DECIMAL(9,2)", "min_value": 1, "max_value": 50},
                {"name": "so_far", "data_type": "DECIMAL(18,2)"},
            ],
        },
    ],
}
ROLLUP = "rule_field:orders.amount:rollup"


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_review(open_page, SCHEMA)


def shown_fields(at: AppTest, path: str) -> list[str]:
    fields = [*at.selectbox, *at.text_input, *at.text_area, *at.number_input]
    return sorted(str(each.key) for each in fields if str(each.key).startswith(path))


def test_a_roll_up_is_chosen_from_tables_and_columns(page: AppTest, bench: engine.Workbench):
    open_panel(page, "amount")
    use(page, "orders.amount", "roll-up", "rollup")
    assert page.selectbox(key=f"{ROLLUP}.of").options == ["items.order_id"]
    assert f"{ROLLUP}.sum" not in shown_fields(page, ROLLUP)
    page.selectbox(key="rule_aggregate:orders.amount").select("sum").run()
    assert page.selectbox(key=f"{ROLLUP}.sum").options == ["line_total", "so_far"]
    assert f"{ROLLUP}.max" not in shown_fields(page, ROLLUP)
    page.selectbox(key="rule_aggregate:orders.amount").select("avg").run()
    assert not page.exception
    found = saved(page, bench, "amount").rollup
    assert found.model_dump(exclude_none=True) == {"of": "items.order_id", "avg": "line_total"}


def test_a_condition_over_the_rows_is_typed(page: AppTest, bench: engine.Workbench):
    open_panel(page, "is_big")
    use(page, "orders.is_big", "roll-up", "rollup")
    page.selectbox(key="rule_aggregate:orders.is_big").select("all").run()
    assert not page.exception
    found = saved(page, bench, "is_big").rollup
    assert found.model_dump(exclude_none=True) == {"of": "items.order_id", "all": "order_id is not null"}


def test_a_running_total_names_its_columns(page: AppTest):
    page.selectbox(key="review_table").select("items").run()
    page.multiselect(key="rule_columns:items").set_value(["so_far"]).run()
    use(page, "items.so_far", "running", "running")
    path = "rule_field:items.so_far:running"
    assert page.selectbox(key=f"{path}.within").options == ["order_id"]
    assert page.selectbox(key=f"{path}.sum").options == ["line_total"]
    assert "order_id.amount" in page.selectbox(key=f"{path}.start").options
    page.selectbox(key=f"{path}.start").select("order_id.amount").run()
    assert not page.exception
    assert not page.button(key="review_create").disabled


def test_loadings_are_numbers(page: AppTest, bench: engine.Workbench):
    open_panel(page, "amount")
    use(page, "orders.amount", "follow", "follows")
    path = "rule_field:orders.amount:follows"
    assert shown_fields(page, path) == [f"{path}.customer.wealth", f"{path}.mood"]
    page.number_input(key=f"{path}.customer.wealth").set_value(0.5).run()
    assert not page.exception
    assert saved(page, bench, "amount").follows == {"mood": 0.7, "customer.wealth": 0.5}


def test_what_is_wrong_with_conditional_values_is_at_their_field(page: AppTest, bench: engine.Workbench):
    open_panel(page, "state")
    use(page, "orders.state", "by another", "values_by")
    key = "rule_field:orders.state:values_by"
    page.text_area(key=key).set_value("{").run()
    assert any("This is not JSON" in each.value for each in page.markdown)
    page.text_area(key=key).set_value('{"chanel": {"*": {"paid": 1}}}').run()
    assert not page.exception
    assert any("chanel" in each.value and "error" in each.value for each in page.markdown)
    assert page.button(key="review_create").disabled
    page.text_area(key=key).set_value('{"channel": {"*": {"paid": 1}}}').run()
    assert saved(page, bench, "state").values_by is not None
