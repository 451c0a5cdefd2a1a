"""The endings of names, prepared so that a name is compared with all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_GLUED = 5
_WHOLE = frozenset(
    """explanation destination combination designation determination examination termination nomination donation
    coordination vaccination imagination estate microphone headphone headphones smartphone prevent account""".split()
)


@dataclass(frozen=True)
class Endings:
    """Endings of one or more words each: `unit price`."""

    tails: frozenset[tuple[str, ...]]
    sizes: tuple[int, ...]
    glued: tuple[str, ...]

    def end(self, name: tuple[str, ...]) -> bool:
        """Return whether the words of a name end with those of an ending."""
        return any(name[-size:] in self.tails for size in self.sizes)

    def end_glued(self, name: tuple[str, ...]) -> bool:
        """Return whether the last word of a name ends with a long ending written as one word: `retailprice`."""
        return bool(name) and name[-1] not in _WHOLE and name[-1].endswith(self.glued)


@lru_cache(maxsize=10_000)
def split_endings(*endings: str) -> Endings:
    """Return the endings, each with blanks between its words; `|` separates several in one text."""
    return _prepare(tuple(ending.split()) for text in endings for ending in text.split("|"))


def _prepare(tails: Iterable[tuple[str, ...]]) -> Endings:
    found = frozenset(tails)
    glued = sorted({joined for tail in found if len(joined := "".join(tail)) >= _GLUED})
    return Endings(found, tuple(sorted({len(tail) for tail in found})), tuple(glued))
