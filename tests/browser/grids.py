"""Cells of the tables of a page: Streamlit draws them on a canvas, with the cells next to it for screen readers."""

from .conftest import Locator, Page, playwright

expect = playwright.expect
LINE_HEIGHT = 31


def column(page: "Page", number: int) -> "Locator":
    """The cells of a column of the first table."""
    return page.get_by_test_id("data-grid-canvas").first.locator(f"td[aria-colindex='{number + 1}']")


def cell(page: "Page | Locator", row: int, column: int) -> "Locator":
    return page.get_by_test_id(f"glide-cell-{column}-{row}").first


def has_ink(page: "Page", row: int) -> bool:
    """Return whether anything is drawn in the first column of a row of the first table."""
    area = [6, int(LINE_HEIGHT * (row + 1)) + 5, 60, LINE_HEIGHT - 10]
    script = (
        "(canvas, area) => new Set(new Uint32Array(canvas.getContext('2d').getImageData(...area).data.buffer)).size"
    )
    return page.get_by_test_id("data-grid-canvas").first.evaluate(script, area) > 1


def select_cell(page: "Page", row: int, column: int) -> None:
    """Select a cell of the first table, as a person does: a click into its row, and the arrow keys."""
    expect(cell(page, row, column)).to_be_attached()
    page.get_by_test_id("stDataFrameResizable").first.click(position={"x": 20, "y": LINE_HEIGHT * (row + 1.5)})
    for step in range(column + 1):
        expect(cell(page, row, step)).to_have_attribute("aria-selected", "true")
        if step < column:
            page.keyboard.press("ArrowRight")


def write_cell(page: "Page", row: int, column: int, text: str) -> None:
    """Replace the text of a cell of the first table."""
    select_cell(page, row, column)
    page.keyboard.press("Enter")
    page.locator("textarea.gdg-input").fill(text)
    page.keyboard.press("Enter")
