"""LIKE, SIMILAR TO and regular expressions."""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.expressions.operators import text_side
from engine.sql.translation.tree.nodes import call, literal_text, text, wrap
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import (
    BOOLEAN,
    set_type,
)


def translate_like(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate LIKE and ILIKE, also with ANY and ALL; a backslash escapes in Redshift's patterns.

    https://docs.snowflake.com/en/sql-reference/functions/like_any
    https://docs.aws.amazon.com/redshift/latest/dg/r_patternmatching_condition_like.html
    """
    if node.args.get("negate"):
        node.set("negate", None)
        return set_type(exp.Not(this=wrap(translate_like(node, context))), BOOLEAN)
    patterns = node.expression
    if isinstance(patterns, exp.Any | exp.All):
        inner = patterns.this
        inner = inner.this if isinstance(inner, exp.Paren) else inner
        several = list(inner.expressions) if isinstance(inner, exp.Tuple) else [inner]
        parts = [_translate_single(type(node), node.this.copy(), each, context) for each in several]
        joined = exp.or_(*parts, copy=False) if isinstance(patterns, exp.Any) else exp.and_(*parts, copy=False)
        return set_type(exp.Paren(this=joined), BOOLEAN)
    return _translate_single(type(node), node.this, patterns, context)


def _translate_single(kind: type[exp.Binary], value: exp.Expr, pattern: exp.Expr, context: Context) -> exp.Expr:
    result: exp.Expr = set_type(kind(this=wrap(text_side(value)), expression=wrap(text_side(pattern))), BOOLEAN)
    if context.is_snowflake or not isinstance(pattern, exp.Literal) or "\\" not in str(pattern.this):
        return result
    return set_type(exp.Escape(this=result, expression=text("\\")), BOOLEAN)


def translate_escape(node: exp.Escape, context: Context) -> exp.Expr:
    """Use the query's escape character instead of the default one, also inside ANY and ALL."""
    inner = node.this
    if isinstance(inner, exp.Escape):
        node.set("this", inner.this)
    similar = inner if isinstance(inner, exp.Anonymous) else inner.find(exp.Anonymous)
    if similar is not None and similar.name == "rs_similar_to":
        pattern = similar.expressions[1]
        similar.set("expressions", [similar.expressions[0], call("replace", pattern, node.expression, text("\\"))])
        result: exp.Expr = set_type(inner, BOOLEAN)
        return result
    if isinstance(inner, exp.Paren):
        for like in list(inner.find_all(exp.Like, exp.ILike)):
            like.replace(exp.Escape(this=like.copy(), expression=node.expression.copy()))
        return inner
    return set_type(node, BOOLEAN)


def translate_similar(node: exp.SimilarTo, context: Context) -> exp.Expr:
    """Translate SIMILAR TO: the whole text against an SQL pattern with the wildcards % and _.

    https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-similar-to.html
    """
    return call("rs_similar_to", text_side(node.this), text_side(node.expression), kind=BOOLEAN)


_LOOK_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])|(?<!\\)(?:\\\\)*\\[1-9]")


def check_pattern(node: exp.Expr, vendor: str) -> None:
    """Raise `UntranslatableError` for lookaround and backreferences, which DuckDB does not support."""
    pattern = literal_text(node.expressions[1]) if len(node.expressions) > 1 else None
    if pattern is not None and _LOOK_AROUND.search(pattern):
        raise UntranslatableError(
            node, f"{vendor} patterns with lookahead, lookbehind or backreferences are not supported."
        )


def translate_regexp(node: exp.Binary, context: Context) -> exp.Expr:
    """Translate `~`, `RLIKE` and `REGEXP`: anywhere in the text in Redshift, the whole text in Snowflake.

    https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html
    https://docs.snowflake.com/en/sql-reference/functions/rlike
    """
    value, pattern = text_side(node.this), text_side(node.expression)
    if context.is_snowflake:
        return call("sf_rlike", value, pattern, kind=BOOLEAN)
    options = text("i") if isinstance(node, exp.RegexpILike) else text("c")
    return call("regexp_matches", value, pattern, options, kind=BOOLEAN)
