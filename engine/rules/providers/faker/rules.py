"""The Faker rule of a column: its names checked, its method compiled."""

from __future__ import annotations

import json

import polars as pl

from engine.errors import did_you_mean
from engine.rules.providers.faker.arguments import size_fault
from engine.rules.providers.faker.compiling import form_of
from engine.rules.providers.faker.generators import locales, methods_of
from engine.rules.providers.faker.people import person_text
from engine.rules.providers.faker.places import place_value
from engine.rules.providers.formats import FAKER_FORMATS, FAKER_SHORT_FORMS
from engine.rules.providers.forms.form import Form
from engine.rules.providers.library import Library, Method
from engine.rules.providers.rule_hints import rule_hint
from engine.rules.site import Site
from engine.schema import column_rules


def _method_of(site: Site) -> Method:
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
    return Method(locale, name, json.dumps(column.faker_args or {}, sort_keys=True, default=str))


def _form_of(method: Method) -> Form:
    return form_of(method.locale, method.name, method.arguments)


def _shared(site: Site) -> pl.Expr | None:
    person = person_text(site)
    return place_value(site) if person is None else person


FAKER = Library(
    column_rules.FAKER, _method_of, _form_of, _shared, "Check faker_args.", FAKER_FORMATS, FAKER_SHORT_FORMS
)
