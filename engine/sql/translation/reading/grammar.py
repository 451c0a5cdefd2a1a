"""The grammars: sqlglot's, except that function calls stay as the user wrote them.

sqlglot maps the functions of all dialects to shared nodes and so loses which vendor's function was meant. Here every
call keeps its name, arguments and position; `functions` defines what it means. Only syntax that is not a call (CAST,
EXTRACT, `POSITION(a IN b)`, CASE) has its own node.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any, ClassVar

from sqlglot import exp
from sqlglot.dialects.dialect import Dialect
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.redshift import Redshift
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.errors import ErrorLevel, ParseError, TokenError
from sqlglot.parser import Parser
from sqlglot.parsers.redshift import RedshiftParser
from sqlglot.parsers.snowflake import SnowflakeParser
from sqlglot.tokenizer_core import Token, TokenType

from engine.errors import QueryError
from engine.sql.importing.skip_reasons import REASONS
from engine.sql.sqlglot_parser import silent_sqlglot
from engine.sql.translation.reading.syntax_errors import BrokenText, check_first_word
from engine.sql.translation.tree.refusals import make_error

_SYNTAX_OF_ITS_OWN = frozenset({"CAST", "CONVERT", "EXTRACT", "POSITION", "TRY_CAST", "OVERLAY", "TRIM", "SUBSTRING"})


_LITERAL_TYPES = frozenset(
    {TokenType.DATE, TokenType.TIME, TokenType.TIMESTAMP, TokenType.TIMESTAMPTZ, TokenType.TIMESTAMPNTZ}
)


class _LiteralTypes(Parser):
    """Parses `date '2024-01-01'::varchar` from left to right: the literal gets its type before the cast."""

    def _parse_type(self, parse_interval: bool = True, fallback_to_identifier: bool = False) -> exp.Expr | None:
        current, following = self._curr, self._next
        if current is None or following is None or following.token_type is not TokenType.STRING:
            return super()._parse_type(parse_interval, fallback_to_identifier)
        if current.token_type not in _LITERAL_TYPES:
            return super()._parse_type(parse_interval, fallback_to_identifier)
        kind = self._parse_types(check_func=True, allow_identifiers=False)
        literal = self._parse_primary()
        return self._parse_column_ops(self.expression(exp.Cast(this=literal, to=kind)))

    def _parse_interval(
        self, require_interval: bool = True, parse_function_unit: bool = True
    ) -> exp.Add | exp.Interval | None:
        """Parse `INTERVAL '1 year' + '2024-01-01'::date`: the second operand is a date, not a second interval."""
        start = self._index
        result = super()._parse_interval(require_interval, parse_function_unit)
        if not isinstance(result, exp.Add):
            return result
        end = self._index
        while self._index > start and self._prev.token_type is not TokenType.PLUS:
            self._retreat(self._index - 1)
        if self._index == start:  # `INTERVAL '1' day '2' hour` is a sum without a sign
            self._advance(end - start)
            return self.expression(exp.Paren(this=result))  # type: ignore[return-value]  # any value is allowed there
        self._retreat(self._index - 1)
        first = result.this
        return first if isinstance(first, exp.Interval) else result


class _RedshiftParser(_LiteralTypes, RedshiftParser):
    FUNCTIONS: ClassVar[dict[str, Any]] = {}
    UNARY_PARSERS: ClassVar[dict[Any, Any]] = {
        **RedshiftParser.UNARY_PARSERS,
        TokenType.PARAMETER: lambda self: self._parse_absolute(),
    }
    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        **{name: parse for name, parse in RedshiftParser.FUNCTION_PARSERS.items() if name in _SYNTAX_OF_ITS_OWN},
        "OBJECT_TRANSFORM": RedshiftParser.FUNCTION_PARSERS["OBJECT_TRANSFORM"],
    }
    NO_PAREN_FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        **RedshiftParser.NO_PAREN_FUNCTION_PARSERS,
        "APPROXIMATE": lambda self: self._parse_approximate(),
    }

    def _parse_absolute(self) -> exp.Expr:
        """Parse `@ x`, the absolute value; `$x` is a variable, although sqlglot has one token for both symbols."""
        if self._prev.text == "$":
            variable = self.expression(exp.Parameter(this=self._parse_var(any_token=True)))
            return self._parse_column_ops(variable) or variable
        return self.expression(exp.Anonymous(this="ABS", expressions=[self._parse_unary()]))

    def _parse_table(self, *arguments: Any, **options: Any) -> exp.Expr | None:
        """Parse `UNPIVOT t.items[0] AS value AT key`, which sqlglot parses only without brackets."""
        if self._curr is None or self._curr.token_type is not TokenType.UNPIVOT:
            return super()._parse_table(*arguments, **options)
        start = self._index
        self._advance()
        source = self._parse_column()
        if source is None or source.find(exp.Bracket) is None:
            self._retreat(start)
            return super()._parse_table(*arguments, **options)
        self._match(TokenType.ALIAS)
        named: exp.Expr = self.expression(exp.Alias(this=source, alias=self._parse_id_var()))
        if self._match_text_seq("AT"):
            named = self.expression(exp.AtIndex(this=named, expression=self._parse_id_var()))
        return self.expression(exp.Pivot(this=named, unpivot=True))

    def _parse_projections(self) -> tuple[list[exp.Expr], list[exp.Expr] | None]:
        """Parse `EXCLUDE` after a select list, except as a quoted name, which sqlglot takes for the keyword as well.

        https://docs.aws.amazon.com/redshift/latest/dg/r_EXCLUDE_list.html
        """
        projections, _ = super(RedshiftParser, self)._parse_projections()
        is_quoted = self._prev.token_type is TokenType.IDENTIFIER
        was_alias = not is_quoted and self._prev.text.upper() == "EXCLUDE" and bool(self._curr)
        if was_alias:
            self._retreat(self._index - 1)
        if not self._match_text_seq("EXCLUDE"):
            return projections, []
        excluded = self._parse_wrapped_csv(self._parse_expression, optional=True)
        if excluded and was_alias and isinstance(projections[-1], exp.Alias):
            projections[-1] = projections[-1].this.pop()
        return projections, excluded

    def _parse_bracket(self, this: exp.Expr | None = None) -> exp.Expr | None:
        """Parse `array(1, 2)[0]` as an element of the array; sqlglot parses an array of one element."""
        if isinstance(this, exp.Anonymous) and this.name.upper() == "ARRAY":
            this = self.expression(exp.Paren(this=this))
        return super()._parse_bracket(this)

    def _parse_bitwise(self) -> exp.Expr | None:
        """Parse `a # b`, a bitwise XOR; elsewhere `#` begins the name of a temporary table."""
        result = super()._parse_bitwise()
        while result is not None and self._curr is not None and self._curr.text == "#":
            self._advance()
            result = self.expression(exp.BitwiseXor(this=result, expression=self._parse_term()))
        return result

    def _parse_approximate(self) -> exp.Expr | None:
        """Parse `APPROXIMATE COUNT(DISTINCT x)` and `APPROXIMATE PERCENTILE_DISC(...)` as their exact forms."""
        function = self._parse_function()
        if function is not None:
            function.meta["is_approximate"] = True
        return function


class _SnowflakeParser(_LiteralTypes, SnowflakeParser):
    FUNCTIONS: ClassVar[dict[str, Any]] = {}

    def _parse_window(self, this: exp.Expr | None, alias: bool = False) -> exp.Expr | None:
        """Parse `NTH_VALUE(x, 2) FROM LAST OVER (...)`."""
        is_from_last = False
        if isinstance(this, exp.Anonymous) and this.name.upper() == "NTH_VALUE":
            is_from_last = bool(self._match_text_seq("FROM", "LAST"))
            self._match_text_seq("FROM", "FIRST")
        result = super()._parse_window(this, alias)
        if is_from_last and result is not None:
            result.meta["from_last"] = True
        return result

    FUNCTION_PARSERS: ClassVar[dict[str, Any]] = {
        name: parse
        for name, parse in SnowflakeParser.FUNCTION_PARSERS.items()
        if name in _SYNTAX_OF_ITS_OWN - {"CONVERT", "SUBSTRING", "TRIM"}
    }


class WarehouseRedshift(Redshift):
    """Redshift's grammar with its calls unchanged."""

    Parser = _RedshiftParser


