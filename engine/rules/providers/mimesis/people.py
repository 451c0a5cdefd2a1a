"""One person per row, by Mimesis: the names of a row belong to the same person, and so do its addresses.

A person has a sex, and a first and a last name of that sex, each drawn evenly from Mimesis's lists. Mimesis makes user
names and e-mail addresses from random words; if an entity also has a name, they are made from that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from engine.rules.providers.entities import EntitySite, find_entity_columns, find_entity_rules, make_entity_site
from engine.rules.providers.forms.fitting import fitted_text
from engine.rules.providers.mimesis.generators import new_generator
from engine.rules.random.bits import below, below_each
from engine.rules.site import Site
from engine.rules.text.grammar.nodes import Draw, Node, Pick, map_text, sequence
from engine.rules.text.grammar.shortening import fitting
from engine.schema.column_rules import MIMESIS
from engine.schema.types import Kind

_NAMES = frozenset({"person.first_name", "person.name", "person.last_name", "person.surname", "person.full_name"})
_ADDRESSES = frozenset({"person.email", "person.username"})
_SEXES = ("female", "male")


@dataclass(frozen=True, eq=False)
class _Names:
    """The names of both sexes in one list, with the number of each."""

    pick: Pick
    sizes: tuple[int, int]


def person_text(site: Site, locale: str) -> pl.Expr | None:
    """Return the texts of a column about a person; None for other columns."""
    rule = site.column.mimesis_rule or ""
    if rule not in _NAMES | _ADDRESSES or site.type.kind is not Kind.TEXT:
        return None
    if rule in _ADDRESSES and not find_entity_rules(site, MIMESIS, _NAMES):
        return None
    columns = find_entity_columns(site, MIMESIS, _NAMES | _ADDRESSES)
    longest = _longest_names(locale, tuple((column.mimesis_rule or "", column.type.length) for column in columns))
    places = _draw_person(make_entity_site(site, "person"), locale, longest)
    return fitted_text(site, _node(locale, rule, longest), places)


@cache
def _longest_names(locale: str, needs: tuple[tuple[str, int | None], ...]) -> int | None:
    """Return the number of letters with which names fit all columns of a person; None when all do, or none."""
    for longest in (None, 12, 10, 9, 8, 7, 6, 5, 4, 3):
        sizes = [size for key in ("names", "surnames") for size in _names(locale, key, longest).sizes]
        nodes = [(_node(locale, rule, longest), length) for rule, length in needs] if min(sizes) >= 5 else []
        if nodes and all(length is None or fitting(node, length) is not None for node, length in nodes):
            return longest
    return None


@cache
def _names(locale: str, key: str, longest: int | None) -> _Names:
    found: Any = new_generator(locale).person._extract([key])
    lists = [found[sex] if isinstance(found, dict) else found for sex in _SEXES]
    if longest is not None:
        short = {id(names): [name for name in names if len(name) <= longest] for names in lists}
        lists = [short[id(names)] for names in lists]
    texts = tuple(lists[0]) if lists[0] is lists[1] else (*lists[0], *lists[1])
    return _Names(Pick(texts, None, Draw(len(texts), None, key)), (len(lists[0]), len(lists[1])))


@cache
def _node(locale: str, rule: str, longest: int | None) -> Node:
    first, last = _names(locale, "names", longest).pick, _names(locale, "surnames", longest).pick
    if rule == "person.full_name":
        return sequence([first, " ", last])
    if rule in _ADDRESSES:
        joints, numbers = Pick((".", "_", "")), Pick(tuple(map(str, range(10, 100))))
        name = sequence([map_text(first, _plain), joints, map_text(last, _plain), numbers])
        return name if rule == "person.username" else sequence([name, Pick(_domains())])
    return first if rule in ("person.first_name", "person.name") else last


def _plain(text: str) -> str:
    from faker.decode import unidecode

    return "".join(sign for sign in unidecode(text).lower() if sign.isascii() and sign.isalnum())


@cache
def _domains() -> tuple[str, ...]:
    from mimesis.datasets import EMAIL_DOMAINS

    return tuple(EMAIL_DOMAINS)


def _draw_person(site: EntitySite, locale: str, longest: int | None) -> dict[str, pl.Expr]:
    """Return the indexes of the person's names, by the draws they belong to."""
    sex = site.stages.add(below(site.bits("sex"), 2).cast(pl.UInt32), memo=site.memo("mimesis", locale, "sex"))
    places = {}
    for key in ("names", "surnames"):
        names = _names(locale, key, longest)
        is_one_list = len(names.pick.texts) < sum(names.sizes)
        sizes = pl.lit(pl.Series(names.sizes, dtype=pl.UInt64)).gather(sex)
        starts = pl.lit(pl.Series([0, 0 if is_one_list else names.sizes[0]], dtype=pl.UInt64)).gather(sex)
        place = (below_each(site.bits(key), sizes) + starts).cast(pl.UInt32)
        places[key] = site.stages.add(place, memo=site.memo("mimesis", locale, key, str(longest)))
    return places
