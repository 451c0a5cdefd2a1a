"""Where the templates of a text are: `{{ values }}`, `{% blocks %}` and `{# comments #}`, found in one pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_OPENING = re.compile(r"\{\{-?|\{%-?|\{#")
_CLOSINGS = {"{{": "}}", "{%": "%}", "{#": "#}"}


@dataclass(frozen=True)
class TemplateSpan:
    """A template at [start, end) of a text: what it writes, or its block; neither for a comment."""

    start: int
    end: int
    text: str
    value: str | None = None
    block: str | None = None

    @property
    def word(self) -> str:
        """The first word of a block, or an empty text."""
        return (self.block or "").partition(" ")[0]


def template_spans(text: str) -> list[TemplateSpan]:
    """Return the templates of a text in order; one without an end is none."""
    found: list[TemplateSpan] = []
    unclosed: set[str] = set()
    position = 0
    while opening := _OPENING.search(text, position):
        position = opening.end()
        kind = opening[0][:2]
        end = -1 if kind in unclosed else text.find(_CLOSINGS[kind], position)
        if end < 0:
            unclosed.add(kind)  # so that no end is looked for again
            continue
        inside = text[position:end].removesuffix("-").strip()
        position = end + 2
        value, block = inside if kind == "{{" else None, inside if kind == "{%" else None
        found.append(TemplateSpan(opening.start(), position, text[opening.start() : position], value, block))
    return found


def ends_of_blocks(words: Sequence[str], openings: Collection[str]) -> list[int]:
    """Return for each block the position of the one that ends it, from their first words; its own if none does."""
    ends = list(range(len(words)))
    open_blocks: list[int] = []
    for position, word in enumerate(words):
        if word in openings:
            open_blocks.append(position)
        elif word.startswith("end") and word[3:] in openings and open_blocks:
            ends[open_blocks.pop()] = position
    return ends
