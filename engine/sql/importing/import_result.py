"""The result of an import: a schema, the notes of the import, and the outcome of each statement."""

from __future__ import annotations

from dataclasses import dataclass

from engine.schema.models import ExperimentSchema
from engine.sql.importing.notes import ImportNote, StatementOutcome


@dataclass(frozen=True)
class Draft:
    """The schema of a script, with the notes of the import.

    `imported`, `imported_with_notes` and `skipped` count statements and add up to `statements`; `outcomes` lists them.
    """

    schema: ExperimentSchema
    notes: tuple[ImportNote, ...]
    dialect: str
    statements: int
    imported: int
    imported_with_notes: int
    skipped: int
    outcomes: tuple[StatementOutcome, ...] = ()
    unreferenced: frozenset[tuple[str, str]] = frozenset()
    """The columns, by table and name, whose foreign keys the script drops."""
