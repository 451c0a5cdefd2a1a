"""One place per row: the state, its abbreviation, the postcode and the country of a row belong together.

For en_US, where Faker has the postcodes of each state, a row's state is drawn evenly from the fifty, as Faker does,
and the postcode is in that state's range. A country next to a state is the locale's own; a country and a country code
without a state are of the same country.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import polars as pl

from engine.rules.providers.entities import EntitySite, find_entity_rules, make_entity_site
from engine.rules.providers.faker.generators import get_generator, get_provider
from engine.rules.providers.form_cache import cached_json
from engine.rules.random.bits import below, below_each
from engine.rules.site import Site
from engine.schema.column_rules import FAKER
from engine.schema.types import NUMERIC, Kind

_STATES = frozenset({"state", "administrative_unit"})
_ABBREVIATIONS = frozenset({"state_abbr"})
_POSTCODES = frozenset("postcode zipcode postalcode postcode_in_state zipcode_in_state postalcode_in_state".split())
_COUNTRIES = frozenset({"country"})
_CODES = frozenset({"country_code"})
_IN_STATE = _STATES | _ABBREVIATIONS | _POSTCODES
RULES = _IN_STATE | _COUNTRIES | _CODES
_CAPITAL_DISTRICT = "DC"


def place_value(site: Site) -> pl.Expr | None:
    """Return the values of a column about a place; None for other columns."""
    rule, locale = site.column.faker_rule or "", site.column.locale or site.locale
    if rule not in RULES or site.column.faker_args or site.type.kind not in (Kind.TEXT, *NUMERIC):
        return None
    others = find_entity_rules(site, FAKER, RULES)
    if rule in _IN_STATE and locale == "en_US":
        return _of_state(site, make_entity_site(site, "place"), rule)
    if site.type.kind is not Kind.TEXT:
        return None
    if rule in _COUNTRIES | _CODES and others & (_STATES | _ABBREVIATIONS):
        return _own_country(site, locale, rule)
    if rule in _COUNTRIES | _CODES and others >= _COUNTRIES | _CODES and locale.startswith("en"):
        return _of_country(site, make_entity_site(site, "place"), rule)
    return None


@cache
def _us_states() -> list[tuple[str, str, int, int]]:
    """Return name, abbreviation, first and last postcode of each state."""
    return [tuple(state) for state in cached_json("faker", "states", compute=_read_us_states)]


def _read_us_states() -> list[tuple[Any, ...]]:
    provider = get_provider(get_generator("en_US"), "address")
    codes = [code for code in provider.states_abbr if code != _CAPITAL_DISTRICT]
    return [(name, code, *provider.states_postcode[code]) for name, code in zip(provider.states, codes, strict=True)]


def _of_state(site: Site, entity: EntitySite, rule: str) -> pl.Expr | None:
    states = _us_states()
    index = below(entity.bits("state"), len(states)).cast(pl.UInt32)
    if rule not in _POSTCODES:
        if site.type.kind is not Kind.TEXT:
            return None
        names = [state[0] for state in states]
        is_named = rule in _STATES and _all_fit(names, site)
        return _looked_up(names if is_named else [state[1] for state in states], index, site)
    index = entity.stages.add(index)
    sizes = pl.Series([last - first + 1 for _, _, first, last in states], dtype=pl.UInt64)
    starts = pl.Series([first for _, _, first, _ in states], dtype=pl.UInt64)
    number = below_each(entity.bits("postcode"), pl.lit(sizes).gather(index)) + pl.lit(starts).gather(index)
    if site.type.kind in NUMERIC:
        return number.cast(site.type.polars)
    texts = pl.Series([f"{value:05d}"[: site.type.length] for value in range(100_000)], dtype=pl.String)
    return pl.lit(texts).gather(number)


def _looked_up(texts: list[str], index: pl.Expr, site: Site) -> pl.Expr:
    cut = [text[: site.type.length] for text in texts]
    return pl.lit(pl.Series(cut, dtype=pl.Enum(list(dict.fromkeys(cut))))).gather(index)


def _own_country(site: Site, locale: str, rule: str) -> pl.Expr | None:
    text = cached_json("faker", "own country", locale, rule, compute=lambda: _read_own_country(locale, rule))
    if text is None:
        return None
    if not _all_fit([text], site):
        codes = [_read_own_country(locale, "country_code"), _read_own_country(locale, "country")]
        text = next((code for code in codes if code is not None), text)
    return pl.when(site.row.is_not_null()).then(pl.lit(text[: site.type.length]))


def _all_fit(texts: list[str], site: Site) -> bool:
    return site.type.length is None or max(map(len, texts)) <= site.type.length


def _read_own_country(locale: str, rule: str) -> str | None:
    method: Any = getattr(get_generator(locale), f"current_{rule}", None)
    try:
        return str(method())
    except Exception:
        # Some locales have no country.
        return None


@cache
def _countries(locale: str) -> list[tuple[str, str]]:
    def compute() -> list[tuple[str, str]]:
        provider = get_provider(get_generator(locale), "date_time")
        return [(country.name, country.alpha_2_code) for country in provider.countries]

    return [(name, code) for name, code in cached_json("faker", "countries", locale, compute=compute)]


def _of_country(site: Site, entity: EntitySite, rule: str) -> pl.Expr:
    countries = _countries(site.column.locale or site.locale)
    index = below(entity.bits("country"), len(countries)).cast(pl.UInt32)
    return _looked_up([name if rule in _COUNTRIES else code for name, code in countries], index, site)
