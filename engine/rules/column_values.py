"""The values of a column before any NULLs: given cells, then those of scenarios, the default, and the rule."""

from __future__ import annotations

import polars as pl

from engine.rules.dependent.latents import ordered_site
from engine.rules.derived.scope import Scope
from engine.rules.keys.given_cells import given_values, is_all_given
from engine.rules.keys.given_tables import GivenTables
from engine.rules.keys.references import References
from engine.rules.keys.row_groups import make_group_values, make_rising
from engine.rules.keys.unique_columns import domain_of, make_unique
from engine.rules.locale_choice import choose_locale
from engine.rules.registry import MAKERS, Plan, maker_of
from engine.rules.relations.events import make_event
from engine.rules.relations.lifecycles import has_lifecycle, make_lifecycle, start_column
from engine.rules.relations.outcomes import has_outcome, make_outcome
from engine.rules.rule_plan import Columns
from engine.rules.scenarios.placement import Placement
from engine.rules.site import Site
from engine.rules.sites import Sites
from engine.rules.values.default_share import with_default
from engine.rules.values.timestamp_order import first_of_sequence, make_following
from engine.schema.column_rules import FOREIGN_KEY, shapes_of, sources_of
from engine.schema.events import is_event_value
from engine.schema.given_rows import given_column
from engine.schema.models import ColumnSchema, TableSchema


class ColumnValues:
    """Chooses what makes the values of each column of one plan; rules read other columns from `columns` and `plan`."""

    def __init__(
        self,
        sites: Sites,
        references: References,
        given: GivenTables,
        scenarios: Placement,
        columns: Columns,
        plan: Plan,
    ) -> None:
        self._sites = sites
        self._references = references
        self._given = given
        self._scenarios = scenarios
        self._columns = columns
        self._plan = plan

    def make(self, table: TableSchema, column: ColumnSchema, row: pl.Expr) -> pl.Expr:
        """Return the given cells of the column, and elsewhere the values of its rule."""
        site = self._sites.site(table, column, row)
        given = given_column(table, column)
        if given is None:
            return self._placed(site)
        if is_all_given(site, given):
            self._references.check_given(site)
            return given_values(site, given, None)
        return given_values(site, given, _typed(self._placed(site), site))

    def _placed(self, site: Site) -> pl.Expr:
        """Return the values that scenarios give to the column, and elsewhere those of its rule."""
        made = self._defaulted(site)
        if not site.table.scenarios:
            return made
        return self._scenarios.place(site, _typed(made, site))

    def _defaulted(self, site: Site) -> pl.Expr:
        """Return the values of the column's rule, and its default in its share of the rows."""
        made = self._ruled(site)
        return made if site.column.default_value is None else with_default(site, made)

    def _ruled(self, site: Site) -> pl.Expr:
        site = ordered_site(site, self._columns)
        table, column, row = site.table, site.column, site.row
        if table.outcomes and has_outcome(table, column):
            return make_outcome(site)
        if table.lifecycle is not None and has_lifecycle(table, column):
            return make_lifecycle(site, self._columns.final(table, start_column(table), row))
        if is_event_value(table.events_of, column.name):
            return self._event(site)
        if column.locale_by is not None:
            return choose_locale(
                site,
                Scope(self._columns, table, row),
                lambda table, column: self._ruled(self._sites.site(table, column, row)),
            )
        if column.groups is not None:
            return make_group_values(site, self._references.groups(site), self._scenarios.with_own_group(site))
        if column.rising_within is not None:
            return make_rising(site, self._references.lines(site.at(table.column(column.rising_within))))
        maker = maker_of(column)
        if not maker.reads_others and self._references.reference(table, column) is not None:
            maker = MAKERS[FOREIGN_KEY.name]  # a column of a foreign key of the table
        if maker.reads_others:
            return maker.make(site, self._plan)
        place = self._references.place(site)
        if place is not None:
            return _key_value(site, place)
        if site.is_unique:
            return make_unique(site, self._given.unique)
        first = None if site.is_ordered else first_of_sequence(table, column)
        if first is not None:
            return make_following(site, first, self._columns.value(table, first, row))
        return maker.make(site, self._plan)

    def _event(self, site: Site) -> pl.Expr:
        """Return the state, or the time, of the step that each row of a table of events is."""
        events = site.table.events_of
        assert events is not None
        event = self._references.event(site.at(site.table.column(events.key)))
        reference = self._references.reference(site.table, site.table.column(events.key))
        assert reference is not None and reference.events is not None
        parent = reference.parent
        above = self._sites.site(parent, start_column(parent), event.parent)
        return make_event(site, above, event, lambda: self._columns.final(parent, above.column, event.parent))


def _key_value(site: Site, place: pl.Expr) -> pl.Expr:
    """Return the values of a column of a composite key; the key sets how often each occurs."""
    for rule in (*shapes_of(site.column), *sources_of(site.column)):
        if rule.name in rule.repeating:
            raise site.error(
                f"{rule.name} cannot be combined with a composite key, which must be unique.",
                f"Remove {rule.name}, or remove the column from composite_keys.",
            )
    return domain_of(site).at(place)


def _typed(value: pl.Expr, site: Site) -> pl.Expr:
    """Return a rule's values in the column's own type, as given cells are: texts may be drawn as categories."""
    return value.cast(site.type.polars)
