"""Links from each moment of a table to the moments that it follows, without circles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.rules.suggestions.moments import Moment
from engine.rules.suggestions.time_stages import Gap


@dataclass
class Link:
    """The moments before one, the main one first, with the gap after them, and the share of rows without it."""

    previous: list[Moment]
    gap: Gap
    null_fraction: float
    skips_missing: bool = False
    """Whether it also follows where the main one is NULL: the last of what there is."""


@dataclass
class TimeOrder:
    """The links of a table's moments by folded column names."""

    moments: list[Moment]
    links: dict[str, Link] = field(default_factory=dict)

    def link(self, later: Moment, earlier: Moment, gap: Gap, null_fraction: float = 0.05) -> bool:
        """Let `later` follow `earlier`, unless it follows another already, or `earlier` follows it."""
        name = later.column.name.casefold()
        if name in self.links or self._follows(earlier, later):
            return False
        self.links[name] = Link([earlier], gap, null_fraction)
        return True

    def also(self, later: Moment, earlier: Moment) -> None:
        """Let `later` follow `earlier` too."""
        link = self.links.get(later.column.name.casefold())
        if link is not None and earlier not in link.previous and not self._follows(earlier, later):
            link.previous.append(earlier)

    def is_linked(self, moment: Moment) -> bool:
        """Return whether the moment follows another."""
        return moment.column.name.casefold() in self.links

    def is_followed_by_facts(self, moment: Moment, facts: list[Moment]) -> bool:
        """Return whether one of the `facts` follows the moment."""
        links = (self.links.get(fact.column.name.casefold()) for fact in facts)
        return any(link is not None and moment in link.previous for link in links)

    def sorted_links(self) -> Iterator[tuple[Moment, Link]]:
        """Yield each moment that follows others, after all of these."""
        done: set[str] = set()
        waiting = [moment for moment in self.moments if self.is_linked(moment)]

        def visit(moment: Moment) -> Iterator[tuple[Moment, Link]]:
            name = moment.column.name.casefold()
            if name in done or name not in self.links:
                return
            done.add(name)
            for earlier in self.links[name].previous:
                yield from visit(earlier)
            yield moment, self.links[name]

        for moment in waiting:
            yield from visit(moment)

    def _follows(self, later: Moment, earlier: Moment) -> bool:
        """Whether `later` is `earlier`, or follows it through any links."""
        seen, stack = set(), [later]
        while stack:
            moment = stack.pop()
            if moment == earlier:
                return True
            name = moment.column.name.casefold()
            if name not in seen:
                seen.add(name)
                stack += self.links[name].previous if name in self.links else []
        return False
