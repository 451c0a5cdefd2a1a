"""Notes of an import with their lines, and the outcome of each statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["info", "warning", "skipped"]
Outcome = Literal["imported", "with notes", "skipped"]


@dataclass(frozen=True)
class ImportNote:
    """One thing an import dropped, changed, guessed or ignored.

    `info` does not change the data, `warning` does or may, `skipped` is the reason a statement created no table.
    `object` is the table, `table.column` or other object it is about, empty for none. `line` is 0 for a note on the
    script as a whole.
    """

    line: int
    object: str
    level: Level
    message: str

    @property
    def place(self) -> str:
        """The line and the object for display: `line 12, orders`."""
        return ", ".join(part for part in (f"line {self.line}" if self.line else "", self.object) if part)


@dataclass(frozen=True)
class StatementOutcome:
    """The outcome of one statement: its first and last line, its first words, and its notes."""

    line: int
    last_line: int
    title: str
    outcome: Outcome
    notes: tuple[ImportNote, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where something is declared: statement number, line, and object name."""

    statement: int
    line: int
    object: str


@dataclass
class ImportLog:
    """The notes of an import, grouped by statement."""

    _notes: list[tuple[int, ImportNote]] = field(default_factory=list)
    _topics: set[str] = field(default_factory=set)

    def add(self, place: Place, level: Level, message: str) -> None:
        """Add a note."""
        self._notes.append((place.statement, ImportNote(place.line, place.object, level, message)))

    def add_once(self, place: Place, level: Level, message: str, *, topic: str) -> None:
        """Add a note on the whole script, at its first occurrence only."""
        if topic not in self._topics:
            self._topics.add(topic)
            self.add(place, level, message)

    @property
    def notes(self) -> tuple[ImportNote, ...]:
        """All notes in line order."""
        return tuple(sorted((note for _, note in self._notes), key=lambda note: note.line))

    def group_by_statement(self) -> dict[int, list[ImportNote]]:
        """Return the notes by statement number."""
        notes: dict[int, list[ImportNote]] = {}
        for statement, note in self._notes:
            notes.setdefault(statement, []).append(note)
        return notes