class WarehouseSnowflake(Snowflake):
    """Snowflake's grammar with its calls unchanged."""

    Parser = _SnowflakeParser


_STUMBLES = (AttributeError, LookupError, TypeError, ValueError)
"""Errors that sqlglot itself raises on malformed SQL."""
_FIRST_WORDS = frozenset({*REASONS, "CREATE", "ALTER", "DROP", "NOT", "CASE", "CAST"})
_GRAMMARS: dict[str, type[Dialect]] = {
    "redshift": WarehouseRedshift,
    "snowflake": WarehouseSnowflake,
    "duckdb": DuckDB,
}


def tokenize(sql: str, dialect: str) -> list[Token]:
    """Return the tokens of a text; raise `QueryError` for an unclosed quote or comment."""
    try:
        with silent_sqlglot():
            return list(_GRAMMARS[dialect]().tokenize(sql))
    except TokenError as error:
        offset = _find_unclosed(sql, dialect)
        sign = "" if offset is None else next(sign for sign in _SIGNS if sql.startswith(sign, offset))
        what = "A quote or a comment" if offset is None else f"The {'comment' if sign == '/*' else 'quote'} {sign}"
        hint = "Close it." if offset is not None else "Look for a quote or a comment that is not closed."
        raise make_error(sql, offset, f"{what} is not closed.", hint=hint) from error


