"""The Mimesis rule of a column: its names checked, its method compiled and fitted to the column's type."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import polars as pl

from engine.errors import did_you_mean
from engine.rules.forms.clock import still_clock
from engine.rules.forms.fitting import SAMPLE_SIZE, UnfitError, address_halves, fitted, form_expression
from engine.rules.forms.form import Form
from engine.rules.mimesis.computed import BUILDERS
from engine.rules.mimesis.generators import locale_for, locales, methods_of, new_generator
from engine.rules.mimesis.tracing import Tracer
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.rules.tracing.symbols import UntraceableError
from engine.schema.types import WarehouseType


@dataclass(frozen=True)
class MimesisRule:
    """A method of a locale, as `provider.method`."""

    locale: str
    name: str


def make_mimesis(site: Site) -> pl.Expr:
    """Return values of the column's Mimesis method."""
    return form_expression(site, mimesis_form(site))


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
        raise site.error(f'Mimesis has no locale "{asked}".', did_you_mean(asked, locales()))
    if name not in methods_of(locale):
        hint = did_you_mean(name, methods_of(locale))
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
    with still_clock("mimesis"):
        values = tuple(call() for _ in range(SAMPLE_SIZE))
    return Form(values=values, weights=(1.0,) * SAMPLE_SIZE, pool_size=SAMPLE_SIZE)
