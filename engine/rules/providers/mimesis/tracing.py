"""The tracer of Mimesis's methods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from string import ascii_uppercase, digits
from typing import Any

from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.form import Form
from engine.rules.providers.mimesis.generators import new_generator, providers_of
from engine.rules.providers.tracing.method_tracer import MethodTracer
from engine.rules.providers.tracing.symbolic_random import SymbolicRandom
from engine.rules.providers.tracing.symbols import TextSymbol, UntraceableError
from engine.rules.text.grammar.nodes import Node, Pick, choice, sequence

_LETTER = Pick(tuple(ascii_uppercase))
_DIGIT = Pick(tuple(digits))
_INLINE = frozenset({"reseed", "validate_enum"})


class Tracer(MethodTracer):
    """Traces the methods of one locale."""

    def __init__(self, locale: str) -> None:
        super().__init__(str)
        self._random = _MimesisRandom(lambda: self._units.run)
        self._seen: set[int] = set()
        for name, provider in providers_of(new_generator(locale)).items():
            self._wrap_all(name, provider)

    def _wrap_all(self, path: str, provider: Any) -> None:
        """Wrap the methods of a provider, and of the providers it uses."""
        from mimesis.providers.base import BaseProvider

        if id(provider) in self._seen:
            return
        self._seen.add(id(provider))
        for attribute, value in vars(provider).copy().items():
            if isinstance(value, BaseProvider):
                self._wrap_all(f"{path}.{attribute}", value)
        provider.random = self._random
        for name in dir(provider):
            method = getattr(provider, name)
            if name.startswith("_") or name in _INLINE or isinstance(method, type) or not callable(method):
                continue
            if name != "random":
                self._methods[f"{path}.{name}"] = method
                setattr(provider, name, partial(self._nested, f"{path}.{name}", method))

    def trace(self, rule: str) -> Form:
        """Return the form of a method; raises `UntraceableError`."""
        with still_clock("mimesis"):
            return self._form(rule, self._methods[rule], (), {})


def _make_masks(masks: Pick, signs: Mapping[str, Pick]) -> Node:
    """Return the texts of masks; masks that are equal from their first sign on share an alternative."""
    draw = masks.draw
    weights = (draw.weights if draw is not None else masks.weights) or (1.0,) * len(masks.texts)
    groups: dict[str, dict[str, float]] = {}
    for mask, weight in zip(masks.texts, weights, strict=True):
        end = next((place for place, sign in enumerate(mask) if sign in signs), len(mask))
        heads = groups.setdefault(mask[end:], {})
        heads[mask[:end]] = heads.get(mask[:end], 0.0) + weight
    nodes = [
        sequence([choice(list(heads), list(heads.values())), *(signs.get(sign, sign) for sign in rest)])
        for rest, heads in groups.items()
    ]
    return choice(nodes, [sum(heads.values()) for heads in groups.values()])


class _MimesisRandom(SymbolicRandom):
    """Mimesis's own drawing functions, with symbols."""

    def generate_string_by_mask(self, mask: str = "@###", char: str = "@", digit: str = "#") -> str:
        """Return a symbol for every letter and digit of the mask."""
        run = self._current()
        signs = {char: _LETTER, digit: _DIGIT}
        if run.turn("masks" if isinstance(mask, TextSymbol) else "mask") == "masks":
            return run.text(_make_masks(mask.pick(), signs) if isinstance(mask, TextSymbol) else "")
        return "".join(run.text(signs[sign]) if sign in signs else sign for sign in mask)

    def choice_enum_item(self, enum: Any) -> Any:
        """Fork into the items."""
        return self.choice(list(enum))

    def weighted_choice(self, choices: dict[Any, float]) -> Any:
        """Return one of the keys by their weights."""
        return self._one(list(choices), list(choices.values()))

    def randints(self, n: int = 3, a: int = 1, b: int = 100) -> list[Any]:
        """Return numbers from a to b - 1."""
        return [self.randrange(a, b) for _ in range(n)]

    def _generate_string(self, str_seq: Sequence[str], length: int = 10) -> str:
        return "".join(self.choices(str_seq, k=length))

    def uniform(self, a: float, b: float, precision: int = 15) -> float:
        raise UntraceableError("a draw of a fraction")

    def randbytes(self, n: int = 16) -> bytes:
        raise UntraceableError("a draw of bytes")
