"""Checks of a schema's rules before the first row: each column is compiled, and the first rows are made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from engine.errors import Problem, RuleError, WorkbenchError
from engine.rules.compiler import TableCompiler
from engine.rules.derived.reading_order import in_reading_order
from engine.rules.derived.vendor_sql import read_check
from engine.rules.keys.parent_filters import ParentFilters
from engine.rules.keys.table_rows import default_counts
from engine.rules.lone_columns import signature
from engine.rules.scenario_trials import scenario_problems, tried_rows
from engine.rules.sound_tables import SoundTables
from engine.schema.conditional import deciding_paths
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.sql.row_checks import check_fault

_TRIED_ROWS = 1000
_CONDITION = "_condition"


def check_rules(
    schema: ExperimentSchema, faulty: Collection[str] = (), *, sound: SoundTables | None = None
) -> list[Problem]:
    """Return the problems of columns that cannot be generated with the schema's own row counts.

    `faulty` are the places (`table.column`, `table`) whose problems are known; what follows from them is left out.
    `sound` are tables that need no check, as they had no problem before; those found to have none are added.
    """
    try:
        counts = default_counts(schema)
    except (RuleError, KeyError) as error:
        return [Problem(error.where, error.message, error.hint)] if isinstance(error, RuleError) else []
    known = {where for place in faulty for where in _places(place)}
    problems: list[Problem] = []
    filters = ParentFilters(is_trial=True)
    digests = {} if sound is None else sound.digests(schema, counts)
    made: set[str | None] = set()  # the signatures of columns that are sound
    for table in schema.tables:
        if sound is not None and digests[table.key] in sound:
            continue
        compiler = TableCompiler(schema, table, 0, counts, filters=filters)
        derived: list[pl.Expr] = []
        found: dict[str, Problem] = {}
        for column in in_reading_order(table.columns):
            if f"{table.key}.{column.name}" in known:
                continue
            alone = signature(table, column)
            if alone is not None and alone in made:
                continue
            try:
                output = compiler.output(column)
                made.add(alone)
                if column.expression is not None or any(deciding_paths(column)):
                    derived.append(output)
            except WorkbenchError as error:
                found[column.name] = Problem(error.where, error.message, error.hint)
            except Exception:
                if not faulty:
                    raise
        problems += [
            found[column.name]
            for column in table.columns
            if column.name in found and found[column.name].where not in known
        ]
        if not problems and derived:
            problems += _first_rows_problems(compiler, derived, counts[table.key])
        places = ("scenarios", *(column.name for column in table.columns))
        is_sound = not any(f"{table.key}.{place}" in known for place in places)
        if not problems and table.checks and is_sound:
            problems += _check_problems(schema, table, counts)
        if not problems and table.scenarios and is_sound:
            problems += scenario_problems(schema, table, counts)
        if sound is not None and not problems and not known:
            sound.add(digests[table.key])
    return list(dict.fromkeys(problems))


def _places(place: str) -> Iterator[str]:
    """Yield a place and those around it: `orders.status.values_by`, `orders.status`, `orders`."""
    while place:
        yield place
        place = place.rpartition(".")[0]


def _first_rows_problems(compiler: TableCompiler, derived: Sequence[pl.Expr], count: int) -> list[Problem]:
    """Return the first failure of a derived column in the first rows: a division by zero, a value without a case."""
    try:
        with compiler.failures():
            compiler.frame(0, min(count, _TRIED_ROWS), derived).collect(engine="in-memory")
    except RuleError as error:
        return [Problem(error.where, error.message, error.hint)]
    return []


def _check_problems(schema: ExperimentSchema, table: TableSchema, counts: Mapping[str, int]) -> list[Problem]:
    """Return a problem for each check that no query can test, or that the first rows violate."""
    problems = []
    for check in table.checks:
        fault = check_fault(table, check, schema.dialect)
        if fault:
            problems.append(Problem(table.key, f'The check "{check}" cannot be tested: {fault}', "Fix or remove it."))
        elif _is_violated(schema, table, check, counts):
            message = f'Rows violate the check "{check}".'
            problems.append(Problem(table.key, message, "Give its columns rules that keep it, or remove the check."))
    return problems


def _is_violated(schema: ExperimentSchema, table: TableSchema, check: str, counts: Mapping[str, int]) -> bool:
    """Return whether one of the first rows violates a check; False when no expression can compute it."""
    try:
        expression = read_check(check, table, schema.dialect)
        column = ColumnSchema(name=_CONDITION, data_type="BOOLEAN", required=False, expression=expression)
        extended = table.model_copy(update={"columns": [*table.columns, column]})
        compiler = TableCompiler(schema, extended, 0, counts)
        output = compiler.output(column)
        with compiler.failures():
            tried = min(counts[table.key], tried_rows(table, _TRIED_ROWS))
            frame = compiler.frame(0, tried, [output]).collect(engine="in-memory")
    except RuleError:
        return False
    return not frame[_CONDITION].all()
