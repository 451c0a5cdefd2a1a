"""The notes of an import for people: equal notes together, what changes the data first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.sql.importing.notes import ImportNote, Level

_ORDER: tuple[Level, ...] = ("warning", "skipped", "info")
_NAMED_PLACES = 3


@dataclass(frozen=True)
class NoteGroup:
    """Notes with the same message and level, in the order of their lines."""

    level: Level
    message: str
    notes: tuple[ImportNote, ...]

    @property
    def has_lines(self) -> bool:
        """Whether the notes are about lines of the script, not about the script as a whole."""
        return self.notes[0].line > 0

    @property
    def place(self) -> str:
        """Where it is for display: `line 12, orders`; `lines 3, 17, 66 and 5 more` for several notes."""
        if len(self.notes) == 1:
            return self.notes[0].place
        places = list(dict.fromkeys(str(note.line) if note.line else note.object for note in self.notes))
        places = [place for place in places if place]
        rest = len(places) - _NAMED_PLACES
        more = f" and {rest} more" if rest > 0 else ""
        word = "lines " if self.has_lines and len(places) > 1 else "line " if self.has_lines else ""
        return f"{word}{', '.join(places[:_NAMED_PLACES])}{more}"


def group_notes(notes: Iterable[ImportNote]) -> tuple[NoteGroup, ...]:
    """Return the notes by message: warnings first, then skipped statements; notes on the whole script before lines."""
    groups: dict[tuple[Level, str, bool], list[ImportNote]] = {}
    for note in notes:
        groups.setdefault((note.level, note.message, note.line > 0), []).append(note)
    found = [NoteGroup(level, message, tuple(members)) for (level, message, _), members in groups.items()]
    return tuple(sorted(found, key=lambda group: (_ORDER.index(group.level), group.notes[0].line)))
