"""A source of randomness whose draws are symbols."""

from __future__ import annotations

import random as standard_random
from collections.abc import Callable, Sequence
from typing import Any

from engine.rules.providers.tracing.paths import Replay, Run
from engine.rules.providers.tracing.symbols import UntraceableError, has_mark
from engine.rules.text.grammar.nodes import Node, choice

_FORMAT_SIGNS = frozenset("{#%?!@^$")
_MAX_FORMATS = 600


class _Key:
    """A list of values with its weights, hashed once."""

    def __init__(self, content: tuple[Any, ...]) -> None:
        self.content = content
        try:
            self._hash = hash(content)
        except TypeError:  # for example a list of dictionaries, which is not a list of texts
            self._hash = id(self)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, _Key) and self.content == other.content)


class SymbolicRandom(standard_random.Random):
    """Returns symbols of the run that `current` returns; texts that look like formats are forks instead."""

    def __init__(self, current: Callable[[], Run | Replay]) -> None:
        self._current = current
        self._lists: dict[Any, Node] = {}
        super().__init__(0)

    def seed(self, *arguments: Any, **keywords: Any) -> None:
        """Do nothing: the source has no state."""

    def random(self) -> float:
        """Refuse: a fraction has no symbol."""
        raise UntraceableError("a draw of a fraction")

    def uniform(self, a: float, b: float) -> float:
        """Refuse: a fraction has no symbol."""
        raise UntraceableError("a draw of a fraction")

    def getrandbits(self, k: int) -> Any:
        """Return a number below 2**k."""
        return self._current().number(range(2**k))

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> Any:
        """Return a number of the range."""
        values = range(start, stop, step) if stop is not None else range(start)
        if not values:
            raise ValueError(f"empty range for randrange() ({values.start}, {values.stop}, {values.step})")
        return values[0] if len(values) == 1 else self._current().number(values)

    def randint(self, a: int, b: int) -> Any:
        """Return a number from a to b."""
        return self.randrange(a, b + 1)

    def choice(self, seq: Any) -> Any:
        """Return one of the values, each equally likely."""
        return self._one(_indexed(seq), None)

    def choices(self, population: Any, weights: Any = None, *, cum_weights: Any = None, k: int = 1) -> list[Any]:
        """Return k values, each drawn from all."""
        if cum_weights is not None:
            raise UntraceableError("cumulative weights")
        values = _indexed(population)
        key = _key(values, weights) if len(values) > 1 else None
        return [self._one(values, weights, key) for _ in range(k)]

    def shuffle(self, x: Any) -> None:
        """Refuse: the order of a list has too many cases."""
        raise UntraceableError("a shuffle")

    def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:
        """Draw without replacement: an index into the remaining values, for a few draws."""
        left = list(population)
        if k > 2 and len(left) > 8:
            raise UntraceableError("a sample of many")
        return [left.pop(self._current().decide([1.0] * len(left))) for _ in range(k)]

    def _one(self, values: Any, weights: Sequence[float] | None, key: _Key | None = None) -> Any:
        if not values:
            raise IndexError("Cannot choose from an empty sequence")
        if len(values) == 1:
            return values[0]
        run = self._current()
        key = key or _key(values, weights)
        way = run.turn(self._way(key))
        if way == "text":
            return run.text(self._lists[key])
        if way == "number":
            return run.number(tuple(values))
        if len(values) > 2 * _MAX_FORMATS:
            raise UntraceableError("one of many values")
        return values[run.decide(weights or [1.0] * len(values))]

    def _way(self, key: _Key) -> str:
        """Return how a draw from values is represented: as a text, a number or a fork."""
        values, weights = key.content
        if key in self._lists:
            return "text"
        if _is_of_texts(values):
            is_format = any(_FORMAT_SIGNS & set(value) for value in values) and len(values) <= _MAX_FORMATS
            if is_format or any(map(has_mark, values)):
                return "fork"
            self._lists[key] = choice(list(map(str, values)), weights)
            return "text"
        is_number = weights is None and all(type(value) is int for value in values)
        return "number" if is_number else "fork"


def _indexed(population: Any) -> Any:
    return population if isinstance(population, str | list | tuple) else list(population)


def _key(values: Any, weights: Sequence[float] | None) -> _Key:
    """Return the cache key of a list, built once for many draws because lists are long."""
    return _Key((values if isinstance(values, str) else tuple(values), None if weights is None else tuple(weights)))


def _is_of_texts(values: Sequence[Any]) -> bool:
    """Whether the values are plain texts."""
    return all(type(value) is str for value in values)
