"""The nodes of the text grammar: what a text rule can generate, as data.

A node is a plain text, a pick from a list, a number of a range, a sequence of nodes or a choice between nodes. Nodes
are independent of Polars; they can be sampled in Python, to check a grammar against the method it describes.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from engine.rules.site import Site
    from engine.rules.text.grammar.numbered import Numbered

MAX_LIST = 100_000


@dataclass(frozen=True, eq=False)
class Draw:
    """A draw that several picks share, as the index into their lists. A caller can supply one that has a `name`."""

    size: int
    weights: tuple[float, ...] | None = None
    name: str | None = None


@dataclass(frozen=True, eq=False)
class Pick:
    """One of `texts`, uniformly or by weights; with a `draw`, the text at its index."""

    texts: tuple[str, ...]
    weights: tuple[float, ...] | None = None
    draw: Draw | None = None

    @cached_property
    def key(self) -> tuple[tuple[str, ...], tuple[float, ...] | None, int]:
        """The identity of the draw: equal for two picks that draw alike."""
        return self.texts, self.weights, id(self.draw)


@dataclass(frozen=True, eq=False)
class Number:
    """A whole number from `low` to `high` in steps, in digits; for ranges too long to list."""

    low: int
    high: int
    step: int = 1

    @property
    def size(self) -> int:
        """The number of possible values."""
        return (self.high - self.low) // self.step + 1


@dataclass(frozen=True, eq=False)
class Joined:
    """A sequence of parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Choice:
    """One of several nodes, uniformly or by weights."""

    alternatives: tuple[Node, ...]
    weights: tuple[float, ...] | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """Text from a custom function `make(site, purpose)`; `sample(random)` is its counterpart in Python.

    `numbered` has the texts counted from 0, where they can be.
    """

    make: Callable[[Site, str], pl.Expr]
    sample: Callable[[Random], str]
    length: int
    numbered: Numbered | None = None


Node = str | Pick | Number | Made | Joined | Choice


def sequence(parts: Sequence[Node]) -> Node:
    """Return a sequence of the parts in its simplest form."""
    flat: list[Node] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece != "":
                flat.append(piece)
    if not flat:
        return ""
    return flat[0] if len(flat) == 1 else Joined(tuple(flat))


def choice(alternatives: Sequence[Node], weights: Sequence[float] | None = None) -> Node:
    """Return one of the nodes; a pick when all are plain text."""
    shares = None if weights is None or len(set(weights)) == 1 else tuple(map(float, weights))
    if len(alternatives) == 1:
        return alternatives[0]
    if all(isinstance(node, str) for node in alternatives):
        return Pick(tuple(str(node) for node in alternatives), shares)
    return Choice(tuple(alternatives), shares)


def number(low: int, high: int, step: int = 1, width: int = 0) -> Node:
    """Return a number from `low` to `high`, with zeros in front to at least `width` digits."""
    size = (high - low) // step + 1
    if size <= MAX_LIST:
        return choice([f"{value:0{width}d}" for value in range(low, high + 1, step)])
    if width and step == 1 and low >= 0:
        return _padded(low, high, width)
    return Number(low, low + (size - 1) * step, step)


def _padded(low: int, high: int, width: int) -> Node:
    """Return padded numbers of a long range: runs of whole tens are masks of digits."""
    digits = Pick(tuple("0123456789"))
    if low == 0 and high == 10**width - 1:
        return Joined((digits,) * width)
    alternatives: list[Node] = []
    weights: list[float] = []
    while low <= high:
        zeros = 0
        while low % 10 ** (zeros + 1) == 0 and low + 10 ** (zeros + 1) - 1 <= high:
            zeros += 1
        head = f"{low:0{width}d}"
        alternatives.append(sequence([head[: len(head) - zeros], *[digits] * zeros]) if zeros else head)
        weights.append(10.0**zeros)
        low += 10**zeros
    return choice(alternatives, weights)


@lru_cache(maxsize=2048)
def map_text(node: Node, change: Callable[[str], str]) -> Node:
    """Return the node with every piece of text changed."""
    if isinstance(node, str):
        return change(node)
    if isinstance(node, Pick):
        return Pick(tuple(map(change, node.texts)), node.weights, node.draw)
    if isinstance(node, Joined):
        return sequence([map_text(part, change) for part in node.parts])
    if isinstance(node, Choice):
        return Choice(tuple(map_text(part, change) for part in node.alternatives), node.weights)
    return node


def sample_text(node: Node, random: Random, drawn: dict[int, int] | None = None) -> str:
    """Return one text of the grammar; `drawn` caches the indexes of shared draws."""
    drawn = {} if drawn is None else drawn
    if isinstance(node, str):
        return node
    if isinstance(node, Number):
        return str(random.randrange(node.low, node.high + 1, node.step))
    if isinstance(node, Made):
        return node.sample(random)
    if isinstance(node, Joined):
        return "".join(sample_text(part, random, drawn) for part in node.parts)
    if isinstance(node, Choice):
        return sample_text(node.alternatives[_draw_index(len(node.alternatives), node.weights, random)], random, drawn)
    if node.draw is None:
        return node.texts[_draw_index(len(node.texts), node.weights, random)]
    if id(node.draw) not in drawn:
        drawn[id(node.draw)] = _draw_index(node.draw.size, node.draw.weights, random)
    return node.texts[drawn[id(node.draw)]]


def _draw_index(size: int, weights: tuple[float, ...] | None, random: Random) -> int:
    if weights is None:
        return random.randrange(size)
    sums = _sums(weights)
    return min(bisect(sums, random.random() * sums[-1]), size - 1)


@lru_cache(maxsize=256)
def _sums(weights: tuple[float, ...]) -> list[float]:
    return list(accumulate(weights))


@lru_cache(maxsize=2048)
def max_length(node: Node) -> int:
    """Return the number of characters of the longest text."""
    if isinstance(node, str):
        return len(node)
    if isinstance(node, Pick):
        return max(map(len, node.texts), default=0)
    if isinstance(node, Number):
        return max(len(str(node.low)), len(str(node.high)))
    if isinstance(node, Made):
        return node.length
    if isinstance(node, Joined):
        return sum(map(max_length, node.parts))
    return max(map(max_length, node.alternatives))


def iterate_parts(node: Node) -> Iterator[Node]:
    """Yield every part of the grammar that has no parts itself."""
    if isinstance(node, Joined | Choice):
        for part in node.parts if isinstance(node, Joined) else node.alternatives:
            yield from iterate_parts(part)
    else:
        yield node


def iterate_picks(node: Node) -> Iterator[Pick]:
    """Yield every pick of the grammar."""
    return (part for part in iterate_parts(node) if isinstance(part, Pick))
