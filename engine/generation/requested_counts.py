"""Checks of requested row counts and seeds."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import GenerationError, Problem, did_you_mean
from engine.rules.keys.table_rows import default_counts
from engine.rules.parent_counts import parent_counter
from engine.rules.random.seeds import GREATEST_SEED
from engine.schema.limits import MAX_ROWS, check_text, shown
from engine.schema.models import ExperimentSchema

_RANGE = f"Use 0 to {MAX_ROWS:,}."


def row_counts(
    schema: ExperimentSchema,
    rows: int | Mapping[str, int] | None,
    seed: int | None = None,
    *,
    total_rows: int | None = None,
) -> dict[str, int]:
    """Return the row count of each table by key; `rows` is a number for all tables or one for each named table.

    With `total_rows`, the tables that `rows` does not name get about so many rows that all have that many in all.
    A table that follows the parents that meet a `where` has the rows of a run with the seed; an estimate without one.
    A number for all tables leaves a table without target_rows at its given rows, which are a list of what exists, and
    a table of events at the steps of its parents.

    Raises `GenerationError` with every unknown table and every number below 0 or above 10**12, and for a total that the
    tables cannot have.
    """
    if total_rows is not None:
        if rows is not None and not isinstance(rows, Mapping):
            raise GenerationError(
                "One number for every table and a total contradict each other.", where="rows", hint="Give one of them."
            )
        from engine.generation.total_rows import spread_total  # with the words that tell what a table is

        counts = spread_total(schema, total_rows, _given_counts(schema, rows or {}))
        return default_counts(schema, counts, parent_counter(schema, seed))
    if rows is None:
        return default_counts(schema, None, parent_counter(schema, seed))
    if not isinstance(rows, Mapping):
        if fault := _check_number(rows):
            raise GenerationError(fault, where="rows", hint=_RANGE)
        free = [table for table in schema.tables if table.events_of is None]
        rows = {table.key: rows for table in free if not table.rows or table.target_rows is not None}
    return default_counts(schema, _given_counts(schema, rows), parent_counter(schema, seed))


def _given_counts(schema: ExperimentSchema, rows: Mapping[str, int]) -> dict[str, int]:
    """Return the counts of the named tables by table key, or raise `GenerationError` with every fault."""
    keys = [table.key for table in schema.tables]
    given: dict[str, int] = {}
    problems: list[Problem] = []
    for name, number in rows.items():
        if not isinstance(name, str):
            problems.append(Problem("rows", f"{shown(name)} is not the name of a table.", "Name tables as text."))
            continue
        check_text(name, "The name of a table")
        try:
            table = schema.table(name)
            key = table.key
        except KeyError:
            hint = did_you_mean(name, keys) or f"The tables are: {', '.join(keys[:20])}."
            problems.append(Problem("rows", f'There is no table "{name}".', hint))
            continue
        if fault := _check_number(number):
            problems.append(Problem(key, fault, _RANGE))
            continue
        if table.events_of is not None:
            parents = table.events_of.key
            message = "The rows of a table with events_of are the steps of its parents."
            problems.append(Problem(key, message, f"Give a number for the table that {parents} references."))
            continue
        given[key] = number
    if len(problems) == 1:
        raise GenerationError(problems[0].message, where=problems[0].where, hint=problems[0].hint)
    if problems:
        raise GenerationError("\n".join(str(problem) for problem in problems), hint="Fix these and try again.")
    return given


def _check_number(rows: object) -> str:
    if isinstance(rows, bool) or not isinstance(rows, int) or not 0 <= rows <= MAX_ROWS:
        return f"{shown(rows)} is not a number of rows."
    return ""


def check_seed(seed: int) -> int:
    """Return the seed; raises `GenerationError` unless it is an integer from 0 to 2**63 - 1."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= GREATEST_SEED:
        raise GenerationError(f"{shown(seed)} is not a seed.", where="seed", hint=f"Use 0 to {GREATEST_SEED}.")
    return seed
