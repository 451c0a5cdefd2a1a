"""Checks of one column: an existing type, one rule that matches it, and consistent bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import chain
from typing import Any

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import COLUMN_RULES, DATES, ColumnRule, shapes_of, sources_of
from engine.schema.default_checks import check_default
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.sequences import check_sequence
from engine.schema.types import NUMERIC, TYPES, Kind, WarehouseType, is_unknown_type
from engine.schema.values import OUTSIDE_UTC, value_fault

# The kinds of type that a size applies to.
_KINDS_OF_SIZE: dict[str, frozenset[Kind]] = {
    "varchar_length": frozenset({Kind.TEXT, Kind.BINARY, Kind.JSON}),
    "char_length": frozenset({Kind.TEXT, Kind.BINARY}),
    "precision": frozenset({Kind.DECIMAL, Kind.FLOAT}),
    "scale": frozenset({Kind.DECIMAL}),
}
_GREATEST_FLOATS = {32: Decimal("3.4028234e38"), 64: Decimal("1.797693134862315e308")}
_NO_DOMAIN = frozenset(
    "values_by rollup split_of running every series expression template foreign_key line_number_of sequence".split()
)
_RISING_KINDS = NUMERIC | DATES | {Kind.TIME}
_UNIQUE_KINDS = NUMERIC | DATES | {Kind.TEXT, Kind.UUID, Kind.TIME, Kind.BINARY}


def check_column(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of the column itself."""
    try:
        kind = column.type
    except ValueError as error:
        hint = "Use a valid size, or remove it."
        if is_unknown_type(column.data_type):
            hint = did_you_mean(column.data_type, TYPES) or "The types are INT, BIGINT, DECIMAL, VARCHAR, DATE, ..."
        yield Problem(where, str(error), hint)
        return
    moments = list(_check_moments(column, where))
    if moments:
        yield from moments
        return
    yield from _check_one_rule(column, where)
    yield from _check_kinds(column, kind, where)
    yield from _check_bounds(column, kind, where)
    yield from _check_weights(column, where)
    yield from _check_values(column, kind, where)
    yield from check_sequence(column, where)
    yield from _check_nulls(column, where)
    yield from _check_null_when(column, where)
    yield from _check_unique(table, column, kind, where)
    yield from _check_companions(column, where)
    yield from _check_rows_of_groups(table, column, where)
    yield from check_default(table, column, kind, where)


def _check_one_rule(column: ColumnSchema, where: str) -> Iterator[Problem]:
    given = sources_of(column)
    if len(given) > 1:
        names = [rule.name for rule in given]
        yield Problem(where, f"{_listed(names)} cannot be combined.", "Keep one of them.")
    bounded = [rule.name for rule in given if not rule.combines_with_distribution]
    if bounded and column.distribution is not None:
        yield Problem(where, f"distribution cannot be combined with {bounded[0]}.", "Keep one of them.")
    if column.distribution_by is not None:
        shapes = [rule.name for rule in shapes_of(column) if rule.name not in ("distribution_by", "follows")]
        for name in (*(rule.name for rule in given), *shapes):
            yield Problem(where, f"distribution_by cannot be combined with {name}.", "Keep one of them.")


