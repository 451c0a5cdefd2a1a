"""Tracing methods one by one: a method that another one calls is traced separately, and the other uses its texts.

So an address consists of cities, not of all the parts of cities. Every path is replayed with real values; a method
whose replays differ from its grammar is not compiled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from engine.rules.providers.forms.form import Form
from engine.rules.providers.tracing.paths import Replay, Run, iterate_runs, merge_paths
from engine.rules.providers.tracing.skeletons import Change, Skeleton, make_skeleton
from engine.rules.providers.tracing.symbols import InlineError, NumberSymbol, UntraceableError, is_known
from engine.rules.text.grammar.nodes import Node, choice, number

_MAX_VALUES = 600
_MAX_RANGE = 20_000
_REPLAYS = 6
_MAX_DEPTH = 4


class Units:
    """Traces methods and caches the results. `to_ascii` is the library's transliteration."""

    def __init__(self, to_ascii: Change) -> None:
        self._to_ascii = to_ascii
        self._run: Run | Replay | None = None
        self._memo: dict[Hashable, Form | UntraceableError] = {}
        self._active: list[Hashable] = []
        self._inlined: frozenset[str] = frozenset()

    @property
    def is_under_way(self) -> bool:
        """Whether a method is being traced."""
        return self._run is not None

    @property
    def run(self) -> Run | Replay:
        """The current run."""
        assert self._run is not None
        return self._run

    def nested(self, name: str, find: Callable[[], Form], call: Callable[[], Any], *, is_known_call: bool) -> Any:
        """Return the result of a nested call: a symbol of the form that `find` traces, or the result of `call`."""
        way, found = "inline", None
        if name not in self._inlined and is_known_call:
            try:
                found = find()
            except (UntraceableError, RecursionError):
                found = None
            if found is not None and not found.is_structure and len(found.values) <= _MAX_VALUES:
                way = "nested"
        if self.run.turn(way) == "inline":
            return call()
        assert found is not None
        if found.node is not None:
            return found.node if isinstance(found.node, str) else self.run.text(found.node, name)
        if found.numbers is not None:
            return self.run.number(found.numbers)
        return found.values[self.run.decide(found.weights)]

    def form(self, key: Hashable, call: Callable[[], Any]) -> Form:
        """Return the form of a call, traced when the key is new; raises `UntraceableError`."""
        outer = self._run
        try:
            if key in self._active:
                raise UntraceableError("a method that calls itself")
            if key not in self._memo:
                self._active.append(key)
                try:
                    self._memo[key] = self._trace_with_inlining(call)
                except UntraceableError as error:
                    self._memo[key] = error
                finally:
                    self._active.pop()
        finally:
            self._run = outer
        found = self._memo[key]
        if isinstance(found, UntraceableError):
            raise found
        return found

    def _trace_with_inlining(self, call: Callable[[], Any]) -> Form:
        """Trace a method; methods whose texts it inspects are traced as parts of it."""
        outer, self._inlined = self._inlined, frozenset()
        try:
            for _ in range(_MAX_DEPTH):
                try:
                    return self._trace_paths(call)
                except InlineError as error:
                    self._inlined |= {error.name}
            raise UntraceableError("many looks into the texts of others")
        finally:
            self._inlined = outer

    def _trace_paths(self, call: Callable[[], Any]) -> Form:
        def execute(run: Run | Replay) -> Any:
            self._run = run
            try:
                result = call()
                return list(result) if hasattr(result, "__next__") else result
            except UntraceableError:
                raise
            except Exception as error:
                raise UntraceableError(f"a failure: {error}") from error

        paths: list[tuple[float, Any]] = []
        is_structure = False
        for run, result in iterate_runs(execute):
            if isinstance(result, NumberSymbol) and result.change is None:
                values = run.roots[result.place].values
                paths.append((run.weight, values if isinstance(values, range) else tuple(values)))
            elif is_known(result) and not any(root.leak is not None for root in run.roots):
                self._check_known(run, to_text(result), execute)
                paths.append((run.weight, _Known(result)))
            elif isinstance(result, str | NumberSymbol | dict | list | tuple | set):
                is_structure = is_structure or isinstance(result, dict | list | tuple | set)
                paths.append((run.weight, self._check_replays(run, make_skeleton(run, result), execute)))
            else:
                raise UntraceableError("a result of its own type")
        return replace(_merge_traces(paths), is_structure=is_structure)

    def _check_known(self, run: Run, result: str, execute: Callable[[Replay], Any]) -> None:
        """Check that a result that shows no draw does not depend on one."""
        random = Random(8)
        for turn in range(_REPLAYS if run.roots else 0):
            if to_text(execute(Replay(run, random, is_odd=turn % 2 == 1))) != result:
                raise UntraceableError("a result that depends on hidden draws")

    def _check_replays(self, run: Run, skeleton: Skeleton, execute: Callable[[Replay], Any]) -> Node:
        """Return the node of a path, checked by replays."""
        replays: list[tuple[Replay, str]] = []
        random = Random(7)
        for turn in range(_REPLAYS):
            replay = Replay(run, random, is_odd=turn % 2 == 1)
            replays.append((replay, to_text(execute(replay))))
        return skeleton.node(replays, self._to_ascii)


@dataclass(frozen=True)
class _Known:
    value: Any


def to_text(value: Any) -> str:
    """Return a result as text: structures as JSON."""
    if isinstance(value, str):
        return str(value)
    return json.dumps(value, default=str) if isinstance(value, Mapping | list | tuple | set) else str(value)


def _merge_traces(paths: Sequence[tuple[float, Any]]) -> Form:
    if len(paths) == 1 and isinstance(paths[0][1], range):
        return Form(numbers=paths[0][1])
    is_short = all(len(path) <= _MAX_RANGE for _, path in paths if isinstance(path, range | tuple))
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
    nodes, shares = merge_paths([(weight, _as_node(path)) for weight, path in paths])
    return Form(node=choice(nodes, None if max(shares) - min(shares) < 1e-12 else shares))


def _as_node(path: Any) -> Node:
    if isinstance(path, _Known):
        return to_text(path.value)
    if isinstance(path, range):
        return number(path[0], path[-1], path.step)
    if isinstance(path, tuple):
        return choice([str(value) for value in path])
    node: Node = path
    return node
