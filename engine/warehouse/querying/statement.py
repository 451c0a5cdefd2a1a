"""The one statement of a query, refused unless it is read-only.

DuckDB's own parser decides, never a pattern: its SELECT includes VALUES, FROM, DESCRIBE, SHOW, SUMMARIZE and UNPIVOT;
PIVOT comes as several statements of one text.
"""

from __future__ import annotations

import re

import duckdb

from engine.errors import QueryError
from engine.sql.translation import Translation
from engine.sql.translation.reading.grammar import tokenize
from engine.sql.translation.reading.syntax_errors import BrokenText, check_first_word
from engine.warehouse.querying.failures import error_offset, query_error
from engine.warehouse.querying.parse_tree import EXPLAIN
from engine.warehouse.querying.query_text import QueryText, TranslatedText, refusal
from engine.warehouse.querying.request import Question
from engine.warehouse.querying.session import Session

_OPENING = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z]+")
_BEGINNINGS = frozenset("SELECT FROM WITH VALUES TABLE EXPLAIN SHOW DESCRIBE DESC SUMMARIZE PIVOT UNPIVOT".split())
_NAMES = "select column_name from duckdb_columns() where not internal union select table_name from duckdb_tables()"
_READING_PIVOT = frozenset({"PIVOT", "SELECT", "FROM", "WITH"})


def statement_of(session: Session, query: str | Translation | Question) -> QueryText:
    """Return the only statement of a query as `one_statement`; a question is translated once for each instance."""
    if not isinstance(query, Question):
        return one_statement(session.connection, query)
    if query.variables:
        return one_statement(session.connection, query.translation())
    kept, key = session.instance.translations, (query.sql, query.dialect, query.current)
    translation = kept.get(key)
    if translation is None:
        translation = query.translation()
        if list(query.schemas) == [each.schema for each in session.attached.values()]:
            kept.put(key, translation)
    return one_statement(session.connection, translation)


def one_statement(connection: duckdb.DuckDBPyConnection, query: str | Translation) -> QueryText:
    """Return the only statement of a query; a translation is known to be one.

    Raises `QueryError` for no statement, a syntax error, several statements, or a statement that is not read-only.
    """
    if isinstance(query, Translation) and query.is_translated:
        return TranslatedText(query.source, query.sql, 0, query)
    sql = query.source if isinstance(query, Translation) else query
    if "\0" in sql:
        raise refusal("The query contains a NUL character.", sql, sql.index("\0"))
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        failure = query_error(error, QueryText(sql, sql, 0))
        raise _explain_syntax_error(connection, sql, failure) or failure from error
    if not statements:
        raise QueryError("The query is empty.", hint="Write a SELECT.")
    texts = _locate(sql, [statement.query for statement in statements])
    if len(texts) > 1:
        second = texts[1]
        raise refusal("One statement at a time.", sql, second.offset, hint="Run the second one by itself.")
    return _check_reads_only(connection, texts[0], statements[0])


def _explain_syntax_error(connection: duckdb.DuckDBPyConnection, sql: str, failure: QueryError) -> QueryError | None:
    """Return an error with the cause of a syntax error, None if the cause is not found."""
    if failure.line is None or failure.column is None:
        return None
    lines = sql.split("\n")
    offset = sum(len(line) + 1 for line in lines[: failure.line - 1]) + failure.column - 1
    explain = EXPLAIN.match(sql)
    start = 0 if explain is None else explain.end()
    try:
        tokens = tokenize(" " * start + sql[start:], "duckdb")
    except QueryError:
        return None
    if tokens and offset == tokens[0].start:
        return check_first_word(sql, tokens[0], _BEGINNINGS, _BEGINNINGS)
    return BrokenText(
        sql, tokens, offset, lambda text: _find_stop(connection, text), lambda: _known_names(connection)
    ).explain()


def _find_stop(connection: duckdb.DuckDBPyConnection, sql: str) -> int | None:
    """Return the character offset where DuckDB stops parsing, None if it parses all of the text."""
    try:
        connection.extract_statements(sql)
    except duckdb.Error as error:
        return error_offset(error, QueryText(sql, sql, 0)) or 0
    return None


def _known_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {str(name) for (name,) in connection.execute(_NAMES).fetchall()}


def _check_reads_only(connection: duckdb.DuckDBPyConnection, text: QueryText, statement: duckdb.Statement) -> QueryText:
    """Return the text of a read-only statement or raise; the text of an EXPLAIN begins at that word."""
    start = _OPENING.match(text.statement)
    at = start.end() if start else 0
    match = _KEYWORD.match(text.statement, at)
    keyword = match[0].upper() if match else ""
    kinds = duckdb.StatementType
    if statement.type == kinds.SELECT or (statement.type == kinds.MULTI and keyword in _READING_PIVOT):
        return text
    if statement.type == kinds.EXPLAIN:
        text = QueryText(text.whole, text.statement[at:], text.offset + at)
        inner = EXPLAIN.match(text.statement)
        if inner is not None:
            _check_explained(connection, text, inner.end())
            return text
        at = 0
    raise refusal(
        f"{keyword or 'This statement'} is not allowed: queries are read-only.",
        text.whole,
        text.offset + at,
        hint="Write a SELECT (or WITH, VALUES, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE).",
    )


def _check_explained(connection: duckdb.DuckDBPyConnection, text: QueryText, at: int) -> None:
    """Check the statement inside an EXPLAIN, because EXPLAIN ANALYZE runs it."""
    inner = text.statement[at:]
    try:
        statements = connection.extract_statements(inner)
    except duckdb.Error as error:
        raise refusal("This form of EXPLAIN is not allowed.", text.whole, text.offset, hint="") from error
    for statement in statements:
        _check_reads_only(connection, QueryText(text.whole, inner, text.offset + at), statement)


def _locate(sql: str, statements: list[str]) -> list[QueryText]:
    """Return the statements with their offsets; DuckDB returns each verbatim, and the parts of a PIVOT as one text."""
    texts: list[QueryText] = []
    at = 0
    for statement in statements:
        start = sql.find(statement, at)
        if start < 0:
            continue
        texts.append(QueryText(sql, statement, start))
        at = start + max(len(statement), 1)
    return texts or [QueryText(sql, sql, 0)]
