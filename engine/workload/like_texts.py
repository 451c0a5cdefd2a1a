"""Texts that a LIKE pattern matches, made of the words of the column's own values."""

from __future__ import annotations

from collections.abc import Sequence

_TEXTS = 4
_LETTERS = "abcdefghjkmnprstuvwxyz"


def texts_like(pattern: str, samples: Sequence[str], length: int | None) -> list[str]:
    """Return a few texts that match the pattern, at most `length` characters long; none if none fits."""
    texts: list[str] = []
    words = [text.strip() for text in samples if text.strip()][: 3 * _TEXTS] or ["a b", "c", "d e"]
    for number in range(_TEXTS):
        word = words[number % len(words)]
        around = word.split()
        if pattern[-1:] == "%" and not any(each in pattern[:-1] for each in "%_\\") and not pattern[:-1].isalpha():
            texts.append((pattern[:-1] + word[len(pattern) - 1 :])[:length])
            continue
        for fillings in (around, around[:1], []):
            text = _fill(pattern, fillings, number)
            if length is None or len(text) <= length:
                texts.append(text)
                break
    return list(dict.fromkeys(texts))


def _fill(pattern: str, words: Sequence[str], number: int) -> str:
    """Return the pattern with words in place of each `%` and a letter in place of each `_`."""
    parts: list[str] = []
    is_escaped, holes = False, 0
    last = len(pattern) - 1
    for place, character in enumerate(pattern):
        if is_escaped or character not in "%_\\":
            parts.append(character)
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        elif character == "_":
            parts.append(_LETTERS[(number + place) % len(_LETTERS)])
        elif words:
            word = words[(number + holes) % len(words)]
            holes += 1
            before = "" if place == 0 or pattern[place - 1] in "% " else " "
            after = "" if place == last or pattern[place + 1] in "% " else " "
            parts.append(f"{before}{word}{after}")
    return "".join(parts)
