"""Rules that name a method of a library (Faker, Mimesis): its form fitted to the column, its domain, its note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import polars as pl

from engine.rules.domain import Domain
from engine.rules.providers.forms.fitting import UnfitError, fitted, form_expression, is_cut, text_halves
from engine.rules.providers.forms.form import Form
from engine.rules.site import UNLIMITED_TEXT, Site
from engine.rules.text.grammar.nodes import Pick
from engine.rules.text.grammar.numbered import Numbered
from engine.rules.text.grammar.numbering import number_texts
from engine.rules.text.grammar.shortening import fitting
from engine.rules.text.unique_text import space_before_suffix, text_capacity, unique_text_around
from engine.schema.column_rules import ColumnRule
from engine.schema.types import Kind, WarehouseType

_FEW = 0.05
_CLOSED_LIST = 60


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
    `formats` are the methods whose texts have a form that a suffix would break, and `short_forms` what stands for a
    method of which no text fits.
    """

    rule: ColumnRule
    method_of: Callable[[Site], Method]
    form_of: FormOf
    shared: Callable[[Site], pl.Expr | None]
    failure_hint: str
    formats: frozenset[str] = frozenset()
    short_forms: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def make(self, site: Site) -> pl.Expr:
        """Return values of the column's method."""
        form = self._form(site)
        shared = self.shared(site)
        return form_expression(site, form) if shared is None else shared

    def domain(self, site: Site) -> Domain | None:
        """Return the method's texts: counted where they have a format, else with a suffix that never repeats.

        None for types other than text.
        """
        if site.type.kind not in (Kind.TEXT, Kind.JSON):
            return None
        if (numbered := self._numbered(site)) is not None:
            return Domain(numbered.size, lambda index: numbered.at(site, index))
        text = self.make(replace(site, column=site.column.model_copy(update=_shorter_type(site.type))))
        head, tail = text_halves(site, text, _mark(self._name(site)))
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
        form = self._form(site)
        if is_cut(form, site.type):
            return f'{site.where}: no text of "{name}" fits {site.type}, so its texts are cut.'
        size = form.pool_size
        return f'{site.where}: drawn from a pool of {size:,} values of {self.rule.label}\'s "{name}".' if size else ""

    def _numbered(self, site: Site) -> Numbered | None:
        if site.type.kind is not Kind.TEXT or self._name(site) not in self.formats:
            return None
        form = self._form(site)
        if is_cut(form, site.type):
            return None
        node = form.node if form.node is not None else Pick(form.values) if form.values and not form.pool_size else None
        if node is not None and site.type.length is not None:
            node = fitting(node, site.type.length)
        return None if node is None else number_texts(node)

    def _name(self, site: Site) -> str:
        return getattr(site.column, self.rule.name) or ""

    def _form(self, site: Site) -> Form:
        """Return the form of the column's method in the column's type; raises `RuleError`."""
        method = self.method_of(site)
        try:
            form = _fitted(self.form_of, method, site.type)
            if is_cut(form, site.type) or _are_few(form, site.type):
                return self._short_form(method, site.type) or form
            return form
        except UnfitError as error:
            raise site.error(
                f'The {self.rule.label} rule "{method.name}" makes {error.value!r}, which is not a {site.type}.',
                "Choose another rule or type.",
            ) from error
        except Exception as error:
            raise site.error(
                f'The {self.rule.label} rule "{method.name}" failed: {error}.', self.failure_hint
            ) from error

    def _short_form(self, method: Method, kind: WarehouseType) -> Form | None:
        """Return a form of the same kind whose texts fit, such as the code of a country; None if there is none."""
        for name, arguments in self.short_forms.get(method.name, ()):
            arguments = arguments.replace("$length", str(kind.length))
            try:
                form = _fitted(self.form_of, Method(method.locale, name, arguments), kind)
            except Exception:
                continue
            if not is_cut(form, kind):
                return form
        return None


def _are_few(form: Form, kind: WarehouseType) -> bool:
    """Whether few texts of a list are short enough, or not all of a short list: May alone of the months."""
    if not isinstance(form.node, Pick) or kind.kind is not Kind.TEXT or kind.length is None:
        return False
    texts = form.node.texts
    left = sum(len(text) <= kind.length for text in texts)
    return left < (len(texts) if len(texts) <= _CLOSED_LIST else _FEW * len(texts))


def _shorter_type(kind: WarehouseType) -> dict[str, Any]:
    """Return the type of the texts to which a suffix is added: no longer than what is left, if that is short."""
    return {**UNLIMITED_TEXT, "varchar_length": space_before_suffix(kind.length)}


def _mark(name: str) -> str | None:
    """Return the mark before which a method's unique texts take their suffix; None for the end of the text."""
    if "email" in name:
        return "@"
    return "." if name.rpartition(".")[2] in ("domain_name", "hostname", "file_name", "safe_domain_name") else None


@cache
def _fitted(form_of: FormOf, method: Method, kind: WarehouseType) -> Form:
    return fitted(form_of(method), kind)
