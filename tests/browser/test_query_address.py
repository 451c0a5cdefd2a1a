"""The address of the Query page shows its SQL, view and chart again, and the query tabs survive a reload."""

import pytest

import engine

from .conftest import Open, Page, button, choose, playwright
from .pictures import AT_REST
from .sql_editor import editor, write

expect = playwright.expect
SQL = "select country, count(*) as n from customers group by country"


@pytest.fixture
def page(open_page: Open, shop: engine.Experiment) -> "Page":
    opened = open_page("query", shop)
    expect(editor(opened)).to_be_visible()
    return opened


def wait_for_address(page: "Page", part: str) -> None:
    page.wait_for_function("part => window.location.search.includes(part)", arg=part)


def test_the_address_shows_the_query_its_view_and_its_chart_again(page: "Page", open_page: Open):
    write(page, SQL)
    editor(page).press("Control+Enter")
    expect(page.get_by_text("2 rows · 2 columns")).to_be_visible()
    page.get_by_role("radio", name="Chart", exact=True).click()
    wait_for_address(page, "view=chart")
    mark = page.get_by_role("combobox", name="Mark")
    expect(mark).to_have_count(1)  # while the chart moves, the one beside the table is there too
    choose(page, mark, "Points")
    wait_for_address(page, "mark=point")

    # A person who follows the link has another window, and never typed the query.
    other = open_page("query" + page.url.partition("/query")[2])

    expect(editor(other)).to_have_text(SQL)
    expect(other.get_by_text("2 rows · 2 columns")).to_be_visible()
    expect(other.get_by_role("radio", name="Chart", exact=True)).to_be_checked()
    expect(other.get_by_role("combobox", name="Mark")).to_have_value("Points")
    expect(other.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()


def test_query_tabs_survive_a_reload(page: "Page"):
    write(page, "select 1 as one")
    button(page, "New tab").click()
    expect(page.get_by_role("radio", name="Query 2")).to_be_checked()
    expect(page.locator(".cm-line:visible")).to_have_text([""])
    write(page, "select 2 as two")
    wait_for_address(page, "two")

    page.reload()
    page.wait_for_function(AT_REST)

    expect(page.get_by_role("radio", name="Query 2")).to_be_checked()
    expect(editor(page)).to_have_text("select 2 as two")
    page.get_by_role("radio", name="Query 1").click()
    page.wait_for_function(AT_REST)
    expect(editor(page)).to_have_text("select 1 as one")


def test_format_and_the_plan(page: "Page"):
    write(page, "select country, count(*) as n from customers group by country")
    button(page, "More").click()
    page.get_by_role("menuitem", name="Format SQL").click()
    expect(page.locator(".cm-line:visible")).to_have_text(
        ["SELECT", "    country,", "    count(*) AS n", "FROM customers", "GROUP BY country"]
    )

    button(page, "More").click()
    page.get_by_role("menuitem", name="Explain and run").click()
    expect(page.locator("ul.plan meter").first).to_be_visible()
    expect(page.locator("ul.plan")).to_contain_text(["customers"])
    button(page, "Close plan").click()
    expect(page.locator("ul.plan")).to_have_count(0)


GROWS = "height => document.querySelector('.st-key-result_body [data-testid=stDataFrame]').clientHeight > height"
LOSE_A_MESSAGE = """() => {
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function () {
    WebSocket.prototype.send = send
    window.isMessageLost = true
  }
}"""


def test_the_divider_gives_the_result_its_room(page: "Page"):
    write(page, "select range as a from range(500)")
    editor(page).press("Control+Enter")
    rows = page.locator(".st-key-result_body [data-testid=stDataFrame]").first
    expect(rows).to_be_visible()
    divider = page.get_by_role("separator", name="Height of the editor")
    before, height = int(divider.get_attribute("aria-valuenow") or 0), rows.bounding_box()["height"]

    for _ in range(2):
        divider.press("PageUp")

    assert int(divider.get_attribute("aria-valuenow") or 0) == max(96, before - 192)
    page.wait_for_function(GROWS, arg=height)
    divider.press("Enter")


def test_a_lost_report_of_the_divider_is_repeated(page: "Page"):
    write(page, "select range as a from range(500)")
    editor(page).press("Control+Enter")
    rows = page.locator(".st-key-result_body [data-testid=stDataFrame]").first
    expect(rows).to_be_visible()
    page.wait_for_function(AT_REST)
    height = rows.bounding_box()["height"]

    page.evaluate(LOSE_A_MESSAGE)
    page.get_by_role("separator", name="Height of the editor").press("Home")

    page.wait_for_function("() => window.isMessageLost")
    page.wait_for_function(GROWS, arg=height)


def test_the_divider_of_a_page_that_was_left_asks_for_nothing(page: "Page"):
    page.clock.install()
    write(page, "select range as a from range(500)")
    editor(page).press("Control+Enter")
    expect(page.locator(".st-key-result_body [data-testid=stDataFrame]").first).to_be_visible()
    page.wait_for_function(AT_REST)

    page.evaluate(LOSE_A_MESSAGE)
    page.get_by_role("separator", name="Height of the editor").press("Home")
    page.wait_for_function("() => window.isMessageLost")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.wait_for_function(AT_REST)
    page.evaluate(
        """() => {
          const send = WebSocket.prototype.send
          window.sent = []
          WebSocket.prototype.send = function (data) {
            window.sent.push(new TextDecoder().decode(data))
            return send.call(this, data)
          }
        }"""
    )
    page.clock.run_for(3_000)

    assert [sent for sent in page.evaluate("window.sent") if "pane_divider" in sent] == []
