"""The one statement of a query: found, and refused unless it only reads.

DuckDB's own parser decides, never a pattern: what it calls a SELECT includes VALUES, FROM, DESCRIBE, SHOW, SUMMARIZE
and UNPIVOT; PIVOT comes as several statements of one text.
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

_OPENING = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z]+")
_BEGINNINGS = frozenset("SELECT FROM WITH VALUES TABLE EXPLAIN SHOW DESCRIBE DESC SUMMARIZE PIVOT UNPIVOT".split())
_NAMES = "select column_name from duckdb_columns() where not internal union select table_name from duckdb_tables()"
_READING_PIVOT = frozenset({"PIVOT", "SELECT", "FROM", "WITH"})


def one_statement(connection: duckdb.DuckDBPyConnection, query: str | Translation | Question) -> QueryText:
    """Return the only statement of a query; that of a translation is read by DuckDB alone, and known to be one.

    Raises `QueryError` for a text without one, with a syntax error, with several, or with one that is not a query.
    """
    if isinstance(query, Question):
        query = query.translation()
    if isinstance(query, Translation) and query.is_translated:
        return TranslatedText(query.source, query.sql, 0, query)
    sql = query.source if isinstance(query, Translation) else query
    if "\0" in sql:
        raise refusal("The query contains a NUL character.", sql, sql.index("\0"))
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        failure = query_error(error, QueryText(sql, sql, 0))
        raise _explained(connection, sql, failure) or failure from error
    if not statements:
        raise QueryError("The query is empty.", hint="Write a SELECT.")
    texts = _located(sql, [statement.query for statement in statements])
    if len(texts) > 1:
        second = texts[1]
        raise refusal("One statement at a time.", sql, second.offset, hint="Run the second one by itself.")
    return _checked(connection, texts[0], statements[0])


def _explained(connection: duckdb.DuckDBPyConnection, sql: str, failure: QueryError) -> QueryError | None:
    """Return what a syntax error comes from, None when that is not found."""
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
    return BrokenText(sql, tokens, offset, lambda text: _stop(connection, text), lambda: _names(connection)).explain()


def _stop(connection: duckdb.DuckDBPyConnection, sql: str) -> int | None:
    """Return the character offset where DuckDB cannot read a text further, None when it reads all of it."""
    try:
        connection.extract_statements(sql)
    except duckdb.Error as error:
        return error_offset(error, QueryText(sql, sql, 0)) or 0
    return None


def _names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {str(name) for (name,) in connection.execute(_NAMES).fetchall()}


def _checked(connection: duckdb.DuckDBPyConnection, text: QueryText, statement: duckdb.Statement) -> QueryText:
    """Return the text of a statement that only reads; that of an EXPLAIN begins with the word itself."""
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
        f"{keyword or 'This statement'} is not allowed: a query only reads.",
        text.whole,
        text.offset + at,
        hint="Write a SELECT (or WITH, VALUES, DESCRIBE, SHOW, EXPLAIN, SUMMARIZE).",
    )


def _check_explained(connection: duckdb.DuckDBPyConnection, text: QueryText, at: int) -> None:
    """Check what an EXPLAIN explains, because EXPLAIN ANALYZE runs it."""
    inner = text.statement[at:]
    try:
        statements = connection.extract_statements(inner)
    except duckdb.Error as error:
        raise refusal("This form of EXPLAIN is not allowed.", text.whole, text.offset, hint="") from error
    for statement in statements:
        _checked(connection, QueryText(text.whole, inner, text.offset + at), statement)


def _located(sql: str, statements: list[str]) -> list[QueryText]:
    """Return the statements with their places; DuckDB returns each as it stands in the text, PIVOT's parts at once."""
    texts: list[QueryText] = []
    at = 0
    for statement in statements:
        start = sql.find(statement, at)
        if start < 0:
            continue
        texts.append(QueryText(sql, statement, start))
        at = start + max(len(statement), 1)
    return texts or [QueryText(sql, sql, 0)]
