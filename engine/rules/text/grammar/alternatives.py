"""A grammar as a flat list of weighted alternatives, each a row of atoms.

An atom is plain text, a pick, a number, or a choice that would make the list too long and stays closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.rules.text.grammar.nodes import Choice, Draw, Joined, Made, Node, Number, Pick, iterate_picks

MAX_COUNT = 256
_COLLAPSED = 2_048
_MASK = 10_000

Closed = Choice | Number | Made
Atom = str | Pick | Closed


@dataclass(frozen=True)
class Alternative:
    """The atoms of one alternative, and its share."""

    weight: float
    atoms: tuple[Atom, ...]


def list_alternatives(node: Node) -> list[Alternative]:
    """Return the alternatives of a grammar, at most 256."""
    rows = _expand(node, MAX_COUNT)
    if isinstance(node, Choice) and rows[0][1] == [node]:
        rows = _list_choice(node)
    return [Alternative(weight, tuple(_merge(atoms))) for weight, atoms in rows]


def _list_choice(node: Choice) -> list[tuple[float, list[Atom]]]:
    """Return the alternatives of a choice too long to expand: choices inside them stay closed."""
    shares, parts = _shares(node.weights, len(node.alternatives)), list(node.alternatives)
    if len(parts) > MAX_COUNT:
        size = -(-len(parts) // MAX_COUNT)
        cuts = [slice(start, start + size) for start in range(0, len(parts), size)]
        parts = [Choice(tuple(parts[cut]), tuple(shares[cut])) for cut in cuts]
        shares = [sum(shares[cut]) for cut in cuts]
    return [
        (share * weight, atoms) for share, part in zip(shares, parts, strict=True) for weight, atoms in _expand(part, 1)
    ]


def count_combinations(node: Node) -> int:
    """Return the number of paths through the grammar."""
    if isinstance(node, str):
        return 1
    if isinstance(node, Pick):
        return len(node.texts)
    if isinstance(node, Number):
        return node.size
    if isinstance(node, Made):
        return 2**64
    if isinstance(node, Joined):
        size = 1
        for part in node.parts:
            size *= count_combinations(part)
        return size
    return sum(map(count_combinations, node.alternatives))


def list_texts(node: Node, most: int) -> tuple[list[str], list[float]] | None:
    """Return every text of the grammar with its weight; None for more than `most` texts or for named draws."""
    if count_combinations(node) > most or any(pick.draw is not None and pick.draw.name for pick in iterate_picks(node)):
        return None
    if not any(pick.draw for pick in iterate_picks(node)):
        return _list_texts(node)
    rows = _list_with_draws(node, {})
    return [text for text, _, _ in rows], [weight for _, weight, _ in rows]


def _list_texts(node: Node) -> tuple[list[str], list[float]]:
    if isinstance(node, str):
        return [node], [1.0]
    if isinstance(node, Pick):
        return list(node.texts), _shares(node.weights, len(node.texts))
    if isinstance(node, Number):
        texts = [str(value) for value in range(node.low, node.high + 1, node.step)]
        return texts, _shares(None, len(texts))
    if isinstance(node, Made):
        raise TypeError("The texts of a Made node cannot be listed.")
    if isinstance(node, Joined):
        texts, weights = [""], [1.0]
        for part in node.parts:
            ends, shares = _list_texts(part)
            texts = [text + end for text in texts for end in ends]
            weights = [weight * share for weight in weights for share in shares]
        return texts, weights
    texts, weights = [], []
    for share, part in zip(_shares(node.weights, len(node.alternatives)), node.alternatives, strict=True):
        more, shares = _list_texts(part)
        texts += more
        weights += [share * weight for weight in shares]
    return texts, weights


def _list_with_draws(node: Node, drawn: dict[Draw, int]) -> list[tuple[str, float, dict[Draw, int]]]:
    if isinstance(node, Pick) and node.draw is not None:
        if node.draw in drawn:
            return [(node.texts[drawn[node.draw]], 1.0, drawn)]
        shares = _shares(node.draw.weights, node.draw.size)
        return [
            (text, share, {**drawn, node.draw: index})
            for index, (text, share) in enumerate(zip(node.texts, shares, strict=True))
        ]
    if isinstance(node, Joined):
        rows = [("", 1.0, drawn)]
        for part in node.parts:
            rows = [
                (text + end, weight * share, after)
                for text, weight, before in rows
                for end, share, after in _list_with_draws(part, before)
            ]
        return rows
    if isinstance(node, Choice):
        pairs = zip(_shares(node.weights, len(node.alternatives)), node.alternatives, strict=True)
        return [
            (text, weight * share, after)
            for weight, part in pairs
            for text, share, after in _list_with_draws(part, drawn)
        ]
    texts, weights = _list_texts(node)
    return [(text, weight, drawn) for text, weight in zip(texts, weights, strict=True)]


def _shares(weights: Sequence[float] | None, size: int) -> list[float]:
    if weights is None:
        return [1.0 / size] * size
    total = sum(weights)
    return [weight / total for weight in weights]


def _expand(node: Node, most: int) -> list[tuple[float, list[Atom]]]:
    if isinstance(node, str | Pick | Number | Made):
        return [(1.0, [node])]
    if (small := _collapse(node)) is not None:
        return [(1.0, [small])]
    if isinstance(node, Choice):
        rows: list[tuple[float, list[Atom]]] = []
        for share, part in zip(_shares(node.weights, len(node.alternatives)), node.alternatives, strict=True):
            rows += [(share * weight, atoms) for weight, atoms in _expand(part, most)]
            if len(rows) > most:
                return [(1.0, [node])]
        return rows
    return _product([_expand(part, most) for part in node.parts], node.parts, most)


def _product(
    options: list[list[tuple[float, list[Atom]]]], parts: Sequence[Node], most: int
) -> list[tuple[float, list[Atom]]]:
    """Expand the product of the parts; the longest stay closed where there would be too many."""
    size = 1
    for rows in options:
        size *= len(rows)
    while size > most:
        longest = max(range(len(options)), key=lambda index: len(options[index]))
        size //= len(options[longest])
        part = parts[longest]
        options[longest] = [(1.0, [_close(part)])]
    rows = [(1.0, list[Atom]())]
    for more in options:
        rows = [(weight * share, [*atoms, *ends]) for weight, atoms in rows for share, ends in more]
    return rows


def _close(node: Node) -> Atom:
    return Choice((node,)) if isinstance(node, Joined) else node


def _collapse(node: Node) -> Pick | None:
    """Convert a choice of few texts to one pick."""
    if any(pick.draw for pick in iterate_picks(node)):
        return None
    if isinstance(node, Joined) and any(isinstance(part, Pick) and part.weights for part in node.parts):
        return None
    if count_combinations(node) > _COLLAPSED:
        return None
    texts, weights = _list_texts(node)
    return Pick(tuple(texts), None if len(set(weights)) == 1 else tuple(weights))


def _merge(atoms: Sequence[Atom]) -> list[Atom]:
    """Join adjacent texts, and adjacent uniform picks of few texts, such as the digits of a mask."""
    result: list[Atom] = []
    for atom in atoms:
        last = result[-1] if result else None
        if isinstance(atom, str) and isinstance(last, str):
            result[-1] = last + atom
        elif _is_plain(atom) and _is_plain(last) and len(atom.texts) * len(last.texts) <= _MASK:  # type: ignore[union-attr]
            result[-1] = _even_product(last, atom)  # type: ignore[arg-type]
        elif atom != "":
            result.append(atom)
    return result


def _is_plain(atom: Atom | None) -> bool:
    return isinstance(atom, Pick) and atom.weights is None and atom.draw is None


def _even_product(first: Pick, second: Pick) -> Pick:
    return Pick(tuple(start + end for start in first.texts for end in second.texts))
