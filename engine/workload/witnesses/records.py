"""A witness: rows of several tables that a query finds together, by their values and their references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.workload.records import Statement


@dataclass(frozen=True)
class Parent:
    """The parent that a foreign key references: another row of the witness, or a row of the table by its number."""

    witness_row: int | None = None
    number: int | None = None


@dataclass(frozen=True)
class WitnessRow:
    """One row of a table, or several alike, that the query finds with the other rows of the witness."""

    table: str
    values: Mapping[str, Any]
    """By column, as the schema spells it."""
    parents: Mapping[str, Parent]
    """By foreign key column, one of each key."""
    copies: int = 1
    """How many rows with these values the query needs, for HAVING COUNT(*) > 3."""
    repeats: int = 1
    """How often the row is repeated with other parents, which are repeated too, for further rows of the result."""
    is_drawn: bool = False
    """The query needs values that the rules draw in each row: another row with the same set values may differ."""


@dataclass(frozen=True)
class Witness:
    """Rows that make one statement find something."""

    statement: Statement
    rows: tuple[WitnessRow, ...]
    checked: bool
    """The query itself found rows among them, beside the first rows of each table."""


@dataclass(frozen=True)
class Unsolved:
    """Why no witness was found for a statement."""

    statement: Statement
    reason: str
    place: str | None = None
    """The table or column that stands in the way, if one is known."""
    next_attempt: int = 0
    """The number of the first attempt that was not made."""
    partial: Witness | None = None
    """The rows that could be placed of those that the query wants, where only keys stood in the way of the others."""


class NoWitnessError(Exception):
    """This attempt gives no witness: other branches or numbers of rows may."""

    def __init__(self, message: str, place: str | None = None) -> None:
        super().__init__(message)
        self.place = place


class UnsetKeyError(NoWitnessError):
    """The rows are known, but a foreign key of one cannot be set by a scenario."""
