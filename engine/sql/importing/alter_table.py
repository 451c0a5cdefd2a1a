"""ALTER TABLE and COMMENT ON: what they change about a table that the script has created.

Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
Snowflake: https://docs.snowflake.com/en/sql-reference/sql/alter-table
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.sql.importing.column_types import read_type
from engine.sql.importing.columns import note_name, note_type, read_column
from engine.sql.importing.constraints import is_constraint, read_constraint
from engine.sql.importing.cursor import Cursor, items_of, text_of
from engine.sql.importing.drafts import ColumnDraft, TableDraft
from engine.sql.importing.dropped_constraints import drop_constraint, is_dropped_constraint, rename_constraint
from engine.sql.importing.identifiers import Identifier, read_identifier, read_object_name
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.script import Context
from engine.sql.importing.tokens import Token

_VERBS = ("ADD", "DROP", "RENAME", "ALTER", "MODIFY", "SET", "SWAP")


def read_alter_table(cursor: Cursor, context: Context) -> None:
    """Read what follows ALTER TABLE and change the table; what is not kept or not understood is noted."""
    cursor.accept("IF", "EXISTS")
    cursor.accept("ONLY")
    name = context.read_name(cursor)
    if name is None:
        return context.skip("ALTER TABLE names no table.")
    table = context.script.find(name, within=context.script.schema)
    context = context.of(table.key if table else name.key)
    if table is None:
        return context.skip(f"The script does not create {name.key} before.")
    reader = _Alteration(table, context)
    if reader.read(cursor.rest):
        return reader.omissions.note(context)
    return context.skip(f"ALTER TABLE: it does not change the data ({text_of(cursor.rest)}).")


def read_comment(cursor: Cursor, context: Context) -> None:
    """Read what follows COMMENT: `ON TABLE name IS '...'`, `ON COLUMN table.column IS '...'`."""
    cursor.accept("IF", "EXISTS")
    cursor.accept("ON")
    kind = cursor.accept_any(("TABLE", "COLUMN"))
    name = read_object_name(cursor, context.dialect, context.script.variables) if kind else None
    if name is None:
        return context.skip("COMMENT: only comments of tables and columns are kept.")
    column = name.table if kind == "COLUMN" else None
    if column is not None and name.schema is not None:
        name = replace(name, table=name.schema, schema=name.database, database=None)
    table = context.script.find(name, within=context.script.schema)
    cursor.accept("IS")
    text = cursor.accept_string()
    if table is None:
        return context.of(name.key).skip(f"COMMENT: the script does not create {name.key} before.")
    if column is None:
        table.comment = text or None
    elif (draft := table.column(column.folded)) is not None:
        table.change_column(replace(draft, comment=text or None))
    else:
        return context.of(table.key).skip(f"COMMENT: {table.key} has no column {column.name}.")
    return None


class _Alteration:
    def __init__(self, table: TableDraft, context: Context) -> None:
        self._table = table
        self._context = context
        self.omissions = Omissions()

    def read(self, tokens: Sequence[Token]) -> bool:
        """Apply the actions; an action without a verb repeats the one before. False when none applies."""
        verb = ""
        applied = False
        for item in items_of(tokens):
            cursor = Cursor(item)
            verb = cursor.accept_any(_VERBS) or verb
            applied = self._act(verb, cursor, item) or applied
        return applied

    def _act(self, verb: str, cursor: Cursor, item: Sequence[Token]) -> bool:
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
                self.omissions.add(Kind.SETTING, item[0].line, text_of(item))
                return False

    def _swap(self, cursor: Cursor) -> bool:
        """Exchange what two tables hold, but for their names.

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
        if cursor.accept("IF", "NOT", "EXISTS") and self._present(cursor) is not None:
            name = cursor.peek()
            self.omissions.add(Kind.SETTING, cursor.line, f"ADD COLUMN {name.text if name else ''} (it exists)")
            return True
        group = cursor.accept_group()
        items = [cursor.rest] if group is None else items_of(group)
        added = [read_column(item, self._table, self._context, self.omissions) for item in items if item]
        return any(column is not None for column in added)

    def _present(self, cursor: Cursor) -> ColumnDraft | None:
        token = cursor.peek()
        return self._table.column(token.value.casefold()) if token is not None else None

    def _drop(self, cursor: Cursor) -> bool:
        if is_dropped_constraint(cursor, self._table):
            return drop_constraint(cursor, self._table, self._context)
        cursor.accept("COLUMN")
        cursor.accept("IF", "EXISTS")
        column = self._named(cursor)
        if column is None:
            return False
        if len(self._table.columns) == 1:
            message = f"{column.identifier.name} stays: a table has at least one column."
            self._context.note("warning", message, line=cursor.line)
            return True
        self._table.drop_column(column)
        return True

    def _rename(self, cursor: Cursor) -> bool:
        if cursor.accept("TO"):
            return self._rename_table(cursor)
        if cursor.accept("CONSTRAINT"):
            return rename_constraint(cursor, self._table, self._context)
        cursor.accept("COLUMN")
        column = self._named(cursor)
        cursor.accept("TO")
        name_after = read_identifier(cursor, self._context.dialect)
        if column is None or name_after is None:
            return False
        if self._table.column(name_after.folded) not in (None, column):
            self._context.note("warning", f'There is a column "{name_after.name}" already.', line=cursor.line)
            return True
        note_name(name_after, self._context)
        self._rename_column(column, name_after)
        return True

    def _rename_table(self, cursor: Cursor) -> bool:
        name = self._context.read_name(cursor)
        if name is None:
            return False
        name = replace(name, schema=name.schema or self._table.name.schema)
        if self._context.script.tables.get(name.key.casefold()) not in (None, self._table):
            message = f"It keeps its name: there is a table {name.key} already."
            self._context.note("warning", message, line=cursor.line)
            return True
        self._context.script.rename(self._table, name)
        return True

    def _rename_column(self, column: ColumnDraft, name: Identifier) -> None:
        old = column.identifier.folded
        table = self._table
        table.rename_column(column, name)

        def renamed(names: tuple[Identifier, ...]) -> tuple[Identifier, ...]:
            return tuple(name if part.folded == old else part for part in names)

        table.keys = [replace(key, columns=renamed(key.columns)) for key in table.keys]
        table.references = [replace(key, columns=renamed(key.columns)) for key in table.references]
        for other in self._context.script.tables.values():
            other.references = [
                replace(key, references=renamed(key.references))
                if self._context.script.find(key.table, within=other.name.schema) is table
                else key
                for key in other.references
            ]

    def _alter(self, cursor: Cursor) -> bool:
        if (group := cursor.accept_group()) is not None:
            applied = [self._alter(Cursor(item)) for item in items_of(group)]
            return any(applied)
        cursor.accept("COLUMN")
        if cursor.word() in ("DISTSTYLE", "DISTKEY", "SORTKEY", "COMPOUND", "ENCODE", "INTERLEAVED"):
            return False
        column = self._named(cursor)
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

    def _named(self, cursor: Cursor) -> ColumnDraft | None:
        """Take the name of a column; None, with a note, when the table has none of it."""
        line = cursor.line
        name = read_identifier(cursor, self._context.dialect)
        column = self._table.column(name.folded) if name is not None else None
        if name is not None and column is None:
            self._context.note("warning", f"There is no column {name.name} to change.", line=line)
        return column
