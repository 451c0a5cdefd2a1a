"""Query translation: a SELECT in a warehouse's dialect to DuckDB's, with the place of what cannot be read."""

from __future__ import annotations

import sqlglot
from sqlglot.errors import ErrorLevel, ParseError, TokenError

from engine.errors import QueryError, did_you_mean

DIALECTS = ("duckdb", "redshift", "snowflake")


def translate(sql: str, dialect: str | None) -> str:
    """Return the query as DuckDB's SQL; without a dialect, or for duckdb itself, it stays as it is.

    Raises `QueryError` for an unknown dialect and for text that the dialect's grammar does not know.
    """
    chosen = (dialect or "duckdb").lower()
    if chosen not in DIALECTS:
        hint = did_you_mean(chosen, DIALECTS) or f"The dialects are: {', '.join(DIALECTS)}."
        raise QueryError(f'There is no dialect "{dialect}".', hint=hint)
    if chosen == "duckdb":
        return sql
    try:
        statements = sqlglot.transpile(sql, read=chosen, write="duckdb", error_level=ErrorLevel.RAISE)
    except ParseError as error:
        raise _unreadable(sql, chosen, error) from error
    except TokenError as error:
        raise QueryError(
            f"The text is not {chosen} SQL: {error}", hint="Look for a quote that is not closed."
        ) from error
    return ";\n".join(statements)


def _unreadable(sql: str, dialect: str, error: ParseError) -> QueryError:
    first = error.errors[0] if error.errors else {}
    line, column = first.get("line"), first.get("col")
    caret = ""
    if line and column:
        column = max(1, column - len(str(first.get("highlight") or " ")) + 1)
        lines = sql.splitlines() or [""]
        caret = f"{lines[min(line, len(lines)) - 1]}\n{' ' * (column - 1)}^"
    message = str(first.get("description") or error).rstrip(".")
    return QueryError(f"The text is not {dialect} SQL: {message}.", line=line, column=column, caret=caret)
