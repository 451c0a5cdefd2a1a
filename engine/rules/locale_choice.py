"""The locale of a row: a Faker or Mimesis rule whose locale follows another column, such as the country.

The rule is made once for each locale, and each row takes the values of its own. The columns of a table with the same
locale_by agree with each other as they do in one locale: a German row has a German name and an address made from it.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from engine.errors import RuleError
from engine.rules.derived.scope import Scope, UnknownName
from engine.rules.site import Site
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

Make = Callable[[TableSchema, ColumnSchema], pl.Expr]


def localized(site: Site, locale: str) -> tuple[TableSchema, ColumnSchema]:
    """Return the table and the column with the locale in place of its locale_by, and of the same one elsewhere."""
    choice = site.column.locale_by
    fixed = {"locale": locale, "locale_by": None}
    columns = [one.model_copy(update=fixed) if one.locale_by == choice else one for one in site.table.columns]
    table = site.table.model_copy(update={"columns": columns})
    return table, table.column(site.column.name)


def locales_of(site: Site) -> list[str]:
    """Return the locales of a column with locale_by, without repeats; that of all other rows comes first."""
    choice = site.column.locale_by
    assert choice is not None
    return list(dict.fromkeys([choice.default or site.locale, *choice.locales.values()]))


def choose_locale(site: Site, scope: Scope, make: Make) -> pl.Expr:
    """Return values of a column with locale_by; `make` returns those of one locale."""
    choice = site.column.locale_by
    assert choice is not None
    try:
        found = scope.find(choice.column.split("."))
    except UnknownName as unknown:
        raise site.error(f"locale_by: {unknown.message}.", unknown.hint) from unknown
    key = site.stages.add(found.expr.cast(pl.String), memo=("locale key", choice.column, site.row.meta.output_name()))
    dtype = pl.String() if site.type.kind is Kind.TEXT else site.type.polars
    other, *locales = locales_of(site)
    values = _make_in(site, other, make).cast(dtype)
    for locale in locales:
        keys = [name for name, its_locale in choice.locales.items() if its_locale == locale]
        is_chosen = key.is_in(pl.lit(pl.Series(keys, dtype=pl.String)).implode()).fill_null(False)
        values = pl.when(is_chosen).then(_make_in(site, locale, make).cast(dtype)).otherwise(values)
    return values


def _make_in(site: Site, locale: str, make: Make) -> pl.Expr:
    """Return the values of one locale; an error names the locale."""
    try:
        return make(*localized(site, locale))
    except RuleError as error:
        message = f"{error.message.removesuffix('.')} (locale {locale})."
        raise RuleError(message, where=error.where, hint=error.hint) from error
