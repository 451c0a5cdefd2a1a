"""The pipeline of one query: read, check, translate, write."""

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
from engine.sql.translation.queries.whole_queries import translate_query
from engine.sql.translation.reading.foreign_operators import check_operators
from engine.sql.translation.reading.grammar import parse_sql, tokenize
from engine.sql.translation.reading.placeholders import check_placeholders, find_placeholders
from engine.sql.translation.reading.variables import Variables, bind_variables, fill_text, make_literals
from engine.sql.translation.translated import Translation
from engine.sql.translation.tree.case_names import CaseNames, hide_aliases, show_names, split_names
from engine.sql.translation.tree.headers import record_headers, show_bytes, show_offsets
from engine.sql.translation.tree.refusals import UntranslatableError, check_statement, find_offset, make_error
from engine.sql.translation.tree.scopes import Catalog
from engine.sql.translation.tree.sharing import guard_shared
from engine.sql.translation.tree.translator import Context, Translator
from engine.sql.translation.tree.writing import write

_KEYWORD = re.compile(r"(?:\s|\ufeff|--[^\n]*(?:\n|$)|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_OF_DUCKDB = frozenset({"SHOW", "DESCRIBE", "DESC", "SUMMARIZE"})
"""Statements about the tables themselves, which DuckDB runs unchanged."""
_COMMANDS = re.compile(r"\s*(?:(?:EXPLAIN|ANALYZE|SHOW|DESCRIBE|DESC|SUMMARIZE)\b\s*)+", re.IGNORECASE)
"""Statements that sqlglot does not parse."""
_EXPLAIN = "EXPLAIN "
_PLAN_OPTIONS = re.compile(r"\s*\((?:ANALYZE, )?FORMAT JSON\)")
DIALECTS = ("duckdb", "redshift", "snowflake")


def translate(
    sql: str,
    dialect: str | None,
    *,
    schemas: Sequence[ExperimentSchema] = (),
    current: str | None = None,
    variables: Variables | None = None,
) -> Translation:
    """Translate the query to DuckDB SQL; without a dialect, or for duckdb, return it unchanged.

    `schemas` are the experiments that the query may name, `current` the one whose tables need no prefix; `variables`
    fill `$name` and `:name`. Raises `QueryError`, with its position, for an unknown dialect, a syntax error, a
    placeholder without a value, and anything that cannot be translated faithfully.
    """
    chosen = (dialect or "duckdb").lower()
    if chosen not in DIALECTS:
        hint = did_you_mean(chosen, DIALECTS) or f"The dialects are: {', '.join(DIALECTS)}."
        raise QueryError(f'There is no dialect "{dialect}".', hint=hint)
    keyword = _KEYWORD.match(sql)
    word = keyword[1].upper() if keyword is not None else ""
    if chosen == "duckdb" or word in _OF_DUCKDB:
        return _fill(sql, make_literals(variables))
    catalog = Catalog(tuple(schemas), current)
    if keyword is not None and word == "EXPLAIN":
        return _translate_explain(sql, keyword, chosen, catalog, make_literals(variables))
    return _translate_query(sql, chosen, catalog, make_literals(variables))


def _fill(sql: str, values: Mapping[str, exp.Expr]) -> Translation:
    """Fill the placeholders of a DuckDB query."""
    commands = _COMMANDS.match(sql)
    blanks = commands.end() if commands is not None else 0
    try:
        tokens = tokenize(" " * blanks + sql[blanks:], "duckdb")
    except QueryError:
        return Translation(sql, sql)  # DuckDB reports the error
    found = list(find_placeholders(sql, tokens, "duckdb"))
    check_placeholders(sql, found, values)
    return fill_text(sql, tokens, found, values) if found else Translation(sql, sql)


def _translate_explain(
    sql: str, keyword: re.Match[str], dialect: str, catalog: Catalog, values: Mapping[str, exp.Expr]
) -> Translation:
    """Translate the query inside EXPLAIN; the plan is DuckDB's, also in its JSON form."""
    options = _PLAN_OPTIONS.match(sql, keyword.end(1))
    end = keyword.end(1) if options is None else options.end()
    prefix = _EXPLAIN if options is None else f"{_EXPLAIN}{options[0].strip()} "
    blanked = sql[: keyword.start(1)] + re.sub(r"\S", " ", sql[keyword.start(1) : end]) + sql[end:]
    inner = _translate_query(blanked, dialect, catalog, values)
    positions = tuple((offset + len(prefix), source) for offset, source in inner.positions)
    return replace(inner, source=sql, sql=prefix + inner.sql, positions=positions)


def _translate_query(sql: str, dialect: str, catalog: Catalog, values: Mapping[str, exp.Expr]) -> Translation:
    """Translate a query; raise `QueryError` with its position where that is impossible."""
    text = sql.replace("\ufeff", " ")
    tokens = tokenize(text, dialect)
    found = list(find_placeholders(text, tokens, dialect))
    check_placeholders(sql, found, values)
    check_operators(sql, tokens, dialect)
    tree = parse_sql(text, tokens, dialect, catalog.names)
    check_statement(sql, tree, dialect.title())
    tree = bind_variables(tree, found, values)
    record_headers(tree, sql, tokens, dialect)
    names = split_names(tokens, catalog) if dialect == "snowflake" else CaseNames()
    hide_aliases(tree, names)
    translator = Translator(BEFORE, AFTER, translate_query, names)
    translator.has_elements = dialect == "snowflake" and has_elements(sql)
    context = Context(dialect, catalog, translator)
    try:
        result, columns = translate_query(tree, context)
        if translator.has_guarded_values:
            guard_shared(result)
        show_bytes(result, dialect)
        result = show_offsets(result, columns)
        result = show_names(show_padded(result, dialect), names)
        translated, positions = write(result)
    except UntranslatableError as refusal:
        raise make_error(sql, find_offset(refusal.node), refusal.message, hint=refusal.hint) from refusal
    except SqlglotError as error:
        raise QueryError(f"This form of {dialect.title()} query is not supported.") from error
    except RecursionError as error:
        raise QueryError("The query is nested too deeply.", hint="Split it with WITH.") from error
    return Translation(sql, translated, positions, tuple(translator.notes), dialect)
