"""Numbered grammars: the texts of a grammar counted from 0, each text once, for columns whose values must not repeat.

A numbered text keeps its format: a unique UUID is a UUID, and a unique barcode has the right check digit. A part is
counted only if what follows it can be told apart from it, so that no two numbers make the same text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from engine.rules.random.bits import below, u64
from engine.rules.site import Site
from engine.rules.text.grammar.nodes import Choice, Joined, Made, Node, Number, Pick
from engine.rules.text.grammar.numbered import Numbered, Signs

MAX_SIZE = 2**62
_MAX_TABLE = 4_096
_MOST_FORMATS = 8
_MANY = 10**7


def count_indexes(sizes: Sequence[int]) -> int:
    """Return the product of the last sizes that is at most 2**62."""
    count = 1
    for size in reversed(sizes):
        if count * size > MAX_SIZE:
            break
        count *= size
    return count


def split_index(site: Site, index: pl.Expr, sizes: Sequence[int]) -> list[pl.Expr]:
    """Split an index into one below each size, the last varying fastest; the first are drawn if there are too many."""
    places: list[pl.Expr] = []
    count, is_free = 1, False
    for place, size in reversed(list(enumerate(sizes))):
        is_free = is_free or count * size > MAX_SIZE
        if is_free:
            places.append(site.stages.add(below(site.bits(f"free{place}"), size)))
            continue
        places.append(site.stages.add(index // u64(count) % u64(size)) if size > 1 else index * u64(0))
        count *= size
    return places[::-1]


def number_texts(node: Node) -> Numbered | None:
    """Return the numbered texts of a grammar; None where texts cannot be told apart or share draws.

    A grammar of more than 2**62 texts leaves its first parts to chance. Of formats that overlap, and of formats with
    few texts next to others with many, only one or the many are numbered.
    """
    if isinstance(node, Choice):
        return _number_choice(node)
    return _number_parts(node.parts if isinstance(node, Joined) else (node,))


def _number_one(node: Node) -> Numbered | None:
    if isinstance(node, str):
        return _listed((node,))
    if isinstance(node, Pick):
        return None if node.draw is not None else _listed(tuple(dict.fromkeys(node.texts)))
    if isinstance(node, Number):
        low, step = node.low, node.step
        size = min(node.size, MAX_SIZE)
        return Numbered(
            size, lambda site, index: (index.cast(pl.Int64) * step + low).cast(pl.String), None, is_prefix_free=False
        )
    if isinstance(node, Made):
        return node.numbered
    return number_texts(node)


def _listed(texts: tuple[str, ...]) -> Numbered:
    series = pl.Series(texts, dtype=pl.String)
    return Numbered(len(texts), lambda site, index: pl.lit(series).gather(index), signs_of(texts), _prefix_free(texts))


def signs_of(texts: Sequence[str]) -> Signs | None:
    """Return the characters at each place of the texts; None where their lengths differ."""
    if len({len(text) for text in texts}) != 1:
        return None
    return tuple(frozenset(column) for column in zip(*texts, strict=True))


def _prefix_free(texts: Sequence[str]) -> bool:
    return not any(later.startswith(earlier) for earlier, later in pairwise(sorted(texts)))


def _number_parts(parts: Sequence[Node]) -> Numbered | None:
    numbered = [_number_one(part) for part in _merge(parts)]
    found = [part for part in numbered if part is not None]
    if len(found) < len(numbered) or not all(part.is_prefix_free for part in found[:-1]):
        return None
    sizes = [part.size for part in found]

    def at(site: Site, index: pl.Expr) -> pl.Expr:
        places = split_index(site, index, sizes)
        texts = [part.at(site, place) for part, place in zip(found, places, strict=True)]
        return texts[0] if len(texts) == 1 else pl.concat_str(texts)

    signs = [part.signs for part in found]
    fixed = [sign for sign in signs if sign is not None]
    together = tuple(sign for part in fixed for sign in part) if len(fixed) == len(signs) else None
    return Numbered(count_indexes(sizes), at, together, found[-1].is_prefix_free)


def _merge(parts: Sequence[Node]) -> list[Node]:
    """Join neighbours that are few texts together: the digits of a mask, and a word with the mark that ends it."""
    merged: list[Node] = []
    for part in parts:
        last = merged[-1] if merged else None
        own, before = _plain_texts(part), _plain_texts(last)
        if own is not None and before is not None and _can_merge(before, own):
            merged[-1] = Pick(tuple(start + end for start in before for end in own))
        else:
            merged.append(part)
    return merged


def _can_merge(before: Sequence[str], own: Sequence[str]) -> bool:
    return len(own) == 1 or (len(own) * len(before) <= _MAX_TABLE and _prefix_free(before))


def _plain_texts(node: Node | None) -> tuple[str, ...] | None:
    if isinstance(node, str):
        return (node,)
    return tuple(dict.fromkeys(node.texts)) if isinstance(node, Pick) and node.draw is None else None


def _number_choice(node: Choice) -> Numbered | None:
    weights = node.weights or (1.0,) * len(node.alternatives)
    found = [
        numbered
        for part, weight in zip(node.alternatives, weights, strict=True)
        if weight > 0 and (numbered := number_texts(part)) is not None
    ]
    kept = _apart(found)
    if not kept:
        return None
    count = len(kept)
    size = min(MAX_SIZE // count, *(part.size for part in kept))

    def part_at(site: Site, index: pl.Expr, part: Numbered) -> pl.Expr:
        """Spread the indexes over all texts of a part with more than it needs."""
        share = part.size // size
        return part.at(site, index if share == 1 else index * u64(share) + below(site.bits("share"), share))

    def at(site: Site, index: pl.Expr) -> pl.Expr:
        turn, within = site.stages.add(index % u64(count)), site.stages.add(index // u64(count))
        text = part_at(site, within, kept[0])
        for place in range(1, count):
            text = pl.when(turn == place).then(part_at(site, within, kept[place])).otherwise(text)
        return text

    lengths = {None if part.signs is None else len(part.signs) for part in kept}
    is_prefix_free = len(lengths) == 1 and None not in lengths
    return Numbered(count * size, at, None if count > 1 else kept[0].signs, is_prefix_free)


def _apart(found: Sequence[Numbered]) -> list[Numbered]:
    """Return formats of which no two make the same text: the greatest alone, or with those like it in size."""
    ordered = sorted(found, key=lambda part: -part.size)
    if not ordered:
        return []
    least = min(_MANY, ordered[0].size)
    kept: list[Numbered] = []
    for part in ordered:
        if part.size >= least and len(kept) < _MOST_FORMATS and all(_differ(part, other) for other in kept):
            kept.append(part)
    return kept


def _differ(one: Numbered, other: Numbered) -> bool:
    if one.signs is None or other.signs is None:
        return False
    if len(one.signs) != len(other.signs):
        return True
    return any(not left & right for left, right in zip(one.signs, other.signs, strict=True))
