"""ALTER TABLE and COMMENT ON, applied to a table created earlier in the script.

Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
Snowflake: https://docs.snowflake.com/en/sql-reference/sql/alter-table
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.sql.importing.column_types import read_type
from engine.sql.importing.columns import note_name, note_type, read_column
from engine.sql.importing.constraints import is_constraint, read_constraint
from engine.sql.importing.cursor import Cursor, join_tokens, split_items
from engine.sql.importing.declarations import drop_checks_of, rename_in_checks
from engine.sql.importing.dropped_constraints import drop_constraint, is_dropped_constraint, rename_constraint
from engine.sql.importing.identifiers import Identifier, read_identifier, read_object_name
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.script_state import Context
from engine.sql.importing.table_drafts import ColumnDraft, TableDraft
from engine.sql.importing.tokens import Token

_VERBS = ("ADD", "DROP", "RENAME", "ALTER", "MODIFY", "SET", "SWAP")


def read_alter_table(cursor: Cursor, context: Context) -> None:
    """Read the rest of an ALTER TABLE and change the table; add a note for anything ignored."""
    cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    name = context.read_name(cursor)
    if name is None:
        return context.skip("ALTER TABLE has no table name.")
    table = context.script.find(name, within=context.script.schema)
    context = context.for_object(table.key if table else name.key)
    if table is None:
        return context.skip(f"{name.key} is not created earlier in the script.")
    reader = _Alteration(table, context)
    if reader.read(cursor.rest):
        return reader.omissions.note(context)
    return context.skip(f"ALTER TABLE ignored, as it does not change the data: {join_tokens(cursor.rest)}.")


def read_comment(cursor: Cursor, context: Context) -> None:
    """Read the rest of a COMMENT: `ON TABLE name IS '...'`, `ON COLUMN table.column IS '...'`."""
    cursor.accept("IF", "EXISTS")
    cursor.accept("ON")
    kind = cursor.accept_any(("TABLE", "COLUMN"))
    name = read_object_name(cursor, context.dialect, context.script.variables) if kind else None
    if name is None:
        return context.skip("COMMENT: only comments on tables and columns are imported.")
    column = name.table if kind == "COLUMN" else None
    if column is not None and name.schema is not None:
        name = replace(name, table=name.schema, schema=name.database, database=None)
    table = context.script.find(name, within=context.script.schema)
    cursor.accept("IS")
    text = cursor.accept_string()
    if table is None:
        return context.for_object(name.key).skip(f"COMMENT: {name.key} is not created earlier in the script.")
    if column is None:
        table.comment = text or None
    elif (draft := table.column(column.folded)) is not None:
        table.change_column(replace(draft, comment=text or None))
    else:
        return context.for_object(table.key).skip(f"COMMENT: {table.key} has no column {column.name}.")
    return None


class _Alteration:
    def __init__(self, table: TableDraft, context: Context) -> None:
        self._table = table
        self._context = context
        self.omissions = Omissions()

    def read(self, tokens: Sequence[Token]) -> bool:
        """Apply the actions and return whether any applied; an action without a verb repeats the previous verb."""
        verb = ""
        applied = False
        for item in split_items(tokens):
            cursor = Cursor(item)
            verb = cursor.accept_any(_VERBS) or verb
            applied = self._apply(verb, cursor, item) or applied
        return applied

    def _apply(self, verb: str, cursor: Cursor, item: Sequence[Token]) -> bool:
        match verb:
            case "ADD":
                return self._add(cursor)
            case "DROP":
                return self._drop(cursor)
            case "RENAME":
                return self._rename(cursor)
            case "SWAP":
                return self._swap(cursor)
            case "ALTER" | "MODIFY":
                return self._alter(cursor)
            case "SET" if cursor.accept("COMMENT"):
                cursor.accept_symbol("=")
                self._table.comment = cursor.accept_string() or None
                return True
            case _:
                self.omissions.add(Kind.SETTING, item[0].line, join_tokens(item))
                return False

    def _swap(self, cursor: Cursor) -> bool:
        """Swap two tables, except for their names.

        https://docs.snowflake.com/en/sql-reference/sql/alter-table
        """
        cursor.accept("WITH")
        name = self._context.read_name(cursor)
        script = self._context.script
        other = script.find(name, within=script.schema) if name else None
        if other is None:
            return False
        self._table.swap(other)
        return True

    def _add(self, cursor: Cursor) -> bool:
        if is_constraint(cursor.rest):
            read_constraint(cursor.rest, self._table, self._context, self.omissions)
            return True
        if cursor.word() in ("ROW", "SEARCH", "DATA", "PARTITION", "AGGREGATION", "STORAGE") and cursor.word(1) in (
            "ACCESS",
            "OPTIMIZATION",
            "METRIC",
            "POLICY",
            "IF",
            "LIFECYCLE",
        ):
            return False
        cursor.accept("COLUMN")
        if cursor.accept("IF", "NOT", "EXISTS") and self._peek_column(cursor) is not None:
            name = cursor.peek()
            self.omissions.add(Kind.SETTING, cursor.line, f"ADD COLUMN {name.text if name else ''} (already exists)")
            return True
        group = cursor.accept_group()
        items = [cursor.rest] if group is None else split_items(group)
        added = [read_column(item, self._table, self._context, self.omissions) for item in items if item]
        return any(column is not None for column in added)

    def _peek_column(self, cursor: Cursor) -> ColumnDraft | None:
        token = cursor.peek()
        return self._table.column(token.value.casefold()) if token is not None else None

    def _drop(self, cursor: Cursor) -> bool:
        if is_dropped_constraint(cursor, self._table):
            return drop_constraint(cursor, self._table, self._context)
        cursor.accept("COLUMN")
        cursor.accept("IF", "EXISTS")
        column = self._read_column_name(cursor)
        if column is None:
            return False
        if len(self._table.columns) == 1:
            message = f"{column.identifier.name} is not dropped: a table needs at least one column."
            self._context.note("warning", message, line=cursor.line)
            return True
        self._table.drop_column(column)
        drop_checks_of(self._table, column)
        return True

    def _rename(self, cursor: Cursor) -> bool:
        if cursor.accept("TO"):
            return self._rename_table(cursor)
        if cursor.accept("CONSTRAINT"):
            return rename_constraint(cursor, self._table, self._context)
        cursor.accept("COLUMN")
        column = self._read_column_name(cursor)
        cursor.accept("TO")
        new_name = read_identifier(cursor, self._context.dialect)
        if column is None or new_name is None:
            return False
        if self._table.column(new_name.folded) not in (None, column):
            self._context.note("warning", f'Not renamed: column "{new_name.name}" already exists.', line=cursor.line)
            return True
        note_name(new_name, self._context)
        self._rename_column(column, new_name)
        return True

    def _rename_table(self, cursor: Cursor) -> bool:
        name = self._context.read_name(cursor)
        if name is None:
            return False
        name = replace(name, schema=name.schema or self._table.name.schema)
        if self._context.script.tables.get(name.key.casefold()) not in (None, self._table):
            message = f"Not renamed: table {name.key} already exists."
            self._context.note("warning", message, line=cursor.line)
            return True
        self._context.script.rename(self._table, name)
        return True

    def _rename_column(self, column: ColumnDraft, name: Identifier) -> None:
        old = column.identifier.folded
        table = self._table
        table.rename_column(column, name)
        rename_in_checks(table, old, name)

        def rename(names: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
            return tuple(name if part.folded == old else part for part in names)

        table.keys = [replace(key, columns=rename(key.columns)) for key in table.keys]
        table.references = [replace(key, columns=rename(key.columns)) for key in table.references]
        for other in self._context.script.tables.values():
            other.references = [
                replace(key, references=rename(key.references))
                if self._context.script.find(key.table, within=other.name.schema) is table
                else key
                for key in other.references
            ]

    def _alter(self, cursor: Cursor) -> bool:
        if (group := cursor.accept_group()) is not None:
            applied = [self._alter(Cursor(item)) for item in split_items(group)]
            return any(applied)
        cursor.accept("COLUMN")
        if cursor.word() in ("DISTSTYLE", "DISTKEY", "SORTKEY", "COMPOUND", "ENCODE", "INTERLEAVED"):
            return False
        column = self._read_column_name(cursor)
        if column is None:
            return False
        _ = cursor.accept("SET", "DATA", "TYPE") or cursor.accept("TYPE") or cursor.accept("SET", "TYPE")
        if cursor.accept("SET", "NOT", "NULL") or cursor.accept("NOT", "NULL"):
            self._table.change_column(replace(column, required=True))
        elif cursor.accept("DROP", "NOT", "NULL"):
            self._table.change_column(replace(column, required=False))
        elif cursor.accept("COMMENT"):
            self._table.change_column(replace(column, comment=cursor.accept_string() or None))
        elif cursor.word() in ("SET", "UNSET", "DROP", "ENCODE", "ADD"):
            return False
        elif (column_type := read_type(cursor, self._context.dialect)) is not None:
            note_type(column_type, self._context, cursor.line, column.identifier.name)
            self._table.change_column(replace(column, type=column_type))
        else:
            return False
        return True

    def _read_column_name(self, cursor: Cursor) -> ColumnDraft | None:
        """Read a column name and return its column; None, with a note, when the table has no such column."""
        line = cursor.line
        name = read_identifier(cursor, self._context.dialect)
        column = self._table.column(name.folded) if name is not None else None
        if name is not None and column is None:
            self._context.note("warning", f"There is no column {name.name} to change.", line=line)
        return column
