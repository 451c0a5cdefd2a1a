"""Table constraints: primary, unique and foreign keys, with the properties of each dialect.

Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
Snowflake: https://docs.snowflake.com/en/sql-reference/sql/create-table-constraint
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.sql.importing.column_types import is_type_name
from engine.sql.importing.cursor import Cursor, join_tokens, split_items
from engine.sql.importing.identifiers import Identifier, read_identifier
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.script_state import Context
from engine.sql.importing.table_drafts import CheckDraft, KeyDraft, ReferenceDraft, TableDraft
from engine.sql.importing.tokens import Token

_PROPERTIES = (
    ("NOT", "ENFORCED"),
    ("ENFORCED",),
    ("NOT", "DEFERRABLE"),
    ("DEFERRABLE",),
    ("INITIALLY", "DEFERRED"),
    ("INITIALLY", "IMMEDIATE"),
    ("ENABLE",),
    ("DISABLE",),
    ("VALIDATE",),
    ("NOVALIDATE",),
    ("RELY",),
    ("NORELY",),
    ("MATCH", "FULL"),
    ("MATCH", "PARTIAL"),
    ("MATCH", "SIMPLE"),
    ("NOT", "VALID"),
)
_FIRST_WORDS = frozenset({words[0] for words in _PROPERTIES} | {"ON"})
_ACTIONS = (("CASCADE",), ("RESTRICT",), ("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT"))


def is_constraint(item: Sequence[Token]) -> bool:
    """Return whether an item in the body of CREATE TABLE is a constraint rather than a column."""
    cursor = Cursor(item)
    match cursor.word():
        case "CONSTRAINT":
            return not is_type_name(cursor.word(1)) or len(item) > 2
        case "PRIMARY" | "FOREIGN":
            return cursor.word(1) == "KEY"
        case "UNIQUE":
            return cursor.is_symbol("(", 1) or cursor.word(1) in ("KEY", "INDEX")
        case "CHECK":
            return cursor.is_symbol("(", 1)
        case "INDEX":
            return cursor.is_symbol("(", 2) and not is_type_name(cursor.word(1))
        case _:
            return False


def read_constraint(item: Sequence[Token], table: TableDraft, context: Context, omissions: Omissions) -> None:
    """Read one constraint into the table; add a note for unknown syntax."""
    cursor = Cursor(item)
    line = cursor.line
    constraint = ""
    if cursor.accept("CONSTRAINT"):
        cursor.accept("IF", "NOT", "EXISTS")
        if not is_constraint(cursor.rest) and (token := cursor.take()) is not None:
            constraint = token.value.casefold()
    if cursor.accept("FOREIGN", "KEY"):
        if cursor.word() != "":
            cursor.take()
        columns = read_columns(cursor, context)
        if columns and cursor.accept("REFERENCES"):
            read_reference(cursor, table, columns, context, line, constraint)
            return read_rest(cursor, context, omissions)
    elif cursor.accept("PRIMARY", "KEY") or cursor.accept("UNIQUE"):
        is_primary = item[0].upper == "PRIMARY" or "PRIMARY" in {token.upper for token in item[:4]}
        if cursor.accept_any(("KEY", "INDEX")) and cursor.word():
            cursor.take()
        if columns := read_columns(cursor, context):
            table.keys.append(KeyDraft(is_primary, columns, context.place(line), constraint))
            return read_rest(cursor, context, omissions)
    elif cursor.accept("CHECK"):
        if condition := cursor.accept_group():
            table.checks.append(CheckDraft(tuple(condition), context.place(line), constraint))
            return read_rest(cursor, context, omissions)
    elif cursor.is_ahead("INDEX"):
        return omissions.add(Kind.SETTING, line, "INDEX")
    return omissions.add(Kind.UNKNOWN, line, join_tokens(item))


def read_columns(cursor: Cursor, context: Context) -> tuple[Identifier, ...]:
    """Read the column names in parentheses; empty when no parenthesis comes next."""
    names = (read_identifier(Cursor(item), context.dialect) for item in split_items(cursor.accept_group() or []))
    return tuple(name for name in names if name is not None)


def read_reference(
    cursor: Cursor,
    table: TableDraft,
    columns: tuple[Identifier, ...],
    context: Context,
    line: int,
    constraint: str = "",
) -> None:
    """Read the rest of REFERENCES into a foreign key of the table, up to its properties."""
    name = context.read_name(cursor)
    if name is None:
        context.note("warning", "Foreign key ignored: it names no table.", line=line)
        return
    references = read_columns(cursor, context)
    table.references.append(ReferenceDraft(columns, name, references, context.place(line), constraint))


def read_property(cursor: Cursor, omissions: Omissions) -> bool:
    """Read one property of a constraint, such as NOT ENFORCED or ON DELETE CASCADE; False when there is none."""
    if cursor.word() not in _FIRST_WORDS:
        return False
    line = cursor.line
    for words in _PROPERTIES:
        if cursor.accept(*words):
            omissions.add(Kind.SETTING, line, " ".join(words))
            return True
    for event in ("DELETE", "UPDATE"):
        if cursor.accept("ON", event):
            omissions.add(Kind.SETTING, line, f"ON {event}")
            return any(cursor.accept(*action) for action in _ACTIONS) or True
    return False


def read_rest(cursor: Cursor, context: Context, omissions: Omissions) -> None:
    """Read the properties and comment of a constraint; add a note for the rest."""
    while not cursor.is_done:
        if read_property(cursor, omissions):
            continue
        if cursor.accept("COMMENT"):
            cursor.accept_symbol("=")
            cursor.accept_string()
            omissions.add(Kind.SETTING, cursor.line, "COMMENT on a constraint")
            continue
        if cursor.accept_any(("USING", "CLUSTERED", "NONCLUSTERED", "BTREE")):
            continue
        omissions.add(Kind.UNKNOWN, cursor.line, join_tokens(cursor.rest))
        return
