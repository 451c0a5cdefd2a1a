"""The API documentation in a real browser, used with the keyboard."""

import pytest

import engine

from .conftest import Locator, Open, Page, button, playwright, saved

expect = playwright.expect


@pytest.fixture
def page(open_page: Open) -> "Page":
    opened = open_page("api/docs")
    expect(opened.get_by_text("Open one to read and try it")).to_be_visible()
    return opened


def opened(page: "Page", words: str, name: str) -> "Locator":
    """Find a route by words of it and open it."""
    page.get_by_label("Find a route").fill(words)
    route = page.locator(f"#{name}")
    route.locator("summary").first.press("Enter")
    expect(route.get_by_text("With curl")).to_be_visible()
    return route


def test_a_route_is_found_read_and_tried(page: "Page", shop: engine.Experiment):
    route = opened(page, "estimate run", "estimate_run")
    expect(page.locator("details.route:visible")).to_have_count(1)
    expect(route.locator("summary").first).to_contain_text("/api/experiments/{name}/estimate")
    assert page.url.endswith("#estimate_run")

    route.get_by_label("name").fill(shop.name)
    expect(route.locator("pre").first).to_contain_text(f'/api/experiments/{shop.name}/estimate" \\\n  -X POST')
    route.get_by_label("name").press("Enter")

    expect(route.get_by_role("status")).to_contain_text("200 OK in")
    expect(route.get_by_role("status")).to_contain_text('"fits": true')


def test_a_file_is_saved(page: "Page", shop: engine.Experiment):
    route = opened(page, "select", "execute_query")
    sql = f"select count(*) as n from {shop.name}__orders"
    route.get_by_label("Body").fill(f'{{"sql": "{sql}", "format": "parquet"}}')
    button(route, "Send").press("Enter")

    name, path = saved(page, route.get_by_role("link", name="Save result.parquet"))

    assert name == "result.parquet"
    assert path.read_bytes()[:4] == b"PAR1"


def test_an_irreversible_call_asks_first(page: "Page", bench: engine.Workbench, shop: engine.Experiment):
    route = opened(page, "delete experiment", "delete_experiment")
    route.get_by_label("name").fill(shop.name)
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    button(route, "Delete experiment …").press("Enter")
    assert asked == [f"DELETE /api/experiments/{shop.name}: this cannot be undone."]
    assert shop.name in bench

    page.once("dialog", lambda dialog: dialog.accept())
    button(route, "Delete experiment …").press("Enter")

    expect(route.get_by_role("status")).to_contain_text("200 OK in")
    assert shop.name not in bench
