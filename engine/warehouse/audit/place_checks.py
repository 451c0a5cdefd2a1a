"""Checks of columns with a `place`: each row has the parts of one place, its point near it and its postcode there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.rules.places.candidates import (
    COORDINATES,
    JITTER,
    Candidates,
    columns_of,
    decimals_of,
    find_candidates,
    group_of,
    phone_form,
    phone_prefix,
    text_decimals,
)
from engine.rules.places.gazetteer import Place
from engine.rules.site import Site
from engine.rules.stages import Stages
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.quoting import literal, quote
from engine.warehouse.audit.column_checks import Check, counted
from engine.warehouse.loading.layout import stored_name

_MICRO = 1_000_000
_ROUNDED = 10
"""What REAL takes from a coordinate, in millionths of a degree."""


def place_checks(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Check]:
    """Yield the check of a group of columns at its first stored column; NULLs of a column's own are left out."""
    kept = place_columns(table, column)
    if not kept or kept[0].name != column.name:
        return
    stages = Stages()
    found = find_candidates(Site(stages, 0, schema.locale, {}, 0, table, column, stages.row))
    cells = [_cells(kept, place, found) for place, weight in zip(found.places, found.weights, strict=True) if weight]
    listed = ", ".join(f"({', '.join(row)})" for row in dict.fromkeys(map(tuple, cells)))
    names = [f"v{number}" for number in range(len(cells[0]))]
    unused = iter(names)
    conditions = [_condition(one, unused) for one in kept]
    counted_rows = " and ".join(f"t.{quote(one.name)} is not null" for one in kept if one.is_nullable) or "true"
    source = f"(values {listed}) as w({', '.join(names)})"
    wrong = f"{counted_rows} and not exists (select 1 from {source} where {' and '.join(conditions)})"
    expected = f"one place in {', '.join(one.name for one in kept)}"
    yield Check(
        "place", table, column.name, expected, f"select count(*) from {stored_name(table)} as t where {wrong}",
        lambda count: count == 0, counted, wrong, is_query=True,
    )  # fmt: skip


def place_columns(table: TableSchema, column: ColumnSchema) -> list[ColumnSchema]:
    """Return the stored columns that have parts of the same place as a column; none for one without a place."""
    if column.place is None:
        return []
    return [one for one in columns_of(table, group_of(column)) if _is_kept(one) and _has_same_row(one, column)]


def _is_kept(column: ColumnSchema) -> bool:
    """Whether the column is stored, and has no value but that of its place."""
    return not column.hidden and column.default_value is None


def _has_same_row(one: ColumnSchema, other: ColumnSchema) -> bool:
    """Whether two columns have the place of the same row: one with `same_within` has that of its group's first row."""
    return (one.same_within or "").casefold() == (other.same_within or "").casefold()


def _cells(columns: Sequence[ColumnSchema], place: Place, found: Candidates) -> list[str]:
    """Return what the columns' values are compared with at a place, as SQL."""
    cells: list[str] = []
    for column in columns:
        part = column.place or ""
        if part in COORDINATES:
            micro = place.latitude if part == "latitude" else place.longitude
            is_text = column.type.kind is Kind.TEXT
            decimals = text_decimals(column, found) if is_text else decimals_of(column, micro)
            slack = JITTER + _ROUNDED + _MICRO // 10 ** max(decimals, 0)
            cells += [f"{(micro - slack) / _MICRO}", f"{(micro + slack) / _MICRO}"]
        elif part == "postcode":
            cells.append(literal(place.postcode.replace("#", "_").replace("@", "_")))
        elif part == "phone":
            cells.append(literal(phone_prefix(place, phone_form(column, found))))
        else:
            cells.append(literal(place.text(part)))
    return cells


def _condition(column: ColumnSchema, names: Iterator[str]) -> str:
    """Return the condition that a value is that of a place, whose cells have the next of the names."""
    value, part, cell = f"t.{quote(column.name)}", column.place or "", next(names)
    if part in COORDINATES:
        return f"try_cast({value} as double) between {cell} and {next(names)}"
    if part == "postcode":
        if column.type.kind is not Kind.TEXT:
            digits = f"cast(cast({value} as bigint) as varchar)"
            value = f"lpad({digits}, cast(greatest(length({digits}), length({cell})) as integer), '0')"
        return f"{value} like {cell}"
    if part == "phone":
        return f"starts_with({value}, {cell})"
    return f"{value} = {cell}"
