"""The Explore page: profiles, keys, diagram and audit."""

import engine

from .conftest import Open, button, choose, playwright
from .grids import column

expect = playwright.expect


def test_profiles_keys_diagram_and_audit(open_page: Open, shop: engine.Experiment):
    page = open_page("explore", shop)
    choose(page, page.get_by_role("combobox", name="Table", exact=True), "orders")
    expect(page.get_by_text("40 rows, 4 columns.")).to_be_visible()
    expect(page.get_by_label("Column profile of orders", exact=True)).to_be_visible()
    expect(column(page, 0)).to_have_text(["order_id", "customer_id", "ordered_on", "total"])
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(3)
    expect(page.get_by_label("Distribution of total", exact=True)).to_be_visible()

    page.get_by_role("radio", name="Keys").click()
    expect(page.get_by_label("Foreign key coverage", exact=True)).to_be_visible()
    expect(column(page, 2)).to_have_text(["customers.customer_id"])

    page.get_by_role("radio", name="Diagram").click()
    expect(page.get_by_role("img", name="Diagram of tables and foreign keys")).to_be_visible()

    page.get_by_role("radio", name="Audit").click()
    button(page, "Audit the data").click()
    expect(page.get_by_text("Passed: ", exact=False)).to_be_visible()
    expect(page.get_by_label("Audit findings", exact=True)).to_be_visible()


def test_empty_tables_lead_to_generate(open_page: Open, shop: engine.Experiment):
    shop.reset()
    page = open_page("explore", shop)
    expect(page.get_by_text("The tables are empty")).to_be_visible()
    button(page, "Generate data").click()
    expect(page.get_by_role("heading", name="Generate", exact=True)).to_be_visible()
