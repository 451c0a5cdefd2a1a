"""Text as Streamlit Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:^=])")


def plain(text: str) -> str:
    """Return `text` as Markdown that shows it letter by letter."""
    return _MARKDOWN.sub(r"\\\1", text)
