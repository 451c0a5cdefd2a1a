"""Nothing is loaded from outside: the watch over the tabs works, and every page passes it."""

import pytest

import engine

from .conftest import BrowserContext, Open, playwright, watched

expect = playwright.expect
PAGES = ("", "new", "generate", "runs", "query", "explore", "api/docs")
OUTSIDE = """<link rel="stylesheet" href="http://outside.invalid/style.css">
<style>@font-face { font-family: far; src: url("http://outside.invalid/font.woff2") } p { font-family: far }</style>
<p>Text</p><img src="http://outside.invalid/image.png">
<script>
  new WebSocket("ws://outside.invalid/socket")
  fetch("http://outside.invalid/data").catch(() => {})
  new Worker(URL.createObjectURL(new Blob(["fetch('http://outside.invalid/worker').catch(() => {})"])))
</script>"""


def test_every_kind_of_outside_request_is_detected(window: "BrowserContext", address: str):
    tab, faults = watched(window.new_page(), address)
    tab.set_content(OUTSIDE, wait_until="commit")

    wanted = {"style.css", "font.woff2", "image.png", "socket", "data", "worker"}
    for _ in range(1200):
        if wanted <= names(faults):
            break
        tab.wait_for_timeout(50)
    assert wanted <= names(faults)
    tab.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_only_from_this_machine(open_page: Open, shop: engine.Experiment, address: str, name: str):
    page = open_page(name, shop)
    expect(page.get_by_role("heading").first).to_be_visible()
    page.wait_for_load_state("networkidle")

    loaded = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    icons = page.locator("link[rel~='icon']").evaluate_all("links => links.map(each => each.href)")

    assert loaded
    assert icons
    assert [url for url in loaded + icons if not url.startswith((address, "data:", "blob:"))] == []


def names(faults: list[str]) -> set[str]:
    return {fault.rpartition("/")[2] for fault in faults}
