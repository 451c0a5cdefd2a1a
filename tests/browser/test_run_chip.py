"""The chip in the bar at the top of every page: running jobs, the title of the tab, and a message when a run ends."""

import re

import pytest

import engine
from tests.engine.conftest import until

from .conftest import BrowserContext, Open, Page, button, go_to, playwright
from .pictures import AT_REST

expect = playwright.expect
ENDLESS = {"orders": 100_000_000}
PAGES = ("", "new", "generate", "runs", "query", "explore")


def place(page: "Page") -> tuple[float, float]:
    """Return where the heading of the page stands; its width depends on the buttons beside it."""
    box = page.get_by_role("heading").first.bounding_box()
    assert box is not None
    return box["x"], box["y"]


@pytest.fixture(autouse=True)
def _no_earlier_ends(window: "BrowserContext", address: str) -> None:
    """The window of all tests remembers the ends of runs: forget those of the tests before."""
    page = window.new_page()
    page.goto(f"{address}/api/docs")
    page.evaluate("localStorage.clear()")
    page.close()


def chip(page: "Page"):
    return page.locator("#dw-run-chip .chip")


def panel(page: "Page"):
    return page.locator("#dw-run-chip #panel")


def end(shop: engine.Experiment) -> None:
    shop.cancel()
    until(lambda: shop.progress() is None)


@pytest.mark.parametrize("name", PAGES)
def test_a_running_job_is_seen_from_each_page(open_page: Open, shop: engine.Experiment, name: str):
    page = open_page(name, shop)
    page.wait_for_function(AT_REST)
    before = place(page)

    shop.start(ENDLESS, seed=1)  # as by the REST API or a terminal

    expect(chip(page)).to_contain_text(shop.name)
    expect(page).to_have_title(re.compile(rf"^\d+ % {shop.name} - DW Simulator$"))
    assert place(page) == before
    page.reload()
    expect(chip(page)).to_contain_text(shop.name)
    end(shop)
    expect(page).to_have_title(re.compile("DW Simulator$"))


def test_a_job_is_cancelled_from_the_chip_and_its_end_is_told(open_page: Open, shop: engine.Experiment):
    page, second = open_page("explore", shop), open_page("query", shop)
    shop.start(ENDLESS, seed=1)
    chip(page).click()
    expect(panel(page)).to_contain_text("Generating")
    expect(panel(page)).to_contain_text("of 100,000,005 rows")

    button(page, f"Cancel run 2 of {shop.name}").click()

    for tab in (page, second):
        expect(chip(tab)).to_contain_text("cancelled")
        expect(tab).to_have_title(f"cancelled: {shop.name} - DW Simulator")
    assert shop.run(2).status == "ABORTED"
    expect(panel(page)).to_contain_text("can be resumed")
    button(page, f"Dismiss run 2 of {shop.name}").click()
    expect(chip(page)).to_be_hidden()
    expect(chip(second)).to_be_hidden()
    expect(page).to_have_title("DW Simulator")


def test_the_chip_leads_to_the_run_without_a_reload(open_page: Open, shop: engine.Experiment):
    page = open_page("query", shop)
    page.evaluate("window.isSameDocument = true")
    shop.start(ENDLESS, seed=1)

    chip(page).click()
    panel(page).get_by_role("link").first.click()
    page.wait_for_url(f"**/generate?experiment={shop.name}")
    go_to(page, "Explore")
    end(shop)
    expect(chip(page)).to_contain_text("cancelled")
    chip(page).press("Enter")
    panel(page).get_by_role("link").first.press("Enter")

    page.wait_for_url(f"**/runs?experiment={shop.name}&run=2")
    expect(chip(page)).to_be_hidden()
    assert page.evaluate("window.isSameDocument")


def test_times_are_local_and_tick(open_page: Open, shop: engine.Experiment):
    page = open_page("runs", shop)
    time = page.locator("time.ago").first
    expect(time).to_have_attribute("title", re.compile(r"^\d{4}-\d\d-\d\d .*\(\d{4}-.* UTC\)$"))
    expect(time).to_have_text(re.compile(r"^1\d s ago$"))
