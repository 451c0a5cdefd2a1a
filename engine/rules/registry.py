"""The registry of rules: each entry of `column_rules` with the code that makes its values.

A rule is one entry there, one here, and the module of its maker; compiler, unique columns and notes find it here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

import polars as pl

from engine.rules.dependent.conditional_values import make_distributed_by, make_values_by
from engine.rules.derived.expression import make_expression
from engine.rules.derived.scope import Scope
from engine.rules.derived.template import make_template
from engine.rules.distributions.distributions import make_distributed
from engine.rules.distributions.time_shapes import make_shaped
from engine.rules.domain import Domain
from engine.rules.places.place import make_place
from engine.rules.providers.faker.rules import FAKER
from engine.rules.providers.mimesis.rules import MIMESIS
from engine.rules.site import Site
from engine.rules.text.default_text import (
    binary_domain,
    make_binary,
    make_json,
    make_text,
    make_uuid,
    text_domain,
    uuid_domain,
)
from engine.rules.text.pattern import make_pattern, pattern_domain
from engine.rules.values.choices import listed_domain, make_choice
from engine.rules.values.number_domains import number_domain
from engine.rules.values.numbers import boolean_domain, make_boolean, make_number
from engine.rules.values.sequences import make_sequence, sequence_domain
from engine.rules.values.timestamps import make_moment, moment_domain
from engine.schema import column_rules as rules
from engine.schema.column_rules import ColumnRule, default_rule, rule_of
from engine.schema.models import ColumnSchema
from engine.schema.types import Kind


class Plan(Protocol):
    """What the compiler offers to rules that read other columns or tables."""

    def scope(self, site: Site) -> Scope:
        """Return the columns that a derived column can read; raises `RuleError` in a composite key."""

    def parent_value(self, site: Site) -> pl.Expr:
        """Return the parent's value of a foreign key column, in the column's type."""

    def line_number(self, site: Site) -> pl.Expr:
        """Return 1, 2, 3, ... inside each parent of the column that `line_number_of` names."""

    def rollup(self, site: Site) -> pl.Expr:
        """Return the roll-up of the rows of another table that reference each row, in the column's type."""

    def split(self, site: Site) -> pl.Expr:
        """Return the row's share of its parent's number, in the column's type."""

    def running(self, site: Site) -> pl.Expr:
        """Return the running total within the row's parent, in the column's type."""

    def every(self, site: Site) -> pl.Expr:
        """Return dates or timestamps at a fixed interval within the row's parent, in the column's type."""

    def series(self, site: Site) -> pl.Expr:
        """Return the values of a series within the row's parent, in the column's type."""


Maker = Callable[[Site, Plan], pl.Expr]


@dataclass(frozen=True)
class RuleMaker:
    """A rule with its code.

    `domain` returns the values counted from 0; None, or without it, the domain is that of the column's type. `note`
    returns what a run says of the values, or nothing. A rule that reads other columns or tables makes the values of
    unique and key columns itself; for the others they come from the domain.
    """

    rule: ColumnRule
    make: Maker
    domain: Callable[[Site], Domain | None] = lambda site: None
    note: Callable[[Site], str] = lambda site: ""
    reads_others: bool = False


def from_site(make: Callable[[Site], pl.Expr]) -> Maker:
    """Return the maker of a rule that reads nothing but its own column."""
    return lambda site, plan: make(site)


MAKERS: dict[str, RuleMaker] = {
    maker.rule.name: maker
    for maker in (
        RuleMaker(rules.FAKER, from_site(FAKER.make), FAKER.domain, FAKER.note),
        RuleMaker(rules.MIMESIS, from_site(MIMESIS.make), MIMESIS.domain, MIMESIS.note),
        RuleMaker(rules.PLACE, from_site(make_place)),
        RuleMaker(rules.PATTERN, from_site(make_pattern), pattern_domain),
        RuleMaker(rules.TEMPLATE, lambda site, plan: make_template(site, plan.scope(site)), reads_others=True),
        RuleMaker(rules.VALUES, from_site(make_choice), listed_domain),
        RuleMaker(rules.VALUES_BY, lambda site, plan: make_values_by(site, plan.scope(site)), reads_others=True),
        RuleMaker(rules.PROBABILITY, from_site(make_boolean)),
        RuleMaker(rules.EXPRESSION, lambda site, plan: make_expression(site, plan.scope(site)), reads_others=True),
        RuleMaker(rules.FOREIGN_KEY, lambda site, plan: plan.parent_value(site), reads_others=True),
        RuleMaker(rules.ROLLUP, lambda site, plan: plan.rollup(site), reads_others=True),
        RuleMaker(rules.SPLIT, lambda site, plan: plan.split(site), reads_others=True),
        RuleMaker(rules.RUNNING, lambda site, plan: plan.running(site), reads_others=True),
        RuleMaker(rules.EVERY, lambda site, plan: plan.every(site), reads_others=True),
        RuleMaker(rules.SERIES, lambda site, plan: plan.series(site), reads_others=True),
        RuleMaker(rules.LINE_NUMBER, lambda site, plan: plan.line_number(site), reads_others=True),
        RuleMaker(rules.SEQUENCE, from_site(make_sequence), sequence_domain),
        RuleMaker(rules.WEEKDAY_WEIGHTS, from_site(make_shaped)),
        RuleMaker(rules.HOUR_WEIGHTS, from_site(make_shaped)),
        RuleMaker(rules.TREND, from_site(make_shaped)),
        RuleMaker(rules.SEASONALITY, from_site(make_shaped)),
        RuleMaker(rules.SPIKES, from_site(make_shaped)),
        RuleMaker(rules.DISTRIBUTION, from_site(make_distributed)),
        RuleMaker(
            rules.DISTRIBUTION_BY, lambda site, plan: make_distributed_by(site, plan.scope(site)), reads_others=True
        ),
        RuleMaker(rules.FOLLOWS, from_site(lambda site: default_maker(site.type.kind).make(site, cast(Plan, None)))),
        RuleMaker(rules.RANDOM_NUMBER, from_site(make_number), number_domain),
        RuleMaker(rules.RANDOM_DATE, from_site(make_moment), moment_domain),
        RuleMaker(rules.RANDOM_TIME, from_site(make_moment), moment_domain),
        RuleMaker(rules.RANDOM_BOOLEAN, from_site(make_boolean), boolean_domain),
        RuleMaker(rules.RANDOM_TEXT, from_site(make_text), text_domain),
        RuleMaker(rules.RANDOM_UUID, from_site(make_uuid), uuid_domain),
        RuleMaker(rules.RANDOM_JSON, from_site(make_json), text_domain),
        RuleMaker(rules.RANDOM_BINARY, from_site(make_binary), binary_domain),
    )
}
"""The maker of every rule, by the rule's name."""


def maker_of(column: ColumnSchema) -> RuleMaker:
    """Return the maker of the column's rule."""
    return MAKERS[rule_of(column).name]


def default_maker(kind: Kind) -> RuleMaker:
    """Return the maker for a column of a type without other rules."""
    return MAKERS[default_rule(kind).name]
