"""The rule panel: a rule found by what it is called, its samples, weights, an error at its field, and saving."""

import itertools
import re
from collections.abc import Iterator

import pytest

import engine

from .conftest import Locator, Open, Page, button, playwright
from .grids import cell
from .pictures import AT_REST

expect = playwright.expect
_numbers = itertools.count(1)


@pytest.fixture
def club(bench: engine.Workbench) -> Iterator[engine.Experiment]:
    """An experiment of one table with a text, a list of values and a number."""
    columns = [
        {"name": "member_id", "data_type": "INT", "is_unique": True},
        {"name": "title", "data_type": "VARCHAR(60)"},
        {"name": "tier", "data_type": "VARCHAR(10)", "values": ["gold", "silver"], "weights": [1, 3]},
        {"name": "points", "data_type": "INT", "min_value": 1, "max_value": 900},
    ]
    table = {"name": "members", "target_rows": 100, "columns": columns}
    experiment = bench.create({"name": f"club{next(_numbers)}", "tables": [table]})
    yield experiment
    bench.delete(experiment.name)


def open_panel(open_page: Open, experiment: engine.Experiment, column: str) -> tuple["Page", "Locator"]:
    page = open_page("schema", experiment)
    expect(page.get_by_text("Version 1 · 1 table", exact=False)).to_be_visible()
    choose_column(page, column)
    panel = page.locator(".st-key-rule_panel")
    expect(panel.get_by_text(column, exact=True)).to_be_visible()
    return page, panel


def choose_column(page: "Page", column: str) -> None:
    field = page.locator("[class*='st-key-rule_columns'] input").first
    field.click()
    field.fill(column)
    field.press("Enter")
    field.press("Escape")


def save(page: "Page") -> None:
    button(page, "Save").click()
    button(page, "Save as version 2").click()
    expect(page.get_by_text("Saved version 2", exact=False)).to_be_visible()


def test_a_rule_is_found_by_its_meaning_and_saved(open_page: Open, club: engine.Experiment):
    page, panel = open_panel(open_page, club, "title")
    samples = panel.locator("code")
    before = samples.first.inner_text()
    panel.get_by_text("All rules", exact=True).click()
    panel.get_by_role("textbox", name="Search rules").fill("full name")
    panel.get_by_role("textbox", name="Search rules").press("Enter")
    use = panel.locator("[class*='st-key-use_rule'][class*='faker_rule']").first
    expect(use).to_have_class(re.compile("faker_rule-name"))
    use.get_by_role("button", name="Use").click()
    expect(panel.get_by_text("Locale", exact=True)).to_be_visible()
    expect(samples.first).not_to_have_text(before)
    expect(button(page, "Discard 1 change")).to_be_visible()
    save(page)
    assert club.table("members").column("title").faker_rule == "name"


def test_a_weight_is_changed_beside_its_value(open_page: Open, club: engine.Experiment):
    page, panel = open_panel(open_page, club, "tier")
    value, weight = cell(panel, 0, 1), cell(panel, 0, 2)
    expect(weight).to_have_text("1")
    page.wait_for_function(AT_REST)
    panel.get_by_test_id("stDataFrameResizable").first.click(position={"x": 60, "y": 45})
    expect(value).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(weight).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.locator("input.gdg-input").fill("7")
    page.keyboard.press("Enter")
    expect(button(page, "Discard 1 change")).to_be_visible()
    save(page)
    assert club.table("members").column("tier").weights == [7, 3]


def test_an_error_stands_at_its_field_and_holds_saving_back(open_page: Open, club: engine.Experiment):
    page, panel = open_panel(open_page, club, "points")
    field = panel.get_by_role("textbox", name="Min", exact=True).or_(panel.get_by_label("Min", exact=True)).first
    field.fill("1000")
    field.press("Enter")
    expect(panel.get_by_text("max_value", exact=False).first).to_be_visible()
    expect(button(page, "Save")).to_be_disabled()
    field.fill("5")
    field.press("Enter")
    expect(button(page, "Save")).to_be_enabled()
    save(page)
    assert club.table("members").column("points").min_value == 5
