"""The check of a witness: the query itself, on the first rows of its tables and those of the witness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from engine.errors import WorkbenchError
from engine.warehouse.querying.trial_database import TrialDatabase
from engine.workload.base_tables import TableReads
from engine.workload.records import Statement
from engine.workload.witnesses.assembling import DraftRow, targets_of
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.records import NoWitnessError

_MOST_COMPARED = 100


def count_found(
    facts: Facts, statement: Statement, reads: TableReads, rows: Mapping[int, DraftRow], dialect: str, seconds: float
) -> int:
    """Return how many rows the query finds when those of a witness are there; raises `NoWitnessError` if it fails."""
    numbers = {facts.number_of(table) for table in reads.tables}
    database = facts.database(dialect, numbers | {row.table for row in rows.values()})
    try:
        with database.undone():
            _insert(facts, database, rows)
            with database.within(seconds):
                found = database.tuples(facts.translated(statement.sql, dialect))
                empty = reads.over_empty_tables() if 0 < len(found) <= _MOST_COMPARED else None
                if empty is None:
                    return len(found)
                nothing = database.tuples(facts.translated(empty, dialect))
                return len(found) if sorted(map(str, found)) != sorted(map(str, nothing)) else 0
    except WorkbenchError as error:
        raise NoWitnessError(f"The query fails: {str(error).splitlines()[0][:160]}") from error


def _insert(facts: Facts, database: TrialDatabase, rows: Mapping[int, DraftRow]) -> None:
    bases: dict[int, int] = {}
    used: dict[int, int] = {}
    for occurrence, row in rows.items():
        height = facts.frame(row.table).height
        taken = used.get(row.table, 0)
        if taken + row.copies > height:
            raise NoWitnessError("It has too few rows.", facts.tables[row.table].schema.key)
        bases[occurrence] = height - 1 - taken
        used[row.table] = taken + row.copies
    made: dict[int, dict[str, Any]] = {}

    def complete(occurrence: int, depth: int = 0) -> dict[str, Any]:
        """Return the cells of a row, with those of its keys."""
        if occurrence in made or depth > len(rows):
            return made.get(occurrence, {})
        row = rows[occurrence]
        table = facts.tables[row.table]
        cells = facts.frame(row.table).row(bases[occurrence], named=True)
        cells |= {table.columns[name].name: value for name, value in (row.made | row.values).items()}
        for first, parent in row.parents.items():
            of = row.keys[first]
            above = (
                complete(parent.witness_row, depth + 1) if parent.witness_row is not None
                else facts.frame(facts.number_of(of.parent)).row(parent.number or 0, named=True)
            )  # fmt: skip
            for name, target in zip(of.columns, targets_of(of), strict=True):
                cells[table.columns[name].name] = above.get(of.parent.column(target).name)
        made[occurrence] = cells
        return cells

    for occurrence, row in rows.items():
        frame = facts.frame(row.table)
        base = complete(occurrence)
        table = facts.tables[row.table]
        changed = {*row.made, *row.values, *(name for of in row.keys.values() for name in of.columns)}
        copies = [base]
        for number in range(1, row.copies):
            other = frame.row(bases[occurrence] - number, named=True)
            copies.append(other | {table.columns[name].name: base[table.columns[name].name] for name in changed})
        inserted = pl.DataFrame(copies, schema=frame.schema, strict=False, orient="row")
        stored = [each.name for each in table.columns.values()]
        database.insert(table.schema, inserted.select(stored))
