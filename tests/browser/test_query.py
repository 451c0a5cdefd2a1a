"""The SQL editor in a real browser: completion, the selection, the place of an error, and stopping a query."""

import pytest

from .conftest import Page, playwright

expect = playwright.expect
ENDLESS = "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7"


@pytest.fixture
def query_page(page: "Page") -> "Page":
    """The query page of a filled sample, with its first answer."""
    page.get_by_role("button", name="Create and fill it").first.click()
    page.get_by_role("button", name="Chart it").click(timeout=60_000)
    expect(page.get_by_label("SQL", exact=True)).to_be_visible(timeout=20_000)
    expect(page.get_by_text("3 columns")).to_be_visible(timeout=20_000)
    return page


def take_completion(page: "Page", name: str) -> None:
    """Take an offered completion; the editor disregards a key that comes just when the list opens."""
    expect(page.get_by_role("option", name=name)).to_be_visible(timeout=10_000)
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")


def test_the_editor_in_every_way_it_is_used(query_page: "Page"):
    page = query_page
    editor = page.get_by_label("SQL", exact=True)
    # Tables and columns are completed.
    editor.fill("")
    editor.press_sequentially("select count(*) as n from order_it")
    take_completion(page, "order_items")
    editor.press_sequentially(" where quan")
    take_completion(page, "quantity")
    editor.press_sequentially(" > 0")
    editor.press("Escape")
    editor.press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible(timeout=10_000)

    # An error is underlined where it is, and the text stays.
    editor.fill("select *\nfrom orderz")
    editor.press("Control+Enter")
    expect(page.locator(".cm-lintRange-error")).to_have_text("orderz", timeout=10_000)
    assert page.locator(".cm-content").inner_text().split() == ["select", "*", "from", "orderz"]

    # The selection alone runs.
    editor.fill("select 1 as one, 2 as two")
    editor.press("Control+End")
    for _ in range(len(", 2 as two")):
        editor.press("ArrowLeft")
    editor.press("Shift+Control+Home")
    editor.press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible(timeout=10_000)
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)

    # A query that takes too long is stopped, and the page went on living.
    editor.fill(ENDLESS)
    editor.press("Control+Enter")
    page.get_by_role("button", name="Cancel query").click(timeout=10_000)
    expect(page.get_by_text("The query was cancelled.")).to_be_visible(timeout=10_000)
    expect(page.get_by_role("button", name="Cancel query")).to_be_hidden()


def test_a_draft_survives_another_page_and_a_query_is_saved(query_page: "Page"):
    page = query_page
    page.get_by_label("SQL", exact=True).fill("select 7 as seven")
    page.get_by_role("link", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible(timeout=10_000)
    page.get_by_role("link", name="Query").click()
    expect(page.locator(".cm-content")).to_have_text("select 7 as seven", timeout=10_000)

    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Name", exact=True).fill("lucky")
    page.get_by_role("button", name="Save in the workbench").click()

    expect(page.get_by_text("Saved as “lucky”")).to_be_visible(timeout=10_000)
