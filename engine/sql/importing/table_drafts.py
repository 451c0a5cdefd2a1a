"""Drafts of tables, before their keys and foreign keys are resolved.

Later statements (ALTER TABLE, COMMENT ON) change a draft; whether a referenced table exists and which of its columns
are unique is known only at the end of the script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from engine.errors import SqlImportError
from engine.schema.fields import Cell
from engine.schema.limits import MAX_COLUMNS
from engine.sql.importing.column_types import ColumnType
from engine.sql.importing.identifiers import Identifier, ObjectName
from engine.sql.importing.notes import ImportLog, Place
from engine.sql.importing.tokens import Token


@dataclass(frozen=True)
class ColumnDraft:
    """One column and where it is declared."""

    identifier: Identifier
    type: ColumnType
    place: Place
    required: bool = False
    comment: str | None = None
    formula: tuple[Token, ...] = ()
    """The formula of a computed column; empty for other columns."""
    default: tuple[Token, ...] = ()
    numbering: tuple[int, int] | None = None
    """Start and step of an identity column."""


@dataclass(frozen=True)
class CheckDraft:
    """The condition of a CHECK, without its parentheses."""

    tokens: tuple[Token, ...]
    place: Place
    constraint: str = ""
    """The folded constraint name; empty when the script gives none."""


@dataclass(frozen=True)
class KeyDraft:
    """A primary key or a unique constraint."""

    is_primary: bool
    columns: tuple[Identifier, ...]
    place: Place
    constraint: str = ""
    """The folded constraint name; empty when the script gives none."""


@dataclass(frozen=True)
class ReferenceDraft:
    """A foreign key; without `references` it means the primary key of the table."""

    columns: tuple[Identifier, ...]
    table: ObjectName
    references: tuple[Identifier, ...]
    place: Place
    constraint: str = ""
    """The folded constraint name; empty when the script gives none."""


@dataclass(frozen=True, slots=True)
class InsertedRow:
    """One row of an INSERT: its line, and its cells by folded column; the rules fill columns without a cell."""

    line: int
    cells: dict[str, Cell]


@dataclass
class TableDraft:
    """One table of the script."""

    name: ObjectName
    place: Place
    columns: list[ColumnDraft] = field(default_factory=list)
    keys: list[KeyDraft] = field(default_factory=list)
    references: list[ReferenceDraft] = field(default_factory=list)
    checks: list[CheckDraft] = field(default_factory=list)
    comment: str | None = None
    unreferenced: set[str] = field(default_factory=set)
    """The folded columns whose foreign keys the script drops; no suggestion may add them again."""
    rows: list[InsertedRow] = field(default_factory=list)
    """The rows that the script inserts, in order."""
    inserts: list[Place] = field(default_factory=list)
    """The place of the first INSERT."""
    _position_of: dict[str, int] | None = None

    @property
    def key(self) -> str:
        """`schema.table` or `table`, as in the schema."""
        return self.name.key

    def column(self, folded: str) -> ColumnDraft | None:
        """Return the column of that folded name, or None."""
        position = self._index_columns().get(folded)
        return None if position is None else self.columns[position]

    def add_column(self, column: ColumnDraft, log: ImportLog) -> None:
        """Add a column; ignore a second one of the same name, with a note.

        Raises `SqlImportError` for more columns than a schema allows, before the rest is read.
        """
        positions = self._index_columns()
        if column.identifier.folded in positions:
            log.add(column.place, "warning", _DUPLICATE.format(column.identifier.name))
            return
        if len(self.columns) == MAX_COLUMNS:
            raise SqlImportError(
                f"{self.place.object} has more than {MAX_COLUMNS:,} columns, the maximum for a table.",
                where=f"line {self.place.line}",
                hint="Remove columns.",
            )
        positions[column.identifier.folded] = len(self.columns)
        self.columns.append(column)

    def change_column(self, column: ColumnDraft) -> None:
        """Replace the column of the same name."""
        position = self._index_columns().get(column.identifier.folded)
        if position is not None:
            self.columns[position] = column

    def drop_column(self, column: ColumnDraft) -> None:
        """Remove a column."""
        del self.columns[self._index_columns()[column.identifier.folded]]
        for row in self.rows:
            row.cells.pop(column.identifier.folded, None)
        self._position_of = None

    def rename_column(self, column: ColumnDraft, identifier: Identifier) -> None:
        """Rename a column without moving it."""
        position = self._index_columns()[column.identifier.folded]
        self.columns[position] = replace(column, identifier=identifier)
        for row in self.rows:
            if column.identifier.folded in row.cells:
                row.cells[identifier.folded] = row.cells.pop(column.identifier.folded)
        self._position_of = None

    def swap(self, other: TableDraft) -> None:
        """Swap columns, keys, rows and comment with another table."""
        for name in ("columns", "keys", "references", "checks", "comment", "rows", "inserts"):
            mine, its = getattr(self, name), getattr(other, name)
            setattr(self, name, its)
            setattr(other, name, mine)
        self._position_of = other._position_of = None

    def copy_columns(self, columns: Sequence[ColumnDraft], place: Place, log: ImportLog) -> None:
        """Add the columns of another table, declared at `place`."""
        for column in columns:
            self.add_column(replace(column, place=place), log)

    def _index_columns(self) -> dict[str, int]:
        """Return the position of each column by its folded name."""
        if self._position_of is None:
            self._position_of = {column.identifier.folded: index for index, column in enumerate(self.columns)}
        return self._position_of


_DUPLICATE = 'Second column "{}" ignored: names must differ in more than case.'
