"""Vocabulary: values, texts and numbers that queries ask for and that the present rules do not make.

A list of values gets the missing ones beside its own; bounds are widened, never narrowed; any other rule becomes a list
of its own values and the asked ones. The asked ones together have at most half of the weight, so that what is there
stays and no query finds everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

import polars as pl

from engine.schema.column_rules import shapes_of, sources_of
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC, Kind
from engine.workload.changes import Change, change_column
from engine.workload.join_references import BOUNDS
from engine.workload.like_texts import texts_like
from engine.workload.samples import Samples, as_json, counts_rows, found_rows, like_regex
from engine.workload.wanted import Wanted
from engine.workload.witnesses.made_columns import columns_of

_ASKED_SHARE = 0.4
_LEAST_ROWS = 4
_LEAST_SHARE = 0.002
_OWN_VALUES = 500
_SAMPLED_EACH = 4
"""An expression is taken to choose among a few values if a sample has each so often."""
_MOST_ASKED = 5000
_DENSE = 300
_FIXED = ("rollup", "split_of", "running", "line_number_of", "foreign_key", "sequence")


def fit_vocabulary(wanted: Sequence[Wanted], samples: Samples) -> tuple[list[Change], list[tuple[Wanted, str]]]:
    """Return a change for each column that lacks wanted values, and what cannot be had, with the reason."""
    asked: dict[tuple[str, str], list[Wanted]] = {}
    for each in wanted:
        asked.setdefault((each.table, each.column), []).append(each)
    changes: list[Change] = []
    refused: list[tuple[Wanted, str]] = []
    for (key, name), every in asked.items():
        table = samples.schema.table(key)
        column = table.column(name)
        values = samples.column(table, column)
        if values is None:
            continue
        missing = [each for each in every if found_rows(values, each) < _least_rows(values)]
        if not missing:
            continue
        reason = why_fixed(table, column, samples)
        if reason:
            refused += [(each, reason) for each in missing]
            continue
        change = _fit_column(table, column, values, missing)
        if change is not None:
            changes.append(change)
        else:
            is_date = column.type.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ)
            why = "Its dates are too rarely among those asked for." if is_date else "No such value fits the column."
            refused += [(each, why) for each in missing]
    return changes, refused


def _least_rows(values: pl.Series) -> float:
    return max(min(_LEAST_ROWS, len(values) / 100), _LEAST_SHARE * len(values), 1)


def why_fixed(table: TableSchema, column: ColumnSchema, samples: Samples) -> str:
    """Return why a column cannot have other values, or an empty text."""
    if table.is_unique(column):
        return "The column is unique."
    if table.rows and any(column.name in row if isinstance(row, dict) else True for row in table.rows):
        rows = samples.frame(table)
        if rows is not None and len(rows) <= len(table.rows):
            return "The rows of the table are given."
    if any(getattr(column, name) is not None for name in _FIXED):
        return "The values follow from other rows."
    if any(column.name in key for key in (*table.composite_keys, *(key.columns for key in table.foreign_keys))):
        return "The column is part of a key."
    if column.values_by is not None or any(_draws(each, column.name) for each in table.columns):
        return "The column is drawn together with others."
    if counts_rows(column):
        return "The values follow from the number of the row."
    if column.rising_within is not None or column.groups is not None:
        return "The values follow from other rows."
    return ""


def _draws(other: ColumnSchema, name: str) -> bool:
    rows = other.values_by.get("columns") if isinstance(other.values_by, dict) else None
    return bool(rows) and name in rows  # type: ignore[operator]


def _fit_column(table: TableSchema, column: ColumnSchema, values: pl.Series, missing: list[Wanted]) -> Change | None:
    serves = [source for each in missing for source in each.sources]
    kind = column.type.kind
    if kind is Kind.BOOLEAN:
        return None
    if kind in NUMERIC and not sources_of(column):
        widened = _widen(table, column, values, missing, serves)
        if widened is not None:
            return widened
    asked = _asked_values(column, values, missing)[:_MOST_ASKED]
    if not asked:
        return None
    return add_values(table, column, values, asked, serves)


def _widen(
    table: TableSchema, column: ColumnSchema, values: pl.Series, missing: list[Wanted], serves: list[tuple[str, int]]
) -> Change | None:
    """Return wider bounds, where these are enough: the values are spread evenly, and exact ones are few."""
    low, high = _decimal(values.min()), _decimal(values.max())
    edges: list[Decimal] = []
    for each in missing:
        numbers = [Decimal(str(value)) for value in each.values]
        numbers += [Decimal(str(bound)) for bound in (each.low, each.high) if bound is not None]
        edges += numbers
        if each.low is not None and each.high is None:
            edges.append(numbers[-1] + max(abs(numbers[-1]) / 4, 10 * _unit(column)))
        if each.high is not None and each.low is None:
            below = numbers[-1] - max(abs(numbers[-1]) / 4, 10 * _unit(column))
            edges.append(max(below, Decimal(0)) if low >= 0 and numbers[-1] > 0 else below)
    is_even = not shapes_of(column) and column.distribution is None
    has_bounds = column.min_value is not None or column.max_value is not None
    start = min([*edges, column.min_value if column.min_value is not None else low])
    end = max([*edges, column.max_value if column.max_value is not None else high])
    unit, width = _unit(column), end - start
    narrowest = min(
        (
            unit if each.values else Decimal(str(each.high)) - Decimal(str(each.low))
            for each in missing
            if each.is_two_sided
        ),
        default=width,
    )
    is_found = narrowest + unit >= width / _DENSE
    if not is_even or not is_found:
        return None
    limit = Decimal(10) ** (column.type.precision - column.type.scale) - 1 if column.type.kind is Kind.DECIMAL else None
    if limit is not None:
        start, end = max(start, -limit), min(end, limit)
    if column.type.kind is not Kind.FLOAT:
        start, end = start.quantize(unit, ROUND_FLOOR), end.quantize(unit, ROUND_CEILING)
    old = column.min_value, column.max_value
    if has_bounds and (start, end) == old:
        return None
    new = {"min_value": as_json(start), "max_value": as_json(end)}
    return change_column(table, column, "max_value", new, serves, f"Queries ask for values from {start} to {end}.")


def _decimal(value: object) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))


def _unit(column: ColumnSchema) -> Decimal:
    return Decimal(1).scaleb(-column.type.scale) if column.type.kind is not Kind.FLOAT else Decimal("0.01")


def _asked_values(column: ColumnSchema, values: pl.Series, missing: list[Wanted]) -> list[Any]:
    asked: list[Any] = []
    length = column.type.length
    texts = values.drop_nulls().unique(maintain_order=True).head(20).to_list() if values.dtype == pl.String else []
    for each in missing:
        if each.values:
            single = [(value, replace(each, values=(value,))) for value in each.values]
            asked += [as_json(value) for value, one in single if found_rows(values, one) < _least_rows(values)]
        elif each.patterns:
            for pattern in each.patterns:
                if int(values.str.contains(like_regex(pattern)).sum()) < _least_rows(values):
                    asked += texts_like(pattern, texts, length)
        elif column.type.kind in NUMERIC:
            asked += _numbers_between(column, each, values)
    if column.type.kind is Kind.TEXT:
        asked = [text for text in map(str, asked) if length is None or len(text) <= length]
    return list(dict.fromkeys(asked))


def _numbers_between(column: ColumnSchema, wanted: Wanted, values: pl.Series) -> list[Any]:
    """Return up to twenty numbers in the wanted range."""
    unit = _unit(column)
    low, high = (None if bound is None else Decimal(str(bound)) for bound in (wanted.low, wanted.high))
    if low is None and high is not None:
        low = high - max(abs(high) / 4, 20 * unit)
        low = max(low, Decimal(0)) if _decimal(values.min()) >= 0 and high > 0 else low
    if high is None and low is not None:
        high = low + max(abs(low) / 4, 20 * unit)
    assert low is not None and high is not None
    steps = min(20, int((high - low) / unit) + 1)
    found = [low + ((high - low) / unit * number // max(steps - 1, 1)) * unit for number in range(steps)]
    return [as_json(number) for number in found]


def add_values(
    table: TableSchema, column: ColumnSchema, values: pl.Series, asked: list[Any], serves: list[tuple[str, int]]
) -> Change:
    """Return a list of the column's own values and the asked ones, or a mixed expression."""
    shown = ", ".join(str(value) for value in asked[:5]) + (", ..." if len(asked) > 5 else "")
    reason = f"Queries ask for {shown}."
    if column.values is not None:
        own, weights = list(column.values), list(column.weights or [1.0] * len(column.values))
        new_values = [value for value in asked if value not in own] or asked
        own_weight = sum(weights)
        each = min(own_weight / len(own), own_weight * _ASKED_SHARE / (1 - _ASKED_SHARE) / len(new_values))
        kept = [value not in new_values for value in own]
        own = [value for value, is_kept in zip(own, kept, strict=True) if is_kept]
        weights = [weight for weight, is_kept in zip(weights, kept, strict=True) if is_kept]
        new: dict[str, Any] = {"values": [*map(as_json, own), *new_values]}
        new["weights"] = [*weights, *[round(max(each, own_weight / 500), 6)] * len(new_values)]
        return change_column(table, column, "values", new, serves, reason)
    is_made = column.expression is not None and not _draws_few(column, values)
    if is_made and column.type.kind is Kind.TEXT and len(asked) <= 200:
        return _mix_expression(table, column, asked, serves, reason)
    own_values = [as_json(value) for value in values.drop_nulls().unique(maintain_order=True).head(_OWN_VALUES)]
    own_values = [value for value in own_values if value not in set(asked)] or []
    weight = 1.0
    if own_values:
        share = min(_ASKED_SHARE, max(0.1, 0.04 * len(asked)))
        weight = round(len(own_values) * share / (1 - share) / len(asked), 6)
    removed = dict.fromkeys(key for rule in sources_of(column) for key in rule.keys)
    removed |= dict.fromkeys(key for rule in shapes_of(column) for key in rule.keys)
    removed |= dict.fromkeys(BOUNDS)
    new = {**removed, "values": [*own_values, *asked], "weights": [*[1.0] * len(own_values), *[weight] * len(asked)]}
    return change_column(table, column, "values", new, serves, reason)


def _draws_few(column: ColumnSchema, values: pl.Series) -> bool:
    """Return whether an expression only chooses among a few texts: a list has them all, and scenarios can set it."""
    distinct = values.n_unique()
    is_sampled = _SAMPLED_EACH * distinct <= len(values) and distinct <= _OWN_VALUES
    return is_sampled and not columns_of(column.expression or "")


def _mix_expression(
    table: TableSchema, column: ColumnSchema, asked: list[Any], serves: list[tuple[str, int]], reason: str
) -> Change:
    quoted = ["'" + str(value).replace("'", "''") + "'" for value in asked]
    percent = round(100 * min(_ASKED_SHARE, max(0.1, 0.04 * len(asked))))
    pairs = ", ".join(f"{number}, {text}" for number, text in enumerate(quoted, 1))
    drawn = quoted[0] if len(quoted) == 1 else f"decode(uniform(1, {len(quoted)}, random()), {pairs})"
    sql = f"case when uniform(1, 100, random()) <= {percent} then {drawn} else {column.expression} end"
    return change_column(table, column, "expression", {"expression": sql}, serves, reason)
