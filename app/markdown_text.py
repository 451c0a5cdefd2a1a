"""Text as Streamlit Markdown."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~:^=])")


def plain(text: str) -> str:
    """Return `text` as Markdown that shows it letter by letter."""
    return _MARKDOWN.sub(r"\\\1", text)


def code(text: str) -> str:
    """Return `text` as Markdown code: an address in it becomes no link."""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence} {text} {fence}" if text.strip() else f"{fence}{text or ' '}{fence}"
