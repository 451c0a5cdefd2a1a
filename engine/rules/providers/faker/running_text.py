"""Faker's `text`: words, sentences or paragraphs joined up to a number of characters.

The units come from a list drawn once from the grammar of sentences; a text takes unit after unit until one would
exceed the length, as Faker does.
"""

from __future__ import annotations

from random import Random

import polars as pl

from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.text.grammar.nodes import Made, Node, sample_text

_UNITS = 4096


def running_text(unit: Node, length: int, joint: str, *, end: str = "") -> Made:
    """Return texts of at most `length` characters: units joined by `joint`, then `end`; at least one unit fits."""
    random = Random(3)
    units = [sample_text(unit, random) for _ in range(_UNITS)]
    space = length - len(end)
    fitting = [text for text in units if len(text) <= space] or [units[0][:space]]
    turns = 1 + max(1, int(2 * length / (1 + sum(map(len, fitting)) / len(fitting))))

    def make(site: Site, purpose: str) -> pl.Expr:
        parts: list[pl.Expr] = []
        total: pl.Expr | None = None
        fits: pl.Expr | None = None
        for turn in range(turns):
            texts = fitting if turn == 0 else [joint + text for text in units]
            index = site.stages.add(below(site.bits(f"{purpose}/{turn}"), len(texts)).cast(pl.UInt32))
            text = pl.lit(pl.Series(texts, dtype=pl.String)).gather(index)
            size = pl.lit(pl.Series([len(text) for text in texts], dtype=pl.UInt32)).gather(index)
            if total is None or fits is None:
                total, fits = site.stages.add(size), site.stages.add(size > 0)
                parts.append(text)
                continue
            total = site.stages.add(total + size)
            fits = site.stages.add(fits & (total <= space))
            parts.append(pl.when(fits).then(text).otherwise(pl.lit("")))
        return pl.concat_str([*parts, pl.lit(end)] if end else parts)

    def sample(source: Random) -> str:
        text = fitting[source.randrange(len(fitting))]
        for _ in range(1, turns):
            more = joint + units[source.randrange(len(units))]
            if len(text) + len(more) > space:
                break
            text += more
        return text + end

    return Made(make, sample, length)
