"""The rules for making a column's values, as data: one entry per rule.

An entry holds what JSON and people need: keys, label, types and an example; `engine.rules.registry` adds the code
that makes the values. A rule added to `COLUMN_RULES` is known to every check, hint, review and suggestion. The type
and the bounds of a key are those of the field of `ColumnSchema` with its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from itertools import chain
from typing import Any, Literal

from engine.schema.models import ColumnSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

ALL_KINDS = frozenset(Kind)
DATES = frozenset({Kind.DATE}) | TIMESTAMPS


class Role(StrEnum):
    """How a rule combines with others."""

    SOURCE = "source"
    """Makes the values by itself: at most one per column."""
    SHAPE = "shape"
    """Says how often each value of a range occurs."""
    DEFAULT = "default"
    """Makes random values of a type, for a column without other rules."""


@dataclass(frozen=True)
class ColumnRule:
    """One rule: its JSON key (`name`; a default has none), its label for people, and the types it works with."""

    name: str
    label: str
    role: Role
    kinds: frozenset[Kind]
    example: Mapping[str, Any]
    """The keys of a column that uses the rule, next to the columns of `example_schema`."""
    parameters: tuple[str, ...] = ()
    """Further JSON keys of the rule."""
    ranges: tuple[tuple[str, str], ...] = ()
    """Pairs of further JSON keys: the lower and the upper bound, both inclusive."""
    repeating: tuple[str, ...] = ()
    """The keys of the rule with which values may repeat."""
    combines_with_distribution: bool = False
    cell: Literal["", "text", "list", "json"] = ""
    """How a review writes the value in one cell; empty for a rule that it writes elsewhere."""
    synonyms: str = ""
    """What other schema languages, and people, call the key."""
    category: str = "Values"
    """The group of the catalogue in which people find it."""

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The JSON keys of the rule."""
        own = () if self.role is Role.DEFAULT else (self.name,)
        return (*own, *self.parameters, *chain.from_iterable(self.ranges))


def _example(data_type: str, **keys: Any) -> dict[str, Any]:
    return {"data_type": data_type, **keys}


