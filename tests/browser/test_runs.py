"""The Runs page: runs loaded, resumed, repeated, deleted, compared and exported."""

import zipfile

import engine
from tests.engine.conftest import until

from .conftest import Locator, Open, Page, button, playwright, saved
from .grids import column

expect = playwright.expect


def run_row(page: "Page", shop: engine.Experiment, number: int):
    return page.locator(f"[class*='st-key-run-{shop.name}-{number}']")


def press(found: "Locator") -> None:
    """Press a button in a just opened expander with the keyboard: a click may land on what moved there."""
    found.press("Enter")


def quietly(_progress: engine.RunProgress) -> None:
    pass


def test_runs_are_listed_compared_loaded_and_deleted(open_page: Open, shop: engine.Experiment):
    shop.generate(rows={"orders": 3}, seed=8, progress=quietly)
    page = open_page("runs", shop)
    expect(run_row(page, shop, 2)).to_contain_text("8 rows")
    expect(run_row(page, shop, 2).get_by_text("Loaded").first).to_be_visible()

    page.get_by_text("Compare two runs").click()
    press(button(page, "Compare"))
    expect(page.get_by_label("Columns of run 1 and run 2", exact=True)).to_be_visible()
    expect(column(page, 1)).to_have_text(["5", "40"])
    expect(column(page, 2)).to_have_text(["5", "3"])
    expect(column(page, 3)).to_have_text(["=", "−37"])

    button(run_row(page, shop, 1), "Load").click()
    expect(run_row(page, shop, 1).get_by_text("Loaded").first).to_be_visible()
    expect(page.get_by_text("Run 1 loaded: 45 rows")).to_be_visible()
    assert shop.loaded_run_id == 1

    run_row(page, shop, 2).locator("summary", has_text="Details").press("Enter")
    press(button(run_row(page, shop, 2), "Delete"))
    button(page.get_by_role("dialog"), "Delete").click()
    expect(run_row(page, shop, 2)).to_be_hidden()
    assert [run.id for run in shop.runs()] == [1]


def test_a_cancelled_run_is_resumed_and_a_run_repeated(open_page: Open, shop: engine.Experiment):
    shop.start({"orders": 300_000}, seed=8)
    shop.cancel()
    until(lambda: shop.run(2).finished_at is not None)
    page = open_page("runs", shop)
    button(page, "Cancelled").click()
    expect(run_row(page, shop, 1)).to_be_hidden()

    button(run_row(page, shop, 2), "Resume").click()
    expect(run_row(page, shop, 2)).to_be_hidden()
    button(page, "Finished").click()
    expect(run_row(page, shop, 2).get_by_text("Loaded").first).to_be_visible()
    assert shop.row_counts() == {"customers": 5, "orders": 300_000}

    run_row(page, shop, 1).locator("summary", has_text="Details").press("Enter")
    press(button(run_row(page, shop, 1), "Run again"))
    expect(run_row(page, shop, 3).get_by_text("Loaded").first).to_be_visible()
    assert (shop.run(3).seed, shop.row_counts()) == (7, {"customers": 5, "orders": 40})


def test_a_run_is_exported_and_downloaded(open_page: Open, shop: engine.Experiment):
    page = open_page("runs", shop)
    button(run_row(page, shop, 1), "Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("45 rows in 2 files")).to_be_visible()
    expect(dialog.locator("code", has_text="insert into").first).to_be_visible()
    button(dialog, "Export").click()
    expect(dialog).to_be_hidden()

    name, path = saved(page, run_row(page, shop, 1).get_by_role("link", name="Zip"))

    assert name == f"{shop.name}-run1-parquet.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert "main/orders/part-0000000.parquet" in archive.namelist()
    button(run_row(page, shop, 1), "Remove").click()
    expect(run_row(page, shop, 1).get_by_role("link", name="Zip")).to_be_hidden()
