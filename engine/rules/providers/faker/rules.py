"""The Faker rule of a column: its names checked, its method compiled and fitted to the column's type."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from engine.errors import did_you_mean
from engine.rules.providers.faker.arguments import size_fault
from engine.rules.providers.faker.compiling import form_of
from engine.rules.providers.faker.generators import locales, methods_of
from engine.rules.providers.faker.people import person_text
from engine.rules.providers.faker.places import place_value
from engine.rules.providers.forms.fitting import UnfitError, address_halves, fitted, form_expression
from engine.rules.providers.forms.form import Form
from engine.rules.providers.rule_hints import rule_hint
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.schema.types import WarehouseType


@dataclass(frozen=True)
class FakerRule:
    """A method of a locale with its arguments as JSON."""

    locale: str
    name: str
    arguments: str


def make_faker(site: Site) -> pl.Expr:
    """Return values of the column's Faker method."""
    form = faker_form(site)
    shared = person_text(site)
    if shared is None:
        shared = place_value(site)
    return form_expression(site, form) if shared is None else shared


def faker_note(site: Site) -> str:
    """Return what a run says of a column whose values are drawn from a pool; nothing for other columns."""
    size = faker_form(site).pool_size
    return f'{site.where}: drawn from a pool of {size:,} values of Faker\'s "{site.column.faker_rule}".' if size else ""


def faker_stem(site: Site) -> tuple[pl.Expr, pl.Expr | None]:
    """Return what a unique text is made of: the method's texts at full length, an e-mail address in two parts.

    The second part, the @ and what follows, is None for other methods.
    """
    text = make_faker(replace(site, column=site.column.model_copy(update=UNLIMITED_TEXT)))
    return address_halves(site, text, is_address="email" in (site.column.faker_rule or ""))


def faker_form(site: Site) -> Form:
    """Return the form of the column's Faker rule in the column's type; raises `RuleError`."""
    rule = faker_rule(site)
    try:
        return _fitted(rule, site.type)
    except UnfitError as error:
        raise site.error(
            f'The Faker rule "{rule.name}" makes {error.value!r}, which is not a {site.type}.',
            "Choose another rule or type.",
        ) from error
    except Exception as error:
        raise site.error(f'The Faker rule "{rule.name}" failed: {error}.', "Check faker_args.") from error


def faker_rule(site: Site) -> FakerRule:
    """Return the column's rule; raises `RuleError` for a locale or method that there is not."""
    column = site.column
    locale, name = column.locale or site.locale, column.faker_rule or ""
    if locale not in locales():
        hint = did_you_mean(locale, locales()) or "Its locales are named like en_US, de_DE, ja_JP."
        raise site.error(f'Faker has no locale "{locale}".', hint)
    if name not in methods_of(locale):
        hint = rule_hint(name, methods_of(locale)) or "Faker's documentation lists the provider methods."
        raise site.error(f'Faker has no rule "{name}".', hint)
    if fault := size_fault(column.faker_args or {}):
        raise site.error(f'The Faker rule "{name}" {fault}', "Check faker_args.")
    return FakerRule(locale, name, json.dumps(column.faker_args or {}, sort_keys=True, default=str))


@cache
def _fitted(rule: FakerRule, kind: WarehouseType) -> Form:
    return fitted(form_of(rule.locale, rule.name, rule.arguments), kind)
