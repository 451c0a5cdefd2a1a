"""Parts of a CREATE or ALTER TABLE that the import ignores, reported in one note per kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from engine.sql.importing.notes import Level
from engine.sql.importing.script_state import Context


class Kind(Enum):
    """A kind of omission; its value is the text of the note."""

    SETTING = "Ignored, as it does not change the data: {}."
    POLICY = "Policies and tags ignored: {}."
    COLLATE = "COLLATE ignored, so comparisons are case-sensitive: {}."
    UNKNOWN = "Unknown syntax ignored: {}."


_WARNINGS = frozenset({Kind.COLLATE, Kind.UNKNOWN})


@dataclass
class Omissions:
    """The omissions of one statement."""

    _found: dict[Kind, tuple[int, list[str]]] = field(default_factory=dict)

    def add(self, kind: Kind, line: int, part: str) -> None:
        """Record one omission; repeated ones count once."""
        _, named = self._found.setdefault(kind, (line, []))
        if part not in named:
            named.append(part)

    def note(self, context: Context) -> None:
        """Add one note per kind, at the line of its first omission."""
        for kind, (line, named) in self._found.items():
            level: Level = "warning" if kind in _WARNINGS else "info"
            context.note(level, kind.value.replace("{}", ", ".join(named)), line=line)
