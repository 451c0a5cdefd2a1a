"""Tracing: what a provider method can say, found by running it with symbols in place of draws.

The generator of a `Tracer` has a source of randomness that gives symbols, and its providers' methods are traced on
their own when another one calls them, so that `address` is made of `city` and not of all that cities are made of. Every
path is replayed with true values; a method whose replays differ from its grammar is not compiled.
"""

from __future__ import annotations

import json
import random as standard_random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from typing import Any

from engine.rules.faker.forms import Form
from engine.rules.faker.generators import new_generator, still_clock
from engine.rules.faker.paths import Replay, Run, merged, runs_of
from engine.rules.faker.skeletons import Skeleton, skeleton_of
from engine.rules.faker.symbols import InlineError, NumberSymbol, UntraceableError, has_mark, is_known
from engine.rules.text_grammar.nodes import Node, choice, number

_INLINE = frozenset(
    """random_int random_digit random_digit_not_null random_digit_above_two random_digit_or_empty
    random_digit_not_null_or_empty random_number random_letter random_letters random_lowercase_letter
    random_uppercase_letter random_elements random_choices random_element random_sample randomize_nb_elements numerify
    lexify bothify hexify get_words_list words""".split()
)
_FORMAT_SIGNS = frozenset("{#%?!@^$")
_GREATEST_FORMATS = 600
_GREATEST_RANGE = 20_000
_REPLAYS = 6
_GREATEST_DEPTH = 4


