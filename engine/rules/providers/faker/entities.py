"""Entities: which columns of a table are about the same person or the same place.

They are those whose names have the same prefix (buyer_name, buyer_email), or none. A prefix that only repeats the
table, and words such as `name` or `address`, do not count.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.rules.name_words import words_without_prefix
from engine.rules.random.seeds import stream_key
from engine.rules.site import Site

_ATTRIBUTES = frozenset(
    """first last given family middle full name fname lname firstname lastname fullname surname forename user username
    login nick nickname e mail email address addr handle male female display company work private contact primary
    state province region abbr code zip zipcode postcode postal country iso city town""".split()
)


@dataclass(frozen=True)
class EntitySite(Site):
    """A column's site whose random streams belong to its entity, and so are those of all its columns."""

    entity: tuple[str, ...] = ()

    def key(self, purpose: str) -> int:
        """Return the key of one of the entity's random streams."""
        return stream_key(self.seed, self.table.key.casefold(), "entity", *self.entity, purpose)


def entity_site(site: Site, kind: str) -> EntitySite:
    """Return the site of the entity (a person, a place) that the column describes."""
    return EntitySite(
        site.stages, site.seed, site.locale, site.counts, site.reach, site.table, site.column, site.row,
        (kind, *prefix_of(site.table.name, site.column.name)),
    )  # fmt: skip


def prefix_of(table: str, column: str) -> tuple[str, ...]:
    """Return the words of a column's name that say whom or what it describes."""
    found = list(words_without_prefix(column, table))
    while found and found[-1] in _ATTRIBUTES:
        found.pop()
    return tuple(found)


def rules_of_entity(site: Site, rules: Collection[str]) -> set[str]:
    """Return which of the rules the columns of the same entity and locale have."""
    own = prefix_of(site.table.name, site.column.name)
    locale = site.column.locale or site.locale
    return {
        column.faker_rule
        for column in site.table.columns
        if column.faker_rule is not None
        and column.faker_rule in rules
        and (column.locale or site.locale) == locale
        and prefix_of(site.table.name, column.name) == own
    }
