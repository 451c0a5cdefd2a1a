"""Entities: the columns of a table that describe the same person or place.

Their names have the same prefix (buyer_name, buyer_email), or none. A prefix that only repeats the table, and words
such as `name` or `address`, do not count.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.rules.name_words import words_without_prefix
from engine.rules.random.seeds import stream_key
from engine.rules.site import Site
from engine.schema.column_rules import ColumnRule
from engine.schema.models import ColumnSchema

_ATTRIBUTES = frozenset(
    """first last given family middle full name fname lname firstname lastname fullname surname forename user username
    login nick nickname e mail email address addr handle male female display company work private contact primary
    state province region abbr code zip zipcode postcode postal country iso city town""".split()
)


@dataclass(frozen=True)
class EntitySite(Site):
    """A column's site whose random streams are those of its entity, shared by all columns of the entity."""

    entity: tuple[str, ...] = ()

    def key(self, purpose: str) -> int:
        """Return the key of one of the entity's random streams."""
        return stream_key(self.seed, self.table.key.casefold(), "entity", *self.entity, purpose)

    def memo(self, *names: str) -> tuple[object, ...]:
        """Return the memo of a stage that all columns of the entity use."""
        return ("entity", self.table.key, *self.entity, self.row.meta.output_name(), *names)


def make_entity_site(site: Site, kind: str) -> EntitySite:
    """Return the site of the entity (a person, a place) that the column describes."""
    return EntitySite(
        site.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, site.row,
        (kind, *find_prefix(site.table.name, site.column.name)),
    )  # fmt: skip


def find_prefix(table: str, column: str) -> tuple[str, ...]:
    """Return the words of a column's name that identify the person or place it describes."""
    found = list(words_without_prefix(column, table))
    while found and found[-1] in _ATTRIBUTES:
        found.pop()
    return tuple(found)


def find_entity_columns(site: Site, rule: ColumnRule, names: Collection[str]) -> list[ColumnSchema]:
    """Return the columns of the same entity and locale that use one of the methods `names` of a library's rule."""
    own = find_prefix(site.table.name, site.column.name)
    locale = site.column.locale or site.locale
    return [
        column
        for column in site.table.columns
        if getattr(column, rule.name) in names
        and (column.locale or site.locale) == locale
        and find_prefix(site.table.name, column.name) == own
    ]


def find_entity_rules(site: Site, rule: ColumnRule, names: Collection[str]) -> set[str]:
    """Return those of the methods `names` of a library's rule that columns of the same entity and locale use."""
    return {getattr(column, rule.name) for column in find_entity_columns(site, rule, names)}
