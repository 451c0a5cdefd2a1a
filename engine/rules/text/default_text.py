"""Default text: short phrases, and UUID, JSON and bytes for columns of those types."""

from __future__ import annotations

from functools import cache
from itertools import product
from string import ascii_uppercase

import polars as pl

from engine.rules.domain import Domain
from engine.rules.random.bits import below, random_bits_at, u64
from engine.rules.random.permutation import GREATEST_SIZE
from engine.rules.random.seeds import stream_key
from engine.rules.site import Site
from engine.rules.text.unique_text import text_capacity, unique_text
from engine.rules.values.choices import draw_text

_POOL_SIZE = 4096
_SHORTEST_PHRASE = 4
_WORDS = """
    able acorn amber anchor apple arrow autumn bamboo basin beacon birch blue bold brave breeze bridge bright brook
    calm candle canyon cedar chalk clear cliff cloud clover coast copper coral crisp crown dawn deep delta dew drift
    dune eager early earth echo elder elm ember fair falcon fern field finch flint forest fresh frost garden gentle
    glade gold grain grand granite grass green grove harbor hazel heath heron hill honey iris iron island ivory ivy
    jade juniper keen lake lantern larch leaf lemon light lilac linen lively lotus lucky lunar maple marble marsh
    meadow mellow mild mint mist moon moss noble north oak ocean olive opal orchid otter pearl pebble pine plain
    plum pond poplar prairie proud quartz quick quiet rain raven reed ridge river robin rose royal ruby sage sand
    sea shell shore silk silver sky slate smart snow solar south spark spring spruce star steady stone storm stream
    summer sun swift tall thistle tide timber topaz trail true tulip upland vale valley velvet violet warm water
    wave west wheat wild willow wind winter wise wood young zephyr
""".split()


@cache
def phrases(length: int | None) -> tuple[str, ...]:
    """Return phrases of one to four words of at most `length` characters; letter codes if no word fits."""
    if length is not None and length < _SHORTEST_PHRASE:
        return tuple("".join(letters) for letters in product(ascii_uppercase, repeat=min(length, 2)))
    space = 40 if length is None else length
    found: dict[str, None] = {}
    for number in range(_POOL_SIZE):
        key = stream_key(0, "phrases", str(number))
        words = [_WORDS[random_bits_at(word, key) % len(_WORDS)] for word in range(1 + key % 4)]
        while len(words) > 1 and len(" ".join(words)) > space:
            words.pop()
        if len(words[0]) <= space:
            found[" ".join(words)] = None
    return tuple(found)


def make_text(site: Site) -> pl.Expr:
    """Return phrases that fit the column's length."""
    return draw_text(site, pl.Series(phrases(site.type.length), dtype=pl.String))


def make_uuid(site: Site) -> pl.Expr:
    """Return random UUIDs of version 4 (RFC 9562, section 5.4).

    They never repeat within a column: the text contains all 64 bits of one stream, a bijection of the row number.
    """
    unique, other = site.bits(), site.bits("other")
    low = (unique & u64(0x3FFF_FFFF_FFFF_FFFF)) | u64(0x8000_0000_0000_0000)
    kept = unique // u64(2**62)
    high = (other & u64(0xFFFF_FFFF_FFFF_0FFC)) | u64(0x4000) | kept
    parts = [*_hex_words(site.stages.add(high)), *_hex_words(site.stages.add(low))]
    dash = pl.lit("-")
    return pl.concat_str([*parts[:2], dash, parts[2], dash, parts[3], dash, parts[4], dash, *parts[5:]])


def _hex_words(word: pl.Expr) -> list[pl.Expr]:
    """Return the 16 hexadecimal digits of a UInt64 in four pieces."""
    pool = pl.lit(_hex_pool())
    return [pool.gather(word // u64(2**shift) % u64(2**16)) for shift in (48, 32, 16, 0)]


@cache
def _hex_pool() -> pl.Series:
    return pl.Series([f"{number:04x}" for number in range(2**16)], dtype=pl.String)


def make_json(site: Site) -> pl.Expr:
    """Return small JSON objects, or arrays of words for a column of type ARRAY."""
    words = phrases(None)
    if site.type.name == "ARRAY":
        texts = [f'["{first}", "{second}"]' for first, second in zip(words, words[7:], strict=False)]
    else:
        texts = [f'{{"id": {number}, "label": "{phrase}"}}' for number, phrase in enumerate(words, start=1)]
    if site.type.length is not None:
        texts = [text for text in texts if len(text) <= (site.type.length or 0)] or ["{}"]
    return draw_text(site, pl.Series(texts, dtype=pl.String))


def make_binary(site: Site) -> pl.Expr:
    """Return eight random bytes, as hexadecimal digits cut to the column's length."""
    return _cut_bytes(site, pl.concat_str(_hex_words(site.bits())))


def unique_binary(site: Site, index: pl.Expr) -> pl.Expr:
    """Return the bytes of the sixteen hexadecimal digits of `index`."""
    return _cut_bytes(site, pl.concat_str(_hex_words(index)))


def _cut_bytes(site: Site, text: pl.Expr) -> pl.Expr:
    length = site.type.length
    return (text if length is None or length >= 16 else text.str.tail(length)).cast(pl.Binary)


def text_domain(site: Site) -> Domain:
    """Return phrases with a suffix that never repeats."""
    stems = phrases(site.type.length)

    def text_at(index: pl.Expr) -> pl.Expr:
        slot = site.stages.add(below(site.bits(), len(stems)).cast(pl.UInt32))
        return unique_text(site, stems, slot, index)

    return Domain(text_capacity(site.type.length), text_at, is_permuted=True)


def uuid_domain(site: Site) -> Domain:
    """Return the column's UUIDs, of which no row repeats one."""
    return Domain(2**64, lambda index: make_uuid(site), is_permuted=True)


def binary_domain(site: Site) -> Domain:
    """Return the bytes of as many hexadecimal digits as the column holds, at most 16."""
    length = 16 if site.type.length is None else min(site.type.length, 16)
    size = min(16**length, GREATEST_SIZE)
    return Domain(size, lambda index: unique_binary(site, index))
