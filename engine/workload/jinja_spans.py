"""Jinja in models of dbt: loops, conditions, lists and macros of the project, computed in Jinja's sandbox.

What needs a warehouse (`run_query`, `adapter`) or a package that is not there raises `OpenTemplateError`. A template is
bounded in its calls and in the length of its texts, so that none runs on for ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.runtime import Context, Macro
from jinja2.sandbox import SandboxedEnvironment

from engine.workload.package_macros import DBT, DBT_UTILS

_T = TypeVar("_T")
_MACRO_NAME = re.compile(r"\{%-?\s*macro\s+(\w+)")
_MOST_CALLS = 20_000
_MOST_STEPS = 10_000
_LONGEST = 100_000
_UNBOUNDED_FILTERS = ("center", "format", "indent", "wordwrap", "pprint", "replace", "tojson", "urlize", "xmlattr")
_METHODS = frozenset(
    "append extend items keys values get upper lower title strip lstrip rstrip split startswith endswith join index "
    "count pop update insert".split()
)
_NOT_COMPUTED = (
    TemplateError, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What Jinja and the operators of its expressions raise for what they cannot compute."""


class OpenTemplateError(Exception):
    """A template cannot be computed; `name` is the variable that has no value, if one is missing."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self.name = name


class Functions(Protocol):
    """What templates call that depends on the file."""

    def ref(self, *names: str) -> str:
        """Return what a text says for a model."""

    def source(self, schema: str, table: str) -> str:
        """Return what a text says for the table of a source."""

    def var(self, name: str, *default: object) -> object:
        """Return a variable's value or the default; raises `OpenTemplateError` with its name."""


class _ReturnError(Exception):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class _Environment(SandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
        self.calls = 0
        self.steps = 0
        for name in _UNBOUNDED_FILTERS:
            self.filters.pop(name, None)
        for name in ("lipsum", "namespace", "cycler", "joiner"):
            self.globals.pop(name, None)
        self.filters["as_text"] = self.filters["as_native"] = self.filters["as_number"] = lambda value: value
        self.filters["replace"] = _replace
        self.globals["range"] = self._range

    def _range(self, *bounds: int) -> range:
        found = range(*bounds)
        self.steps += len(found)
        if self.steps > _MOST_STEPS:
            raise OpenTemplateError
        return found

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        is_method = callable(value) and isinstance(obj, str | list | dict)
        return super().is_safe_attribute(obj, attr, value) and (not is_method or attr in _METHODS)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator in ("*", "**", "%") and not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise OpenTemplateError
        if operator == "**" and abs(right) > 64:
            raise OpenTemplateError
        return _bounded(super().call_binop(context, operator, left, right))

    def call(self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls > _MOST_CALLS:
            raise OpenTemplateError
        for each in (*args, *kwargs.values(), getattr(__obj, "__self__", None)):
            _bounded(each)
        try:
            return _bounded(super().call(__context, __obj, *args, **kwargs))
        except _ReturnError as returned:
            if not isinstance(__obj, Macro):
                raise
            return returned.value


def _replace(text: object, old: str, new: str) -> str:
    if len(str(text)) * max(1, len(new)) > 10 * _LONGEST:
        raise OpenTemplateError
    return str(text).replace(old, new)


def _bounded(value: Any) -> Any:
    if isinstance(value, str | list | tuple | dict) and len(value) > _LONGEST:
        raise OpenTemplateError
    if isinstance(value, int) and value.bit_length() > 256:
        raise OpenTemplateError
    return value


class JinjaProject:
    """The macros and variables of a project, with which the spans of its files are computed."""

    def __init__(self, macros: Sequence[str] = (), variables: Mapping[str, Any] | None = None) -> None:
        self.variables = dict(variables or {})
        self._environment = _Environment()
        self._functions: Functions | None = None
        self._set_functions()
        self._define_packages()
        self._macros: dict[str, Callable[..., Any]] = {}
        names = [name for text in macros for name in _MACRO_NAME.findall(text)]
        self._environment.globals.update({name: self._forward(name) for name in names})
        for text in macros:
            try:
                self._macros |= self._exported(text, {})
            except (OpenTemplateError, *_NOT_COMPUTED):
                continue  # a macro that is not read is told where a model calls it

    def _forward(self, name: str) -> Callable[..., Any]:
        """Return a function that calls a macro, which need not be defined yet."""

        def call(*arguments: Any, **named: Any) -> Any:
            if name not in self._macros:
                raise OpenTemplateError
            try:
                return self._macros[name](*arguments, **named)
            except _ReturnError as returned:
                return returned.value

        return call

    def begin(self, functions: Functions) -> None:
        """Compute what follows for one file."""
        self._functions = functions
        self._environment.calls = self._environment.steps = 0

    def compute(self, span: str, names: Mapping[str, Any]) -> str:
        """Return the text that a span of a file gives; raises `OpenTemplateError`."""
        return self._guarded(lambda: "".join(self._bounded_pieces(self._environment.from_string(span), names)))

    def define(self, span: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Return the names that `set` and `macro` of a span define; raises `OpenTemplateError`."""
        return self._guarded(lambda: self._exported(span, names))

    def _bounded_pieces(self, template: Template, names: Mapping[str, Any]) -> list[str]:
        pieces: list[str] = []
        length = 0
        for piece in template.generate(**names):
            pieces.append(piece)
            length += len(piece)
            if length > 10 * _LONGEST:
                raise OpenTemplateError
        return pieces

    def _exported(self, text: str, names: Mapping[str, Any]) -> dict[str, Any]:
        module = self._environment.from_string(text).make_module(dict(names))
        return {name: value for name, value in vars(module).items() if not name.startswith("_")}

    def _guarded(self, compute: Callable[[], _T]) -> _T:
        try:
            return compute()
        except OpenTemplateError:
            raise
        except (_ReturnError, *_NOT_COMPUTED) as error:
            raise OpenTemplateError from error

    def _set_functions(self) -> None:
        def of_file(name: str) -> Callable[..., Any]:
            return lambda *arguments: getattr(self._functions, name)(*arguments)

        self._environment.globals.update(
            ref=of_file("ref"),
            source=of_file("source"),
            var=of_file("var"),
            env_var=of_file("var"),
            is_incremental=lambda: False,
            config=lambda *_, **__: "",
            log=lambda *_, **__: "",
            **{"return": _return},
            execute=False,
            target={"name": "dev", "schema": "public", "database": "dev", "type": "snowflake", "profile_name": "dev"},
        )

    def _define_packages(self) -> None:
        for name, text in (("dbt_utils", DBT_UTILS), ("dbt", DBT)):
            defined = self._exported(text, {})
            self._environment.globals[name] = defined


def _return(value: object = "") -> None:
    raise _ReturnError(value)
