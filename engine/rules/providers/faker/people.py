"""One person per row: the names, user name and e-mail address of a row belong to the same person.

A person has a first name, drawn like Faker's `first_name`, a sex that matches it, and a last name (of that sex in
locales where they differ). Full names and addresses are Faker's own formats with these names. If an entity has only
first names of one sex, all its persons are of that sex.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import compress, pairwise
from string import ascii_lowercase

import polars as pl

from engine.rules.providers.entities import EntitySite, find_entity_columns, find_entity_rules, make_entity_site
from engine.rules.providers.faker.compiling import form_of, get_tracer
from engine.rules.providers.faker.generators import get_generator, get_provider
from engine.rules.providers.form_cache import cached_form, cached_json
from engine.rules.providers.forms.fitting import fitted_text
from engine.rules.providers.forms.form import Form
from engine.rules.random.bits import below
from engine.rules.site import Site
from engine.rules.text.grammar.expression import draw_weighted_index
from engine.rules.text.grammar.nodes import Choice, Draw, Joined, Node, Pick
from engine.rules.text.grammar.shortening import fitting
from engine.rules.text.unique_text import space_before_suffix
from engine.schema.column_rules import FAKER
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import Kind

_SEXES = ("female", "male")
_FIRST_NAMES = frozenset({"first_name", "first_name_female", "first_name_male"})
_LAST_NAMES = frozenset({"last_name", "last_name_female", "last_name_male"})
_FULL_NAMES = frozenset({"name", "name_female", "name_male"})
_FROM_NAMES = frozenset(
    """kana_name romanized_name user_name email safe_email free_email company_email ascii_email ascii_safe_email
    ascii_free_email ascii_company_email""".split()
)
RULES = _FIRST_NAMES | _LAST_NAMES | _FULL_NAMES | _FROM_NAMES
_WORD = 2**64
_LENGTHS = (12, 10, 9, 8, 7, 6, 5, 4, 3)
_FEWEST_NAMES = 5


@dataclass(frozen=True, eq=False)
class People:
    """The names of a locale: all first names, the probability of a woman for each, and last names by sex.

    `sex` is the only sex, if there is just one. Indexes of the second list of last names continue after the first.
    `longest` is the number of letters that their names may have, None for all names.
    """

    locale: str
    first: Pick
    women: tuple[float, ...] | None
    last: tuple[Pick, ...]
    sex: str | None
    longest: int | None = None

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """The names as picks whose indexes the person supplies, by the methods that draw them."""
        first = Pick(self.first.texts, None, Draw(len(self.first.texts), self.first.weights, "first"))
        texts = tuple(text for pick in self.last for text in pick.texts)
        last = Pick(texts, None, Draw(len(texts), None, "last"))
        return {
            **dict.fromkeys((*_FIRST_NAMES, "first_name_nonbinary"), first),
            **dict.fromkeys((*_LAST_NAMES, "last_name_nonbinary"), last),
            **self._in_other_scripts("first", first),
            **self._in_other_scripts("last", last),
        }

    def _in_other_scripts(self, which: str, names: Pick) -> dict[str, Node]:
        """Return the same names in kana and in Latin letters, where the locale has them."""
        pairs = {pair[0]: pair for pair in _name_pairs(self.locale, which)}
        if not all(text in pairs for text in names.texts):
            return {}
        nodes: dict[str, Node] = {}
        for place, script in ((1, "kana"), (2, "romanized")):
            node = Pick(tuple(pairs[text][place] for text in names.texts), None, names.draw)
            nodes |= dict.fromkeys([f"{which}_{script}_name{end}" for end in ("", "_female", "_male")], node)
        return nodes

    @cached_property
    def initials(self) -> Pick | None:
        """The first letters of the first names, None where they are not Latin letters."""
        first = self.nodes.get("first_romanized_name", self.nodes["first_name"])
        assert isinstance(first, Pick)
        letters = tuple(get_tracer(self.locale).to_ascii(text)[:1].lower() for text in first.texts)
        return Pick(letters, None, first.draw) if set(letters) <= set(ascii_lowercase) else None


def person_text(site: Site) -> pl.Expr | None:
    """Return the texts of a column about a person; None for other columns."""
    rule, locale = site.column.faker_rule or "", site.column.locale or site.locale
    if rule not in RULES or site.type.kind is not Kind.TEXT:
        return None
    sex = _only_sex(find_entity_rules(site, FAKER, RULES))
    if rule.endswith(_SEXES) and not (sex is not None and rule.endswith(f"_{sex}")):
        return None
    people = _people_that_fit(locale, sex, _needs(site))
    if people is None or not _fits(people, _Need(rule, _arguments(site.column), site.type.length)):
        return None
    nodes = _nodes(people, rule, _arguments(site.column))
    places = draw_person(make_entity_site(site, "person"), people)
    texts = [fitted_text(site, node, places) for node in nodes if node is not None]
    if len(texts) < len(nodes):
        return None
    if len(texts) == 1:
        return texts[0]
    return pl.when(places["sex"] == 0).then(texts[0].cast(pl.String)).otherwise(texts[1].cast(pl.String))


def _needs(site: Site) -> tuple[_Need, ...]:
    return tuple(_Need.of(site.table, column) for column in find_entity_columns(site, FAKER, RULES))


def _arguments(column: ColumnSchema) -> str:
    return json.dumps(column.faker_args or {}, sort_keys=True)


def _nodes(people: People, rule: str, arguments: str) -> list[Node | None]:
    """Return the grammar of a method's texts about a person, one for each sex where these differ."""
    if rule == "name" and people.women is not None:
        return [_node(people, f"name_{one}", arguments) for one in _SEXES]
    return [_node(people, f"name_{people.sex}" if rule == "name" and people.sex is not None else rule, arguments)]


