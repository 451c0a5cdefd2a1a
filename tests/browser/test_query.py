"""The Query page in a real browser: the editor, and the actions on a result."""

import polars as pl
import pytest

import engine

from .conftest import Open, Page, button, go_to, playwright, saved
from .grids import column, has_ink
from .sql_editor import editor, write

expect = playwright.expect
ENDLESS = "select count(*) from range(1000000) a, range(10000000) b where a.range + b.range = 7"


@pytest.fixture
def page(open_page: Open, shop: engine.Experiment) -> "Page":
    """The query page of a small shop, ready to type into."""
    opened = open_page("query", shop)
    expect(editor(opened)).to_be_visible()
    return opened


def run_query(page: "Page", sql: str, extent: str) -> None:
    """Type a query, run it with the keyboard, and wait for the extent of its result."""
    write(page, sql)
    editor(page).press("Control+Enter")
    expect(page.get_by_text(extent)).to_be_visible()


def choose(page: "Page", label: str, option: str) -> None:
    """Choose an option; scroll to the select box first, as scrolling closes an open one."""
    box = page.get_by_role("combobox", name=label)
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(200)
    box.click()
    page.get_by_role("option", name=option).click()


def take_completion(page: "Page", name: str) -> None:
    """Take an offered completion; the editor disregards a key that comes just when the list opens."""
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")


def test_the_editor_completes_underlines_runs_and_cancels(page: "Page"):
    # Tables and columns are completed.
    write(page, "")
    editor(page).press_sequentially("select count(*) as n from custo")
    take_completion(page, "customers")
    editor(page).press_sequentially(" where coun")
    take_completion(page, "country")
    editor(page).press_sequentially(" > ''")
    editor(page).press("Escape")
    editor(page).press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible()

    # An error is underlined where it is, with a hint, and the text stays.
    write(page, "select *\nfrom orderz")
    button(page, "Run").click()
    expect(page.get_by_text("line 2, column 6:")).to_be_visible()
    expect(page.get_by_text("Did you mean", exact=False).first).to_be_visible()
    expect(page.locator(".cm-lintRange-error:visible")).to_have_text("orderz")
    assert editor(page).inner_text().split() == ["select", "*", "from", "orderz"]

    # Only the selection runs.
    write(page, "select 1 as one, 2 as two")
    editor(page).press("Control+End")
    for _ in range(len(", 2 as two")):
        editor(page).press("ArrowLeft")
    editor(page).press("Shift+Control+Home")
    editor(page).press("Control+Enter")
    expect(page.get_by_text("1 row · 1 column")).to_be_visible()
    expect(page.locator(".cm-lintRange-error:visible")).to_have_count(0)

    # The keyboard leaves the editor.
    for key in ("Escape", "Escape", "Tab"):  # the first gives up the selection
        editor(page).press(key)
    expect(button(page, "Run")).to_be_focused()

    # A long query can be cancelled while the page stays usable.
    write(page, ENDLESS)
    editor(page).press("Control+Enter")
    button(page, "Cancel query").click()
    expect(page.get_by_text("The query was cancelled.")).to_be_visible()
    expect(button(page, "Cancel query")).to_be_hidden()


def test_null_is_not_empty_text_and_the_whole_result_is_downloaded(page: "Page"):
    texts = "select case range when 0 then 'x' when 1 then '' end as a, range as b from range(10001)"
    run_query(page, texts, "10,001 rows · 2 columns")

    expect(page.get_by_text("also in chart and columns", exact=False)).to_be_visible()
    expect(column(page, 1).first).to_have_text("0")
    assert [has_ink(page, row) for row in range(4)] == [True, False, True, True]
    name, path = saved(page, page.get_by_role("link", name="CSV"))
    assert name.endswith(".csv")
    assert path.read_text().splitlines()[:4] == ["a,b", "x,0", '"",1', ",2"]
    assert len(path.read_text().splitlines()) == 10_002
    name, path = saved(page, page.get_by_role("link", name="Parquet"))
    assert name.endswith(".parquet")
    assert pl.read_parquet(path).height == 10_001


def test_a_result_is_charted_and_its_columns_profiled(page: "Page"):
    run_query(page, "select country, count(*) as n from customers group by country", "2 rows · 2 columns")
    expect(page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()

    choose(page, "Mark", "Points")
    choose(page, "Colour", "country")
    expect(page.get_by_test_id("stVegaLiteChart").get_by_text("country").first).to_be_attached()
    expect(page.get_by_role("combobox", name="Y", exact=True)).to_have_attribute("placeholder", "n (auto)")
    button(page, "Automatic chart").click()
    expect(page.get_by_role("combobox", name="Mark")).to_have_attribute("placeholder", "Bars (auto)")

    page.get_by_role("radio", name="Columns").click()
    expect(page.get_by_label("Column profile of the result", exact=True)).to_be_visible()
    expect(column(page, 0)).to_have_text(["country", "n"])
    page.get_by_role("radio", name="Both").click()


def test_a_warehouse_dialect_shows_what_runs(page: "Page"):
    page.get_by_role("combobox", name="Dialect").click()
    page.get_by_role("option", name="Snowflake").click()
    run_query(
        page, "select iff(total > 100, 'much', 'little') as how, count(*) from orders group by 1", "2 rows · 2 columns"
    )

    page.get_by_text("Translated SQL").click()
    expect(page.get_by_test_id("stCode").get_by_text("CASE WHEN", exact=False).first).to_be_visible()


def test_queries_are_saved_in_history_by_name_and_as_files(page: "Page"):
    run_query(page, "select 7 as seven", "1 row · 1 column")
    write(page, "select 8 as eight")

    # A draft survives another page.
    go_to(page, "Runs")
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    go_to(page, "Query")
    expect(editor(page)).to_have_text("select 8 as eight")
    editor(page).press("Control+Enter")
    expect(page.get_by_role("radio", name="select 8 as eight")).to_be_visible()

    button(page, "Save").click()
    page.get_by_label("Name", exact=True).fill("lucky")
    button(page, "Save in the workbench").click()
    expect(page.get_by_text("Saved as “lucky”")).to_be_visible()
    name, path = saved(page, page.get_by_role("button", name="Download lucky.sql"))
    assert (name, path.read_text()) == ("lucky.sql", "select 8 as eight\n")
    page.keyboard.press("Escape")

    page.get_by_role("combobox", name="History").click()
    page.get_by_role("option", name="select 7 as seven").click()
    expect(editor(page)).to_have_text("select 7 as seven")
    page.get_by_role("combobox", name="Saved queries").click()
    page.get_by_role("option", name="lucky").click()
    expect(editor(page)).to_have_text("select 8 as eight")
