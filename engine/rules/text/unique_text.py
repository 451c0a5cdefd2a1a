"""Unique text: a realistic stem, then a suffix that is a permutation of the row number.

The suffix alone makes the text unique, so stems can repeat and are cut to the declared length. Suffixes are numbers in
base 36. The first 36**4 rows get four digits, later ones eight (or as many as fit); as no digit is the separator, texts
of different tiers differ too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import product
from string import ascii_lowercase, digits

import polars as pl

from engine.rules.random.bits import u64
from engine.rules.random.permutation import permuted
from engine.rules.site import Site

SEPARATOR = "."
_ALPHABET = digits + ascii_lowercase
_BASE = len(_ALPHABET)
_SHORT, _LONG = 4, 8
_SHORT_TEXT = 45


def space_before_suffix(length: int | None) -> int | None:
    """Return the characters that a short text leaves for what comes before its suffix; None for a longer one."""
    space = _SHORT_TEXT if length is None else length - _SHORT - len(SEPARATOR)
    return space if 0 < space < _SHORT_TEXT else None


def suffix_tiers(length: int | None) -> list[int]:
    """Return the numbers of suffix digits in use, in the order of the rows, for text of at most `length`."""
    space = _LONG + 1 + 1 if length is None else length
    last = min(space, _LONG)
    return [_SHORT, last] if space >= _SHORT + 2 else [last]


def text_capacity(length: int | None) -> int:
    """Return the number of unique texts of at most `length` characters."""
    return sum(_BASE**count for count in suffix_tiers(length))


def unique_text(site: Site, stems: Sequence[str], slot: pl.Expr, index: pl.Expr) -> pl.Expr:
    """Return stem, separator and suffix; `slot` picks the stem and `index` (UInt64) is unique.

    In a stem with an @ the suffix goes before it, so that an e-mail address stays valid.
    """
    length = site.type.length
    return _in_tiers(site, index, lambda count, suffix: _parts(stems, slot, length, count, suffix))


def unique_text_around(site: Site, head: pl.Expr, tail: pl.Expr | None, index: pl.Expr) -> pl.Expr:
    """Return head, separator, suffix and tail, with head and tail (such as "@acme.com") given per row.

    For a short length the head is cut, and a tail that leaves no space for it is dropped.
    """
    return _in_tiers(site, index, lambda count, suffix: _around(head, tail, site.type.length, count, suffix))


def _in_tiers(site: Site, index: pl.Expr, parts: Callable[[int, list[pl.Expr]], list[pl.Expr]]) -> pl.Expr:
    """Join the `parts` of each tier, given its number of suffix digits and the digits."""
    length = site.type.length
    first = 0
    result: pl.Expr | None = None
    for tier, count in enumerate(suffix_tiers(length)):
        last = first + _BASE**count
        number = permuted(site.stages, _to_tier(index, first, last), last - first, site.key(f"suffix{tier}"))
        text = pl.concat_str(parts(count, _make_suffix(number, count)))
        result = text if result is None else pl.when(index < u64(first)).then(result).otherwise(text)
        if site.reach <= last:
            break
        first = last
    assert result is not None
    return result


def _around(
    head: pl.Expr, tail: pl.Expr | None, length: int | None, count: int, suffix: list[pl.Expr]
) -> list[pl.Expr]:
    parts = [pl.lit(SEPARATOR), *suffix]
    if length is None:
        return [head, *parts] if tail is None else [head, *parts, tail]
    space = length - count - len(SEPARATOR)
    if space < 1:
        return suffix
    if tail is None:
        return [head.str.head(space), *parts]
    tail = pl.when(tail.str.len_chars() < space).then(tail).otherwise(pl.lit(""))
    return [head.str.head(space - tail.str.len_chars().cast(pl.Int64)), *parts, tail]


def _to_tier(index: pl.Expr, first: int, last: int) -> pl.Expr:
    """Return the number within the tier; rows of other tiers, whose text is unused, wrap into it."""
    shifted = index if first == 0 else index + u64(2**64 - first)
    return shifted % u64(last - first)


def _parts(stems: Sequence[str], slot: pl.Expr, length: int | None, count: int, suffix: list[pl.Expr]) -> list[pl.Expr]:
    space = None if length is None else length - count - len(SEPARATOR)
    if space is not None and space < 1:
        return suffix
    heads, tails = _split_stems(tuple(stems), space)
    parts = [pl.lit(heads).gather(slot), pl.lit(SEPARATOR), *suffix]
    return [*parts, pl.lit(tails).gather(slot)] if (tails.str.len_bytes() > 0).any() else parts


@cache
def _split_stems(stems: tuple[str, ...], space: int | None) -> tuple[pl.Series, pl.Series]:
    """Return the texts before and after the suffix, together at most `space` characters."""
    heads, tails = [], []
    for stem in stems:
        head, at, domain = stem.rpartition("@")
        tail = at + domain if head else ""
        if not head or (space is not None and len(tail) >= space):
            head, tail = stem.replace("@", "") if at else stem, ""
        heads.append(head if space is None else head[: space - len(tail)])
        tails.append(tail)
    return pl.Series(heads, dtype=pl.String), pl.Series(tails, dtype=pl.String)


def _make_suffix(number: pl.Expr, count: int) -> list[pl.Expr]:
    """Return `count` base-36 digits of `number`, most significant first, in pieces of two."""
    pieces: list[pl.Expr] = []
    rest = number
    while count > 0:
        width = 2 if count >= 2 else 1
        size = _BASE**width
        pieces.append(pl.lit(_digits(width)).gather(rest % u64(size)))
        rest = rest // u64(size)
        count -= width
    return pieces[::-1]


@cache
def _digits(width: int) -> pl.Series:
    return pl.Series(["".join(symbols) for symbols in product(_ALPHABET, repeat=width)], dtype=pl.String)
