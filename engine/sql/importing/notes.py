"""What an import tells its user: notes with their line, and how every statement of the script ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["info", "warning", "skipped"]
Outcome = Literal["imported", "with notes", "skipped"]


@dataclass(frozen=True)
class ImportNote:
    """One thing an import dropped, changed, guessed or left out.

    `info` changes nothing in the data, `warning` does or may, `skipped` says why a statement made no table. `object`
    is the table, `table.column` or other object it is about, empty when there is none. `line` is 0 for what the script
    as a whole suggests.
    """

    line: int
    object: str
    level: Level
    message: str

    @property
    def place(self) -> str:
        """The line and the object as a person reads them: `line 12, orders`."""
        return ", ".join(part for part in (f"line {self.line}" if self.line else "", self.object) if part)


@dataclass(frozen=True)
class StatementOutcome:
    """How one statement of the script ended: the lines it takes, its first words, and what there is to say about it."""

    line: int
    last_line: int
    title: str
    outcome: Outcome
    notes: tuple[ImportNote, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where something was declared: the number of its statement, its line, and the object's name."""

    statement: int
    line: int
    object: str


@dataclass
class ImportLog:
    """The notes of an import, each filed under its statement."""

    _notes: list[tuple[int, ImportNote]] = field(default_factory=list)
    _said_once: set[str] = field(default_factory=set)

    def add(self, place: Place, level: Level, message: str) -> None:
        """Add a note."""
        self._notes.append((place.statement, ImportNote(place.line, place.object, level, message)))

    def add_once(self, place: Place, level: Level, message: str, *, topic: str) -> None:
        """Add a note that holds for the whole script, at the first place only."""
        if topic not in self._said_once:
            self._said_once.add(topic)
            self.add(place, level, message)

    @property
    def notes(self) -> tuple[ImportNote, ...]:
        """All notes in the order of their lines."""
        return tuple(sorted((note for _, note in self._notes), key=lambda note: note.line))

    def by_statement(self) -> dict[int, list[ImportNote]]:
        """Return the notes by statement."""
        notes: dict[int, list[ImportNote]] = {}
        for statement, note in self._notes:
            notes.setdefault(statement, []).append(note)
        return notes
