"""What a load script knows of an export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.export.file_formats import TableFormat
from engine.export.layout import exported_columns
from engine.export.manifest import TableFiles
from engine.export.request import LoadNames
from engine.schema.models import ColumnSchema, TableSchema
from engine.sql.ddl_export import render_identifier, render_table_name


@dataclass(frozen=True)
class LoadTable:
    """A table to load, in the order of the script: its schema, its format and its files."""

    table: TableSchema
    form: TableFormat
    files: TableFiles

    @property
    def name(self) -> str:
        """The name of the table as `ddl.sql` writes it."""
        return render_table_name(self.table)

    @property
    def columns(self) -> list[ColumnSchema]:
        """The columns in the order of the files."""
        return exported_columns(self.table)

    @property
    def column_names(self) -> str:
        """The names of all columns as `ddl.sql` writes them."""
        return ", ".join(column_name(column) for column in self.columns)


@dataclass(frozen=True)
class LoadScript:
    """The text of `load.sql`, and further files that it needs by their names."""

    text: str
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class LoadContext:
    """All tables to load, the place of the files as this machine names it, and the names that were given.

    The place is empty if it is not known, as that of a zip file.
    """

    experiment: str
    tables: Sequence[LoadTable]
    place: str
    names: LoadNames


def column_name(column: ColumnSchema) -> str:
    """Return the name of a column as `ddl.sql` writes it."""
    return render_identifier(column.name, column.quoted)