FAKER = ColumnRule(
    "faker_rule", "Faker", Role.SOURCE, ALL_KINDS, _example("VARCHAR(40)", faker_rule="first_name"),
    parameters=("faker_args", "locale", "locale_by"), cell="text",
    synonyms="faker rule generator provider faker_method faker_provider",
)  # fmt: skip
MIMESIS = ColumnRule(
    "mimesis_rule", "Mimesis", Role.SOURCE, ALL_KINDS, _example("VARCHAR(40)", mimesis_rule="person.full_name"),
    parameters=("locale", "locale_by"), cell="text", synonyms="mimesis mimesis_method mimesis_provider",
)  # fmt: skip
PLACE = ColumnRule(
    "place", "Part of a place", Role.SOURCE, frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT}),
    _example("VARCHAR(40)", place="city"), parameters=("place_of", "place_near", "locale"), repeating=("place",),
    cell="text", synonyms="address_part geo geography location", category="Places",
)  # fmt: skip
PATTERN = ColumnRule(
    "pattern", "Pattern", Role.SOURCE, frozenset({Kind.TEXT}), _example("VARCHAR(9)", pattern="SKU-##-??"),
    cell="text", synonyms="regex regexp regular_expression mask",
)  # fmt: skip
TEMPLATE = ColumnRule(
    "template", "Template", Role.SOURCE, frozenset({Kind.TEXT}), _example("VARCHAR(40)", template="{id}@acme.com"),
    cell="text", synonyms="concat concatenation text_template", category="From other columns",
)  # fmt: skip
VALUES = ColumnRule(
    "values", "List of values", Role.SOURCE, ALL_KINDS, _example("VARCHAR(9)", values=["new", "paid"], weights=[3, 1]),
    parameters=("weights",), repeating=("weights",), cell="list",
    synonyms="enum choices options allowed allowed_values one_of categories value_list accepted_values",
)  # fmt: skip
VALUES_BY = ColumnRule(
    "values_by", "Values by another column", Role.SOURCE, ALL_KINDS,
    _example("VARCHAR(9)", values_by={"customer_id": {"1": {"new": 3, "paid": 1}, "*": {"paid": 1}}}),
    repeating=("values_by",), cell="json",
    synonyms="conditional_values values_when weights_by values_per depends_on functional_dependency lookup",
    category="From other columns",
)  # fmt: skip
PROBABILITY = ColumnRule(
    "probability", "Probability of true", Role.SOURCE, frozenset({Kind.BOOLEAN}), _example("BOOLEAN", probability=0.3),
    repeating=("probability",), combines_with_distribution=True, synonyms="chance likelihood true_fraction true_share",
)  # fmt: skip
EXPRESSION = ColumnRule(
    "expression", "Expression", Role.SOURCE, ALL_KINDS, _example("BIGINT", expression="id * 2"),
    cell="text", synonyms="formula computed derived calculated sql generated", category="From other columns",
)  # fmt: skip
FOREIGN_KEY = ColumnRule(
    "foreign_key", "Foreign key", Role.SOURCE, ALL_KINDS,
    _example("INT", foreign_key={"references_table": "customers", "references_column": "id"}),
    combines_with_distribution=True, synonyms="fk references reference ref foreignkey refers_to relation",
    category="Keys",
)  # fmt: skip
ROLLUP = ColumnRule(
    "rollup", "Roll-up of child rows", Role.SOURCE, NUMERIC | DATES | {Kind.TIME, Kind.BOOLEAN, Kind.TEXT},
    _example("BIGINT", rollup={"of": "lines.order_id", "sum": "amount"}), repeating=("rollup",), cell="json",
    synonyms="aggregate aggregation total_of sum_of summary subtotal", category="From other columns",
)  # fmt: skip
SPLIT = ColumnRule(
    "split_of", "Share of a parent's number", Role.SOURCE, frozenset({Kind.INTEGER, Kind.DECIMAL}),
    _example("INT", split_of="customer_id.budget"), parameters=("split_weight",), repeating=("split_of",), cell="text",
    synonyms="share_of split allocate part_of portion_of", category="From other columns",
)  # fmt: skip
RUNNING = ColumnRule(
    "running", "Running total", Role.SOURCE, frozenset({Kind.INTEGER, Kind.DECIMAL}),
    _example("BIGINT", running={"sum": "quantity", "within": "customer_id"}), repeating=("running",), cell="json",
    synonyms="running_total cumulative running_sum balance cumsum", category="From other columns",
)  # fmt: skip
EVERY = ColumnRule(
    "every", "Fixed interval", Role.SOURCE, DATES,
    _example("TIMESTAMP", every={"within": "customer_id", "start": "2024-01-01", "interval": "15 minutes"}),
    repeating=("every",), cell="json", synonyms="interval frequency sampling_interval cadence period regular_interval",
    category="Dates and times",
)  # fmt: skip
SERIES = ColumnRule(
    "series", "Series over time", Role.SOURCE, NUMERIC,
    _example("DOUBLE", series={"within": "customer_id", "level": 20, "ar": {"coefficient": 0.9, "stddev": 2}}),
    repeating=("series",), cell="json", synonyms="time_series timeseries random_walk signal sensor_values ar1",
    category="Dates and times",
)  # fmt: skip
LINE_NUMBER = ColumnRule(
    "line_number_of", "Line number", Role.SOURCE, frozenset({Kind.INTEGER, Kind.DECIMAL}),
    _example("INT", line_number_of="customer_id"), cell="text", synonyms="line_number position_of number_of",
    category="Keys",
)  # fmt: skip
SEQUENCE = ColumnRule(
    "sequence", "Sequence", Role.SOURCE, frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.TIME}) | DATES,
    _example("BIGINT", sequence={"start": 1000, "step": 5}),
    cell="json", synonyms="identity autoincrement auto_increment serial nextval counter increment",
)  # fmt: skip
WEEKDAY_WEIGHTS = ColumnRule(
    "weekday_weights", "Weekday weights", Role.SHAPE, DATES, _example("DATE", weekday_weights=[1, 1, 1, 1, 1, 0, 0]),
    repeating=("weekday_weights",), category="Dates and times",
)  # fmt: skip
HOUR_WEIGHTS = ColumnRule(
    "hour_weights", "Hour weights", Role.SHAPE, TIMESTAMPS, _example("TIMESTAMP", hour_weights=[0] * 8 + [1] * 16),
    repeating=("hour_weights",), category="Dates and times",
)  # fmt: skip
TREND = ColumnRule(
    "trend", "Trend", Role.SHAPE, DATES, _example("DATE", trend={"type": "linear", "growth": 2}), repeating=("trend",),
    category="Dates and times",
)  # fmt: skip
SEASONALITY = ColumnRule(
    "seasonality", "Seasonality", Role.SHAPE, DATES,
    _example("DATE", seasonality={"month": {"12": 2.5}, "holidays": {"country": "DE", "weight": 0.2}}),
    repeating=("seasonality",), cell="json", synonyms="season seasonal month_weights week_weights holidays",
    category="Dates and times",
)  # fmt: skip
SPIKES = ColumnRule(
    "spikes", "Spikes", Role.SHAPE, DATES, _example("DATE", spikes=[{"on": "2024-11-29", "weight": 5}]),
    repeating=("spikes",), cell="json", synonyms="spike peaks peak outages campaigns", category="Dates and times",
)  # fmt: skip
DISTRIBUTION = ColumnRule(
    "distribution", "Distribution", Role.SHAPE, NUMERIC | DATES | {Kind.TIME},
    _example("DOUBLE", distribution={"type": "normal", "parameters": {"mean": 5, "stddev": 2}}),
    repeating=("distribution",), cell="json", category="Distributions",
)  # fmt: skip
DISTRIBUTION_BY = ColumnRule(
    "distribution_by", "Distribution by another column", Role.SHAPE, NUMERIC | DATES | {Kind.TIME},
    _example("DOUBLE", distribution_by={
        "customer_id": {
            "1": {"type": "normal", "parameters": {"mean": 5, "stddev": 2}},
            "*": {"type": "exponential", "parameters": {"scale": 9}},
        }
    }),
    repeating=("distribution_by",), cell="json", category="Distributions",
    synonyms="conditional_distribution distribution_when distribution_per",
)  # fmt: skip
FOLLOWS = ColumnRule(
    "follows", "Follows hidden normals", Role.SHAPE, ALL_KINDS, _example("DOUBLE", follows={"wealth": 0.7}),
    repeating=("follows",), cell="json", synonyms="correlates correlated_with loadings copula correlation factors",
    category="Distributions",
)  # fmt: skip
RANDOM_NUMBER = ColumnRule(
    "number", "Random", Role.DEFAULT, NUMERIC, _example("DECIMAL(8,2)", min_value=1, max_value=9.5),
    ranges=(("min_value", "max_value"),),
)  # fmt: skip
RANDOM_DATE = ColumnRule(
    "date", "Random", Role.DEFAULT, DATES, _example("DATE", date_start="2024-01-01", date_end="2024-12-31"),
    ranges=(("date_start", "date_end"), ("timestamp_start", "timestamp_end")),
)  # fmt: skip
RANDOM_TIME = ColumnRule(
    "time", "Random", Role.DEFAULT, frozenset({Kind.TIME}), _example("TIME", time_start="08:00", time_end="17:30"),
    ranges=(("time_start", "time_end"),),
)  # fmt: skip
RANDOM_BOOLEAN = ColumnRule("boolean", "Random", Role.DEFAULT, frozenset({Kind.BOOLEAN}), _example("BOOLEAN"))
RANDOM_TEXT = ColumnRule("text", "Random", Role.DEFAULT, frozenset({Kind.TEXT}), _example("VARCHAR(20)"))
RANDOM_UUID = ColumnRule("uuid", "Random", Role.DEFAULT, frozenset({Kind.UUID}), _example("UUID"))
RANDOM_JSON = ColumnRule("json", "Random", Role.DEFAULT, frozenset({Kind.JSON}), _example("JSON"))
RANDOM_BINARY = ColumnRule("binary", "Random", Role.DEFAULT, frozenset({Kind.BINARY}), _example("BINARY(8)"))

