"""Placeholders in a query: variables fill `$start` and `:start`; the placeholders of drivers are refused.

They are found in the tokens, before parsing: a grammar takes a form that it does not know for something else, such as
`$1` for the operator `@`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token, TokenType

from engine.errors import QueryError, did_you_mean
from engine.sql.translation.tree.refusals import make_error

_BEFORE_OPERANDS = frozenset(
    "( , + - * / % = == < > <= >= <> != || ~ ~~ ^ & | SELECT DISTINCT ALL WHERE AND OR NOT ON HAVING QUALIFY WHEN THEN "
    "ELSE CASE BETWEEN IN LIKE ILIKE RLIKE LIMIT OFFSET TOP BY ANY ESCAPE FROM TO IS".split()
)
"""Tokens that a value follows; elsewhere `:` begins a path and `%` is modulo."""
_OF_DRIVERS = "Write $name and pass its value as a variable, or write the value itself."
_OF_TEMPLATES = "Render the template before running the query, or write $name and pass its value as a variable."


@dataclass(frozen=True)
class Placeholder:
    """A placeholder in a text: `name` is the variable that fills it, None for an unsupported form.

    `start` and `end` are offsets in the text, `end` exclusive.
    """

    name: str | None
    start: int
    end: int
    hint: str = _OF_DRIVERS


def find_placeholders(sql: str, tokens: Sequence[Token], dialect: str) -> Iterator[Placeholder]:
    """Yield the placeholders in text order; Snowflake's `$1` is not one, but a column by position."""
    has_patterns = any(token.text.upper() == "MATCH_RECOGNIZE" for token in tokens)
    for index, token in enumerate(tokens):
        following = _find_adjacent(tokens, index)
        kind = token.token_type
        if kind is TokenType.PLACEHOLDER and token.text == "?" and not has_patterns:
            yield Placeholder(None, token.start, token.end + 1)
        elif kind is TokenType.BLOCK_START or _is_brace_pair(token, following):
            yield Placeholder(None, token.start, _find_template_end(sql, token.start), _OF_TEMPLATES)
        elif following is None:
            continue
        elif kind is TokenType.PARAMETER and token.text == "$":
            yield from _find_after_dollar(sql, token, following, dialect)
        elif kind is TokenType.PARAMETER and dialect == "snowflake" and _is_word(following):
            if index == 0 or tokens[index - 1].text.upper() not in ("FROM", "JOIN", "@"):
                yield Placeholder(None, token.start, following.end + 1)
        elif kind is TokenType.COLON and _is_operand_start(tokens, index):
            if _is_word(following):
                yield Placeholder(following.text, token.start, following.end + 1)
            elif following.token_type is TokenType.NUMBER:
                yield Placeholder(None, token.start, following.end + 1)
        elif kind is TokenType.MOD and _is_operand_start(tokens, index):
            if following.text == "s":
                yield Placeholder(None, token.start, following.end + 1)
            elif following.token_type is TokenType.L_PAREN and len(tokens) > index + 4:
                yield Placeholder(None, token.start, tokens[index + 4].end + 1)


def check_placeholders(sql: str, found: Sequence[Placeholder], variables: Collection[str]) -> None:
    """Raise `QueryError` for the first placeholder without a variable (names in lower case)."""
    for placeholder in found:
        written = sql[placeholder.start : placeholder.end]
        if placeholder.name is None:
            raise make_error(sql, placeholder.start, f"The placeholder {written} has no value.", hint=placeholder.hint)
        if placeholder.name.lower() not in variables:
            raise make_error(
                sql,
                placeholder.start,
                f"The variable {written} has no value.",
                hint=did_you_mean(placeholder.name.lower(), sorted(variables)) or make_value_hint(placeholder.name),
            )


def make_value_hint(name: str) -> str:
    """Return a hint on how to pass the value of a variable."""
    return f'Pass it with the query: variables={{"{name}": ...}}, or --variable {name}=... on the command line.'


def make_variable_error(name: object, value: object) -> QueryError:
    """Return the error for a variable with an invalid name or an unsupported type."""
    if not isinstance(name, str) or not name.isidentifier():
        return QueryError(f"Invalid variable name {name!r}.", hint="Use letters, digits and _.")
    return QueryError(
        f"The variable {name} has the unsupported type {type(value).__name__}.",
        hint="Use a number, string, boolean, date, time, timestamp or None.",
    )


def _find_after_dollar(sql: str, token: Token, following: Token, dialect: str) -> Iterator[Placeholder]:
    if _is_word(following):
        yield Placeholder(following.text, token.start, following.end + 1)
    elif following.token_type is TokenType.NUMBER and dialect != "snowflake":
        yield Placeholder(None, token.start, following.end + 1)
    elif following.token_type is TokenType.L_BRACE:
        end = sql.find("}", token.start) + 1 or len(sql)
        yield Placeholder(None, token.start, end, _OF_TEMPLATES)


def _is_brace_pair(token: Token, following: Token | None) -> bool:
    return token.text == "{" and following is not None and following.text == "{"


def _find_adjacent(tokens: Sequence[Token], index: int) -> Token | None:
    """Return the token that follows without whitespace."""
    following = tokens[index + 1] if len(tokens) > index + 1 else None
    return following if following is not None and following.start == tokens[index].end + 1 else None


def _is_word(token: Token) -> bool:
    is_text = token.token_type in (TokenType.STRING, TokenType.IDENTIFIER)
    return not is_text and token.text.replace("$", "_").isidentifier()


def _is_operand_start(tokens: Sequence[Token], index: int) -> bool:
    return index == 0 or tokens[index - 1].text.upper() in _BEFORE_OPERANDS


def _find_template_end(sql: str, start: int) -> int:
    ends = [sql.find(closing, start) for closing in ("}}", "%}", "#}")]
    return min((end + 2 for end in ends if end >= 0), default=start + 2)
