"""Shares of values: how often a column takes the values that a query asks for, made larger or smaller."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.workload.changes import Change, change_column
from engine.workload.samples import as_json, matching
from engine.workload.wanted import Wanted

_MIXED = re.compile(r"^case when uniform\(1, 100, random\(\)\) <= (\d+) then ")
"""How the vocabulary mixes asked texts into an expression."""
_LEAST, _MOST = 0.0005, 0.9


@dataclass(frozen=True)
class ValueShare:
    """The values of a column's list that statements ask for, and the part of the rows that has them."""

    table: TableSchema
    column: ColumnSchema
    asked: tuple[bool, ...]
    """For each value of the list whether it is asked for; empty for an expression."""
    share: float
    sources: tuple[tuple[str, int], ...]

    def change(self, share: float, reason: str) -> Change | None:
        """Return the change with which that part of the rows has the values, None if it is so already."""
        wanted = min(max(share, _LEAST), _MOST)
        if abs(wanted - self.share) < _LEAST / 2:
            return None
        column = self.column
        if not self.asked:
            percent = min(max(round(100 * wanted), 1), 90)
            made = _MIXED.sub(
                lambda found: found[0].replace(f"<= {found[1]} ", f"<= {percent} "), column.expression or ""
            )
            if made == column.expression:
                return None
            return change_column(self.table, column, "expression", {"expression": made}, self.sources, reason)
        weights = _weights(column)
        inside = sum(weight for weight, is_asked in zip(weights, self.asked, strict=True) if is_asked)
        outside = sum(weights) - inside
        factor = wanted / (1 - wanted) * outside / inside
        new = [
            round(weight * factor, 9) if is_asked else weight
            for weight, is_asked in zip(weights, self.asked, strict=True)
        ]
        return change_column(self.table, column, "weights", {"weights": new}, self.sources, reason)


def shares_of(schema: ExperimentSchema, wanted: Sequence[Wanted], names: Collection[str]) -> Iterator[ValueShare]:
    """Yield the shares of what statements ask for of columns whose values have weights, some asked for and some not."""
    asked: dict[tuple[str, str], list[Wanted]] = {}
    for each in wanted:
        if any(name in names for name, _ in each.sources):
            asked.setdefault((each.table, each.column), []).append(each)
    for (key, name), every in asked.items():
        table = schema.table(key)
        found = share_of(table, table.column(name), every)
        if found is not None:
            yield found


def limit_shares(
    schema: ExperimentSchema, wanted: Sequence[Wanted], places: Collection[str], most: float
) -> list[Change]:
    """Return changes of those columns among `places` (`table.column`) of which a condition finds more than `most`."""
    changes: dict[str, Change] = {}
    for each in wanted:
        for found in shares_of(schema, [each], {name for name, _ in each.sources}):
            place = f"{found.table.key}.{found.column.name}"
            if found.share > most and place in places and place not in changes:
                change = found.change(0.8 * most, f"What queries ask for is in at most {most:.0%} of the rows.")
                if change is not None:
                    changes[place] = change
    return list(changes.values())


def share_of(table: TableSchema, column: ColumnSchema, every: Sequence[Wanted]) -> ValueShare | None:
    """Return the share of what is asked for of one column, None if its values have no weights that can change."""
    sources = tuple(dict.fromkeys(source for each in every for source in each.sources))
    mixed = _MIXED.match(column.expression or "")
    if mixed:
        return ValueShare(table, column, (), int(mixed[1]) / 100, sources)
    values = _series(column)
    if values is None or column.distribution is not None:
        return None
    asked = pl.Series([False]).new_from_index(0, len(values))
    for each in every:
        try:
            asked = asked | matching(values, each)
        except (pl.exceptions.PolarsError, TypeError, ValueError):
            continue
    weights = _weights(column)
    inside = sum(weight for weight, is_asked in zip(weights, asked, strict=True) if is_asked)
    if not 0 < inside < sum(weights):
        return None
    return ValueShare(table, column, tuple(asked.to_list()), inside / sum(weights), sources)


def _weights(column: ColumnSchema) -> list[float]:
    return [float(weight) for weight in column.weights or [1.0] * len(column.values or ())]


def _series(column: ColumnSchema) -> pl.Series | None:
    if not column.values:
        return None
    made: list[Any] = [as_json(value) for value in column.values]
    try:
        if column.type.kind is Kind.TEXT:
            return pl.Series(list(map(str, made)), dtype=pl.String)
        values = pl.Series(made, strict=False)
        if column.type.kind in (Kind.DATE, Kind.TIMESTAMP, Kind.TIMESTAMPTZ):
            return values.cast(pl.String).str.to_datetime(strict=False)
    except (pl.exceptions.PolarsError, TypeError, ValueError):
        return None
    return values