COLUMN_RULES: dict[str, ColumnRule] = {
    rule.name: rule
    for rule in (
        FAKER, MIMESIS, PLACE, PATTERN, TEMPLATE, VALUES, VALUES_BY, PROBABILITY, EXPRESSION, FOREIGN_KEY, ROLLUP,
        SPLIT, RUNNING, EVERY, SERIES, LINE_NUMBER,
        SEQUENCE,
        WEEKDAY_WEIGHTS, HOUR_WEIGHTS, TREND, SEASONALITY, SPIKES, DISTRIBUTION, DISTRIBUTION_BY, FOLLOWS,
        RANDOM_NUMBER, RANDOM_DATE, RANDOM_TIME, RANDOM_BOOLEAN, RANDOM_TEXT, RANDOM_UUID, RANDOM_JSON, RANDOM_BINARY,
    )
}  # fmt: skip
"""Every rule by its name, in the order in which problems and menus list them."""


def sources_of(column: ColumnSchema) -> list[ColumnRule]:
    """Return the rules of the column that make values by themselves; a column without problems has at most one."""
    return _given(column, Role.SOURCE)


def shapes_of(column: ColumnSchema) -> list[ColumnRule]:
    """Return the rules of the column that shape a range."""
    return _given(column, Role.SHAPE)


