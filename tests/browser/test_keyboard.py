"""Whole workflows without a mouse: Tab to an element, Enter on it, arrows inside it. No element traps the focus."""

import pytest

import engine

from .conftest import Locator, Open, Page, button, playwright

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
