"""What a parameter that names tables and columns can be: the choices of its field, in one column's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.review.rule_catalogue.records import Path
from engine.review.rule_catalogue.starts import counted_columns
from engine.schema.column_rules import DATES
from engine.schema.events import is_event_key
from engine.schema.foreign_keys import ForeignKey
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.rollups import AGGREGATES, OF_COLUMNS
from engine.schema.types import NUMERIC, Kind

_EXACT = frozenset({Kind.INTEGER, Kind.DECIMAL})
_BOUNDED = NUMERIC | DATES | {Kind.TIME, Kind.TEXT}
_READ = {"sum": _EXACT, "avg": _EXACT, "min": _BOUNDED, "max": _BOUNDED, "count_distinct": frozenset(Kind)}

Choices = Mapping[Path, tuple[str, ...]]
"""The choices of parameters, by their path."""


def choices_of(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, keys: Mapping[str, Any]
) -> dict[Path, tuple[str, ...]]:
    """Return the choices of the parameters of a column's rule; one without any is typed."""
    own = [one for one in table.columns if one.name != column.name]
    numbers = tuple(one.name for one in own if one.type.kind in _EXACT and one.foreign_key is None)
    within = tuple(one.name for one in table.columns if one.foreign_key is not None and _is_known(one.foreign_key))
    shared = [
        f"{key}.{one.name}"
        for key in within
        for one in _parent(schema, table, key)
        if one.type.kind in _EXACT and one.name != table.column(key).foreign_key.references_column  # type: ignore[union-attr]
    ]
    found = {
        ("line_number_of",): tuple(counted_columns(table)),
        ("running", "sum"): numbers,
        ("running", "within"): within,
        ("running", "start"): tuple(shared),
        ("split_of",): tuple(shared),
        ("split_weight",): numbers,
        ("rollup", "of"): tuple(_sources(schema, table)),
    }
    found["follows",] = tuple(dict.fromkeys([*_latents(schema, table), *(keys.get("follows") or ())]))
    for function, kinds in _READ.items():
        found["rollup", function] = tuple(_columns_of_source(schema, table, keys, kinds))
    return {path: choices for path, choices in found.items() if choices}


def shown_aggregates(keys: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the aggregates that a roll-up has; the parameters of the others are not shown."""
    given = keys.get("rollup")
    found = tuple(name for name in AGGREGATES if isinstance(given, Mapping) and given.get(name) is not None)
    return found or AGGREGATES


def start_of_aggregate(choices: Choices, function: str, key: str) -> Any:
    """Return the value with which an aggregate starts: a column of the rows, or a condition over them."""
    if function == "count":
        return True
    if function in OF_COLUMNS:
        return next(iter(choices.get(("rollup", function), ())), "")
    return f"{key} is not null"


def _latents(schema: ExperimentSchema, table: TableSchema) -> Iterator[str]:
    """Yield the hidden normals of a row, and those of its parents as `foreign_key_column.latent`."""
    yield from table.latents
    for one in table.columns:
        if one.foreign_key is not None:
            try:
                parent = schema.table(one.foreign_key.references_table, within=table.schema_name)
            except KeyError:
                continue
            yield from (f"{one.name}.{latent}" for latent in parent.latents if parent.key != table.key)


def _is_known(key: ForeignKey) -> bool:
    return key.counted or key.spread is not None


def _sources(schema: ExperimentSchema, table: TableSchema) -> Iterator[str]:
    """Yield the keys that refer to a table, those whose rows are known first."""
    found = [
        (not (_is_known(one.foreign_key) or is_event_key(child.events_of, one.name)), f"{child.key}.{one.name}")
        for child in schema.tables
        for one in child.columns
        if one.foreign_key is not None and _refers_to(schema, child, one.foreign_key.references_table, table)
    ]
    yield from (path for _, path in sorted(found, key=lambda each: each[0]))


def _columns_of_source(
    schema: ExperimentSchema, table: TableSchema, keys: Mapping[str, Any], kinds: frozenset[Kind]
) -> Iterator[str]:
    given = keys.get("rollup")
    name, _, key = str(given.get("of", "") if isinstance(given, Mapping) else "").rpartition(".")
    try:
        child = schema.table(name, within=table.schema_name)
    except KeyError:
        return
    yield from (one.name for one in child.columns if one.type.kind in kinds and one.name.casefold() != key.casefold())


def _parent(schema: ExperimentSchema, table: TableSchema, key: str) -> list[ColumnSchema]:
    reference = table.column(key).foreign_key
    assert reference is not None
    try:
        return schema.table(reference.references_table, within=table.schema_name).columns
    except KeyError:
        return []


def _refers_to(schema: ExperimentSchema, child: TableSchema, name: str, table: TableSchema) -> bool:
    try:
        return schema.table(name, within=child.schema_name).key == table.key
    except KeyError:
        return False
