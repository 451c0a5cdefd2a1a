"""The contrast of text and background, light and dark, as WCAG 2.2 defines it (success criterion 1.4.3)."""

import pytest

from .conftest import Locator, Open, Page, button, playwright

expect = playwright.expect

# The colours of the text and of its background, with transparent layers blended.
COLOURS = """element => {
  const parts = text => (text.match(/[\\d.]+/g) ?? []).map(Number)
  const over = (top, ground) => {
    const [red, green, blue, alpha = 1] = parts(top)
    return [red, green, blue].map((value, index) => alpha * value + (1 - alpha) * ground[index])
  }
  const chain = []
  for (let each = element; each; each = each.parentElement) chain.unshift(getComputedStyle(each))
  const ground = chain.reduce((below, style) => over(style.backgroundColor, below), [255, 255, 255])
  const seen = chain.reduce((product, style) => product * Number(style.opacity), 1)
  const words = over(getComputedStyle(element).color, ground)
  return [words.map((value, index) => seen * value + (1 - seen) * ground[index]), ground]
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(open_page: Open, scheme: str):
    page = open_page("new")
    page.emulate_media(color_scheme=scheme)
    expect(button(page, "Review")).to_be_visible()

    assert is_dark(page) == (scheme == "dark")
    assert contrast(page.get_by_test_id("stCaptionContainer").first.locator("p")) >= 4.5
    assert contrast(button(page, "Review").locator("p")) >= 4.5
    assert contrast(page.get_by_role("radio", checked=True).first.locator("p")) >= 4.5

    page.get_by_label("Name", exact=True).fill("tried")
    page.get_by_label("CREATE TABLE script").fill("CREATE TABLE t (a INT);")
    button(page, "Review").press("Enter")
    assert contrast(page.get_by_role("tab", selected=True).locator("p")) >= 4.5


def is_dark(page: "Page") -> bool:
    """Return whether the page's background is darker than its text."""
    words, ground = page.get_by_test_id("stApp").evaluate(COLOURS)
    return luminance(ground) < luminance(words)


def contrast(locator: "Locator") -> float:
    """Return the contrast ratio, 1 to 21: (lighter + 0.05) / (darker + 0.05)."""
    darker, lighter = sorted(luminance(colour) for colour in locator.evaluate(COLOURS))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: list[float]) -> float:
    """Return the relative luminance of red, green and blue, each 0 to 255."""
    red, green, blue = (linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(value: float) -> float:
    """Return a channel without its sRGB curve."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
