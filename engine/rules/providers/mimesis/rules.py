"""The Mimesis rule of a column: its names checked, its method compiled."""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from engine.errors import did_you_mean
from engine.rules.providers.form_cache import cached_form
from engine.rules.providers.formats import MIMESIS_FORMATS
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.fitting import SAMPLE_SIZE
from engine.rules.providers.forms.form import Form
from engine.rules.providers.library import Library, Method
from engine.rules.providers.mimesis.computed import BUILDERS
from engine.rules.providers.mimesis.generators import locale_for, locales, methods_of, new_generator
from engine.rules.providers.mimesis.people import person_text
from engine.rules.providers.mimesis.tracing import Tracer
from engine.rules.providers.rule_hints import rule_hint
from engine.rules.providers.tracing.symbols import UntraceableError
from engine.rules.site import Site
from engine.schema import column_rules

_FILES = 10


def _method_of(site: Site) -> Method:
    column = site.column
    asked, name = column.locale or site.locale, column.mimesis_rule or ""
    locale = locale_for(asked)
    if locale is None:
        hint = did_you_mean(asked, locales()) or "Its locales are named like en, de, pt-br."
        raise site.error(f'Mimesis has no locale "{asked}".', hint)
    if name not in methods_of(locale):
        hint = rule_hint(name, methods_of(locale))
        raise site.error(f'Mimesis has no rule "{name}".', hint or 'A rule is "provider.method": "person.full_name".')
    return Method(locale, name)


@cache
def form_of(method: Method) -> Form:
    """Return the form of a method, a pool where it cannot be traced; raises what it raises."""
    return cached_form("mimesis", method.locale, method.name, method.arguments, lambda: _make_form(method))


def _make_form(method: Method) -> Form:
    if method.name in BUILDERS:
        return BUILDERS[method.name]()
    try:
        return _tracer(method.locale).trace(method.name)
    except UntraceableError:
        return _pool(method)


@cache
def _tracer(locale: str) -> Tracer:
    return Tracer(locale)


def _pool(method: Method) -> Form:
    generator = new_generator(method.locale, f"{method.locale}/{method.name}")
    provider, _, function = method.name.partition(".")
    call: Any = getattr(getattr(generator, provider), function)
    size = _FILES if provider == "binaryfile" else SAMPLE_SIZE
    with still_clock("mimesis"):
        values = tuple(_in_order(call(), method.name) for _ in range(size))
    return Form(values=values, weights=(1.0,) * size, pool_size=size)


def _in_order(value: Any, name: str) -> Any:
    """Return the parameters of a query with their names in alphabetical order; Mimesis's order is a set's."""
    if name == "internet.query_parameters":
        return dict(zip(sorted(value), value.values(), strict=True))
    if name == "internet.query_string":
        names, texts = zip(*(pair.split("=") for pair in value.split("&")), strict=True)
        return "&".join(f"{name}={text}" for name, text in zip(sorted(names), texts, strict=True))
    return value


def _shared(site: Site) -> pl.Expr | None:
    return person_text(site, _method_of(site).locale)


MIMESIS = Library(column_rules.MIMESIS, _method_of, form_of, _shared, "Choose another rule.", MIMESIS_FORMATS)
