"""Shorter grammars: of a grammar's texts only those that fit a length, so that no value is cut in the middle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from engine.rules.text.grammar.nodes import Choice, Made, Node, Number, Pick, choice, max_length, sequence


def shorten(node: Node, length: int) -> Node | None:
    """Return a grammar of texts of at most `length` characters, all of them texts of `node`; None when none fits.

    Where several parts share the length, the longest parts give way first. Picks with a shared draw stay whole, as
    others depend on them: what holds them fits with the longest of their texts, or is left out.
    """
    if max_length(node) <= length:
        return node
    if isinstance(node, Pick):
        return _shorten_pick(node, length)
    if isinstance(node, Number):
        high = 10**length - 1
        return Number(node.low, node.low + (high - node.low) // node.step * node.step, node.step) if (
            0 <= node.low <= high
        ) else None  # fmt: skip
    if isinstance(node, Choice):
        return _shorten_choice(node, length)
    if isinstance(node, str | Made):
        return None
    return _shorten_parts(node.parts, length)


@lru_cache(maxsize=1024)
def fitting(node: Node, length: int) -> Node | None:
    """Return the cached result of `shorten`, so that equal columns share one plan."""
    return shorten(node, length)


def min_length(node: Node) -> int:
    """Return the number of characters up to which a grammar can be shortened."""
    if isinstance(node, Pick):
        return (max if node.draw is not None else min)(map(len, node.texts), default=0)
    if isinstance(node, Choice):
        return min(map(min_length, node.alternatives))
    if isinstance(node, Number):
        return len(str(node.low)) if node.low >= 0 else max_length(node)
    if isinstance(node, str | Made):
        return max_length(node)
    return sum(map(min_length, node.parts))


def _shorten_pick(pick: Pick, length: int) -> Node | None:
    if pick.draw is not None:
        return None
    weights = pick.weights or (1.0,) * len(pick.texts)
    kept = [(text, weight) for text, weight in zip(pick.texts, weights, strict=True) if len(text) <= length]
    if not any(weight > 0 for _, weight in kept):
        return None
    return choice([text for text, _ in kept], [weight for _, weight in kept])


def _shorten_choice(node: Choice, length: int) -> Node | None:
    weights = node.weights or (1.0,) * len(node.alternatives)
    parts = [shorten(part, length) for part in node.alternatives]
    kept = [(part, weight) for part, weight in zip(parts, weights, strict=True) if part is not None and weight > 0]
    return choice([part for part, _ in kept], [weight for _, weight in kept]) if kept else None


def _shorten_parts(parts: Sequence[Node], length: int) -> Node | None:
    longest, shortest = _measure(parts, max_length), _measure(parts, min_length)
    if sum(shortest) > length:
        return None
    limits = list(longest)
    while sum(limits) > length:
        widest = max((place for place in range(len(limits)) if limits[place] > shortest[place]), key=limits.__getitem__)
        limits[widest] -= 1
    shortened = [shorten(part, limit) for part, limit in zip(parts, limits, strict=True)]
    kept = [part for part in shortened if part is not None]
    return sequence(kept) if len(kept) == len(parts) else None


def _measure(parts: Sequence[Node], measure: Callable[[Node], int]) -> list[int]:
    return [measure(part) for part in parts]
