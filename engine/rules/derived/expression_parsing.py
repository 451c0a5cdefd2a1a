"""Parsing of an expression into its SQL tree.

Functions keep the name the user wrote: the dialect below turns off sqlglot's function builders, so that the allow-list
and messages use that name. Only forms with special syntax (CAST, EXTRACT, TRIM, SUBSTRING, POSITION, CASE, IF) are
parsed into nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ParseError, SqlglotError, TokenError
from sqlglot.parsers.duckdb import DuckDBParser

from engine.errors import RuleError
from engine.rules.derived.refusals import node_refusal
from engine.schema.limits import MAX_EXPRESSION

MAX_DEPTH = 100
_QUERY = re.compile(r"\s*(select|with|values)\b", re.IGNORECASE)
_OWN_SYNTAX = {"CAST", "TRY_CAST", "EXTRACT", "TRIM", "SUBSTRING", "POSITION"}

Builders = dict[str, Callable[..., Any]]


class RowParser(DuckDBParser):
    """DuckDB's parser without function builders, with types that keep their length."""

    FUNCTIONS: ClassVar[Builders] = {}
    NO_PAREN_FUNCTIONS: ClassVar[dict[Any, Any]] = {}
    TYPE_CONVERTERS: ClassVar[dict[Any, Any]] = {}
    FUNCTION_PARSERS: ClassVar[Builders] = {
        name: parser for name, parser in DuckDBParser.FUNCTION_PARSERS.items() if name in _OWN_SYNTAX
    }
    NO_PAREN_FUNCTION_PARSERS: ClassVar[Builders] = {
        name: parser for name, parser in DuckDBParser.NO_PAREN_FUNCTION_PARSERS.items() if name in ("CASE", "IF")
    }


class RowExpressions(DuckDB):
    """The dialect of expressions."""

    Parser = RowParser


def parse(text: str, where: str) -> exp.Expr:
    """Return the tree of one SQL expression; raises `RuleError` with the position of a syntax error."""
    if len(text) > MAX_EXPRESSION:
        raise RuleError(f"The expression has more than {MAX_EXPRESSION:,} characters.", where=where)
    if not text.strip():
        raise RuleError("The expression is empty.", where=where)
    try:
        tree = sqlglot.parse_one(text, read=RowExpressions, into=exp.Condition)
    except ParseError as error:
        if _QUERY.match(text):
            raise RuleError(node_refusal("Select", text), where=where) from error
        raise RuleError(_syntax_error(text, error), where=where, hint="It must be one SQL expression.") from error
    except TokenError as error:
        raise RuleError("Syntax error: a quote is not closed.", where=where) from error
    except SqlglotError as error:
        raise RuleError(str(error), where=where) from error
    except RecursionError as error:
        raise _depth_error(where) from error
    if _measure_depth(tree) > MAX_DEPTH:
        raise _depth_error(where)
    return tree


def describe_position(node: exp.Expr) -> str:
    """Return the position of the node in the text, " (character 12)", or "" when unknown."""
    starts = [part.meta["start"] for part in node.walk() if "start" in part.meta]
    return f" (character {min(starts) + 1})" if starts else ""


def to_sql(node: exp.Expr) -> str:
    """Return the node as SQL, shortened for a message."""
    text = node.sql(dialect=RowExpressions, comments=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _syntax_error(text: str, error: ParseError) -> str:
    first = error.errors[0] if error.errors else {}
    highlight, line, column = first.get("highlight"), first.get("line"), first.get("col")
    if not highlight or line is None or column is None:
        return "Syntax error in the expression."
    before = sum(len(earlier) + 1 for earlier in text.split("\n")[: line - 1])
    return f'Syntax error near "{highlight}" (character {before + column - len(highlight) + 1}).'


def _depth_error(where: str) -> RuleError:
    return RuleError(
        f"The expression is nested more than {MAX_DEPTH} levels deep.",
        where=where,
        hint="Compute a part of it in another column.",
    )


def _measure_depth(tree: exp.Expr) -> int:
    """Return the depth of the tree, without recursion."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in node.iter_expressions()]
    return deepest
