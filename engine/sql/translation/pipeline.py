"""The whole way of one query: read, check, translate, write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.errors import QueryError, did_you_mean
from engine.schema.models import ExperimentSchema
from engine.sql.translation.node_rewrites import AFTER, BEFORE
from engine.sql.translation.padding.char_padding import show_padded
from engine.sql.translation.queries.input_rows import has_elements
from engine.sql.translation.queries.queries import translate_query
from engine.sql.translation.reading.foreign_operators import check_operators
from engine.sql.translation.reading.grammar import parsed, tokenized
from engine.sql.translation.reading.placeholders import check_placeholders, find_placeholders
from engine.sql.translation.reading.variables import Variables, bind_variables, fill_text, literals
from engine.sql.translation.translated import Translation
from engine.sql.translation.tree.case_names import CaseNames, hide_aliases, show_names, split_names
from engine.sql.translation.tree.headers import keep_headers, show_bytes, show_moments
from engine.sql.translation.tree.refusals import UntranslatableError, check_statement, offset_of, refused
from engine.sql.translation.tree.scopes import Catalog
from engine.sql.translation.tree.sharing import guard_shared
from engine.sql.translation.tree.translator import Context, Translator
from engine.sql.translation.tree.writing import write

_KEYWORD = re.compile(r"(?:\s|\ufeff|--[^\n]*(?:\n|$)|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_OF_DUCKDB = frozenset({"SHOW", "DESCRIBE", "DESC", "SUMMARIZE"})
"""What asks for the tables themselves: DuckDB answers it as it is written."""
_COMMANDS = re.compile(r"\s*(?:(?:EXPLAIN|ANALYZE|SHOW|DESCRIBE|DESC|SUMMARIZE)\b\s*)+", re.IGNORECASE)
"""What sqlglot does not look into."""
_EXPLAIN = "EXPLAIN "
DIALECTS = ("duckdb", "redshift", "snowflake")


def translate(
    sql: str,
    dialect: str | None,
    *,
    schemas: Sequence[ExperimentSchema] = (),
    current: str | None = None,
    variables: Variables | None = None,
) -> Translation:
    """Return the query as DuckDB's SQL; without a dialect, or for duckdb itself, it stays as it is.

    `schemas` are the experiments that the query may name, `current` the one whose tables need no prefix; `variables`
    fill `$name` and `:name`. Raises `QueryError` for an unknown dialect, for text that the dialect's grammar does not
    know, for a placeholder without a value, and for what has no faithful answer, with its place.
    """
    chosen = (dialect or "duckdb").lower()
    if chosen not in DIALECTS:
        hint = did_you_mean(chosen, DIALECTS) or f"The dialects are: {', '.join(DIALECTS)}."
        raise QueryError(f'There is no dialect "{dialect}".', hint=hint)
    keyword = _KEYWORD.match(sql)
    word = keyword[1].upper() if keyword is not None else ""
    if chosen == "duckdb" or word in _OF_DUCKDB:
        return _filled(sql, literals(variables))
    catalog = Catalog(tuple(schemas), current)
    if keyword is not None and word == "EXPLAIN":
        return _explained(sql, keyword, chosen, catalog, literals(variables))
    return _translated(sql, chosen, catalog, literals(variables))


def _filled(sql: str, values: Mapping[str, exp.Expr]) -> Translation:
    """Return a query of DuckDB's own SQL with its placeholders filled."""
    commands = _COMMANDS.match(sql)
    blanks = commands.end() if commands is not None else 0
    try:
        tokens = tokenized(" " * blanks + sql[blanks:], "duckdb")
    except QueryError:
        return Translation(sql, sql)  # DuckDB says what is wrong
    found = list(find_placeholders(sql, tokens, "duckdb"))
    check_placeholders(sql, found, values)
    return fill_text(sql, tokens, found, values) if found else Translation(sql, sql)


def _explained(
    sql: str, keyword: re.Match[str], dialect: str, catalog: Catalog, values: Mapping[str, exp.Expr]
) -> Translation:
    """Translate what EXPLAIN explains; the plan is DuckDB's."""
    blank = " " * len(keyword[1])
    inner = _translated(sql[: keyword.start(1)] + blank + sql[keyword.end(1) :], dialect, catalog, values)
    places = tuple((offset + len(_EXPLAIN), source) for offset, source in inner.places)
    return replace(inner, source=sql, sql=_EXPLAIN + inner.sql, places=places)


def _translated(sql: str, dialect: str, catalog: Catalog, values: Mapping[str, exp.Expr]) -> Translation:
    """Return the translation of a query; raises `QueryError` with its place for what cannot be translated."""
    text = sql.replace("\ufeff", " ")
    tokens = tokenized(text, dialect)
    found = list(find_placeholders(text, tokens, dialect))
    check_placeholders(sql, found, values)
    check_operators(sql, tokens, dialect)
    tree = parsed(text, tokens, dialect, catalog.names)
    check_statement(sql, tree, dialect.title())
    tree = bind_variables(tree, found, values)
    keep_headers(tree, sql, tokens, dialect)
    names = split_names(tokens, catalog) if dialect == "snowflake" else CaseNames()
    hide_aliases(tree, names)
    translator = Translator(BEFORE, AFTER, translate_query, names)
    translator.has_elements = dialect == "snowflake" and has_elements(sql)
    context = Context(dialect, catalog, translator)
    try:
        made, columns = translate_query(tree, context)
        if translator.has_guarded_values:
            guard_shared(made)
        show_bytes(made, dialect)
        made = show_moments(made, columns)
        made = show_names(show_padded(made, dialect), names)
        made_sql, places = write(made)
    except UntranslatableError as refusal:
        raise refused(sql, offset_of(refusal.node), refusal.message, hint=refusal.hint) from refusal
    except SqlglotError as error:
        raise QueryError(f"This form of {dialect.title()} query is not supported.") from error
    except RecursionError as error:
        raise QueryError("The query is nested too deeply.", hint="Split it with WITH.") from error
    return Translation(sql, made_sql, places, tuple(translator.notes), dialect)