class Tracer:
    """Traces the methods of one locale. `made` maps names of methods to nodes to be used in their place."""

    def __init__(self, locale: str, made: Callable[[str], Node | None] = lambda _: None) -> None:
        self._generator = new_generator(locale)
        self._made = made
        self._run: Run | Replay | None = None
        self._memo: dict[tuple[Any, ...], Form | UntraceableError] = {}
        self._people: Mapping[str, Node] = {}
        self._inlined: frozenset[str] = frozenset()
        self._active: list[tuple[Any, ...]] = []
        self._methods: dict[str, Callable[..., Any]] = {}
        self._generator.random = _SymbolicRandom(self)
        self._generator._is_seeded = True
        for provider in self._generator.get_providers():
            for name in dir(provider):
                if not name.startswith("_") and callable(method := getattr(provider, name)) and name != "generator":
                    self._wrap(provider, name, method)

    def _wrap(self, provider: Any, name: str, method: Callable[..., Any]) -> None:
        wrapped = method if name in _INLINE or isinstance(method, type) else partial(self._nested, name, method)
        is_used = getattr(self._generator, name, None) == method
        setattr(provider, name, wrapped)
        if is_used:
            self._methods[name] = method
            setattr(self._generator, name, wrapped)

    @property
    def run(self) -> Run | Replay:
        """The run under way."""
        assert self._run is not None
        return self._run

    def trace(self, name: str, arguments: Mapping[str, Any], people: Mapping[str, Node] | None = None) -> Form:
        """Return what the method makes; raises `UntraceableError`, or what the method raises for its arguments.

        `people` gives the nodes that stand for parts of a person in the methods about people.
        """
        with still_clock():
            self._people = people or {}
            try:
                return self._unit(name, self._methods[name], (), arguments)
            finally:
                self._people = {}
                self._run = None

    def _nested(self, name: str, method: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        if self._run is None:
            return method(*arguments, **keywords)
        way, found = "inline", None
        if not arguments and not keywords and (node := self._people.get(name) or self._made(name)) is not None:
            return self.run.text(node)
        if name not in self._inlined and is_known(arguments) and is_known(keywords):
            try:
                found = self._unit(name, method, arguments, keywords)
            except (UntraceableError, RecursionError):
                found = None
            if found is not None and not found.is_structure and len(found.values) <= _GREATEST_FORMATS:
                way = "nested"
        if self.run.turn(way) == "inline":
            return method(*arguments, **keywords)
        assert found is not None
        if found.node is not None:
            return found.node if isinstance(found.node, str) else self.run.text(found.node, name)
        if found.numbers is not None:
            return self.run.number(found.numbers)
        return found.values[self.run.decide(found.weights)]

    def _unit(
        self, name: str, method: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> Form:
        people = self._people
        is_about_people = any(word in name for word in ("name", "email")) and "domain" not in name
        if not is_about_people:
            self._people = {}
        key = (name, id(method), repr(arguments), repr(sorted(keywords.items())), tuple(map(id, self._people.values())))
        outer = self._run
        try:
            if key in self._active:
                raise UntraceableError("a method that calls itself")
            if key not in self._memo:
                self._active.append(key)
                try:
                    self._memo[key] = self._looked_into(lambda: method(*arguments, **keywords))
                except UntraceableError as error:
                    self._memo[key] = error
                finally:
                    self._active.pop()
        finally:
            self._run, self._people = outer, people
        found = self._memo[key]
        if isinstance(found, UntraceableError):
            raise found
        return found

    def _looked_into(self, call: Callable[[], Any]) -> Form:
        """Trace a method; the methods that it looks into are followed as parts of it."""
        outer, self._inlined = self._inlined, frozenset()
        try:
            for _ in range(_GREATEST_DEPTH):
                try:
                    return self._traced(call)
                except InlineError as error:
                    self._inlined |= {error.name}
            raise UntraceableError("many looks into the texts of others")
        finally:
            self._inlined = outer

    def _traced(self, call: Callable[[], Any]) -> Form:
        def execute(run: Run | Replay) -> Any:
            self._run = run
            try:
                return call()
            except UntraceableError:
                raise
            except Exception as error:
                raise UntraceableError(f"a failure: {error}") from error

        paths: list[tuple[float, Any]] = []
        is_structure = False
        for run, result in runs_of(execute):
            if isinstance(result, NumberSymbol) and result.change is None:
                values = run.roots[result.place].values
                paths.append((run.weight, values if isinstance(values, range) else tuple(values)))
            elif is_known(result) and not any(root.leak is not None for root in run.roots):
                paths.append((run.weight, _Known(result)))
            elif isinstance(result, str | NumberSymbol | dict | list | tuple | set):
                is_structure = is_structure or isinstance(result, dict | list | tuple | set)
                paths.append((run.weight, self._checked(run, skeleton_of(run, result), execute)))
            else:
                raise UntraceableError("a result of its own type")
        return replace(_traced(paths), is_structure=is_structure)

    def _checked(self, run: Run, skeleton: Skeleton, execute: Callable[[Replay], Any]) -> Node:
        """Return the node of a path after replays that agree with it."""
        replays: list[tuple[Replay, str]] = []
        random = Random(7)
        for turn in range(_REPLAYS):
            replay = Replay(run, random, is_odd=turn % 2 == 1)
            replays.append((replay, written(execute(replay))))
        return skeleton.node(replays)


@dataclass(frozen=True)
class _Known:
    value: Any


def written(value: Any) -> str:
    """Return a result as text: structures as JSON."""
    if isinstance(value, str):
        return str(value)
    return json.dumps(value, default=str) if isinstance(value, Mapping | list | tuple | set) else str(value)


def _traced(paths: Sequence[tuple[float, Any]]) -> Form:
    if len(paths) == 1 and isinstance(paths[0][1], range):
        return Form(numbers=paths[0][1])
    is_short = all(len(path) <= _GREATEST_RANGE for _, path in paths if isinstance(path, range | tuple))
    if is_short and all(isinstance(path, _Known | range | tuple) for _, path in paths):
        totals: dict[tuple[str, str], tuple[Any, float]] = {}
        for weight, path in paths:
            for value in [path.value] if isinstance(path, _Known) else path:
                share = weight if isinstance(path, _Known) else weight / len(path)
                key = type(value).__name__, repr(value)
                totals[key] = value, totals.get(key, (None, 0.0))[1] + share
        values = tuple(value for value, _ in totals.values())
        weights = tuple(weight for _, weight in totals.values())
        if all(isinstance(value, str) for value in values):
            return Form(node=choice(values, None if max(weights) - min(weights) < 1e-12 else weights))
        return Form(values=values, weights=weights)
    nodes, weights = merged([(weight, _as_node(path)) for weight, path in paths])
    return Form(node=choice(nodes, None if max(weights) - min(weights) < 1e-12 else weights))


def _as_node(path: Any) -> Node:
    if isinstance(path, _Known):
        return written(path.value)
    if isinstance(path, range):
        return number(path[0], path[-1], path.step)
    if isinstance(path, tuple):
        return choice([str(value) for value in path])
    node: Node = path
    return node


class _SymbolicRandom(standard_random.Random):
    """A source of randomness whose draws are symbols of the tracer's run."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._lists: dict[Any, Node] = {}
        super().__init__(0)

    def seed(self, *arguments: Any, **keywords: Any) -> None:
        """Do nothing: there is no state."""

    def random(self) -> float:
        raise UntraceableError("a draw of a fraction")

    def uniform(self, a: float, b: float) -> float:
        raise UntraceableError("a draw of a fraction")

    def getrandbits(self, k: int) -> Any:
        return self._tracer.run.number(range(2**k))

    def randrange(self, start: int, stop: int | None = None, step: int = 1) -> Any:
        values = range(start, stop, step) if stop is not None else range(start)
        if not values:
            raise ValueError(f"empty range for randrange() ({values.start}, {values.stop}, {values.step})")
        return values[0] if len(values) == 1 else self._tracer.run.number(values)

    def randint(self, a: int, b: int) -> Any:
        return self.randrange(a, b + 1)

    def choice(self, seq: Any) -> Any:
        return self._one(seq, None)

    def choices(self, population: Any, weights: Any = None, *, cum_weights: Any = None, k: int = 1) -> list[Any]:
        if cum_weights is not None:
            raise UntraceableError("cumulative weights")
        return [self._one(population, weights) for _ in range(k)]

    def shuffle(self, x: Any) -> None:
        raise UntraceableError("a shuffle")

    def sample(self, population: Any, k: int, *, counts: Any = None) -> list[Any]:
        """Draw without replacement: the k-th of what is left, at each of few turns."""
        left = list(population)
        if k > 2 and len(left) > 8:
            raise UntraceableError("a sample of many")
        return [left.pop(self._tracer.run.decide([1.0] * len(left))) for _ in range(k)]

    def _one(self, population: Any, weights: Sequence[float] | None) -> Any:
        values = population if isinstance(population, str | list | tuple) else list(population)
        if not values:
            raise IndexError("Cannot choose from an empty sequence")
        if len(values) == 1:
            return values[0]
        run = self._tracer.run
        key = (values if isinstance(values, str) else tuple(values), None if weights is None else tuple(weights))
        way = run.turn(self._way(key))
        if way == "text":
            return run.text(self._lists[key])
        if way == "number":
            return run.number(tuple(values))
        if len(values) > 2 * _GREATEST_FORMATS:
            raise UntraceableError("one of many values")
        return values[run.decide(weights or [1.0] * len(values))]

    def _way(self, key: tuple[Any, ...]) -> str:
        """Return how a draw from values goes on: as a text, as a number, or as a fork."""
        values, weights = key
        if _is_of_texts(values):
            if key in self._lists:
                return "text"
            is_format = any(_FORMAT_SIGNS & set(value) for value in values) and len(values) <= _GREATEST_FORMATS
            if is_format or any(map(has_mark, values)):
                return "fork"
            self._lists[key] = choice(list(map(str, values)), weights)
            return "text"
        is_number = weights is None and all(type(value) is int for value in values)
        return "number" if is_number else "fork"


def _is_of_texts(values: Sequence[Any]) -> bool:
    """Whether the values are plain texts."""
    return all(type(value) is str for value in values)