_SIGNS = ("'", '"', "$$", "/*")
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_SIGNS_TRIED = 200


def _find_unclosed(sql: str, dialect: str) -> int | None:
    """Return the start of the unclosed quote or comment: the text before it can be tokenized."""
    signs = [found.start() for found in _SIGN.finditer(sql)]
    for offset in reversed(signs[-_SIGNS_TRIED:]):
        try:
            with silent_sqlglot():
                _GRAMMARS[dialect]().tokenize(sql[:offset])
        except TokenError:
            continue
        return offset
    return None


def parse_sql(
    sql: str, tokens: list[Token], dialect: str, names: Callable[[], Collection[str]] = frozenset
) -> exp.Expr:
    """Return the tree of the only statement of `sql`, given with its tokens.

    `names` are tables and columns, which are not taken for misspelled keywords. Raises `QueryError` with its position
    for a syntax error, and for several statements.
    """
    try:
        trees = _parse_trees(sql, tokens, dialect)
    except (ParseError, *_STUMBLES) as error:
        offset = _find_error_offset(sql, error)
        broken = BrokenText(sql, tokens, offset or 0, lambda text: _find_stop(text, dialect), names)
        raise (
            check_first_word(sql, tokens[0], _FIRST_WORDS)
            or broken.explain()
            or _make_syntax_error(sql, dialect, error, offset)
        ) from error
    except RecursionError as error:
        raise QueryError("The query is nested too deeply.", hint="Split it with WITH.") from error
    if not trees:
        raise QueryError("The query is empty.", hint="Write a SELECT.")
    if len(trees) > 1:
        second = next(token for token in tokens if token.token_type is TokenType.SEMICOLON)
        raise make_error(sql, second.start, "One statement at a time.", hint="Run the second one by itself.")
    if isinstance(trees[0], exp.Alias | exp.Column):  # `frm t`
        raise check_first_word(sql, tokens[0], _FIRST_WORDS) or QueryError(
            "This is not a query.", hint="Write a SELECT."
        )
    return trees[0]


def _parse_trees(sql: str, tokens: list[Token], dialect: str) -> list[exp.Expr]:
    with silent_sqlglot():
        found = _GRAMMARS[dialect]().parser(error_level=ErrorLevel.RAISE).parse(tokens, sql)
    return [tree for tree in found if tree is not None and not isinstance(tree, exp.Semicolon)]


def _find_stop(sql: str, dialect: str) -> int | None:
    """Return the offset at which parsing stops, None when the whole text parses."""
    try:
        _parse_trees(sql, tokenize(sql, dialect), dialect)
    except (ParseError, QueryError, RecursionError, *_STUMBLES) as error:
        return _find_error_offset(sql, error) or 0
    return None


def _find_error_offset(sql: str, error: BaseException) -> int | None:
    first = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    line, column = first.get("line"), first.get("col")
    if not line or not column:
        return None
    start = sum(len(text) for text in sql.splitlines(keepends=True)[: line - 1])
    return int(start + max(0, column - max(1, len(str(first.get("highlight") or " ")))))


def _make_syntax_error(sql: str, dialect: str, error: Exception, offset: int | None) -> QueryError:
    if not isinstance(error, ParseError):
        return QueryError(f"This is not valid {dialect.title()} SQL.", hint="Look for an extra word or symbol.")
    first = error.errors[0] if error.errors else {}
    description, word = str(first.get("description") or error), first.get("highlight")
    description = description.partition(" but got <")[0].rstrip(".")  # sqlglot shows the token object
    message = f'Syntax error near "{word}"' if word else "Syntax error"
    if description.startswith(("Invalid expression", "Required keyword")) and word:
        hint = "Something is missing here." if description.startswith("Required") else ""
        return make_error(sql, offset, f"{message}.", hint=hint)
    return make_error(sql, offset, f"{message}: {description[:1].lower()}{description[1:]}.")
