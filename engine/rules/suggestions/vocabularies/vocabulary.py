"""One vocabulary: the endings of names that it is for, and its words, parts of names or forms of codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Vocabulary:
    """The words of one subject.

    `endings` are apart by `|`. A vocabulary with `tables` is only for tables whose names have one of these words.
    """

    what: str
    endings: str
    tables: str = ""
    longs: tuple[str, ...] = ()
    """Words, the most frequent first."""
    shorts: tuple[str, ...] = ()
    """The codes of the words, for short columns and for those named as codes."""
    parts: tuple[tuple[str, ...], ...] = ()
    """Words of which one each is drawn to make a name."""
    patterns: tuple[str, ...] = ()
    """Forms of codes, the longest first."""


def listed(what: str, endings: str, words: str, tables: str = "") -> Vocabulary:
    """Return a vocabulary of `Cash:CA, Card:CC`: words with their codes, where they have some."""
    pairs = [entry.strip().partition(":") for entry in words.split(",")]
    longs = tuple(long for long, _, _ in pairs)
    shorts = tuple(dict.fromkeys(short for _, _, short in pairs if short))
    return Vocabulary(what, endings, tables, longs, shorts)


def composed(what: str, endings: str, *parts: str, tables: str = "") -> Vocabulary:
    """Return a vocabulary of names: one word of each of the parts, which are apart by commas."""
    split = tuple(tuple(word.strip() for word in part.split(",")) for part in parts)
    return Vocabulary(what, endings, tables, parts=split)


def formed(what: str, endings: str, *patterns: str, tables: str = "") -> Vocabulary:
    """Return a vocabulary of codes: `#` is a digit and `?` a letter; the first form that fits is taken."""
    return Vocabulary(what, endings, tables, patterns=patterns)
