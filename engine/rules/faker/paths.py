"""The paths through a traced method: a run for each combination of answers at its forks.

A run records its forks; the next run takes the next combination. A path's weight is the product of its answers'
shares. Each path is then run again with true values in place of the symbols, and what it makes is compared with what
the grammar says: so a grammar that would not tell the truth is found, and the method is then not compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from engine.rules.faker.symbols import GREATEST_FORK, NumberSymbol, TextSymbol, UntraceableError
from engine.rules.text_grammar.alternatives import listed
from engine.rules.text_grammar.nodes import Draw, Joined, Node, Pick, number, sampled

_GREATEST_PATHS = 1_500
_GREATEST_TEXTS = 5_000
Values = Sequence[Any]


class Run:
    """One execution: with symbols when `random` is None, else with true values of the path `model`.

    `answers` are those given so far at the forks; `nodes` what each symbol stands for, `numbers` included.
    """

    def __init__(self, answers: Sequence[int], random: Random | None = None, model: Run | None = None) -> None:
        self.answers = list(answers)
        self.shares: list[tuple[float, ...]] = []
        self.weight = 1.0
        self.nodes: list[Node | None] = []
        self.leaks: dict[int, int] = {}
        self.values: list[Any] = []
        self._ranges: dict[int, Values] = {}
        self._sources: dict[int, int] = {}
        self._derivations: dict[int, Callable[[str], str]] = {}
        self._random = random
        self._model = model
        self._drawn: dict[int, int] = {}
        self._is_fork_of_symbol: list[bool] = []

    @property
    def is_symbolic(self) -> bool:
        """Whether draws give symbols."""
        return self._random is None

    def decide(self, shares: Sequence[float], *, of_symbol: bool = False) -> int:
        """Return the answer of this path at a fork."""
        if len(shares) == 1:
            return 0
        if self._model is not None:
            while self._model._is_fork_of_symbol[len(self.shares)]:
                self.shares.append(())
            answer = self._model.answers[len(self.shares)]
            self.shares.append(tuple(shares))
            return answer
        place = len(self.shares)
        if place == len(self.answers):
            self.answers.append(0)
        self.shares.append(tuple(shares))
        self._is_fork_of_symbol.append(of_symbol)
        answer = self.answers[place]
        self.weight *= shares[answer] / sum(shares)
        return answer

    def next_answers(self) -> list[int] | None:
        """Return the answers of the next path, None after the last."""
        answers = list(self.answers)
        while answers:
            if answers[-1] + 1 < len(self.shares[len(answers) - 1]):
                return [*answers[:-1], answers[-1] + 1]
            answers.pop()
        return None

    def text(self, node: Node) -> str:
        """Return a draw of the node's texts."""
        if isinstance(node, str):
            return node
        place = self._added(node)
        if self._random is None:
            return TextSymbol(self, place)
        assert self._model is not None
        model = self._model.nodes[place]
        value = sampled(node if model is None else model, self._random, self._drawn)
        self.values.append(value)
        return value

    def number(self, values: Values) -> Any:
        """Return a draw of the values (numbers), each equally likely."""
        if len(values) == 1:
            return values[0]
        place = self._added(None)
        self._ranges[place] = values
        if self._random is None:
            return NumberSymbol(self, place)
        assert self._model is not None
        possible = self._model._ranges[place]
        value = possible[0] if place in self._model.leaks and self._random.random() < 0.4 else None
        value = possible[self._random.randrange(len(possible))] if value is None else value
        self.values.append(value)
        return value

    def _added(self, node: Node | None) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def derived(self, source: int, change: Callable[[Node], Node], pick: Pick | None = None) -> TextSymbol:
        """Return a symbol of what becomes of another one, whose draw it shares."""
        known = pick or self.listed(source)
        self.nodes[source] = known
        symbol = TextSymbol(self, self._added(change(known)))
        self._sources[symbol.place] = source
        return symbol

    def listed(self, place: int) -> Pick:
        """Return the texts of a symbol, with a draw that other symbols may share."""
        node = self.nodes[place]
        if isinstance(node, Pick) and node.draw is not None:
            return node
        found = None if node is None else listed(node, _GREATEST_TEXTS)
        if found is None:
            raise UntraceableError("a look at one of many texts")
        texts, weights = found
        is_even = len(set(weights)) == 1
        pick = Pick(tuple(texts), None, Draw(len(texts), None if is_even else tuple(weights)))
        self.nodes[place] = pick
        return pick

    def fork_text(self, place: int) -> str:
        """Return the text of a symbol on this path."""
        node = self.nodes[place]
        if isinstance(node, str):
            return node
        root = place
        while root in self._sources:
            root = self._sources[root]
        pick = self.listed(root)
        if len(pick.texts) > GREATEST_FORK:
            raise UntraceableError("a look at one of many texts")
        assert pick.draw is not None
        answer = self.decide(pick.draw.weights or [1.0] * pick.draw.size, of_symbol=True)
        for other, known in enumerate(self.nodes):
            if isinstance(known, Pick) and known.draw is pick.draw:
                self.nodes[other] = known.texts[answer]
        result = self.nodes[place]
        assert isinstance(result, str)
        return result

    def numbers(self, place: int) -> Values:
        """Return what a number may still be."""
        return self._ranges[place]

    def fork_number(self, place: int, answers: Sequence[Any], most: int) -> Any:
        """Fork by what each of the possible numbers answers; keep those with this path's answer and return it."""
        groups: dict[Any, list[Any]] = {}
        for value, answer in zip(self._ranges[place], answers, strict=True):
            groups.setdefault(answer, []).append(value)
        if len(groups) > most:
            raise UntraceableError("a look at one of many numbers")
        if place in self.leaks:
            raise UntraceableError("a number both written and looked at")
        taken = list(groups)[self.decide([float(len(values)) for values in groups.values()], of_symbol=True)]
        self._ranges[place] = groups[taken]
        return taken

    def leaked(self, place: int) -> int:
        """Return a number that is easy to find in the result, for code that needs a true one."""
        if place not in self.leaks:
            values = self._ranges[place]
            self.leaks[place] = values[len(values) * (7 + place % 5) // 13 + 1]
        return self.leaks[place]

    def written(self, symbol: NumberSymbol, write: Callable[[Any], str]) -> str:
        """Return the mark of a number as it is written."""
        values = self._ranges[symbol.place]
        if symbol.change is None and isinstance(values, range) and len(values) > _GREATEST_TEXTS:
            if write(values[0]) != str(values[0]) or write(values[-1]) != str(values[-1]):
                width = len(write(values[0]))
                if write(values[0]) != f"{values[0]:0{width}d}":
                    raise UntraceableError("a number written in another way")
                node = number(values[0], values[-1], values.step, width)
            else:
                node = number(values[0], values[-1], values.step)
        else:
            node = self._listed_number(symbol, write)
        place = self._added(node)
        self._sources[place] = symbol.place
        return mark_of(self, place)

    def _listed_number(self, symbol: NumberSymbol, write: Callable[[Any], str]) -> Node:
        key = -1 - symbol.place
        if key not in self._drawn_numbers:
            self._drawn_numbers[key] = Draw(len(self._ranges[symbol.place]))
        texts = [write(value) for value in symbol.values]
        return Pick(tuple(texts), None, self._drawn_numbers[key])

    @property
    def _drawn_numbers(self) -> dict[int, Draw]:
        if not hasattr(self, "_number_draws"):
            self._number_draws: dict[int, Draw] = {}
        return self._number_draws


def mark_of(run: Run, place: int) -> TextSymbol:
    """Return the text symbol of a node of the run."""
    return TextSymbol(run, place)


def runs_of(execute: Callable[[Run], Any]) -> Iterator[tuple[Run, Any]]:
    """Yield every path's run with its result; raises `UntraceableError` when there are too many."""
    answers: list[int] | None = []
    count = 0
    while answers is not None:
        run = Run(answers)
        yield run, execute(run)
        answers = run.next_answers()
        count += 1
        if count > _GREATEST_PATHS:
            raise UntraceableError("too many paths")


__all__ = ["Joined", "Run", "runs_of"]
