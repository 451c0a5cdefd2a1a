"""The tracer of Faker's methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from engine.rules.providers.faker.generators import get_provider, new_generator
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.form import Form
from engine.rules.providers.tracing.method_tracer import MethodTracer
from engine.rules.providers.tracing.symbolic_random import SymbolicRandom
from engine.rules.text.grammar.nodes import Node

_INLINE = frozenset(
    """random_int random_digit random_digit_not_null random_digit_above_two random_digit_or_empty
    random_digit_not_null_or_empty random_number random_letter random_letters random_lowercase_letter
    random_uppercase_letter random_elements random_choices random_element random_sample randomize_nb_elements numerify
    lexify bothify hexify get_words_list words""".split()
)


class Tracer(MethodTracer):
    """Traces the methods of one locale. `made` maps names of methods to nodes that replace them."""

    def __init__(self, locale: str, made: Callable[[str], Node | None] = lambda _: None) -> None:
        self._generator = new_generator(locale)
        self.to_ascii: Callable[[str], str] = get_provider(self._generator, "internet")._to_ascii
        super().__init__(self.to_ascii)
        self._made = made
        self._people: Mapping[str, Node] = {}
        self._random = SymbolicRandom(lambda: self._units.run)
        self._generator.random = self._random
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

    def trace(self, name: str, arguments: Mapping[str, Any], people: Mapping[str, Node] | None = None) -> Form:
        """Return the form of a method; raises `UntraceableError`.

        `people` gives the nodes for the parts of a person in the methods about people; a second name of the same kind
        belongs to another person.
        """
        with still_clock("faker", self._random):
            self._people = people or {}
            try:
                return self._form(name, self._methods[name], (), arguments)
            finally:
                self._people = {}

    def _replacement(self, name: str) -> Node | None:
        run, node = self._units.run, self._people.get(name)
        if node is not None and run.turn("person" if run.is_first(id(node)) else "stranger") == "person":
            return node
        return self._made(name)

    def _form(
        self, name: str, method: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> Form:
        people = self._people
        if not _is_about_people(name):
            self._people = {}
        key = (name, id(method), repr(arguments), repr(sorted(keywords.items())), tuple(map(id, self._people.values())))
        try:
            return self._units.form(key, lambda: method(*arguments, **keywords))
        finally:
            self._people = people


def _is_about_people(name: str) -> bool:
    return any(word in name for word in ("name", "email")) and "domain" not in name
