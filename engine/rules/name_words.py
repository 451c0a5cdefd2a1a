"""The words of a column's name, from snake_case, camelCase and names with a table prefix."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST_INITIALS = 3


@lru_cache(maxsize=100_000)
def words(name: str) -> tuple[str, ...]:
    """Return the words in lower case: `shipToCity`, `SHIP_TO_CITY` and `ship to city` give (ship, to, city)."""
    text = name.lower() if name.isupper() else name
    return tuple(word.lower() for word in _WORD.findall(text))


@lru_cache(maxsize=100_000)
def words_without_prefix(name: str, table: str) -> tuple[str, ...]:
    """Return the words without a prefix for the table: `c_phone` of customer, `customer_phone` of customers."""
    found, table_words = words(name), words(table)
    if len(found) > 1 and _is_initials(found[0], table_words):
        return found[1:]
    entity = tuple(singular(word) for word in table_words)
    head = tuple(singular(word) for word in found[: len(entity)])
    if len(found) > len(entity) and head == entity:
        return found[len(entity) :]
    return found


def _is_initials(word: str, table_words: tuple[str, ...]) -> bool:
    """Whether the word abbreviates the table: its initials, or letters of its name in order."""
    if len(word) > _LONGEST_INITIALS or not table_words:
        return False
    if word == "".join(part[0] for part in table_words)[: len(word)]:
        return True
    letters = iter("".join(table_words))
    return (
        word[0] == table_words[0][0]
        and word not in ("is", "has", "to", "no")
        and all(letter in letters for letter in word)
    )


def singular(word: str) -> str:
    """Return the word without its plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def split_glued(word: str, vocabulary: Collection[str]) -> list[str]:
    """Return the fewest words of the vocabulary that make up all of `word`, else the word itself."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            head, current = best[start], best[end]
            if head is not None and word[start:end] in vocabulary and (not current or len(head) + 1 < len(current)):
                best[end] = [*head, word[start:end]]
    return best[-1] or [word]
