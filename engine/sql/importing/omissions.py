"""What a CREATE or ALTER TABLE says that the schema does not keep, gathered into one note for each kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from engine.sql.importing.notes import Level
from engine.sql.importing.script import Context


class Kind(Enum):
    """A kind of omission; its value is what the note says."""

    SETTING = "Not kept, as it does not change the data: {}."
    DEFAULT = "DEFAULT is not kept, as generated rows have their own values: {}."
    POLICY = "Policies and tags are not kept: {}."
    COLLATE = "COLLATE is not kept, so comparisons tell upper from lower case: {}."
    CHECK = "CHECK is not kept; generated data may break it: {}."
    COMPUTED = "The formula is not kept; the values are generated like any other: {}."
    UNKNOWN = "Not understood and left out: {}."


_WARNINGS = frozenset({Kind.COLLATE, Kind.CHECK, Kind.COMPUTED, Kind.UNKNOWN})


@dataclass
class Omissions:
    """The omissions of one statement."""

    _found: dict[Kind, tuple[int, list[str]]] = field(default_factory=dict)

    def add(self, kind: Kind, line: int, what: str) -> None:
        """Remember one thing that is not kept; saying it twice changes nothing."""
        _, named = self._found.setdefault(kind, (line, []))
        if what not in named:
            named.append(what)

    def note(self, context: Context) -> None:
        """Write one note for each kind, at the line of its first omission."""
        for kind, (line, named) in self._found.items():
            level: Level = "warning" if kind in _WARNINGS else "info"
            context.note(level, kind.value.replace("{}", ", ".join(named)), line=line)
