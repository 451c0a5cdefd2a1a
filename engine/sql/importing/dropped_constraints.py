"""DROP and RENAME of constraints: by name, by kind (DROP PRIMARY KEY), or by columns.

An unnamed constraint has the default name of PostgreSQL and Redshift: table_pkey, table_column_key, table_column_fkey.
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
Snowflake: https://docs.snowflake.com/en/sql-reference/sql/drop-constraint
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.sql.importing.constraints import read_columns
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.identifiers import Identifier, read_identifier
from engine.sql.importing.script_state import Context
from engine.sql.importing.table_drafts import KeyDraft, ReferenceDraft, TableDraft


def is_dropped_constraint(cursor: Cursor, table: TableDraft) -> bool:
    """Return whether DROP is followed by a constraint rather than a column of such a name."""
    word = cursor.word()
    if word in ("PRIMARY", "FOREIGN"):
        return cursor.word(1) == "KEY"
    if word == "UNIQUE":
        return cursor.is_symbol("(", 1)
    return word == "CONSTRAINT" and cursor.peek(1) is not None and table.column("constraint") is None


def drop_constraint(cursor: Cursor, table: TableDraft, context: Context) -> bool:
    """Remove the constraint from the table; add a note when the table does not have it."""
    line = cursor.line
    is_key, is_reference, what = _match_constraint(cursor, table, context)
    checks = [check for check in table.checks if f"constraint {check.constraint}" != what]
    keys = [key for key in table.keys if not is_key(key)]
    references = [reference for reference in table.references if not is_reference(reference)]
    if not any((len(keys) < len(table.keys), len(references) < len(table.references), len(checks) < len(table.checks))):
        context.note("warning", f"There is no {what} to drop.", line=line)
    dropped = (reference for reference in table.references if reference not in references)
    table.unreferenced |= {column.folded for reference in dropped for column in reference.columns}
    table.keys, table.references, table.checks = keys, references, checks
    return True


def rename_constraint(cursor: Cursor, table: TableDraft, context: Context) -> bool:
    """Rename a constraint, so that a later DROP finds it by the new name."""
    line = cursor.line
    old = read_identifier(cursor, context.dialect)
    cursor.accept("TO")
    new = read_identifier(cursor, context.dialect)
    if old is None or new is None:
        return False
    is_key, is_reference = _match_name(old.folded, table)
    is_check = any(check.constraint == old.folded for check in table.checks)
    if not is_check and not any(map(is_key, table.keys)) and not any(map(is_reference, table.references)):
        context.note("warning", f"There is no constraint {old.name} to rename.", line=line)
    table.keys = [replace(key, constraint=new.folded) if is_key(key) else key for key in table.keys]
    table.references = [replace(r, constraint=new.folded) if is_reference(r) else r for r in table.references]
    table.checks = [replace(c, constraint=new.folded) if c.constraint == old.folded else c for c in table.checks]
    return True


_IsKey = Callable[[KeyDraft], bool]
_IsReference = Callable[[ReferenceDraft], bool]


def _match_constraint(cursor: Cursor, table: TableDraft, context: Context) -> tuple[_IsKey, _IsReference, str]:
    """Return predicates for the keys and references to drop, and their name in messages."""
    if cursor.accept("CONSTRAINT"):
        cursor.accept("IF", "EXISTS")
        name = read_identifier(cursor, context.dialect)
        folded = name.folded if name is not None else ""
        return *_match_name(folded, table), f"constraint {folded}"
    if cursor.accept("PRIMARY", "KEY"):
        return lambda key: key.is_primary, lambda reference: False, "primary key"
    is_unique = cursor.accept("UNIQUE")
    cursor.accept("FOREIGN", "KEY")
    columns = _fold(read_columns(cursor, context))
    what = f"({', '.join(columns)})"
    if is_unique:
        return (
            lambda key: not key.is_primary and _fold(key.columns) == columns,
            lambda reference: False,
            f"unique key {what}",
        )
    return lambda key: False, lambda reference: _fold(reference.columns) == columns, f"foreign key {what}"


def _match_name(folded: str, table: TableDraft) -> tuple[_IsKey, _IsReference]:
    base = table.name.table.folded

    def is_key(key: KeyDraft) -> bool:
        default = f"{base}_pkey" if key.is_primary else "_".join((base, *_fold(key.columns), "key"))
        return (key.constraint or default) == folded

    def is_reference(reference: ReferenceDraft) -> bool:
        return (reference.constraint or "_".join((base, *_fold(reference.columns), "fkey"))) == folded

    return is_key, is_reference


def _fold(names: Sequence[Identifier]) -> list[str]:
    return [name.folded for name in names]
