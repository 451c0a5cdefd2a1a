"""The Mimesis rule of a column: its names checked, its method compiled and fitted to the column's type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from engine.errors import did_you_mean
from engine.rules.providers.forms.clock import still_clock
from engine.rules.providers.forms.fitting import SAMPLE_SIZE, UnfitError, address_halves, fitted, form_expression
from engine.rules.providers.forms.form import Form
from engine.rules.providers.mimesis.computed import BUILDERS
from engine.rules.providers.mimesis.generators import locale_for, locales, methods_of, new_generator
from engine.rules.providers.mimesis.people import person_text
from engine.rules.providers.mimesis.tracing import Tracer
from engine.rules.providers.rule_hints import rule_hint
from engine.rules.providers.tracing.symbols import UntraceableError
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.schema.types import WarehouseType

_FILES = 10


@dataclass(frozen=True)
class MimesisRule:
    """A method of a locale, as `provider.method`."""

    locale: str
    name: str


def make_mimesis(site: Site) -> pl.Expr:
    """Return values of the column's Mimesis method."""
    form = mimesis_form(site)
    shared = person_text(site, mimesis_rule(site).locale)
    return form_expression(site, form) if shared is None else shared


def mimesis_note(site: Site) -> str:
    """Return what a run says of a column whose values are drawn from a pool; nothing for other columns."""
    size = mimesis_form(site).pool_size
    rule = site.column.mimesis_rule
    return f'{site.where}: drawn from a pool of {size:,} values of Mimesis\'s "{rule}".' if size else ""


def mimesis_stem(site: Site) -> tuple[pl.Expr, pl.Expr | None]:
    """Return what a unique text is made of: the method's texts at full length, an e-mail address in two parts."""
    text = make_mimesis(replace(site, column=site.column.model_copy(update=UNLIMITED_TEXT)))
    return address_halves(site, text, is_address="email" in (site.column.mimesis_rule or ""))


def mimesis_form(site: Site) -> Form:
    """Return the form of the column's Mimesis rule in the column's type; raises `RuleError`."""
    rule = mimesis_rule(site)
    try:
        return _fitted(rule, site.type)
    except UnfitError as error:
        raise site.error(
            f'The Mimesis rule "{rule.name}" makes {error.value!r}, which is not a {site.type}.',
            "Choose another rule or type.",
        ) from error
    except Exception as error:
        raise site.error(f'The Mimesis rule "{rule.name}" failed: {error}.', "Choose another rule.") from error


def mimesis_rule(site: Site) -> MimesisRule:
    """Return the column's rule; raises `RuleError` for a locale, provider or method that there is not."""
    column = site.column
    asked, name = column.locale or site.locale, column.mimesis_rule or ""
    locale = locale_for(asked)
    if locale is None:
        hint = did_you_mean(asked, locales()) or "Its locales are named like en, de, pt-br."
        raise site.error(f'Mimesis has no locale "{asked}".', hint)
    if name not in methods_of(locale):
        hint = rule_hint(name, methods_of(locale))
        raise site.error(f'Mimesis has no rule "{name}".', hint or 'A rule is "provider.method": "person.full_name".')
    return MimesisRule(locale, name)


@cache
def _fitted(rule: MimesisRule, kind: WarehouseType) -> Form:
    return fitted(form_of(rule), kind)


@cache
def form_of(rule: MimesisRule) -> Form:
    """Return the form of a rule, a pool where the method cannot be traced; raises what the method raises."""
    if rule.name in BUILDERS:
        return BUILDERS[rule.name]()
    try:
        return _tracer(rule.locale).trace(rule.name)
    except UntraceableError:
        return _pool(rule)


@cache
def _tracer(locale: str) -> Tracer:
    return Tracer(locale)


def _pool(rule: MimesisRule) -> Form:
    generator = new_generator(rule.locale, f"{rule.locale}/{rule.name}")
    provider, _, method = rule.name.partition(".")
    call: Any = getattr(getattr(generator, provider), method)
    size = _FILES if provider == "binaryfile" else SAMPLE_SIZE
    with still_clock("mimesis"):
        values = tuple(_in_order(call(), rule.name) for _ in range(size))
    return Form(values=values, weights=(1.0,) * size, pool_size=size)


def _in_order(value: Any, name: str) -> Any:
    """Return the parameters of a query with their names in alphabetical order; Mimesis's order is a set's."""
    if name == "internet.query_parameters":
        return dict(zip(sorted(value), value.values(), strict=True))
    if name == "internet.query_string":
        names, texts = zip(*(pair.split("=") for pair in value.split("&")), strict=True)
        return "&".join(f"{name}={text}" for name, text in zip(sorted(names), texts, strict=True))
    return value
