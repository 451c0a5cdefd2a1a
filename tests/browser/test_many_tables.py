"""An experiment of 300 tables, one of them with 250 columns: every page finds one table, and stays usable."""

from collections.abc import Iterator

import pytest

import engine

from .conftest import Open, button, choose, playwright
from .pictures import AT_REST

expect = playwright.expect
TABLES, COLUMNS = 300, 250


@pytest.fixture(scope="module")
def wide(bench: engine.Workbench) -> Iterator[engine.Experiment]:
    """An experiment with a few rows in each table."""
    key = {"name": "id", "data_type": "INT", "is_unique": True}
    numbers = [{"name": f"measure_{number}", "data_type": "INT"} for number in range(COLUMNS - 1)]
    tables = [{"name": f"table_{number}", "target_rows": 2, "columns": [key]} for number in range(1, TABLES)]
    widest = {"name": "wide", "target_rows": 2, "columns": [key, *numbers]}
    experiment = bench.create({"name": "wide", "tables": [*tables, widest]})
    experiment.generate(seed=1, progress=lambda _progress: None)
    yield experiment
    bench.delete("wide")


def test_one_table_is_found_on_each_page(open_page: Open, wide: engine.Experiment):
    page = open_page("generate", wide)
    page.get_by_label("Find a table").fill("table_299")
    page.get_by_label("Find a table").press("Enter")
    page.wait_for_function(AT_REST)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") < 2500

    page = open_page("query", wide)
    page.get_by_label("Find a table or column").fill("measure_248")
    page.get_by_label("Find a table or column").press("Enter")
    expect(page.get_by_text("measure_248")).to_be_visible()
    expect(page.locator(".cm-content")).to_be_in_viewport()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight") < 2500

    page = open_page("schema", wide)
    expect(page.get_by_text("Version 1 · 300 tables", exact=False)).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Table", exact=True), "wide")
    expect(page.get_by_label("New columns of wide", exact=True)).to_be_visible()
    page.wait_for_function(AT_REST)
    column = page.locator("[class*='st-key-rule_columns'] input").first
    choose(page, column, "measure_248")
    column.press("Escape")
    expect(page.locator(".st-key-rule_panel").get_by_text("measure_248", exact=True)).to_be_visible()
    expect(button(page, "Save")).to_be_visible()
