"""Whole workflows without a mouse: Tab to an element, Enter on it, arrows inside it. No element traps the focus."""

import re

import pytest

import engine

from .conftest import Locator, Open, Page, button, playwright
from .pictures import AT_REST

expect = playwright.expect
MAX_TABS = 150
HAS_FOCUS = "element => element.matches(':focus, :focus-within')"


def reach(locator: "Locator") -> None:
    """Press Tab until the element has the focus."""
    expect(locator).to_be_visible()
    for _ in range(MAX_TABS):
        if locator.evaluate(HAS_FOCUS):
            return
        locator.page.keyboard.press("Tab")
    pytest.fail(f"{MAX_TABS} times Tab do not lead to {locator}")


def press(locator: "Locator", key: str = "Enter") -> None:
    reach(locator)
    locator.page.keyboard.press(key)


def write(locator: "Locator", text: str, key: str = "Enter") -> None:
    """Replace the text of a field."""
    press(locator, "Control+a")
    locator.page.keyboard.type(text)
    locator.page.keyboard.press(key)


def test_a_new_user_creates_a_sample_charts_queries_and_generates(page_of_a_new_user: "Page"):
    page = page_of_a_new_user
    page.wait_for_function(AT_REST)
    press(page.get_by_role("button", name="Create with data").first)
    press(page.get_by_role("button", name="Open chart"))
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    write(page.get_by_label("SQL", exact=True), "select 1 as one", "Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible()
    write(page.get_by_label("SQL", exact=True), "select 1 as one, 2 as two", "Escape")
    page.keyboard.press("Escape")  # the first one closes the completions; after it Tab leaves, where it would indent
    press(button(page, "Run"))
    expect(page.get_by_text("1 row · 2 columns")).to_be_visible()

    press(page.get_by_role("link", name="Generate", exact=True))
    write(page.get_by_label("orders", exact=True), "60")
    write(page.get_by_label("Seed", exact=True), "42")
    expect(page.get_by_text("The first rows of a run with seed 42.")).to_be_visible()
    press(button(page, "Generate"))
    expect(page.get_by_text("Run 2 finished", exact=False)).to_be_visible()


def test_a_run_is_loaded_reset_and_audited(open_page: Open, shop: engine.Experiment):
    shop.generate(rows={"orders": 3}, seed=8, progress=lambda _progress: None)
    page = open_page("", shop)
    card = page.locator(f"[class*='st-key-card-{shop.name}']")

    press(button(card, "More"))
    chosen = page.get_by_role("menuitem", name="Reset tables")
    expect(chosen).to_be_visible()
    while not chosen.evaluate(HAS_FOCUS):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    press(button(page.get_by_role("dialog"), "Reset"))
    expect(page.get_by_text(f"Tables of {shop.name} emptied")).to_be_visible()

    press(page.get_by_role("link", name="Runs", exact=True))
    press(button(page.locator(f"[class*='st-key-run-{shop.name}-1']"), "Load"))
    expect(page.get_by_text("Run 1 loaded: 45 rows")).to_be_visible()

    press(page.get_by_role("link", name="Explore", exact=True))
    audit = page.get_by_role("radio", name="Audit")
    reach(page.get_by_role("radio", name="Tables"))
    while not audit.evaluate(HAS_FOCUS):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    press(button(page, "Audit the data"))
    expect(page.get_by_text("Passed: ", exact=False)).to_be_visible()


def test_a_rule_is_changed_and_the_schema_saved(open_page: Open, shop: engine.Experiment):
    page = open_page("schema", shop)
    expect(page.get_by_text("Version 1 · 2 tables", exact=False)).to_be_visible()
    write(page.get_by_label("New columns of customers", exact=True), "nickname")
    expect(button(page, "Discard 1 change")).to_be_visible()
    page.wait_for_function(AT_REST)
    column = page.locator("[class*='st-key-rule_columns'] input").first
    write(column, "nickname")
    page.keyboard.press("Escape")
    panel = page.locator(".st-key-rule_panel")
    expect(panel.get_by_text("nickname", exact=True)).to_be_visible()

    press(button(page, "Save"))
    press(button(page, "Save as version 2"))
    expect(page.get_by_text("Saved version 2", exact=False)).to_be_visible()
    assert "nickname" in [column.name for column in shop.schema.table("customers").columns]


def test_a_saved_query_is_pinned_and_arranged(open_page: Open, shop: engine.Experiment):
    shop.queries.save("by country", "select country, count(*) as n from customers group by country")
    page = open_page("board", shop)
    press(page.get_by_label("Pin a saved query", exact=True), "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    press(button(page, "Arrange"))
    press(button(page, "Unpin"))
    expect(page.get_by_text("Choose a saved query above to pin it.")).to_be_visible()
    assert not shop.board().items


def test_queries_are_checked_and_fitted(open_page: Open, shop: engine.Experiment):
    shop.keep_workload({"lisbon.sql": "select * from customers where country = 'PT'"})
    page = open_page("workload", shop)
    press(button(page, "Check"))
    expect(page.get_by_text("Checked on run 1")).to_be_visible()
    press(button(page, "Fit"))
    expect(page.get_by_text("With these changes")).to_be_visible()
    press(page.get_by_role("checkbox", name="is in 50%"), "Space")
    press(page.get_by_role("button", name=re.compile(r"^Save \d+ changes?$")))
    expect(page.get_by_text("saved as version 2", exact=False)).to_be_visible()


def test_the_palette_opens_a_page(open_page: Open, shop: engine.Experiment):
    page = open_page("explore", shop)
    page.locator("#dw-palette").wait_for(state="attached")
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find a page", exact=False).fill("runs")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    press(button(page, "Export"))
    expect(button(page.get_by_role("dialog"), "Export")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
