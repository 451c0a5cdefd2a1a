"""The first minutes of a new user, on an empty home folder."""

import polars as pl

from .conftest import Page, button, go_to, playwright, saved
from .pictures import AT_REST

expect = playwright.expect


def test_two_clicks_lead_to_the_first_chart(page_of_a_new_user: "Page"):
    page = page_of_a_new_user
    expect(page.get_by_text("See it work")).to_be_visible()
    page.wait_for_function(AT_REST)

    page.get_by_role("button", name="Create with data").first.click()
    page.get_by_role("button", name="Open chart").click()

    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    page.wait_for_url("**/query?experiment=ecommerce*")
    name, path = saved(page, page.get_by_role("link", name="CSV"))
    assert name == "ecommerce.csv"
    assert pl.read_csv(path).columns == ["month", "line_total", "order_items"]

    # A second sample; its card opens it, whatever was open before.
    go_to(page, "Experiments")
    button(page, "New experiment").click()
    page.get_by_text("Sample", exact=True).click()
    page.get_by_role("button", name="Create with data").first.click()
    expect(button(page, "Open chart")).to_be_visible()
    go_to(page, "Experiments")
    card = page.locator("[class*='st-key-card']").filter(has_text="A subscription business")
    card.get_by_role("button", name="Runs").click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    page.wait_for_url("**/runs?experiment=saas")
    go_to(page, "Query")
    page.wait_for_url("**/query?experiment=saas*")
