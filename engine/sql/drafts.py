"""Tables as a script declares them, before keys and references are settled.

A draft is changed by later statements (ALTER TABLE, COMMENT ON); only at the end of the script is it known whether a
referenced table exists and which of its columns are unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.sql.column_types import ColumnType
from engine.sql.identifiers import Identifier, ObjectName
from engine.sql.notes import ImportLog, Place


@dataclass(frozen=True)
class ColumnDraft:
    """One column and where it was declared."""

    identifier: Identifier
    type: ColumnType
    place: Place
    required: bool = False
    comment: str | None = None
    values: tuple[str, ...] = ()
    """The texts that a CHECK allows; empty for any."""


@dataclass(frozen=True)
class KeyDraft:
    """A primary key or a unique constraint."""

    is_primary: bool
    columns: tuple[Identifier, ...]
    place: Place
    constraint: str = ""
    """The folded name of its constraint; empty when the script gives none."""


@dataclass(frozen=True)
class ReferenceDraft:
    """A foreign key; without `references`, the primary key of the table is meant."""

    columns: tuple[Identifier, ...]
    table: ObjectName
    references: tuple[Identifier, ...]
    place: Place
    constraint: str = ""
    """The folded name of its constraint; empty when the script gives none."""


@dataclass
class TableDraft:
    """One table of the script."""

    name: ObjectName
    place: Place
    columns: list[ColumnDraft] = field(default_factory=list)
    keys: list[KeyDraft] = field(default_factory=list)
    references: list[ReferenceDraft] = field(default_factory=list)
    comment: str | None = None
    unreferenced: set[str] = field(default_factory=set)
    """The folded columns whose foreign keys the script drops, which no suggestion may bring back."""

    @property
    def key(self) -> str:
        """`schema.table` or `table`, as it will be in the schema."""
        return self.name.key

    def column(self, folded: str) -> ColumnDraft | None:
        """Return the column of that folded name."""
        return next((column for column in self.columns if column.identifier.folded == folded), None)

    def add_column(self, column: ColumnDraft, log: ImportLog) -> None:
        """Add a column; a second one of its name is left out with a note."""
        if self.column(column.identifier.folded) is not None:
            log.add(column.place, "warning", _TWICE.format(column.identifier.name))
            return
        self.columns.append(column)

    def change_column(self, column: ColumnDraft) -> None:
        """Put a changed column in the place of the one of its name."""
        for index, present in enumerate(self.columns):
            if present.identifier.folded == column.identifier.folded:
                self.columns[index] = column

    def swap(self, other: TableDraft) -> None:
        """Exchange the columns, the keys and the comment with another table."""
        for name in ("columns", "keys", "references", "comment"):
            mine, its = getattr(self, name), getattr(other, name)
            setattr(self, name, its)
            setattr(other, name, mine)

    def copy_columns(self, columns: Sequence[ColumnDraft], place: Place, log: ImportLog) -> None:
        """Add the columns of another table, as declared here."""
        for column in columns:
            self.add_column(replace(column, place=place), log)


_TWICE = 'A second column named "{}" is left out: names must differ in more than case.'
