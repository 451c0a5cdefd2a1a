"""Faker rules: a pool of values, drawn once from Faker with a fixed seed, from which every row picks one.

The pool depends on the rule, its arguments and the locale alone, so that two columns and two runs share it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any

import polars as pl
from faker import Faker
from faker.config import AVAILABLE_LOCALES

from engine.errors import did_you_mean
from engine.rules.choices import choice, picked
from engine.rules.site import Site
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import value_fault

POOL_SIZE = 1000


def make_faker(site: Site) -> pl.Expr:
    """Return values of the column's Faker method."""
    values = faker_values(site)
    if site.type.kind in (Kind.TEXT, Kind.JSON):
        return picked(site, pl.Series(values, dtype=pl.String))
    pool = pl.Series(values, dtype=site.type.polars, strict=True)
    return pl.lit(pool).gather(choice(site, len(pool), None))


def faker_values(site: Site) -> list[Any]:
    """Return the pool of the column's Faker rule, as values that fit its type."""
    column = site.column
    locale = column.locale or site.locale
    if locale not in AVAILABLE_LOCALES:
        raise site.error(f'Faker has no locale "{locale}".', did_you_mean(locale, AVAILABLE_LOCALES))
    rule = column.faker_rule or ""
    if not callable(getattr(_faker(locale), rule, None)) or rule.startswith("_") or rule not in _methods(locale):
        hint = did_you_mean(rule, _methods(locale)) or "Faker's documentation lists the provider methods."
        raise site.error(f'Faker has no rule "{rule}".', hint)
    try:
        drawn = _pool(locale, rule, json.dumps(column.faker_args or {}, sort_keys=True))
    except Exception as error:
        raise site.error(f'The Faker rule "{rule}" failed: {error}.', "Check faker_args.") from error
    return [_fitted(site, value) for value in drawn]


@cache
def _faker(locale: str) -> Any:
    return Faker(locale)


@cache
def _methods(locale: str) -> frozenset[str]:
    provider_methods = {name for provider in _faker(locale).get_providers() for name in dir(provider)}
    hidden = {"seed", "seed_instance", "add_provider"}
    return frozenset(name for name in provider_methods - hidden if not name.startswith("_"))


@cache
def _pool(locale: str, rule: str, arguments: str) -> tuple[Any, ...]:
    fake = Faker(locale)
    fake.seed_instance(f"{locale}/{rule}/{arguments}")
    method, keywords = getattr(fake, rule), json.loads(arguments, object_hook=_with_dates)
    return tuple(method(**keywords) for _ in range(POOL_SIZE))


def _with_dates(arguments: dict[str, Any]) -> dict[str, Any]:
    """Turn ISO dates, which JSON holds as text, into dates."""
    return {
        name: _as_moment(value, Kind.DATE) or value if _is_date(value) else value for name, value in arguments.items()
    }


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None


def _fitted(site: Site, value: Any) -> Any:
    kind = site.type
    converted = _converted(value, kind)
    if converted is None:
        raise site.error(
            f'The Faker rule "{site.column.faker_rule}" makes {value!r}, which is not a {kind}.',
            "Choose another rule or type.",
        )
    return converted


def _converted(value: Any, kind: WarehouseType) -> Any:
    """Return the value in the column's type, text cut to its length; None when it does not fit."""
    match kind.kind:
        case Kind.TEXT:
            return _as_text(value)[: kind.length]
        case Kind.JSON:
            return value if isinstance(value, str) and not value_fault(value, kind) else json.dumps(value, default=str)
        case Kind.BINARY:
            return (value if isinstance(value, bytes) else _as_text(value).encode())[: kind.length]
        case Kind.BOOLEAN:
            return value if isinstance(value, bool) else None
        case Kind.FLOAT | Kind.INTEGER | Kind.DECIMAL:
            return _as_number(value, kind)
        case Kind.UUID:
            text = str(value)
            return None if value_fault(text, kind) else text
        case _:
            return _as_moment(value, kind.kind)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str) if isinstance(value, Mapping | list | tuple | set) else str(value)


def _as_number(value: Any, kind: WarehouseType) -> Any:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return None
    if isinstance(value, bool) or not number.is_finite():
        return None
    if kind.kind is Kind.FLOAT:
        return float(number)
    rounded = number.quantize(Decimal(1).scaleb(-kind.scale), ROUND_HALF_EVEN)
    if value_fault(rounded, kind):
        return None
    return int(rounded) if kind.kind is Kind.INTEGER else rounded


def _as_moment(value: Any, kind: Kind) -> date | datetime | time | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if kind is not Kind.TIME else time.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        moment = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
        if kind is Kind.DATE:
            return moment.date()
        if kind is Kind.TIME:
            return moment.time()
        return moment.replace(tzinfo=UTC) if kind is Kind.TIMESTAMPTZ else moment
    if isinstance(value, time):
        return value if kind is Kind.TIME else None
    if isinstance(value, date) and kind is not Kind.TIME:
        return value if kind is Kind.DATE else _as_moment(datetime(value.year, value.month, value.day), kind)
    return None
