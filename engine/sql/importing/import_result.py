"""The result of an import: a schema, the notes of the import, and the outcome of each statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.schema.models import ExperimentSchema, TableSchema
from engine.sql.importing.declarations import Declaration
from engine.sql.importing.note_groups import NoteGroup, group_notes
from engine.sql.importing.notes import ImportLog, ImportNote, StatementOutcome


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
    declarations: tuple[Declaration, ...] = ()
    """What the script declares about values, which `engine.rules.declared` turns into rules."""
    unreferenced: frozenset[tuple[str, str]] = frozenset()
    """The columns, by table and name, whose foreign keys the script drops."""

    @property
    def note_groups(self) -> tuple[NoteGroup, ...]:
        """The notes with equal ones together, what changes the data first."""
        return group_notes(self.notes)

    def with_notes(self, log: ImportLog, schema: ExperimentSchema) -> Draft:
        """Return the draft with a schema made from its own, and the notes of how: also in the outcomes and warnings."""
        added = log.group_by_statement()
        outcomes = tuple(_add_notes(each, added.get(index, ())) for index, each in enumerate(self.outcomes))
        changed = sum(before.outcome != after.outcome for before, after in zip(self.outcomes, outcomes, strict=True))
        tables = [
            table.model_copy(update={"warnings": [*table.warnings, *found]})
            if (found := _list_warnings(table, log.notes))
            else table
            for table in schema.tables
        ]
        return replace(
            self,
            schema=schema.model_copy(update={"tables": tables}) if log.notes else schema,
            notes=tuple(sorted((*self.notes, *log.notes), key=lambda note: note.line)),
            outcomes=outcomes,
            imported=self.imported - changed,
            imported_with_notes=self.imported_with_notes + changed,
        )


def _add_notes(outcome: StatementOutcome, notes: Sequence[ImportNote]) -> StatementOutcome:
    if not notes:
        return outcome
    every = tuple(sorted((*outcome.notes, *notes), key=lambda note: note.line))
    kind = "with notes" if outcome.outcome == "imported" else outcome.outcome
    return replace(outcome, notes=every, outcome=kind)


def _list_warnings(table: TableSchema, notes: Sequence[ImportNote]) -> list[str]:
    places = {table.key, *(f"{table.key}.{column.name}" for column in table.columns)}
    return [f"{note.object}: {note.message}" for note in notes if note.level == "warning" and note.object in places]
