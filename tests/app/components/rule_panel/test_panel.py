"""The rule panel beside the review: rules of each category are chosen, set and saved."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

import engine
from tests.app.conftest import Open

from .reviewing import open_review

SCHEMA = {
    "name": "trial",
    "tables": [
        {"name": "customers", "target_rows": 9, "columns": [{"name": "id", "data_type": "INT", "is_unique": True}]},
        {
            "name": "orders",
            "target_rows": 40,
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "customer", "data_type": "INT"},
                {"name": "who", "data_type": "VARCHAR(40)"},
                {"name": "state", "data_type": "VARCHAR(9)", "values": ["open", "paid"], "weights": [3, 1]},
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 99},
                {"name": "seen_at", "data_type": "TIMESTAMP"},
                {"name": "done", "data_type": "BOOLEAN"},
            ],
        },
    ],
}


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_review(open_page, SCHEMA)


def open_panel(at: AppTest, *columns: str) -> None:
    at.multiselect(key="rule_columns:orders").set_value(list(columns)).run()
    assert not at.exception


def use(at: AppTest, place: str, search: str, name: str) -> None:
    if not place.endswith("together"):
        at.button_group(key=f"rule_view:{place}").set_value("All rules").run()
    at.text_input(key=f"rule_search:{place}").set_value(search).run()
    at.button(key=f"use_rule:{place}:{name}").click().run()
    assert not at.exception


def saved(at: AppTest, bench: engine.Workbench, column: str) -> Any:
    at.button(key="review_create").click().run()
    assert not at.exception
    return bench["trial"].table("orders").column(column)


@pytest.mark.parametrize(
    ("column", "search", "name", "keys"),
    [
        ("who", "full name", "faker_rule:name", {"faker_rule": "name"}),
        ("who", "iban", "faker_rule:iban", {"faker_rule": "iban"}),
        ("who", "city", "place", {"place": "city"}),
        ("who", "pattern", "pattern", {"pattern": "SKU-##-??"}),
        ("who", "template", "template", {"template": "{id}-who"}),
        ("amount", "normal", "distribution:normal", {"min_value": 1, "max_value": 99}),
        ("amount", "sequence", "sequence", {"min_value": None}),
        ("amount", "expression", "expression", {"expression": "1"}),
        ("seen_at", "weekday", "weekday_weights", {"weekday_weights": [1, 1, 1, 1, 1, 0, 0]}),
        ("seen_at", "hour", "hour_weights", {"hour_weights": [0.0] * 8 + [1.0] * 16}),
        ("seen_at", "trend", "trend", {}),
        ("done", "probability", "probability", {"probability": 0.3}),
        ("customer", "foreign", "foreign_key", {}),
        ("customer", "list of values", "values", {"values": [1, 2, 3]}),
    ],
)
def test_a_rule_of_each_category_is_chosen_and_saved(
    page: AppTest, bench: engine.Workbench, column: str, search: str, name: str, keys: dict[str, Any]
):
    open_panel(page, column)
    use(page, f"orders.{column}", search, name)
    found = saved(page, bench, column)
    assert getattr(found, name.partition(":")[0]) is not None
    assert {key: getattr(found, key) for key in keys} == keys


def test_fields_set_the_parameters(page: AppTest, bench: engine.Workbench):
    open_panel(page, "amount")
    page.number_input(key="rule_field:orders.amount:max_value").set_value(50.5).run()
    page.checkbox(key="rule_nullable:orders.amount").check().run()
    page.slider(key="rule_null_share:orders.amount").set_value(20.0).run()
    found = saved(page, bench, "amount")
    assert (float(found.max_value), found.null_fraction) == (50.5, 0.2)


def test_a_problem_is_at_its_field_and_nothing_can_be_created(page: AppTest):
    open_panel(page, "amount")
    page.number_input(key="rule_field:orders.amount:min_value").set_value(100.0).run()
    assert not page.exception
    shown = [each.value.replace("\\", "") for each in page.markdown]
    assert any("min_value 100 is greater than max_value 99" in each for each in shown)
    assert page.button(key="review_create").disabled
    page.number_input(key="rule_field:orders.amount:min_value").set_value(5.0).run()
    assert not page.button(key="review_create").disabled


def test_several_columns_get_the_same_share_and_the_same_rule(page: AppTest, bench: engine.Workbench):
    open_panel(page, "who", "state")
    page.number_input(key="rule_null_share:orders:together").set_value(30.0).run()
    page.button(key="rule_apply_nulls:orders:together").click().run()
    use(page, "orders:together", "pattern", "pattern")
    page.button(key="review_create").click().run()
    table = bench["trial"].table("orders")
    assert [(table.column(name).pattern, table.column(name).null_fraction) for name in ("who", "state")] == [
        ("SKU-##-??", 0.3),
        ("SKU-##-??", 0.3),
    ]


def test_other_keys_are_shown_as_json_and_kept(page: AppTest, bench: engine.Workbench):
    open_panel(page, "who")
    field = "rule_other:orders.who"
    page.text_area(key=field).set_value('{"null_when": "amount > 50"').run()
    assert any("This is not JSON" in each.value for each in page.markdown)
    assert page.text_area(key=field).value == '{"null_when": "amount > 50"'
    page.checkbox(key="rule_nullable:orders.who").check().run()
    page.text_area(key=field).set_value('{"null_when": "amount > 50"}').run()
    use(page, "orders.who", "email", "faker_rule:email")
    found = saved(page, bench, "who")
    assert (found.null_when, found.faker_rule) == ("amount > 50", "email")


def test_a_search_without_a_result_says_so(page: AppTest):
    open_panel(page, "who")
    page.button_group(key="rule_view:orders.who").set_value("All rules").run()
    page.text_input(key="rule_search:orders.who").set_value("xyzzy").run()
    assert any('No rule for "xyzzy" fits this type' in each.value for each in page.caption)


def test_a_problem_does_not_move_the_panel(page: AppTest):
    """Streamlit knows a part of a page by its place: what is typed while the page moves it would be lost."""
    open_panel(page, "amount")
    places = [place(page, "rule_panel")]
    page.number_input(key="rule_field:orders.amount:min_value").set_value(100.0).run()
    assert page.button(key="review_create").disabled
    places.append(place(page, "rule_panel"))
    page.text_input(key="new_columns").set_value("amount").run()  # is there already
    assert any(":red[" in each.value for each in page.markdown)
    places.append(place(page, "rule_panel"))
    assert places == [places[0]] * 3


def place(at: AppTest, key: str) -> list[int]:
    """Return the numbers of the containers and elements on the way to a container, from the page's."""

    def find(block: Block) -> list[int] | None:
        for number, child in block.children.items():
            if isinstance(child, Block):
                if child.key == key:
                    return [number]
                if (rest := find(child)) is not None:
                    return [number, *rest]
        return None

    found = find(at.main)
    assert found is not None, key
    return found
