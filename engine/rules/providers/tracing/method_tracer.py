"""What the tracers of all libraries share: a method that is traced, and the methods it calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.rules.providers.forms.form import Form
from engine.rules.providers.tracing.symbols import is_known
from engine.rules.providers.tracing.units import Units
from engine.rules.text.grammar.nodes import Node


class MethodTracer:
    """Traces the methods of one locale, which a library's own tracer wraps with `_nested`."""

    def __init__(self, to_ascii: Callable[[str], str]) -> None:
        self._units = Units(to_ascii)
        self._methods: dict[str, Callable[..., Any]] = {}

    def _nested(self, name: str, method: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Return the result of a method that a traced one calls, as a symbol where it depends on draws."""
        if not self._units.is_under_way:
            return method(*arguments, **keywords)
        if not arguments and not keywords and (node := self._replacement(name)) is not None:
            return self._units.run.text(node)
        return self._units.nested(
            name,
            lambda: self._form(name, method, arguments, keywords),
            lambda: method(*arguments, **keywords),
            is_known_call=is_known(arguments) and is_known(keywords),
        )

    def _replacement(self, name: str) -> Node | None:
        """Return a node to use for a method called without arguments, None to trace it."""
        return None

    def _form(
        self, name: str, method: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
    ) -> Form:
        key = name, repr(arguments), repr(sorted(keywords.items()))
        return self._units.form(key, lambda: method(*arguments, **keywords))
