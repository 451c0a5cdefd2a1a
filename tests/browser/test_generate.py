"""Runs as they are started, watched, cancelled and failing."""

import engine

from .conftest import Open, Page, button, choose, go_to, playwright
from .grids import column
from .pictures import AT_REST

expect = playwright.expect
ENDLESS = "100000000"


def fill_number(page: "Page", table: str, rows: str) -> None:
    page.get_by_label(table, exact=True).fill(rows)
    page.get_by_label(table, exact=True).press("Enter")


def cancel_button(page: "Page"):
    return button(page, "Cancel run")


def test_the_preview_shows_the_exact_rows_of_the_run(open_page: Open, shop: engine.Experiment):
    page = open_page("generate", shop)
    fill_number(page, "orders", "1000")
    fill_number(page, "Seed", "42")
    choose(page, page.get_by_role("combobox", name="Table", exact=True), "orders")

    expect(page.get_by_text("The first rows of a run with seed 42.")).to_be_visible()
    expect(page.get_by_text("for 1,005 rows", exact=False)).to_be_visible()
    expected = shop.preview("orders", rows=10, seed=42, counts={"orders": 1000})
    expect(page.get_by_label("Preview of orders", exact=True)).to_be_visible()
    expect(column(page, 1)).to_have_text([str(value) for value in expected["customer_id"]])

    button(page, "Generate").click()
    expect(page.get_by_text("Run 2 finished: 1,005 rows", exact=False)).to_be_visible()
    assert shop.query("select customer_id from orders order by order_id limit 10").frame["customer_id"].to_list() == (
        expected["customer_id"].to_list()
    )


def test_a_run_survives_a_reload_shows_in_a_second_tab_and_is_cancelled(open_page: Open, shop: engine.Experiment):
    page, second = open_page("generate", shop), open_page("generate", shop)
    fill_number(page, "orders", ENDLESS)
    button(page, "Generate").click()
    expect(cancel_button(page)).to_be_visible()

    page.reload()
    expect(cancel_button(page)).to_be_visible()
    expect(page.get_by_text("rows/s").first).to_be_attached()

    button(second, "Generate").click()
    expect(cancel_button(second)).to_be_visible()
    cancel_button(second).click()
    expect(cancel_button(page)).to_be_hidden()

    go_to(page, "Runs")
    expect(page.get_by_text("Cancelled", exact=True).first).to_be_visible()
    assert shop.run(2).status == "ABORTED"
    assert shop.row_counts() == {"customers": 5, "orders": 40}


def test_nothing_moves_when_a_run_starts_and_ends(open_page: Open, shop: engine.Experiment):
    page = open_page("generate", shop)
    fill_number(page, "orders", ENDLESS)
    expect(page.get_by_text("for 100,000,005 rows", exact=False)).to_be_visible()
    page.wait_for_function(AT_REST)
    before = button(page, "Generate").bounding_box()

    button(page, "Generate").click()
    expect(cancel_button(page)).to_be_visible()
    expect(page.get_by_text("One run at a time", exact=False)).to_be_visible()
    page.wait_for_function(AT_REST)
    assert button(page, "Generate").bounding_box() == before

    cancel_button(page).click()
    expect(page.get_by_text("Run 2 cancelled.", exact=False)).to_be_visible()
    expect(button(page, "Resume")).to_be_visible()
    page.wait_for_function(AT_REST)
    assert button(page, "Generate").bounding_box() == before


def test_a_failed_run_shows_its_error_and_traceback(open_page: Open, bench: engine.Workbench, shop: engine.Experiment):
    page = open_page("generate", shop)
    (bench.settings.home / "experiments" / shop.name / "runs" / "2").write_text("in the way")

    button(page, "Generate").click()

    expect(page.get_by_text("Run 2 failed.", exact=False)).to_be_visible()
    button(page, "All runs").click()
    row = page.locator(f"[class*='st-key-run-{shop.name}-2']")
    expect(row.get_by_text("Failed").first).to_be_visible()
    expect(row.get_by_text("Traceback (most recent call last)")).to_be_hidden()
    row.locator("summary", has_text="Details").press("Enter")
    expect(row.get_by_text("Traceback (most recent call last)")).to_be_visible()
    assert shop.row_counts() == {"customers": 5, "orders": 40}
