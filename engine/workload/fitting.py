"""Fitting: the changes of a schema with which the queries of a workload find the values that they ask for.

The steps build on each other: references first, since they carry what is asked of a key to its parent; then calendars
and dates, keys, and the vocabulary of all other columns. After each step, changes that leave the schema invalid are
dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.rules.keys.table_rows import default_counts
from engine.schema.models import ExperimentSchema
from engine.workload.calendar_spans import fit_calendars, is_calendar
from engine.workload.changes import Change, Dropped, apply_valid_changes
from engine.workload.date_lineage import referenced
from engine.workload.date_spans import fit_dates
from engine.workload.documents import fit_documents, is_document
from engine.workload.join_references import suggest_references
from engine.workload.key_rows import fit_keys, fit_lookups, is_open_key
from engine.workload.records import Predicate, Workload
from engine.workload.samples import Samples
from engine.workload.vocabulary import fit_vocabulary
from engine.workload.wanted import Wanted, wanted_of
from engine.workload.weights import limit_shares

Counts = Callable[[ExperimentSchema], Mapping[str, int]]
_MOST_KEYS = 12
_MOST_SHARE = 0.5
"""Of the rows that a value or a range which queries ask for may have, where it was added."""


@dataclass(frozen=True)
class Fitting:
    """A schema for a workload: the changes that were kept, and those that were dropped with the reason."""

    schema: ExperimentSchema
    kept: tuple[Change, ...]
    dropped: tuple[Dropped, ...]


def fit_schema(
    schema: ExperimentSchema,
    workload: Workload,
    counts: Counts = default_counts,
    *,
    refused: frozenset[str] = frozenset(),
) -> Fitting:
    """Return the schema changed for a workload; `counts` gives the rows of each table of a schema.

    `refused` are the places (`table.column`, or `table`) that stay as they are.
    """
    kept: list[Change] = []
    dropped: list[Dropped] = []
    asked = wanted_of(schema, [each for each in workload.predicates if not _is_of_document(schema, each)])

    def apply(changes: list[Change]) -> None:
        nonlocal schema
        open_changes = [change for change in changes if change.place not in refused]
        schema, made, lost = apply_valid_changes(schema, open_changes)
        kept.extend(made)
        dropped.extend(lost)
        dropped.extend(Dropped(change, "It is refused.") for change in changes if change.place in refused)

    apply(suggest_references(schema, workload.joins))
    wanted = [_at_parent(schema, each) for each in asked]
    apply(fit_calendars(schema, wanted, counts(schema)))
    apply(fit_dates(schema, wanted, Samples(schema, counts(schema))))
    apply(fit_keys(schema, wanted, counts(schema)))
    calendars = {table.key for table in schema.tables if is_calendar(table)}
    rows = counts(schema)
    others = [
        each
        for each in wanted
        if not (each.table in calendars and _is_computed(schema, each)) and not _is_present_key(schema, each, rows)
    ]
    samples = Samples(schema, counts(schema))
    changes, impossible = fit_vocabulary(others, samples)
    apply([*changes, *fit_documents(schema, workload.predicates, samples)])
    apply(limit_shares(schema, others, {change.place for change in kept}, _MOST_SHARE))
    apply(fit_lookups(schema, others, counts(schema)))
    for each, reason in impossible:
        if f"{each.table}.{each.column}" in refused:
            continue
        shown = ", ".join(map(str, each.values or each.patterns or (each.low, each.high)))
        change = Change(each.table, each.column, "values", {}, {}, each.sources, f"Queries ask for {shown}.")
        dropped.append(Dropped(change, reason))
    return Fitting(schema, tuple(kept), tuple(dropped))


def _is_of_document(schema: ExperimentSchema, predicate: Predicate) -> bool:
    return is_document(schema.table(predicate.table).column(predicate.column))


def _is_present_key(schema: ExperimentSchema, wanted: Wanted, rows: Mapping[str, int]) -> bool:
    table = schema.table(wanted.table)
    column = table.column(wanted.column)
    if not table.is_unique(column) or not is_open_key(column):
        return False
    given = {row.get(column.name) for row in table.rows if isinstance(row, dict)}
    return all(value in given or 1 <= int(str(value)) <= rows[table.key] for value in wanted.values)


def _is_computed(schema: ExperimentSchema, wanted: Wanted) -> bool:
    column = schema.table(wanted.table).column(wanted.column)
    return column.sequence is not None or column.expression is not None


def _at_parent(schema: ExperimentSchema, wanted: Wanted) -> Wanted:
    """Return what is wanted of a foreign key as wanted of the key that it takes its values from."""
    for _ in range(_MOST_KEYS):
        table = schema.table(wanted.table)
        column = table.column(wanted.column)
        is_key = column.foreign_key is not None or any(column.name in key.columns for key in table.foreign_keys)
        origin = next(iter(referenced(schema, table, column)), None) if is_key else None
        if origin is None:
            return wanted
        wanted = replace(wanted, table=origin[0].key, column=origin[1].name)
    return wanted
