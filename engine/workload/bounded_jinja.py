"""Jinja whose templates end soon, whatever they say: few functions, and bounds for rounds, calls, texts and numbers.

Jinja's sandbox keeps a template from the program around it, but not from running for ever or filling the memory. Here
each round of a loop counts, each text that is written counts, and only filters with a result of bounded size are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment

_MOST_CALLS = 20_000
_MOST_STEPS = 10_000
_LONGEST = 100_000
_LONGEST_OUTPUT = 1_000_000
_MOST_BITS = 256
_MOST_POWER = 64
_FILTERS = frozenset(
    "abs capitalize count d default dictsort first float int items last length list lower map max min reject "
    "rejectattr reverse select selectattr sort string title trim unique upper".split()
)
_METHODS = frozenset(
    "append extend items keys values get upper lower title strip lstrip rstrip split startswith endswith index "
    "count pop update insert join".split()
)
_GLOBALS = frozenset({"dict"})
_TICK, _CONCAT = "_tick", "_concat"


class OpenTemplateError(Exception):
    """A template cannot be computed; `name` is the variable that has no value, if one is missing."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self.name = name


class ReturnError(Exception):
    """What a macro returns, in place of the text that it writes."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class BoundedEnvironment(SandboxedEnvironment):
    """Compiles templates whose work is counted since `begin`; beyond a bound they raise `OpenTemplateError`."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], finalize=self._written
        )
        self.begin()
        self.filters = {name: _with_bound(each) for name, each in self.filters.items() if name in _FILTERS}
        self.filters |= {"join": _join, "replace": _replace, "round": _round, "sum": _sum}
        self.filters |= dict.fromkeys(("as_text", "as_native", "as_number"), lambda value: value)
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self.globals |= {"range": self._range, _TICK: self._tick, _CONCAT: self._concat}

    def begin(self) -> None:
        """Count anew."""
        self._calls = self._steps = self._length = 0

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may use an attribute: methods of texts, lists and dicts by a list of names."""
        is_method = callable(value) and isinstance(obj, str | list | dict | tuple | int | float)
        return super().is_safe_attribute(obj, attr, value) and (not is_method or attr in _METHODS)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute an operator with a result of bounded size."""
        if operator in ("*", "**", "%") and not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise OpenTemplateError
        if operator == "**" and abs(right) > _MOST_POWER:
            raise OpenTemplateError
        return bounded(super().call_binop(context, operator, left, right))

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a function; calls are counted, and what goes in and comes out is bounded."""
        self._calls += 1
        if self._calls > _MOST_CALLS:
            raise OpenTemplateError
        owner = getattr(__obj, "__self__", None)
        for each in (*args, *kwargs.values(), owner):
            bounded(each)
        if isinstance(owner, str) and args and __obj.__name__ == "join":
            return _join(args[0], owner)
        try:
            return bounded(super().call(__context, __obj, *args, **kwargs))
        except ReturnError as returned:
            if not isinstance(__obj, Macro):
                raise
            return returned.value

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse a template, and add what counts the rounds of its loops and bounds the texts that it puts together."""
        tree = super()._parse(source, name, filename)
        for loop in list(tree.find_all(nodes.For)):
            written = sum(len(data.data) for data in loop.find_all(nodes.TemplateData))
            loop.body.insert(0, _statement(_TICK, nodes.Const(written), loop.lineno))
        for concat in list(tree.find_all(nodes.Concat)):
            concat.nodes = [_call(_CONCAT, nodes.List(concat.nodes, lineno=concat.lineno), concat.lineno)]
        tree.set_environment(self)
        return tree

    def _tick(self, written: int) -> None:
        self._count(written)

    def _count(self, written: int) -> None:
        self._length += written
        if self._length > _LONGEST_OUTPUT:
            raise OpenTemplateError

    def _written(self, value: Any) -> Any:
        """Count what an expression writes."""
        if isinstance(value, str):
            self._count(len(value))
        elif isinstance(value, list | tuple | dict):
            self._count(len(str(bounded(value))))
        return value

    def _concat(self, values: Iterable[Any]) -> str:
        return _join(values, "")

    def _range(self, *bounds: int) -> range:
        found = range(*bounds)
        self._steps += len(found)
        if self._steps > _MOST_STEPS:
            raise OpenTemplateError
        return found


def bounded(value: Any) -> Any:
    """Return a value; raises `OpenTemplateError` for one that is too large to work with."""
    if isinstance(value, str | list | tuple | dict) and len(value) > _LONGEST:
        raise OpenTemplateError
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        raise OpenTemplateError
    return value


def _call(name: str, argument: nodes.Expr, line: int) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), [argument], [], None, None, lineno=line)


def _statement(name: str, argument: nodes.Expr, line: int) -> nodes.ExprStmt:
    return nodes.ExprStmt(_call(name, argument, line), lineno=line)


def _with_bound(function: Callable[..., Any]) -> Callable[..., Any]:
    def apply(*arguments: Any, **named: Any) -> Any:
        return bounded(function(*arguments, **named))

    vars(apply).update(getattr(function, "__dict__", {}))  # how Jinja calls it
    return apply


def _join(values: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    if attribute is not None:
        raise OpenTemplateError
    parts: list[str] = []
    length = 0
    for value in values:
        part = str(bounded(value))
        length += len(part) + len(separator)
        if length > _LONGEST:
            raise OpenTemplateError
        parts.append(part)
    return separator.join(parts)


def _replace(text: object, old: str, new: str) -> str:
    if len(str(text)) * max(1, len(new)) > _LONGEST_OUTPUT:
        raise OpenTemplateError
    return str(text).replace(old, new)


def _round(value: float, precision: int = 0) -> float:
    return round(value, max(-_MOST_POWER, min(_MOST_POWER, precision)))


def _sum(values: Iterable[Any], attribute: str | None = None, start: float = 0) -> Any:
    total: Any = start
    for value in values:
        number = value.get(attribute) if attribute is not None and isinstance(value, Mapping) else value
        if not isinstance(number, int | float) or not isinstance(total, int | float):
            raise OpenTemplateError
        total = bounded(total + number)
    return total
