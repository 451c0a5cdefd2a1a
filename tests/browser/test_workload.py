"""Queries are brought, checked and fitted; one change is refused, the others are saved."""

import re

import engine

from .conftest import Open, button, playwright

expect = playwright.expect


def test_queries_are_brought_checked_and_fitted(open_page: Open, shop: engine.Experiment):
    page = open_page("workload", shop)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [
            {
                "name": "lisbon.sql",
                "mimeType": "text/plain",
                "buffer": b"-- One country\nselect *\nfrom customers\nwhere country = 'PT'",
            },
            {
                "name": "dear.sql",
                "mimeType": "text/plain",
                "buffer": b"select count(*) from orders where total > 5000",
            },
        ]
    )
    expect(page.get_by_text("2 queries in 2 files")).to_be_visible()

    button(page, "Check").click()
    expect(page.get_by_text("Checked on run 1")).to_be_visible()
    expect(page.get_by_text("No row meets the condition")).to_be_visible()
    expect(page.locator(".cm-line.noted")).to_have_text("where country = 'PT'")
    button(page, "Fit").click()
    expect(page.get_by_text("With these changes")).to_be_visible()
    refused = page.get_by_role("checkbox", name=re.compile(r"orders\\?\.total"))  # named by its Markdown
    expect(refused).to_be_checked()
    page.get_by_text("orders.total", exact=True).first.click()
    expect(refused).not_to_be_checked()
    page.reload()
    expect(refused).not_to_be_checked()
    button(page, "Save 2 changes").click()
    expect(page.get_by_text("2 changes saved as version 2")).to_be_visible()

    assert shop.schema.table("orders").column("total").max_value == 900
    assert shop.schema.table("customers").column("country").values == ["DE", "FR", "PT"]
    page.reload()
    expect(page.get_by_text("2 queries in 2 files")).to_be_visible()
    expect(page.get_by_text("The schema has changed since this fit")).to_be_visible()
