"""The contrast of text and background, light and dark, as WCAG 2.2 defines it (success criterion 1.4.3)."""

import pytest

import engine

from .conftest import Open, Page, button, playwright
from .pictures import AT_REST

expect = playwright.expect

# Every visible text of the page with its contrast, 1 to 21: (lighter + 0.05) / (darker + 0.05). Transparent layers are
# blended; what is disabled or an icon is left out, as the criterion leaves it out.
SCAN = """() => {
  const parts = text => {
    const numbers = (text.match(/[\\d.]+/g) ?? []).map(Number)
    return text.startsWith('color(srgb') ? numbers.map((each, index) => (index < 3 ? each * 255 : each)) : numbers
  }
  const over = (top, ground) => {
    const [red, green, blue, alpha = 1] = parts(top)
    return [red, green, blue].map((value, index) => alpha * value + (1 - alpha) * ground[index])
  }
  const linear = value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  const luminance = ([red, green, blue]) =>
    0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255)
  const parentOf = element => element.parentElement ?? element.getRootNode().host ?? null
  const measured = element => {
    const chain = []
    for (let each = element; each; each = parentOf(each)) chain.unshift(getComputedStyle(each))
    const ground = chain.reduce((below, style) => over(style.backgroundColor, below), [255, 255, 255])
    const seen = chain.reduce((product, style) => product * Number(style.opacity), 1)
    const words = over(getComputedStyle(element).color, ground)
    const shown = ground.map((value, index) => seen * words[index] + (1 - seen) * value)
    const [darker, lighter] = [luminance(shown), luminance(ground)].sort((one, other) => one - other)
    return [(lighter + 0.05) / (darker + 0.05), seen]
  }
  const leftOut = '[disabled], [aria-disabled=true], svg, [data-testid=stIconMaterial], script, style'
  const isLeftOut = element => {
    for (let each = element; each; each = parentOf(each)) if (each.matches(leftOut)) return true
    return false
  }
  const found = []
  const walk = root => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) walk(element.shadowRoot)
      const text = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data).join('').trim()
      const box = element.getBoundingClientRect()
      if (!text || !box.width || !box.height || isLeftOut(element)) continue
      if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue
      const [contrast, seen] = measured(element)
      if (seen > 0.1) found.push([contrast, text.slice(0, 60), element.className?.toString().slice(0, 60) ?? ''])
    }
  }
  walk(document.body)
  return found
}"""

# What each page waits for; what is opened on some of them is read as well.
PAGES = {
    "": ("heading", "Experiments"),
    "new": ("button", "Review"),
    "schema": ("button", "Save"),
    "generate": ("button", "Generate"),
    "runs": ("button", "Export"),
    "query": ("button", "Run"),
    "explore": ("radio", "Tables"),
    "board": ("button", "Export as HTML"),
    "workload": ("button", "Check"),
}
ENOUGH = 4.5


@pytest.fixture
def full_shop(shop: engine.Experiment) -> engine.Experiment:
    """An experiment with something on each page: a saved query that is pinned, and a workload."""
    query = "select country, count(*) as n from customers group by country"
    shop.queries.save("by country", query)
    shop.board().pin("by country")
    shop.keep_workload({"by_country.sql": query})
    return shop


def open_more(page: "Page", name: str) -> bool:
    """Open what a click or a key shows on a page; return whether there is something."""
    if name == "new":
        page.get_by_label("Name", exact=True).fill("tried")
        page.get_by_label("CREATE TABLE script").fill("CREATE TABLE t (a INT, b VARCHAR(20), c ENUM('x'), d GEOMETRY);")
        button(page, "Review").press("Enter")
        expect(page.get_by_text("Review tried")).to_be_visible()
    elif name == "schema":
        column = page.locator("[class*='st-key-rule_columns'] input").first
        column.fill("country")
        column.press("Enter")
        column.press("Escape")
        expect(page.locator(".st-key-rule_panel").get_by_text("country", exact=True)).to_be_visible()
    elif name == "runs":
        button(page, "Export").first.click()
        expect(button(page.get_by_role("dialog"), "Export")).to_be_visible()
    elif name == "query":
        page.locator("#dw-palette").wait_for(state="attached")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Find a page", exact=False)).to_be_visible()
    else:
        return False
    page.wait_for_function(AT_REST)
    return True


def check(page: "Page") -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        texts = page.evaluate(SCAN)
        assert len(texts) > 10
        assert [each for each in texts if each[0] < ENOUGH] == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_every_text_has_enough_contrast(open_page: Open, full_shop: engine.Experiment, name: str):
    page = open_page(name, full_shop if name not in ("", "new") else None)
    role, label = PAGES[name]
    expect(page.get_by_role(role, name=label, exact=True).first).to_be_visible()
    page.wait_for_function(AT_REST)
    check(page)
    if open_more(page, name):
        check(page)