def _check_kinds(column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    given = column.__dict__.get
    for key, kinds in _kinds_of_keys(len(COLUMN_RULES)):
        if given(key) is not None and kind.kind not in kinds:
            yield Problem(where, f"{key} does not apply to type {column.data_type}.", f"Remove {key}.")


@cache
def _kinds_of_keys(_rules: int) -> tuple[tuple[str, frozenset[Kind]], ...]:
    of_rules = [(key, rule.kinds) for rule in COLUMN_RULES.values() for key in rule.keys]
    return (*of_rules, *_KINDS_OF_SIZE.items())


@cache
def _ranges_of_rules(_rules: int) -> tuple[tuple[str, str], ...]:
    return tuple(chain.from_iterable(rule.ranges for rule in COLUMN_RULES.values()))


def _check_moments(column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield bounds with a time zone that fall outside the years of UTC, in which they are stored."""
    for key in ("timestamp_start", "timestamp_end"):
        moment: datetime | None = getattr(column, key)
        try:
            if moment is not None and moment.tzinfo is not None:
                moment.astimezone(UTC)
        except OverflowError:
            yield Problem(where, f"{key} {moment} {OUTSIDE_UTC}.", "Write it without a time zone.")


def _check_bounds(column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    given = column.__dict__.get
    for first, last in _ranges_of_rules(len(COLUMN_RULES)):
        low, high = given(first), given(last)
        if low is None or high is None:
            continue
        if isinstance(low, Decimal) and not (low.is_finite() and high.is_finite()):
            yield Problem(where, f"{first} and {last} must be finite numbers.", "Write them as plain numbers.")
        elif _is_after(low, high):
            yield Problem(where, f"{first} {low} is greater than {last} {high}.", "Swap them.")
    if kind.kind is Kind.FLOAT:
        yield from _check_float_bounds(column, kind, where)
    if kind.kind not in (Kind.INTEGER, Kind.DECIMAL):
        return
    lowest, highest = kind.integer_bounds
    for key in ("min_value", "max_value"):
        value: Decimal | None = getattr(column, key)
        if value is None or not value.is_finite():
            continue
        if not lowest <= Fraction(value) * 10**kind.scale <= highest:
            yield Problem(where, f"{key} {value} does not fit the type {kind}.", "Choose a larger type.")
        elif kind.kind is Kind.INTEGER and Fraction(value).denominator != 1:
            yield Problem(where, f"{key} {value} is not a whole number.", f"Write a whole number for {kind}.")


def _check_float_bounds(column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    for key in ("min_value", "max_value"):
        value: Decimal | None = getattr(column, key)
        if value is not None and abs(value) > _GREATEST_FLOATS[kind.bits]:
            yield Problem(where, f"{key} {value} does not fit the type {kind}.", "Choose a smaller number.")


def _is_after(low: Any, high: Any) -> bool:
    """Return whether the bounds are reversed; a timestamp without time zone is UTC, as in the generator."""
    if isinstance(low, datetime) and isinstance(high, datetime):
        low, high = (moment if moment.tzinfo else moment.replace(tzinfo=UTC) for moment in (low, high))
    return bool(low > high)


def _check_weights(column: ColumnSchema, where: str) -> Iterator[Problem]:
    if column.weights is not None and column.values is not None and len(column.weights) != len(column.values):
        yield Problem(
            where,
            f"There are {len(column.values)} values and {len(column.weights)} weights.",
            "Give one weight for each value.",
        )
    for key in ("weights", "weekday_weights", "hour_weights"):
        weights: list[float] | None = getattr(column, key)
        if weights is None:
            continue
        if any(not math.isfinite(weight) or weight < 0 for weight in weights):
            yield Problem(where, f"{key} has a negative or infinite number.", "Weights are 0 or more.")
        elif math.isinf(sum(weights)):
            yield Problem(where, f"{key} add up to more than the largest number.", "Divide them all by the largest.")
        elif sum(weights) <= 0:
            yield Problem(where, f"{key} are all 0.", "At least one weight must be above 0.")


def _check_values(column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    for value in column.values or []:
        if fault := value_fault(value, kind):
            yield Problem(where, f"The value {value!r} {fault}", f"Fix it, or the type {kind}.")


def _check_nulls(column: ColumnSchema, where: str) -> Iterator[Problem]:
    nullable_key = column.foreign_key is not None and column.foreign_key.nullable
    if column.null_fraction and column.required and not nullable_key:
        yield Problem(
            where,
            f"null_fraction is {column.null_fraction:g} and the column is required.",
            'Set "required": false.',
        )


def _check_null_when(column: ColumnSchema, where: str) -> Iterator[Problem]:
    if column.null_when is not None and not column.is_nullable:
        yield Problem(where, "null_when is given and the column is required.", 'Set "required": false.')


def _check_unique(table: TableSchema, column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    if not table.is_unique(column):
        return
    if not column.required:
        yield Problem(where, "A unique column must be required.", 'Set "required": true.')
    for rule in COLUMN_RULES.values():
        if any(getattr(column, key, None) is not None for key in rule.repeating):
            yield Problem(where, f"{rule.name} cannot make unique values.", f"Remove {rule.name} or is_unique.")
    if kind.kind not in _UNIQUE_KINDS:
        yield Problem(where, f"A {kind} column cannot be unique.", "Remove is_unique.")


def _check_companions(column: ColumnSchema, where: str) -> Iterator[Problem]:
    owners: dict[str, list[ColumnRule]] = {}
    for rule in COLUMN_RULES.values():
        for key in rule.parameters:
            owners.setdefault(key, []).append(rule)
    for key, (rule, *others) in owners.items():  # a key of several rules, such as locale, goes without them too
        if not others and getattr(column, key, None) is not None and getattr(column, rule.name) is None:
            yield Problem(where, f"{key} can only be used with {rule.name}.", f'Add "{rule.name}".')
    if column.locale_by is not None and column.faker_rule is None and column.mimesis_rule is None:
        yield Problem(where, "locale_by needs a faker_rule or a mimesis_rule.", 'Add "faker_rule".')
    if column.locale_by is not None and column.locale is not None:
        yield Problem(where, "locale and locale_by cannot be combined.", "Keep one of them.")
    if column.varchar_length is not None and column.char_length is not None:
        yield Problem(where, "varchar_length and char_length are both given.", "Keep one of them.")


def _check_rows_of_groups(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of groups, same_within and rising_within by themselves."""
    if column.groups is not None and not 1 <= column.groups[0] <= column.groups[1]:
        yield Problem(where, f"groups {list(column.groups)} is not a minimum of 1 or more and a maximum.", "[1, 9]")
    given = [key for key in ("groups", "same_within", "rising_within") if getattr(column, key) is not None]
    if len(given) > 1:
        yield Problem(where, f"{_listed(given)} cannot be combined.", "Keep one of them.")
    for name in given:
        if table.is_unique(column):
            yield Problem(where, f"A unique column cannot have {name}.", f"Remove {name}, or is_unique.")
        if name == "same_within":
            continue
        for rule in COLUMN_RULES.values():
            keys = [*rule.repeating, *([rule.name] if rule.name in _NO_DOMAIN else [])]
            if any(getattr(column, key, None) is not None for key in keys):
                yield Problem(where, f"{name} cannot be combined with {rule.name}.", "Keep one of them.")
        if column.effective_null_fraction > 0 or column.has_null_condition:
            yield Problem(where, f"A column with {name} cannot be NULL.", 'Set "required": true.')
        if column.default_value is not None:
            yield Problem(where, f"{name} cannot be combined with default_value.", "Keep one of them.")
    if column.rising_within is not None and (column.type.kind not in _RISING_KINDS or sources_of(column)):
        yield Problem(where, "rising_within needs a number, date or time without a rule.", "Give it bounds only.")


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
