"""The paths through a traced method: one run for each combination of branches at its forks.

A run records its forks; the next run takes the next combination. A path's weight is the product of its branches'
shares. A path can be replayed with real values in place of the symbols, to compare the method's result with the
grammar.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.rules.providers.tracing.symbols import (
    MAX_FORK,
    InlineError,
    NumberSymbol,
    TextSymbol,
    UntraceableError,
)
from engine.rules.text.grammar.alternatives import list_texts
from engine.rules.text.grammar.nodes import Draw, Joined, Node, Pick, choice, map_text, number, sample_text

_MAX_PATHS = 1_500
_MAX_TEXTS = 20_000
_MAX_DRAWS = 500
_MAX_WORK = 60_000
_TRIES = 30


@dataclass
class Root:
    """One draw of a run: the texts of `node`, or one of the numbers `values`.

    `known` is the text chosen by a fork, `leak` the number given to code that needs a real one, `origin` the method
    that the node was traced from.
    """

    node: Node | None = None
    values: Sequence[Any] = ()
    known: str | None = None
    leak: int | None = None
    pick: Pick | None = None
    origin: str = ""

    def listed(self) -> Pick:
        """Return the texts with a draw that several symbols can share."""
        if self.pick is None:
            self.pick = self._shared() if self.node is not None else Pick((), None, Draw(len(self.values)))
        return self.pick

    def _shared(self) -> Pick:
        assert self.node is not None
        if isinstance(self.node, Pick) and self.node.draw is not None:
            return self.node
        found = list_texts(self.node, _MAX_TEXTS)
        if found is None:
            raise self.too_many()
        texts, weights = found
        is_even = len(set(weights)) == 1
        return Pick(tuple(texts), None, Draw(len(texts), None if is_even else tuple(weights)))

    def too_many(self) -> UntraceableError:
        """Return the error for inspecting one of too many texts."""
        return InlineError(self.origin) if self.origin else UntraceableError("a look at one of many texts")


@dataclass
class Mark:
    """The meaning of a mark: `change` of the value of a root; `is_by_letter` if parts can be changed one by one."""

    root: int
    change: Callable[[Any], str]
    is_by_letter: bool = True


class Effort:
    """The work done for one method; counted, not timed, so that the same methods compile everywhere."""

    def __init__(self) -> None:
        self._left = _MAX_WORK
        self._plain: dict[int, Node] = {}

    def unusual(self, node: Node, random: Random) -> str:
        """Return a text with a character other than letters and digits, or any text if none is found quickly."""
        value = sample_text(node, random)
        if id(node) not in self._plain:
            for _ in range(_TRIES):
                if not value.isalnum():
                    return value
                value = sample_text(node, random)
            self._plain[id(node)] = node
        return value

    def spend(self, work: int) -> None:
        """Record work; raises `UntraceableError` at the limit."""
        self._left -= work
        if self._left < 0:
            raise UntraceableError("too much to follow")


class Run:
    """One execution, with symbols in place of drawn values."""

    def __init__(self, answers: Sequence[int] = (), effort: Effort | None = None) -> None:
        self.effort = Effort() if effort is None else effort
        self.answers = list(answers)
        self.weight = 1.0
        self.roots: list[Root] = []
        self.marks: list[Mark] = []
        self.turns: list[str] = []
        self._shares: list[int] = []
        self._direct: list[int] = []
        self._asked: set[int] = set()

    def spend(self, work: int) -> None:
        """Record work; raises `UntraceableError` at the limit."""
        self.effort.spend(work)

    def get_values(self, place: int) -> Sequence[Any]:
        """Return the values that a number can still have."""
        return self.roots[place].values

    def is_first(self, key: int) -> bool:
        """Whether this is the first call with this key in the run."""
        is_new = key not in self._asked
        self._asked.add(key)
        return is_new

    def turn(self, way: str) -> str:
        """Record how a call is handled, for the replays to do the same."""
        self.turns.append(way)
        return way

    def decide(self, shares: Sequence[float]) -> int:
        """Return the branch of this path at a fork of the method itself."""
        if len(shares) == 1:
            return 0
        answer = self._decide(shares)
        self._direct.append(answer)
        return answer

    def _decide(self, shares: Sequence[float]) -> int:
        if len(shares) == 1:
            return 0
        self.spend(10)
        place = len(self._shares)
        if place == len(self.answers):
            self.answers.append(0)
        self._shares.append(len(shares))
        answer = self.answers[place]
        self.weight *= shares[answer] / sum(shares)
        return answer

    def next_answers(self) -> list[int] | None:
        """Return the branches of the next path, None after the last."""
        answers = list(self.answers)
        while answers:
            if answers[-1] + 1 < self._shares[len(answers) - 1]:
                return [*answers[:-1], answers[-1] + 1]
            answers.pop()
        return None

    def text(self, node: Node, origin: str = "") -> str:
        """Return a draw of the node's texts; `origin` is the method it was traced from."""
        self._add(Root(node=node, origin=origin))
        return self._marked(Mark(len(self.roots) - 1, _same))

    def number(self, values: Sequence[Any]) -> Any:
        """Return a draw of numbers, each equally likely."""
        self._add(Root(values=values))
        return NumberSymbol(self, len(self.roots) - 1)

    def _add(self, root: Root) -> None:
        self.spend(4)
        self.roots.append(root)
        if len(self.roots) > _MAX_DRAWS:
            raise UntraceableError("too many draws")

    def _marked(self, mark: Mark) -> TextSymbol:
        self.marks.append(mark)
        return TextSymbol(self, len(self.marks) - 1)

    def derive(self, place: int, change: Callable[[str], str], *, is_by_letter: bool) -> TextSymbol:
        """Return a symbol for the changed text of a mark."""
        mark = self.marks[place]
        return self._marked(
            Mark(mark.root, lambda value: change(mark.change(value)), mark.is_by_letter and is_by_letter)
        )

    def format_number(self, symbol: NumberSymbol, write: Callable[[Any], str]) -> TextSymbol:
        """Return the mark of a formatted number."""
        change = symbol.change
        return self._marked(
            Mark(symbol.place, write if change is None else lambda value: write(change(value)), is_by_letter=False)
        )

    def fork_text(self, place: int) -> str:
        """Return the text of a mark on this path."""
        mark = self.marks[place]
        root = self.roots[mark.root]
        if root.known is None:
            pick = root.listed()
            assert pick.draw is not None
            if len(pick.texts) > MAX_FORK or pick.draw.name:
                raise root.too_many()
            root.known = pick.texts[self._decide(pick.draw.weights or [1.0] * pick.draw.size)]
        return mark.change(root.known)

    def get_pick(self, place: int) -> Pick:
        """Return all possible texts of a mark."""
        mark = self.marks[place]
        pick = self.roots[mark.root].listed()
        return Pick(tuple(map(mark.change, pick.texts)), None, pick.draw)

    def fork_number(self, place: int, answers: Sequence[Any], most: int) -> Any:
        """Fork by the answer for each possible number; keep the numbers with this path's answer, and return it."""
        root = self.roots[place]
        groups: dict[Any, list[Any]] = {}
        for value, answer in zip(root.values, answers, strict=True):
            groups.setdefault(answer, []).append(value)
        if len(groups) > most or root.leak is not None:
            raise UntraceableError("a look at one of many numbers")
        taken = list(groups)[self._decide([float(len(values)) for values in groups.values()])]
        if len(groups) > 1:
            root.values = groups[taken]
        return taken

    def leak_number(self, place: int) -> int:
        """Return a number that is easy to find in the result, for code that needs a real one."""
        root = self.roots[place]
        if root.leak is None:
            root.leak = int(root.values[len(root.values) * (7 + place % 5) // 13 + 1])
        return root.leak

    def get_node(self, place: int, *, is_shared: bool) -> Node:
        """Return the node of a mark; `is_shared` if other marks use the same draw."""
        mark = self.marks[place]
        root = self.roots[mark.root]
        if root.known is not None:
            return mark.change(root.known)
        if root.node is None:
            return self._number_node(root, mark, is_shared=is_shared)
        if not is_shared and mark.change is _same:
            return root.node
        if not is_shared and (mark.is_by_letter or (isinstance(root.node, Pick) and root.node.draw is None)):
            return map_text(root.node, mark.change)
        pick = root.listed()
        return Pick(tuple(map(mark.change, pick.texts)), None, pick.draw)

    def _number_node(self, root: Root, mark: Mark, *, is_shared: bool) -> Node:
        values = root.values
        if len(values) <= _MAX_TEXTS:
            texts = [mark.change(value) for value in values]
            return Pick(tuple(texts), None, root.listed().draw) if is_shared else choice(texts)
        if is_shared or not isinstance(values, range):
            raise UntraceableError("a number of a long range, used more than once")
        for width in (0, len(mark.change(values[0]))):
            if all(
                mark.change(value) == f"{value:0{width}d}" for value in (*values[:20], *values[:: len(values) // 9])
            ):
                return number(values[0], values[-1], values.step, width)
        raise UntraceableError("a number written in a way of its own")


def merge_paths(paths: Sequence[tuple[float, Node]]) -> tuple[list[Node], list[float]]:
    """Merge paths with equal results, summing their weights."""
    nodes: dict[Hashable, Node] = {}
    weights: dict[Hashable, float] = {}
    for weight, node in paths:
        key = _shape(node)
        nodes[key] = node
        weights[key] = weights.get(key, 0.0) + weight
    return list(nodes.values()), list(weights.values())


def _shape(node: Node) -> Hashable:
    if isinstance(node, str):
        return node
    if isinstance(node, Joined):
        return tuple(map(_shape, node.parts))
    if isinstance(node, Pick) and node.draw is None:
        return node.texts, node.weights
    return id(node)


class Replay:
    """A path executed again with real values; the same calls in the same order as its run."""

    def __init__(self, run: Run, random: Random, *, is_odd: bool) -> None:
        self.values: list[Any] = []
        self._run, self._random, self._is_odd = run, random, is_odd
        self._forks = self._turns = 0
        self._drawn: dict[int, int] = {}

    def is_first(self, key: int) -> bool:
        """Return True: `turn` has the recorded way."""
        return True

    def turn(self, way: str) -> str:
        """Return the way recorded by the run."""
        self._turns += 1
        return self._run.turns[self._turns - 1]

    def decide(self, shares: Sequence[float]) -> int:
        """Return the branch recorded by the run."""
        if len(shares) == 1:
            return 0
        answer = self._run._direct[self._forks]
        self._forks += 1
        return answer

    def text(self, node: Node, origin: str = "") -> str:
        """Return a text of the node, on odd replays an unusual one."""
        root = self._run.roots[len(self.values)]
        known, node = root.known, node if root.node is None else root.node
        if known is not None:
            value = known
        elif self._is_odd:
            value = self._run.effort.unusual(node, self._random)
        else:
            value = sample_text(node, self._random, self._drawn)
        self.values.append(value)
        return value

    def number(self, values: Sequence[Any]) -> Any:
        """Return one of the numbers that the run kept, the smallest one on odd replays."""
        kept = self._run.roots[len(self.values)].values
        value = kept[0] if self._is_odd else kept[self._random.randrange(len(kept))]
        self.values.append(value)
        return value

    def get_value(self, place: int) -> str:
        """Return the text of a mark of the run in this replay."""
        mark = self._run.marks[place]
        return mark.change(self.values[mark.root])


def iterate_runs(execute: Callable[[Run], Any]) -> Iterator[tuple[Run, Any]]:
    """Yield every path's run with its result; raises `UntraceableError` when there are too many."""
    answers: list[int] | None = []
    count = 0
    effort = Effort()
    while answers is not None:
        run = Run(answers, effort)
        yield run, execute(run)
        answers = run.next_answers()
        count += 1
        if count > _MAX_PATHS:
            raise UntraceableError("too many paths")


def _same(value: Any) -> str:
    return str(value)