@dataclass(frozen=True)
class _Need:
    """What a column needs of a person: texts of a method that fit a length."""

    rule: str
    arguments: str
    length: int | None

    @classmethod
    def of(cls, table: TableSchema, column: ColumnSchema) -> _Need:
        length = column.type.length
        space = space_before_suffix(length) if table.is_unique(column) else length
        return cls(column.faker_rule or "", _arguments(column), space)


@lru_cache(maxsize=512)
def _people_that_fit(locale: str, sex: str | None, needs: tuple[_Need, ...]) -> People | None:
    """Return people whose names fit all columns of the entity; all people where no names are short enough."""
    for longest in (None, *_LENGTHS):
        people = get_people(locale, sex, longest)
        if people is not None and all(_fits(people, need) for need in needs):
            return people
    return get_people(locale, sex)


def _fits(people: People, need: _Need) -> bool:
    if need.length is None:
        return True
    nodes = _nodes(people, need.rule, need.arguments)
    return all(node is None or fitting(node, need.length) is not None for node in nodes)


def _only_sex(rules: set[str]) -> str | None:
    named = {rule.rpartition("_")[2] for rule in rules if rule.endswith(_SEXES)}
    return named.pop() if len(named) == 1 and "first_name" not in rules else None


@cache
def get_people(locale: str, sex: str | None, longest: int | None = None) -> People | None:
    """Return the people of a locale whose names have at most `longest` letters.

    None where its names are not simple lists, or too few are that short.
    """
    people = _all_people(locale, sex)
    if people is None or longest is None:
        return people
    is_kept = [len(text) <= longest for text in people.first.texts]
    lasts = tuple(_short_names(pick, longest) for pick in people.last)
    if sum(is_kept) < _FEWEST_NAMES or any(len(pick.texts) < _FEWEST_NAMES for pick in lasts):
        return None
    women = people.women and tuple(compress(people.women, is_kept))
    return People(locale, _short_names(people.first, longest), women, lasts, people.sex, longest)


def _short_names(pick: Pick, longest: int) -> Pick:
    is_kept = [len(text) <= longest for text in pick.texts]
    weights = None if pick.weights is None else tuple(compress(pick.weights, is_kept))
    return Pick(tuple(compress(pick.texts, is_kept)), weights)


def _all_people(locale: str, sex: str | None) -> People | None:
    suffix = "" if sex is None else f"_{sex}"
    first, last = _names(locale, f"first_name{suffix}"), _names(locale, f"last_name{suffix}")
    if first is None or last is None:
        return None
    if sex is not None:
        return People(locale, first, None, (last,), sex)
    by_sex = {one: _names(locale, f"first_name_{one}") for one in _SEXES}
    women = _women(first, by_sex["female"], by_sex["male"])
    lasts = [_names(locale, f"last_name_{one}") for one in _SEXES]
    female, male = lasts
    if women is not None and female is not None and male is not None and set(female.texts) != set(male.texts):
        return People(locale, first, women, (female, male), None)
    return People(locale, first, women, (last,), None)


