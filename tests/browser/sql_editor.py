"""The SQL editor of a page: CodeMirror keeps its own selection, so text is replaced by the keys that a person uses."""

from .conftest import Locator, Page


def editor(page: "Page") -> "Locator":
    """The editor of the open tab; the one of another tab stays hidden for a moment."""
    return page.locator(".cm-content:visible")


def write(page: "Page", sql: str) -> None:
    """Replace the text of the editor.

    `fill` selects in the document and types after that: a page that draws the editor in between loses the selection.
    """
    editor(page).press("ControlOrMeta+a")
    if sql:
        page.keyboard.insert_text(sql)
    else:
        page.keyboard.press("Delete")
