"""Jinja in models of dbt: loops, conditions, lists and macros of the project, computed in Jinja's sandbox.

What needs a warehouse (`run_query`, `adapter`) or a package that is not there raises `OpenTemplateError`, and so does
what takes too long (`bounded_jinja`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from jinja2 import TemplateError

from engine.workload.bounded_jinja import BoundedEnvironment, OpenTemplateError, ReturnError
from engine.workload.package_macros import DBT, DBT_UTILS

_T = TypeVar("_T")
_MACRO_NAME = re.compile(r"\{%-?\s*macro\s+(\w+)")
_NOT_COMPUTED = (
    TemplateError, SyntaxError, TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError,
    RecursionError,
)  # fmt: skip
"""What Jinja and the operators of its expressions raise for what they cannot compute."""


class Functions(Protocol):
    """What templates call that depends on the file."""

    def ref(self, *names: str) -> str:
        """Return what a text says for a model."""

    def source(self, schema: str, table: str) -> str:
        """Return what a text says for the table of a source."""

    def var(self, name: str, *default: object) -> object:
        """Return a variable's value or the default; raises `OpenTemplateError` with its name."""


class JinjaProject:
    """The macros and variables of a project, with which the spans of its files are computed."""

    def __init__(self, macros: Sequence[str] = (), variables: Mapping[str, Any] | None = None) -> None:
        self.variables = dict(variables or {})
        self._environment = BoundedEnvironment()
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
                continue  # a model that calls the macro gets the message that it has no value

    def _forward(self, name: str) -> Callable[..., Any]:
        """Return a function that calls a macro, which need not be defined yet."""

        def call(*arguments: Any, **named: Any) -> Any:
            if name not in self._macros:
                raise OpenTemplateError
            try:
                return self._macros[name](*arguments, **named)
            except ReturnError as returned:
                return returned.value

        return call

    def begin(self, functions: Functions) -> None:
        """Compute what follows for one file."""
        self._functions = functions
        self._environment.begin()

    def compute(self, span: str, names: Mapping[str, Any]) -> str:
        """Return the text that a span of a file gives; raises `OpenTemplateError`."""
        return self._guarded(lambda: self._environment.from_string(span).render(**names))

    def define(self, span: str, names: Mapping[str, Any]) -> dict[str, Any]:
        """Return the names that `set` and `macro` of a span define; raises `OpenTemplateError`."""
        return self._guarded(lambda: self._exported(span, names))

    def _exported(self, text: str, names: Mapping[str, Any]) -> dict[str, Any]:
        module = self._environment.from_string(text).make_module(dict(names))
        return {name: value for name, value in vars(module).items() if not name.startswith("_")}

    def _guarded(self, compute: Callable[[], _T]) -> _T:
        try:
            return compute()
        except OpenTemplateError:
            raise
        except (ReturnError, *_NOT_COMPUTED) as error:
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
    raise ReturnError(value)
