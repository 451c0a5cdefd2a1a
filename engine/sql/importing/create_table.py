"""CREATE TABLE in every form of the dialects: with columns, LIKE, CLONE, or from a query.

The body is read item by item, so that unknown syntax costs only its own item. Storage settings after the body are
parsed so that a note can list what is ignored.
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
Snowflake: https://docs.snowflake.com/en/sql-reference/sql/create-table
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from engine.sql.importing.columns import note_name, note_type, read_column
from engine.sql.importing.constraints import is_constraint, read_constraint
from engine.sql.importing.cursor import Cursor, join_tokens, split_items
from engine.sql.importing.identifiers import make_identifier, read_object_name
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.query_columns import QueryColumn, infer_query_columns
from engine.sql.importing.script_state import Context
from engine.sql.importing.table_drafts import ColumnDraft, TableDraft
from engine.sql.importing.table_settings import read_setting
from engine.sql.importing.tokens import Token, TokenKind

MODIFIERS = frozenset(
    "TEMP TEMPORARY LOCAL GLOBAL VOLATILE TRANSIENT HYBRID EXTERNAL DYNAMIC ICEBERG UNLOGGED IMMUTABLE MANAGED "
    "INTERACTIVE PERMANENT".split()
)
_PLAIN_MODIFIERS = frozenset({"TRANSIENT", "HYBRID", "UNLOGGED", "LOCAL", "GLOBAL", "VOLATILE", "PERMANENT"})


@dataclass(frozen=True)
class Creation:
    """The options before the word TABLE."""

    replaces: bool
    modifiers: frozenset[str]


def read_create_table(cursor: Cursor, context: Context, creation: Creation, text: str) -> None:
    """Read the rest of CREATE ... TABLE into a table of the script; `text` is the script, to cut a query from."""
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = context.read_name(cursor)
    if name is None:
        return context.skip(f'CREATE TABLE has no valid table name: "{join_tokens(cursor.rest)}".')
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS") or if_not_exists
    script = context.script
    is_temporary = bool(creation.modifiers & {"TEMP", "TEMPORARY"}) or name.table.name.startswith("#")
    if name.schema is None and not is_temporary:
        name = replace(name, schema=script.schema)
    context = context.for_object(name.key)
    existing = script.tables.get(name.key.casefold())
    if existing is not None and not creation.replaces:
        first = f"the one at line {existing.place.line} is used"
        what = "already exists" if if_not_exists else "is created twice"
        return context.skip(f"{name.key} {what}; {first}.")
    table = TableDraft(name, context.place())
    reader = _TableReader(cursor, table, context, text, replaced=existing)
    if reason := reader.read():
        return context.skip(reason)
    note_name(name.table, context, is_column=False)
    if existing is not None:
        context.note("info", f"Replaces the {name.key} at line {existing.place.line}.")
    _note_modifiers(creation, context)
    reader.omissions.note(context)
    if cursor.has_unclosed_group:
        context.note("warning", "Unclosed parenthesis; it is closed at the end of the statement.")
    return script.add(table)


def read_select_into(tokens: list[Token], into: int, context: Context, text: str) -> None:
    """Read `SELECT ... INTO [TEMP] table FROM ...` as a CREATE TABLE AS.

    https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_INTO.html
    """
    cursor = Cursor(tokens[into + 1 :])
    modifiers = frozenset({"TEMP"}) if cursor.accept_any(("TEMP", "TEMPORARY")) else frozenset[str]()
    cursor.accept("TABLE")
    named = cursor.rest
    if read_object_name(cursor, context.dialect) is None:
        return context.skip("SELECT INTO has no valid table name.")
    rest = cursor.rest
    end = rest[0].start if rest else tokens[-1].end
    blank = " " * (end - tokens[into].start)
    query = text[: tokens[into].start] + blank + text[end:]
    start = Token(TokenKind.WORD, "AS", 0, 0, tokens[0].line)
    reordered = [*named[: len(named) - len(rest)], start, *tokens[:into], *rest]
    return read_create_table(Cursor(reordered), context, Creation(replaces=False, modifiers=modifiers), query)


def _note_modifiers(creation: Creation, context: Context) -> None:
    special = sorted(creation.modifiers - _PLAIN_MODIFIERS)
    if special:
        kind = " ".join(special).lower()
        context.note("info", f"This {kind} table is imported as an ordinary table.")


class _TableReader:
    def __init__(
        self, cursor: Cursor, table: TableDraft, context: Context, text: str, *, replaced: TableDraft | None
    ) -> None:
        self._cursor = cursor
        self._table = table
        self._context = context
        self._text = text
        self._replaced = replaced
        self._names: list[Token] = []
        self._has_settings = False
        self.omissions = Omissions()

    def read(self) -> str:
        """Read the table; return the reason it cannot be imported, or an empty string."""
        while not self._cursor.is_done:
            reason = self._read_part()
            if reason is not None:
                return reason
        return "" if self._table.columns else "It has no columns."

    def _read_part(self) -> str | None:
        """Read one part; return None to continue, or the reason to stop (empty when the table is complete)."""
        cursor = self._cursor
        if cursor.is_symbol("(") and not self._table.columns and not self._has_settings:
            return self._read_body(cursor.accept_group() or [])
        self._has_settings = True
        if cursor.accept("LIKE"):
            return self._copy_columns("LIKE")
        if cursor.accept("CLONE"):
            return self._copy_columns("CLONE")
        if cursor.is_ahead("AS") or cursor.is_ahead("SELECT"):
            cursor.accept("AS")
            return self._read_query(cursor.rest)
        if cursor.accept("USING", "TEMPLATE"):
            return "Its columns come from files (USING TEMPLATE), which the import cannot read."
        if cursor.accept("PARTITIONED", "BY"):
            return self._read_partitions()
        if cursor.accept("COMMENT"):
            cursor.accept_symbol("=")
            self._table.comment = cursor.accept_string() or self._table.comment
            return None
        if not read_setting(cursor, self.omissions, self._context.dialect) and (token := cursor.take()):
            self.omissions.add(Kind.UNKNOWN, token.line, token.text)
        return None

    def _read_body(self, group: list[Token]) -> str | None:
        if group and group[0].upper in ("SELECT", "WITH"):
            return self._read_query(group)
        items = split_items(group)
        if items and all(len(item) == 1 for item in items) and self._has_query_ahead():
            self._names = [item[0] for item in items]
            return None
        for item in items:
            reason = self._read_item(item)
            if reason:
                return reason
        return None

    def _has_query_ahead(self) -> bool:
        return any(token.upper in ("AS", "SELECT") for token in self._cursor.rest)

    def _read_item(self, item: list[Token]) -> str | None:
        if item[0].upper == "LIKE" and len(item) > 1:
            cursor = Cursor(item[1:])
            return self._copy_columns("LIKE", cursor)
        if is_constraint(item):
            read_constraint(item, self._table, self._context, self.omissions)
        else:
            read_column(item, self._table, self._context, self.omissions)
        return None

    def _copy_columns(self, verb: str, cursor: Cursor | None = None) -> str | None:
        """Copy the columns of another table, and its keys except for LIKE in Redshift."""
        cursor = cursor or self._cursor
        line = cursor.line
        name = self._context.read_name(cursor)
        source = self._context.script.find(name, within=self._table.name.schema) if name else None
        if source is None:
            named = name.key if name else "a table"
            return f"{verb} uses {named}, which is not created earlier in the script."
        while cursor.accept_any(("INCLUDING", "EXCLUDING", "DEFAULTS", "ALL", "AT", "BEFORE")):
            cursor.accept_group()
        place = self._context.place(line)
        self._table.copy_columns(source.columns, place, self._context.log)
        if verb == "CLONE" or self._context.dialect == "snowflake":
            self._table.keys += [replace(key, place=place) for key in source.keys]
            self._table.references += [replace(key, place=place) for key in source.references]
            self._table.checks += [replace(check, place=place) for check in source.checks]
            self._table.comment = self._table.comment or source.comment
        return None

    def _read_partitions(self) -> str | None:
        """Add the partition columns of an external table to its columns."""
        for item in split_items(self._cursor.accept_group() or []):
            if len(item) > 1:
                read_column(item, self._table, self._context, self.omissions)
        return None

    def _read_query(self, tokens: Sequence[Token]) -> str:
        """Infer the columns from the query when none are declared; the table is complete after it."""
        if not tokens:
            return "CREATE TABLE AS has no query."
        query = self._text[tokens[0].start : tokens[-1].end]
        found = infer_query_columns(query, self._context.script, self._table.name.schema)
        has_columns = bool(self._table.columns)
        if has_columns and self._replaced is None:
            return ""
        if isinstance(found, str):
            return found
        if self._replaced is not None and not all(column.is_resolved for column in found):
            unknown = ", ".join(column.identifier.name for column in found if not column.is_resolved)
            line = self._replaced.place.line
            return f"Its query has unknown columns ({unknown}); the {self._table.key} at line {line} is used."
        if has_columns:
            return ""
        for column, token in zip_longest(found, self._names[: len(found)]):
            self._add_column(column, token, tokens[0].line)
        names = ", ".join(column.identifier.name for column in self._table.columns)
        message = f"Columns and types inferred from the query: {names}."
        self._context.note("info", message if len(message) <= 300 else f"{message[:297]}...")
        return ""

    def _add_column(self, column: QueryColumn, token: Token | None, line: int) -> None:
        """Add a column of the query, renamed if the statement names it."""
        name = replace(column.identifier, line=line)
        if token is not None and token.kind in (TokenKind.WORD, TokenKind.QUOTED):
            name = make_identifier(token, self._context.dialect)
        note_name(name, self._context)
        note_type(column.type, self._context, line, name.name)
        place = self._context.place(line, name.name)
        self._table.add_column(ColumnDraft(name, column.type, place), self._context.log)