def _names(locale: str, rule: str) -> Pick | None:
    try:
        node = form_of(locale, rule).node
    except Exception:
        # Not every locale has every method.
        return None
    if isinstance(node, str):
        return Pick((node,))
    return node if isinstance(node, Pick) and node.draw is None else None


def _women(first: Pick, female: Pick | None, male: Pick | None) -> tuple[float, ...] | None:
    if female is None or male is None:
        return None
    shares = [_shares(pick) for pick in (female, male)]
    result = []
    for name in first.texts:
        women, men = (share.get(name, 0.0) for share in shares)
        result.append(women / (women + men) if women + men else 0.5)
    return tuple(result)


def _shares(pick: Pick) -> dict[str, float]:
    weights = pick.weights or (1.0,) * len(pick.texts)
    shares: dict[str, float] = {}
    for text, weight in zip(pick.texts, weights, strict=True):
        shares[text] = shares.get(text, 0.0) + weight / sum(weights)
    return shares


@cache
def _node(people: People, rule: str, arguments: str) -> Node | None:
    if rule in people.nodes:
        return people.nodes[rule] if arguments == "{}" else None
    name = f"{rule} of a person, {people.sex or 'any sex'}" + (f", {people.longest}" if people.longest else "")
    return cached_form("faker", people.locale, name, arguments, lambda: Form(_trace(people, rule, arguments))).node


def _trace(people: People, rule: str, arguments: str) -> Node | None:
    try:
        node = get_tracer(people.locale).trace(rule, json.loads(arguments), people.nodes).node
        return node if node is None or rule not in _FROM_NAMES else _with_initials(node, people)
    except Exception:
        # Arguments that the method rejects are reported where the rule is compiled without a person.
        return None


@cache
def _name_pairs(locale: str, which: str) -> list[list[str]]:
    """Return the names of a locale with their other scripts; nothing for most locales."""

    def compute() -> list[list[str]]:
        provider = get_provider(get_generator(locale), "person")
        return [list(pair) for pair in getattr(provider, f"{which}_name_pairs", ())]

    pairs: list[list[str]] = cached_json("faker", "name pairs", locale, which, compute=compute)
    return pairs


def _with_initials(node: Node, people: People) -> Node:
    """Replace a random letter before the last name in an address with the first letter of the first name."""
    if isinstance(node, Choice):
        return Choice(tuple(_with_initials(part, people) for part in node.alternatives), node.weights)
    if not isinstance(node, Joined):
        return node
    parts = [_with_initials(part, people) for part in node.parts]
    for place, (letter, name) in enumerate(pairwise(node.parts)):
        is_letter = isinstance(letter, Pick) and set(letter.texts) == set(ascii_lowercase)
        if is_letter and isinstance(name, Pick) and name.draw is not None and people.initials is not None:
            parts[place] = people.initials
    return Joined(tuple(parts))


def draw_person(site: EntitySite, people: People) -> dict[str, pl.Expr]:
    """Return the indexes of the person's first and last name, and whether it is a man (0 or 1), all UInt32."""
    place = f"person/{people.locale}/{people.sex}/{people.longest}"
    first = site.stages.add(_draw(site, people.first, "first"), memo=site.memo(place, "first"))
    if people.women is None:
        sex = None
    else:
        thresholds = pl.Series([min(int(share * _WORD), _WORD - 1) for share in people.women], dtype=pl.UInt64)
        is_man = site.bits("sex") >= pl.lit(thresholds).gather(first)
        sex = site.stages.add(is_man.cast(pl.UInt32), memo=site.memo(place, "sex"))
    last = _draw(site, people.last[0], "last")
    if len(people.last) > 1 and sex is not None:
        other = _draw(site, people.last[1], "last") + pl.lit(len(people.last[0].texts), dtype=pl.UInt32)
        last = pl.when(sex == 0).then(last).otherwise(other)
    places = {"first": first, "last": site.stages.add(last, memo=site.memo(place, "last"))}
    return places if sex is None else {**places, "sex": sex}


def _draw(site: Site, pick: Pick, purpose: str) -> pl.Expr:
    if pick.weights is None:
        return below(site.bits(purpose), len(pick.texts)).cast(pl.UInt32)
    return draw_weighted_index(site, pick.weights, purpose)
