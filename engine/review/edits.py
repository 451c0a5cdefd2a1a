"""The changes of a review to the structure of its schema: each is one step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.errors import NotFoundError, did_you_mean
from engine.review import structure
from engine.review.structure import Data, NewColumn
from engine.schema.models import ExperimentSchema, TableSchema

Place = tuple[str, str]
"""A column by its table's key and its own name; of a table the second is empty."""


class StructureEdits:
    """Changes to tables and columns; raises `WorkbenchError` and changes nothing when one is not possible."""

    def _restructure(
        self,
        name: str,
        change: Callable[[ExperimentSchema], Data],
        *,
        renamed: tuple[Place, str] | None = None,
    ) -> None:
        raise NotImplementedError

    def add_table(self, name: str, *, schema_name: str | None = None) -> str:
        """Add a table with a key as the last one, and return its key."""
        self._restructure(f"Add {name}", lambda schema: structure.add_table(schema, name, schema_name))
        return f"{schema_name}.{name}" if schema_name else name

    def rename_table(self, table: str, name: str) -> str:
        """Rename a table and return its key; references and expressions follow."""
        prefix, dot, _ = table.rpartition(".")
        new = f"{prefix}{dot}{name}"
        self._restructure(
            f"Rename {table}",
            lambda schema: structure.rename_table(schema, find_table(schema, table), name),
            renamed=((table, ""), new),
        )
        return new

    def move_table(self, table: str, position: int) -> None:
        """Move a table to a position, from 0."""
        self._restructure(
            f"Move {table}", lambda schema: structure.move_table(schema, find_table(schema, table), position)
        )

    def drop_table(self, table: str) -> None:
        """Remove a table; raises `ConflictError` with what refers to it."""
        self._restructure(f"Drop {table}", lambda schema: structure.drop_table(schema, find_table(schema, table)))

    def add_columns(self, table: str, columns: Sequence[NewColumn] | str) -> None:
        """Add columns at the end of a table; names suggest the types, references and rules they leave open.

        As a text: `email, price DECIMAL(12,2), note VARCHAR(40) NULL`.
        """
        columns = structure.read_columns(columns) if isinstance(columns, str) else columns
        names = ", ".join(column.name for column in columns)
        self._restructure(
            f"Add {names}", lambda schema: structure.add_columns(schema, find_table(schema, table), columns)
        )

    def rename_column(self, table: str, column: str, name: str) -> None:
        """Rename a column; keys, references and expressions follow."""
        self._restructure(
            f"Rename {table}.{column}",
            lambda schema: structure.rename_column(schema, find_table(schema, table), column, name),
            renamed=((table, column), name),
        )

    def move_column(self, table: str, column: str, position: int) -> None:
        """Move a column to a position in its table, from 0."""
        self._restructure(
            f"Move {table}.{column}",
            lambda schema: structure.move_column(schema, find_table(schema, table), column, position),
        )

    def drop_column(self, table: str, column: str) -> None:
        """Remove a column; raises `ConflictError` with what refers to it."""
        self._restructure(
            f"Drop {table}.{column}",
            lambda schema: structure.drop_column(schema, find_table(schema, table), column),
        )


def find_table(schema: ExperimentSchema, name: str) -> TableSchema:
    """Return a table of the schema; raises `NotFoundError`."""
    try:
        return schema.table(name)
    except KeyError:
        hint = did_you_mean(name, [table.key for table in schema.tables])
        raise NotFoundError(f'There is no table "{name}".', hint=hint) from None
