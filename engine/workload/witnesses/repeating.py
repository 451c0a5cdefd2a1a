"""Repeating a witness: the same rows again with other keys and other free values, so that a query finds several rows.

The rows of small tables stay single, and each repeated row references the repeated parent of its own turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.schema.scenario_keys import is_made_of_keys
from engine.workload.witnesses.assembling import DraftRow
from engine.workload.witnesses.facts import Facts
from engine.workload.witnesses.records import Parent

REPEATS = 3
LEAST_ROWS = 500
"""A table of fewer rows keeps single rows."""

_STEP = 10_000


def repeated_rows(facts: Facts, rows: Mapping[int, DraftRow]) -> frozenset[int]:
    """Return the occurrences that can be repeated: a second row never takes the composite key of the first."""
    found = {number for number, row in rows.items() if facts.tables[row.table].rows >= LEAST_ROWS}
    while True:
        fixed = {number for number in found if _keeps_key(facts, rows[number], found)}
        if not fixed:
            return frozenset(found)
        found -= fixed


def repeat_rows(rows: Mapping[int, DraftRow], repeated: frozenset[int]) -> dict[int, DraftRow]:
    """Return the rows with further ones for those that are repeated."""
    made = dict(rows)
    for turn in range(1, REPEATS):
        for number in repeated:
            row = rows[number]
            parents = {name: _moved(parent, repeated, turn) for name, parent in row.parents.items()}
            made[number + turn * _STEP] = replace(row, parents=parents)
    return made


def _moved(parent: Parent, repeated: frozenset[int], turn: int) -> Parent:
    if parent.witness_row is None or parent.witness_row not in repeated:
        return parent
    return Parent(witness_row=parent.witness_row + turn * _STEP)


def _keeps_key(facts: Facts, row: DraftRow, repeated: set[int]) -> bool:
    """Return whether a row chooses a composite key whose parents are all single."""
    schema = facts.tables[row.table].schema
    for group in schema.composite_keys:
        names = {name.casefold() for name in group}
        chosen = [parent for name, parent in row.parents.items() if name in names]
        if chosen and is_made_of_keys(schema, group) and not any(one.witness_row in repeated for one in chosen):
            return True
    return False
