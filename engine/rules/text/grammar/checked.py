"""Text with a check character: barcodes, card and account numbers.

Every position adds to a sum; the sum's remainder selects the check text. Adjacent positions are listed together in
tables of texts and of their terms, so that a row costs two gathers per table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import polars as pl

from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.text.grammar.nodes import Made
from engine.rules.text.grammar.numbered import Numbered
from engine.rules.text.grammar.numbering import count_indexes, signs_of, split_index

_MAX_TABLE = 10_000


@dataclass(frozen=True)
class Position:
    """One of `texts`, and the term that each adds to the sum."""

    texts: tuple[str, ...]
    values: tuple[int, ...]


def digit(factor: int, symbols: str = "0123456789") -> Position:
    """Return a digit (or one of `symbols`) that adds its value times the factor."""
    return Position(tuple(symbols), tuple(int(symbol, 36) * factor for symbol in symbols))


def fixed(text: str, value: int = 0) -> Position:
    """Return a plain text that adds `value`."""
    return Position((text,), (value,))


def make_checked(positions: Sequence[Position], modulus: int, checks: Sequence[str], at: int | None = None) -> Made:
    """Return text with its check text, `checks[sum % modulus]`, before position `at` (None: at the end)."""
    split = len(positions) if at is None else at
    before = _tables(positions[:split], modulus)
    after = _tables(positions[split:], modulus)

    def make(site: Site, purpose: str) -> pl.Expr:
        return join(
            site,
            [
                site.stages.add(below(site.bits(f"{purpose}/{turn}"), len(table.texts)).cast(pl.UInt32))
                for turn, table in enumerate((*before, *after))
            ],
        )

    def join(site: Site, indexes: Sequence[pl.Expr]) -> pl.Expr:
        parts: list[pl.Expr] = []
        total = pl.lit(0, dtype=pl.UInt16)
        for index, table in zip(indexes, (*before, *after), strict=True):
            parts.append(pl.lit(pl.Series(table.texts, dtype=pl.String)).gather(index))
            total = total + pl.lit(pl.Series(table.values, dtype=pl.UInt16)).gather(index)
        remainder = site.stages.add((total % pl.lit(modulus, dtype=pl.UInt16)).cast(pl.UInt32))
        parts.insert(len(before), pl.lit(pl.Series(checks, dtype=pl.String)).gather(remainder))
        return pl.concat_str(parts)

    def sample(random: Random) -> str:
        total, texts = 0, []
        for table in (*before, *after):
            index = random.randrange(len(table.texts))
            texts.append(table.texts[index])
            total += table.values[index]
        texts.insert(len(before), checks[total % modulus])
        return "".join(texts)

    sizes = [len(table.texts) for table in (*before, *after)]
    signs = [
        signs_of(texts)
        for texts in (*(p.texts for p in positions[:split]), checks, *(p.texts for p in positions[split:]))
    ]
    fixed = [part for part in signs if part is not None]
    numbered = Numbered(
        count_indexes(sizes),
        lambda site, index: join(site, split_index(site, index, sizes)),
        tuple(sign for part in fixed for sign in part),
        is_prefix_free=True,
    )
    length = sum(max(map(len, position.texts)) for position in positions) + max(map(len, checks))
    return Made(make, sample, length, numbered if len(fixed) == len(signs) else None)


def _tables(positions: Sequence[Position], modulus: int) -> list[Position]:
    tables: list[Position] = []
    for position in positions:
        if tables and len(tables[-1].texts) * len(position.texts) <= _MAX_TABLE:
            last = tables.pop()
            texts = tuple(start + end for start in last.texts for end in position.texts)
            values = tuple((a + b) % modulus for a in last.values for b in position.values)
            tables.append(Position(texts, values))
        else:
            tables.append(Position(position.texts, tuple(value % modulus for value in position.values)))
    return tables
