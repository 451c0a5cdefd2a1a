"""Tables as a script declares them, before keys and references are settled.

A draft is changed by later statements (ALTER TABLE, COMMENT ON); only at the end of the script is it known whether a
referenced table exists and which of its columns are unique.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.errors import SqlImportError
from engine.schema.limits import MAX_COLUMNS
from engine.sql.importing.column_types import ColumnType
from engine.sql.importing.identifiers import Identifier, ObjectName
from engine.sql.importing.notes import ImportLog, Place


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
    _position_of: dict[str, int] | None = None

    @property
    def key(self) -> str:
        """`schema.table` or `table`, as it will be in the schema."""
        return self.name.key

    def column(self, folded: str) -> ColumnDraft | None:
        """Return the column of that folded name."""
        position = self._positions().get(folded)
        return None if position is None else self.columns[position]

    def add_column(self, column: ColumnDraft, log: ImportLog) -> None:
        """Add a column; a second one of its name is left out with a note.

        Raises `SqlImportError` for more columns than a schema holds, before the rest of them is read.
        """
        positions = self._positions()
        if column.identifier.folded in positions:
            log.add(column.place, "warning", _TWICE.format(column.identifier.name))
            return
        if len(self.columns) == MAX_COLUMNS:
            raise SqlImportError(
                f"{self.place.object} has more than {MAX_COLUMNS:,} columns, the most a table has.",
                where=f"line {self.place.line}",
                hint="Leave out columns.",
            )
        positions[column.identifier.folded] = len(self.columns)
        self.columns.append(column)

    def change_column(self, column: ColumnDraft) -> None:
        """Put a changed column in the place of the one of its name."""
        position = self._positions().get(column.identifier.folded)
        if position is not None:
            self.columns[position] = column

    def drop_column(self, column: ColumnDraft) -> None:
        """Remove a column."""
        del self.columns[self._positions()[column.identifier.folded]]
        self._position_of = None

    def rename_column(self, column: ColumnDraft, identifier: Identifier) -> None:
        """Give a column another name, at its position."""
        position = self._positions()[column.identifier.folded]
        self.columns[position] = replace(column, identifier=identifier)
        self._position_of = None

    def swap(self, other: TableDraft) -> None:
        """Exchange the columns, the keys and the comment with another table."""
        for name in ("columns", "keys", "references", "comment"):
            mine, its = getattr(self, name), getattr(other, name)
            setattr(self, name, its)
            setattr(other, name, mine)
        self._position_of = other._position_of = None

    def copy_columns(self, columns: Sequence[ColumnDraft], place: Place, log: ImportLog) -> None:
        """Add the columns of another table, as declared here."""
        for column in columns:
            self.add_column(replace(column, place=place), log)

    def _positions(self) -> dict[str, int]:
        """Return the position of each column by its folded name."""
        if self._position_of is None:
            self._position_of = {column.identifier.folded: index for index, column in enumerate(self.columns)}
        return self._position_of


_TWICE = 'A second column named "{}" is left out: names must differ in more than case.'
