"""Import of a warehouse script: its CREATE TABLE statements become the schema of an experiment.

The script is split first and read statement by statement, so that one unknown statement costs no other. Nothing is
lost silently: every statement is imported, imported with notes, or skipped with a reason. The readers of this package
parse the bodies of tables, since sqlglot rejects a whole table for one misplaced DISTKEY; sqlglot parses the queries
of CREATE TABLE AS.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import get_args

from pydantic import ValidationError

from engine.errors import SchemaError, SqlImportError, did_you_mean
from engine.schema.checks import check_experiment_name, check_schema
from engine.schema.limits import check_text
from engine.schema.models import Dialect, ExperimentSchema
from engine.sql.importing.alter_table import read_alter_table, read_comment
from engine.sql.importing.assembly import assemble
from engine.sql.importing.create_table import MODIFIERS, Creation, read_create_table, read_select_into
from engine.sql.importing.cursor import Cursor, join_tokens
from engine.sql.importing.declarations import list_declarations
from engine.sql.importing.identifiers import is_template
from engine.sql.importing.import_result import Draft
from engine.sql.importing.insert_rows import read_insert
from engine.sql.importing.notes import ImportNote, StatementOutcome
from engine.sql.importing.numbering import read_sequence
from engine.sql.importing.script_state import Context, Script
from engine.sql.importing.session_statements import read_drop_schema, read_drop_table, read_session, read_undrop_table
from engine.sql.importing.skip_reasons import find_object_name, find_skip_reason
from engine.sql.importing.statement_splitting import Statement, split_statements
from engine.sql.importing.tokens import Token, TokenKind
from engine.sql.sqlglot_parser import is_sql

__all__ = ["Draft", "ImportNote", "import_sql"]

MAX_STATEMENTS = 50_000
"""The maximum number of statements of a script; reading a thousand takes about 40 ms."""

_TITLE_TOKENS, _TITLE_LENGTH = 16, 160


def import_sql(text: str, *, name: str, dialect: str) -> Draft:
    """Import the tables of a script written for `dialect` (redshift, snowflake or duckdb) as experiment `name`.

    Raises `SqlImportError` for an unknown dialect, a script that is empty or creates no table, and text that is not
    SQL; `SchemaError` for an invalid experiment name.
    """
    for subject, given in (("The script", text), ("The experiment name", name), ("The dialect", dialect)):
        check_text(given, subject)
    dialect = _normalize_dialect(dialect)
    if problems := list(check_experiment_name(name)):
        raise SchemaError(problems, source="The import")
    statements = split_statements(text.removeprefix("\ufeff"), dialect)
    if not statements:
        raise SqlImportError("The script has no SQL statements.", hint="Add at least one CREATE TABLE statement.")
    if len(statements) > MAX_STATEMENTS:
        raise SqlImportError(
            f"The script has {len(statements):,} statements; the maximum is {MAX_STATEMENTS:,}.",
            hint="Remove statements that create no table, such as INSERT, or import it in parts.",
        )
    script = Script(dialect)
    for number, statement in enumerate(statements):
        _read_statement(statement, Context(script, number, statement.line), text.removeprefix("\ufeff"))
    if not script.tables:
        raise _build_no_table_error(statements, script)
    try:
        schema = assemble(script, name)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise SqlImportError(f"The script exceeds a schema limit: {fault['msg']}.", where=where) from error
    if problems := check_schema(schema):
        raise SchemaError(problems, source="The imported schema")
    return _build_draft(schema, script, statements)


def _normalize_dialect(dialect: str) -> str:
    known = get_args(Dialect)
    if dialect.lower() not in known:
        hint = did_you_mean(dialect, known) or f"The dialects are {', '.join(known)}."
        raise SqlImportError(f'There is no dialect "{dialect}".', hint=hint)
    return dialect.lower()


def _build_draft(schema: ExperimentSchema, script: Script, statements: Sequence[Statement]) -> Draft:
    notes = script.log.group_by_statement()
    outcomes = tuple(_build_outcome(statement, notes.get(number, [])) for number, statement in enumerate(statements))
    counts = Counter(each.outcome for each in outcomes)
    return Draft(
        schema=schema,
        notes=script.log.notes,
        dialect=script.dialect,
        statements=len(statements),
        imported=counts["imported"],
        imported_with_notes=counts["with notes"],
        skipped=counts["skipped"],
        outcomes=outcomes,
        declarations=tuple(
            declared for table in script.tables.values() for declared in list_declarations(table, script.sequences)
        ),
        unreferenced=frozenset((table.key, name) for table in script.tables.values() for name in table.unreferenced),
    )


def _build_outcome(statement: Statement, notes: Sequence[ImportNote]) -> StatementOutcome:
    is_skipped = any(note.level == "skipped" for note in notes)
    return StatementOutcome(
        line=statement.line,
        last_line=statement.tokens[0].line + statement.text.count("\n"),
        title=join_tokens(statement.tokens[:_TITLE_TOKENS], max_length=_TITLE_LENGTH).partition("(")[0].strip(),
        outcome="skipped" if is_skipped else "with notes" if notes else "imported",
        notes=tuple(sorted(notes, key=lambda note: note.line)),
    )


def _read_statement(statement: Statement, context: Context, text: str) -> None:
    if statement.is_command:
        return context.skip("psql and SnowSQL commands are ignored.")
    tokens = _drop_leading_templates(statement.tokens, context)
    _note_lexical_faults(statement, context)
    if not tokens:
        return None
    cursor = Cursor(tokens, line=statement.line)
    if "TABLE" in statement.words:
        _note_extra_commas(statement, context)
    if cursor.accept("CREATE"):
        replaces = cursor.accept("OR", "REPLACE") or cursor.accept("OR", "ALTER")
        modifiers = _read_modifiers(cursor)
        if cursor.accept("SEQUENCE"):
            return read_sequence(cursor, context)
        if cursor.accept("TABLE"):
            return read_create_table(cursor, context, Creation(replaces, modifiers), text)
    if cursor.accept("ALTER"):
        cursor.accept_any(MODIFIERS)
        if cursor.accept("TABLE"):
            return read_alter_table(cursor, context)
    if cursor.accept("DROP"):
        cursor.accept_any(MODIFIERS)
        if cursor.accept("TABLE"):
            return read_drop_table(cursor, context)
        if cursor.accept("SCHEMA"):
            return read_drop_schema(cursor, context)
    if cursor.accept("UNDROP", "TABLE"):
        return read_undrop_table(cursor, context)
    if cursor.accept("COMMENT"):
        return read_comment(cursor, context)
    if tokens[0].upper == "INSERT" and read_insert(statement, tokens, context):
        return None
    if (into := _find_into(tokens)) is not None:
        return read_select_into(tokens, into, context, text)
    return _skip(statement, tokens, context)


def _read_modifiers(cursor: Cursor) -> frozenset[str]:
    found: set[str] = set()
    while modifier := cursor.accept_any(MODIFIERS):
        found.add(modifier)
    return frozenset(found)


def _drop_leading_templates(tokens: Sequence[Token], context: Context) -> list[Token]:
    """Remove templates in front of a statement, such as `{{ config(...) }}`."""
    rest = [token for token in tokens if token.kind not in (TokenKind.TEMPLATE, TokenKind.UNCLOSED_COMMENT)]
    start = 0
    while start + 1 < len(rest) and is_template(rest[start].text, context.dialect):
        start += 1
    return rest[start:]


def _note_lexical_faults(statement: Statement, context: Context) -> None:
    for token in statement.tokens:
        if token.kind is TokenKind.TEMPLATE:
            message = "Template blocks are ignored; the text between them is read."
            context.log.add_once(context.place(token.line), "info", message, topic="template blocks")
        elif token.kind is TokenKind.UNCLOSED:
            message = "Unclosed quote; it is closed at the end of the line."
            context.note("warning", message, line=token.line)
        elif token.kind is TokenKind.UNCLOSED_COMMENT:
            message = "Unclosed comment; it is closed at the end of the line."
            context.note("warning", message, line=token.line)


def _note_extra_commas(statement: Statement, context: Context) -> None:
    """Add a note for a comma with nothing before or after it, which every warehouse rejects."""
    for before, token in pairwise(statement.tokens):
        is_after_comma = before.is_symbol(",") and (token.is_symbol(",") or token.is_symbol(")"))
        if is_after_comma or (before.is_symbol("(") and token.is_symbol(",")):
            message = "Extra comma ignored; the warehouse would reject it."
            context.note("warning", message, line=token.line)


def _skip(statement: Statement, tokens: list[Token], context: Context) -> None:
    cursor = Cursor(tokens, line=statement.line)
    words = _read_first_words(cursor)
    before = context.script.schema
    read_session(Cursor(tokens, line=statement.line), context)
    reason = find_skip_reason(words, statement.text)
    if (schema := context.script.schema) is not None and schema is not before:
        reason = f"{words[0]}: later tables belong to the schema {schema.name}."
    context = context.for_object(find_object_name(cursor, context.dialect) if reason else "")
    context.skip(reason or f'Unknown statement: "{join_tokens(tokens[:12])}".')


def _find_into(tokens: list[Token]) -> int | None:
    """Return the index of INTO in `SELECT ... INTO table FROM ...`; None for other statements."""
    if tokens[0].upper not in ("SELECT", "WITH"):
        return None
    depth = 0
    for index, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind is TokenKind.SYMBOL else 0
        if depth == 0 and token.upper == "INTO":
            return index
    return None


def _read_first_words(cursor: Cursor) -> tuple[str, ...]:
    words: list[str] = []
    while len(words) < 8 and (word := cursor.word(len(words))):
        words.append(word)
    return tuple(words)


def _build_no_table_error(statements: Sequence[Statement], script: Script) -> SqlImportError:
    """Return the error for a script that creates no table: it is not SQL, has no CREATE TABLE, or none is valid."""
    first = statements[0]
    if script.dropped:
        return SqlImportError(
            f"The script drops every table it creates ({len(script.dropped)}); none is left to import.",
            hint="Remove its final DROP TABLE statements.",
        )
    creations = [s for s in statements if "TABLE" in s.words[1:5] and s.words[0] == "CREATE"]
    if creations:
        reasons = [note for note in script.log.notes if note.level == "skipped"]
        failed = {s.line for s in creations}
        reason = next((note for note in reasons if note.line in failed), None)
        why = reason.message if reason is not None else ""
        return SqlImportError(
            f"None of the {len(creations)} CREATE TABLE statements could be imported. {why}".strip(),
            where=f"line {creations[0].line}",
            hint="Define each table with its columns.",
        )
    if any(_is_sql_statement(statement, script.dialect) for statement in statements):
        return SqlImportError(
            f"The script has no CREATE TABLE outside of code; its {len(statements)} statement(s) create no table.",
            hint="Use the script that creates the tables of your warehouse.",
        )
    return SqlImportError(
        f'No SQL statement found; the text begins with "{join_tokens(first.tokens[:8])}".',
        where=f"line {first.line}",
        hint="Use a SQL script; a JSON schema needs no import.",
    )


def _is_sql_statement(statement: Statement, dialect: str) -> bool:
    """Return whether a statement is SQL: `with` or `use` alone may also begin Python or English."""
    if not find_skip_reason(statement.words, ""):
        return False
    return statement.words[0] in ("CREATE", "ALTER", "DROP") or is_sql(statement.text, dialect)
