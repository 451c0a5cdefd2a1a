"""A query is pinned on the Query page, seen on the board, and exported as a file that needs no network."""

import engine

from .conftest import Open, button, playwright, saved
from .sql_editor import write

expect = playwright.expect


def test_a_query_is_pinned_seen_and_exported(open_page: Open, window, shop: engine.Experiment):
    page = open_page("query", shop)
    editor = page.get_by_label("SQL", exact=True)
    write(page, "select country, count(*) as n from customers group by country")
    editor.press("Control+Enter")
    expect(page.get_by_text("2 rows · 2 columns")).to_be_visible()
    button(page, "Pin to board").click()
    page.get_by_label("Name", exact=True).fill("by country")
    page.get_by_label("Name", exact=True).press("Enter")
    button(page, "Save and pin").click()
    expect(page.get_by_text("“by country” is on the board")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_count(0)

    # The palette opens the board.
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find a page, experiment, table, query or action").fill("board")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Board", exact=True)).to_be_visible()
    expect(page.get_by_text("by country", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    button(page, "Export as HTML").click()
    name, path = saved(page, button(page, "Download the file"))
    assert name == f"{shop.name}-board.html"

    faults: list[str] = []
    file = window.new_page()
    file.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    file.on("pageerror", lambda error: faults.append(str(error)))
    page_file = path.rename(path.with_suffix(".html"))
    file.on("request", lambda request: faults.append(request.url) if request.url != page_file.as_uri() else None)
    file.goto(page_file.as_uri())
    expect(file.get_by_role("heading", name="by country")).to_be_visible()
    expect(file.locator("svg").first).to_be_visible()
    file.close()
    assert faults == []


def test_shortcuts_are_listed(open_page: Open, shop: engine.Experiment):
    page = open_page("board", shop)
    expect(page.get_by_text("Nothing to pin yet")).to_be_visible()
    page.locator("#dw-palette").wait_for(state="attached")

    page.keyboard.press("?")

    expect(page.get_by_role("dialog", name="Shortcuts").get_by_text("Ctrl+Enter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_have_count(0)
