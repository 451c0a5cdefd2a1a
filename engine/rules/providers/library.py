"""Rules that name a method of a library (Faker, Mimesis): its form fitted to the column, its domain, its note."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from engine.rules.domain import Domain
from engine.rules.providers.forms.fitting import UnfitError, address_halves, fitted, form_expression
from engine.rules.providers.forms.form import Form
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.rules.text.unique_text import text_capacity, unique_text_around
from engine.schema.column_rules import ColumnRule
from engine.schema.types import Kind, WarehouseType


@dataclass(frozen=True)
class Method:
    """A method of a locale, with its arguments as JSON."""

    locale: str
    name: str
    arguments: str = "{}"


FormOf = Callable[[Method], Form]


@dataclass(frozen=True)
class Library:
    """A library of methods, and what differs between libraries.

    `method_of` returns the method of a column and raises `RuleError` for an unknown one; `form_of` may raise what the
    method raises; `shared` returns values that agree with other columns of the row, None for other columns.
    """

    rule: ColumnRule
    method_of: Callable[[Site], Method]
    form_of: FormOf
    shared: Callable[[Site], pl.Expr | None]
    failure_hint: str

    def make(self, site: Site) -> pl.Expr:
        """Return values of the column's method."""
        form = self._form(site)
        shared = self.shared(site)
        return form_expression(site, form) if shared is None else shared

    def domain(self, site: Site) -> Domain | None:
        """Return the method's texts with a suffix that never repeats; None for types other than text."""
        if site.type.kind not in (Kind.TEXT, Kind.JSON):
            return None
        text = self.make(replace(site, column=site.column.model_copy(update=UNLIMITED_TEXT)))
        head, tail = address_halves(site, text, is_address="email" in self._name(site))
        return Domain(
            text_capacity(site.type.length),
            lambda index: unique_text_around(site, head, tail, index),
            is_permuted=True,
        )

    def note(self, site: Site) -> str:
        """Return what a run says of a column whose values ignore the method or are drawn from a pool, else nothing."""
        name = self._name(site)
        if site.column.is_unique and site.type.kind not in (Kind.TEXT, Kind.UUID):
            return f'{site.where}: unique {site.type.name} values follow the column\'s bounds, not "{name}".'
        size = self._form(site).pool_size
        return f'{site.where}: drawn from a pool of {size:,} values of {self.rule.label}\'s "{name}".' if size else ""

    def _name(self, site: Site) -> str:
        return getattr(site.column, self.rule.name) or ""

    def _form(self, site: Site) -> Form:
        """Return the form of the column's method in the column's type; raises `RuleError`."""
        method = self.method_of(site)
        try:
            return _fitted(self.form_of, method, site.type)
        except UnfitError as error:
            raise site.error(
                f'The {self.rule.label} rule "{method.name}" makes {error.value!r}, which is not a {site.type}.',
                "Choose another rule or type.",
            ) from error
        except Exception as error:
            raise site.error(
                f'The {self.rule.label} rule "{method.name}" failed: {error}.', self.failure_hint
            ) from error


@cache
def _fitted(form_of: FormOf, method: Method, kind: WarehouseType) -> Form:
    return fitted(form_of(method), kind)
