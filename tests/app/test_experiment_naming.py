"""Rename, duplicate and describe in the menu of an experiment's card."""

import engine
from app.components.experiments.cards import DESCRIBE, DUPLICATE, RENAME

from .conftest import Open


def test_an_experiment_is_renamed(open_page: Open, filled: engine.Experiment, bench: engine.Workbench):
    at = open_page()
    at.get("menu_button")[0].click(RENAME).run()
    at.text_input(key="rename_to:shop").set_value("atelier")
    at.button(key="rename_yes").click().run()

    assert not at.exception
    assert "atelier" in bench
    assert "shop" not in bench


def test_an_experiment_is_duplicated_under_a_free_name(
    open_page: Open, filled: engine.Experiment, bench: engine.Workbench
):
    at = open_page()
    at.get("menu_button")[0].click(DUPLICATE).run()
    assert at.text_input(key="copy_to:shop").value == "shop_2"
    at.button(key="duplicate_yes").click().run()
    assert bench["shop_2"].schema.tables == filled.schema.tables


def test_an_experiment_is_described(open_page: Open, shop: engine.Experiment):
    at = open_page()
    at.get("menu_button")[0].click(DESCRIBE).run()
    at.text_area(key="description:shop").set_value("For the demo.")
    at.button(key="describe_yes").click().run()
    assert shop.description == "For the demo."
