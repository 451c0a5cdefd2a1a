"""The rule panel: a rule found by what it is called, its samples, weights, an error at its field, and saving."""

import itertools
import re
from collections.abc import Iterator

import pytest

import engine

from .conftest import Locator, Open, Page, button, playwright
from .grids import LINE_HEIGHT, cell
from .pictures import AT_REST
from .sql_editor import write

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


@pytest.fixture
def town(bench: engine.Workbench) -> Iterator[engine.Experiment]:
    """An experiment with a column for each kind of rule."""
    columns = [
        {"name": "member_id", "data_type": "INT", "is_unique": True},
        {"name": "club_id", "data_type": "INT"},
        {"name": "label", "data_type": "VARCHAR(60)"},
        {"name": "tier", "data_type": "VARCHAR(10)", "values": ["gold", "silver"]},
        {"name": "points", "data_type": "INT", "min_value": 1, "max_value": 900},
        {"name": "bonus", "data_type": "INT"},
        {"name": "height", "data_type": "DOUBLE"},
        {"name": "joined", "data_type": "DATE"},
        {"name": "seen_at", "data_type": "TIMESTAMP"},
    ]
    clubs = [{"name": "club_id", "data_type": "INT", "is_unique": True}]
    tables = [
        {"name": "members", "target_rows": 100, "columns": columns},
        {"name": "clubs", "target_rows": 40, "columns": clubs},
    ]
    experiment = bench.create({"name": f"town{next(_numbers)}", "tables": tables})
    yield experiment
    bench.delete(experiment.name)


def open_panel(open_page: Open, experiment: engine.Experiment, column: str) -> tuple["Page", "Locator"]:
    page = open_page("schema", experiment)
    expect(page.get_by_text("Version 1 · ", exact=False)).to_be_visible()
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


def use(page: "Page", column: str, search: str, rule: str) -> None:
    """Close the panel of the column before, open that of another one, and choose a rule of the catalogue."""
    panel = page.locator(".st-key-rule_panel")
    page.wait_for_function(AT_REST)
    page.locator("[class*='st-key-rule_columns']").get_by_role("button", name="Clear all").click()
    choose_column(page, column)
    expect(panel.get_by_text(column, exact=True)).to_be_visible()
    page.wait_for_function(AT_REST)
    expect(panel.get_by_text("All rules", exact=True)).to_have_count(1)  # what was drawn before is gone
    panel.get_by_role("radio", name="All rules").first.click()
    field = panel.get_by_role("textbox", name="Search rules")
    field.fill(search)
    field.press("Enter")
    chosen = panel.locator(f"[class*='st-key-use_rule'][class*='{rule}']").first
    chosen.get_by_role("button", name="Use").click()
    expect(field).not_to_be_attached()


def fill(panel: "Locator", label: str, text: str) -> None:
    panel.page.wait_for_function(AT_REST)
    field = panel.get_by_label(label, exact=True).locator("visible=true").first
    field.fill(text)
    field.press("Enter")


def type_date(page: "Page", label: str, digits: str) -> None:
    """Type year, month and day into a date field, which goes on from part to part by itself."""
    page.wait_for_function(AT_REST)
    page.get_by_role("spinbutton", name=f"year, {label}").click()
    page.keyboard.type(digits)
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name=label).get_by_text(digits[:4], exact=True)).to_be_visible()


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


def test_each_kind_of_rule_is_set_by_its_own_fields(open_page: Open, town: engine.Experiment):
    page, panel = open_panel(open_page, town, "joined")
    sample = panel.locator("code").first
    type_date(page, "First day", "20210301")
    type_date(page, "Last day", "20210309")
    expect(sample).to_have_text(re.compile("^2021-03-0"))

    use(page, "seen_at", "weekday", "weekday_weights")
    weight = cell(panel, 5, 1)
    expect(weight).to_have_text("0")
    page.wait_for_function(AT_REST)
    panel.get_by_test_id("stDataFrameResizable").first.click(position={"x": 60, "y": LINE_HEIGHT * 6.5})
    page.keyboard.press("ArrowRight")
    expect(weight).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.locator("input.gdg-input").fill("4")
    page.keyboard.press("Enter")
    expect(weight).to_have_text("4")

    use(page, "height", "normal", "distribution-normal")
    fill(panel, "Mean *", "170")
    fill(panel, "Stddev *", "0.5")
    expect(sample).to_have_text(re.compile(r"^1(6[89]|7[012])"))
    expect(panel.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    expect(panel.get_by_text("Line: the distribution", exact=False)).to_be_visible()

    use(page, "bonus", "expression", "expression")
    write(page, "points * 2 + missing")
    expect(panel.get_by_text(re.compile("no column.*missing"))).to_be_visible()
    write(page, "points * 2")
    expect(sample).to_have_text(re.compile(r"^\d+$"))

    use(page, "club_id", "foreign", "foreign_key")
    expect(panel.get_by_text("Refers to", exact=True)).to_be_visible()
    fill(panel, "Rows per parent, max", "3")

    use(page, "label", "template", "template")
    fill(panel, "Template *", "{member_id}/{tier}")
    expect(sample).to_have_text(re.compile(r"^\d+/(gold|silver)$"))

    save(page)
    found = {column.name: column for column in town.table("members").columns}
    reference = found["club_id"].foreign_key
    assert (str(found["joined"].date_start), str(found["joined"].date_end)) == ("2021-03-01", "2021-03-09")
    assert found["seen_at"].weekday_weights == [1, 1, 1, 1, 1, 4, 0]
    assert found["height"].distribution.parameters == {"mean": 170, "stddev": 0.5}
    assert found["bonus"].expression == "points * 2"
    assert (reference.references_table, reference.fan_out) == ("clubs", (1, 3))
    assert found["label"].template == "{member_id}/{tier}"
    town.generate(seed=3, progress=lambda _progress: None)
    assert town.audit().passed
