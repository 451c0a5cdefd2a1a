"""Patterns: text in which `#` is a digit and `?` a capital letter; a backslash escapes the next character.

A pattern is a number in a mixed radix: the number of its texts is known, so a permutation of that size makes unique
texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from string import ascii_uppercase, digits

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import below, u64
from engine.rules.random.permutation import GREATEST_SIZE
from engine.rules.site import Site

_ALPHABETS = {"#": digits, "?": ascii_uppercase}
_MAX_POOL = 20_000
_MAX_DRAW = 2**62


@dataclass(frozen=True)
class Pattern:
    """A parsed pattern: plain texts and groups of symbols in order, and the number of possible texts."""

    parts: tuple[str | tuple[str, ...], ...]
    size: int
    length: int


def parse_pattern(pattern: str) -> Pattern:
    """Split a pattern into plain text and groups of at most 20,000 combinations each."""
    parts: list[str | tuple[str, ...]] = []
    size, length, position = 1, 0, 0
    while position < len(pattern):
        symbol = pattern[position]
        if symbol in _ALPHABETS:
            alphabet = _ALPHABETS[symbol]
            size *= len(alphabet)
            last = parts[-1] if parts else ""
            if isinstance(last, tuple) and _combinations(last) * len(alphabet) <= _MAX_POOL:
                parts[-1] = (*last, alphabet)
            else:
                parts.append((alphabet,))
        else:
            if symbol == "\\" and position + 1 < len(pattern):
                position += 1
                symbol = pattern[position]
            last = parts[-1] if parts else ()
            if isinstance(last, str):
                parts[-1] = last + symbol
            else:
                parts.append(symbol)
        length += 1
        position += 1
    return Pattern(tuple(parts), size, length)


def pattern_of(site: Site) -> Pattern:
    """Return the pattern of the column; raises `RuleError` when its texts are longer than the column."""
    pattern = parse_pattern(site.column.pattern or "")
    if site.type.length is not None and pattern.length > site.type.length:
        raise site.error(
            f"The pattern makes {pattern.length} characters, more than {site.type} holds.",
            "Shorten the pattern or lengthen the type.",
        )
    return pattern


def make_pattern(site: Site) -> pl.Expr:
    """Return texts of the column's pattern, each equally likely."""
    pattern = pattern_of(site)
    pieces: list[pl.Expr] = []
    draw, space, turn = pl.lit(0), 1, 0
    for part in pattern.parts:
        if isinstance(part, str):
            pieces.append(pl.lit(part))
            continue
        size = _combinations(part)
        if space < size:
            draw, space, turn = (
                site.stages.add(below(site.bits(f"value{turn}"), _MAX_DRAW)),
                _MAX_DRAW,
                turn + 1,
            )
        pieces.append(_group(part).gather(draw % u64(size)))
        draw, space = draw // u64(size), space // size
    return _join(pieces, site.row)


def pattern_at(site: Site, index: pl.Expr) -> pl.Expr:
    """Return the text of the pattern with the number `index` (UInt64), the last symbol varying fastest."""
    pattern = parse_pattern(site.column.pattern or "")
    pieces: list[pl.Expr] = []
    rest = index
    for part in reversed(pattern.parts):
        if isinstance(part, str):
            pieces.append(pl.lit(part))
            continue
        size = _combinations(part)
        pieces.append(_group(part).gather(rest % u64(size)))
        rest = rest // u64(size)
    return _join(pieces[::-1], site.row)


def _join(pieces: list[pl.Expr], row: pl.Expr) -> pl.Expr:
    """Join the pieces; a pattern without symbols still gives one text per row."""
    text = pl.concat_str(pieces) if pieces else pl.lit("")
    return text if any(piece.meta.root_names() for piece in pieces) else pl.when(row.is_not_null()).then(text)


def _combinations(alphabets: tuple[str, ...]) -> int:
    size = 1
    for alphabet in alphabets:
        size *= len(alphabet)
    return size


@cache
def _group(alphabets: tuple[str, ...]) -> pl.Expr:
    return pl.lit(pl.Series(["".join(symbols) for symbols in product(*alphabets)], dtype=pl.String))


def pattern_domain(site: Site) -> Domain:
    """Return every text of the column's pattern."""
    size = pattern_of(site).size
    return Domain(min(size, GREATEST_SIZE), lambda index: pattern_at(site, index))