def rule_of(column: ColumnSchema) -> ColumnRule:
    """Return the rule that makes the column's values: a source, a shape, or the default of its type."""
    given = sources_of(column) or shapes_of(column)
    return given[0] if given else default_rule(column.type.kind)


def default_rule(kind: Kind) -> ColumnRule:
    """Return the rule for a column of a type without other rules."""
    return next(rule for rule in COLUMN_RULES.values() if rule.role is Role.DEFAULT and kind in rule.kinds)


def has_any_key(column: ColumnSchema) -> bool:
    """Return whether the column has a rule or a bound."""
    given = column.__dict__.get
    return any(given(key) is not None for key in _all_keys(len(COLUMN_RULES)))


def example_schema(rule: ColumnRule) -> dict[str, Any]:
    """Return an experiment as JSON data whose column `orders.example` uses the rule."""
    key = {"references_table": "customers", "references_column": "id", "fan_out": [1, 7]}
    order = {"references_table": "orders", "references_column": "id", "fan_out": [0, 3]}
    return {
        "name": "example",
        "tables": [
            {"name": "customers", "target_rows": 50, "columns": [_unique_id(), _number("budget")]},
            {
                "name": "orders",
                "latents": ["wealth"],
                "columns": [
                    _unique_id(),
                    {"name": "customer_id", "data_type": "INT", "foreign_key": key},
                    {"name": "example", **rule.example},
                    _number("quantity"),
                ],
            },
            {
                "name": "lines",
                "columns": [
                    _unique_id(),
                    {"name": "order_id", "data_type": "INT", "foreign_key": order},
                    _number("amount"),
                ],
            },
        ],
    }


def _unique_id() -> dict[str, Any]:
    return {"name": "id", "data_type": "INT", "is_unique": True}


def _number(name: str) -> dict[str, Any]:
    return {"name": name, "data_type": "INT", "min_value": 1, "max_value": 900}


def _given(column: ColumnSchema, role: Role) -> list[ColumnRule]:
    return [rule for rule in _rules_of(role, len(COLUMN_RULES)) if getattr(column, rule.name, None) is not None]


@cache
def _rules_of(role: Role, _rules: int) -> list[ColumnRule]:
    """Return the rules of a role; made anew when a rule is added, so that there are more."""
    return [rule for rule in COLUMN_RULES.values() if rule.role is role]


@cache
def _all_keys(_rules: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for rule in COLUMN_RULES.values() for key in rule.keys))
