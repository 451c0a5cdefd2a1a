"""Operators and clauses of other databases that the warehouse lacks, although sqlglot's grammars parse many of them.

https://docs.snowflake.com/en/sql-reference/operators
https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot.tokenizer_core import Token, TokenType

from engine.sql.translation.tree.refusals import make_error

_TEXTS = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.RAW_STRING, TokenType.HEREDOC_STRING)
_OPERAND_ENDS = (TokenType.NUMBER, TokenType.VAR, TokenType.R_PAREN, TokenType.R_BRACKET, *_TEXTS)
_OPERAND_STARTS = (TokenType.NUMBER, TokenType.VAR, TokenType.L_PAREN, *_TEXTS)
_SHARED = {
    "<=>": "Write IS NOT DISTINCT FROM.",
    "->>": "Write a path into the value.",
    "#>": "Write a path into the value.",
    "#>>": "Write a path into the value.",
    "@@": "Write LIKE, or a regular expression.",
    "^@": "Write LIKE 'start%'.",
    "**": "Write POWER(a, b).",
    "&&": "Write AND.",
}
_HINTS = {
    "snowflake": {
        **_SHARED,
        "^": "Write POWER(a, b), or BITXOR(a, b) for the bits.",
        "&": "Write BITAND(a, b).",
        "|": "Write BITOR(a, b).",
        "~": "Write RLIKE, or BITNOT(a) for the bits.",
        "~*": "Write REGEXP_LIKE(text, pattern, 'i').",
        "~~": "Write LIKE.",
        "~~*": "Write ILIKE.",
        "<<": "Write BITSHIFTLEFT(a, n).",
        ">>": "Write BITSHIFTRIGHT(a, n).",
        "!": "Write NOT, or FACTORIAL(n).",
        "#": "Write BITXOR(a, b).",
        "@>": "Write ARRAY_CONTAINS(value, array).",
        "<@": "Write ARRAY_CONTAINS(value, array).",
        "<=>": "Write EQUAL_NULL(a, b).",
        "^@": "Write STARTSWITH(text, start).",
    },
    "redshift": {
        **_SHARED,
        "!": "Write NOT.",
        "->": "Write JSON_EXTRACT_PATH_TEXT(text, 'key').",
        "->>": "Write JSON_EXTRACT_PATH_TEXT(text, 'key').",
        "==": "Write =.",
        "?|": "Write a path into the value.",
        "?&": "Write a path into the value.",
        "@>": "Write ARRAY_CONTAINS(array, value).",
        "<@": "Write ARRAY_CONTAINS(array, value).",
        "-|-": "Compare the values one by one.",
    },
}


def check_operators(sql: str, tokens: Sequence[Token], dialect: str) -> None:
    """Raise `QueryError` with its position for an operator, or ORDER SIBLINGS BY, that the warehouse lacks."""
    hints = _HINTS[dialect]
    for index, token in enumerate(tokens):
        if token.token_type in _TEXTS:
            continue
        written = _read_operator(tokens, index)
        if written == "SIBLINGS" and index > 0 and tokens[index - 1].text.upper() == "ORDER":
            advice = "Order by SYS_CONNECT_BY_PATH(name, '/')."
            raise make_error(sql, token.start, f"{dialect.title()} has no ORDER SIBLINGS BY.", hint=advice)
        if written == "!" and _is_part_of_other(tokens, index):
            continue
        if written == "DIV" and not _is_between_operands(tokens, index):
            continue
        hint = "Write FLOOR(a / b)." if written == "DIV" else hints.get(written)
        if hint is not None:
            raise make_error(sql, token.start, f"{dialect.title()} has no operator {written}.", hint=hint)


def _read_operator(tokens: Sequence[Token], index: int) -> str:
    """Return the text of an operator, which may be split over two tokens."""
    token = tokens[index]
    following = tokens[index + 1] if len(tokens) > index + 1 else None
    if following is not None and following.start == token.end + 1:
        pair = token.text + following.text
        if pair in ("<<", ">>", "**", "@>", "<@", "^@", "@@"):
            return pair
    return token.text.upper()


def _is_part_of_other(tokens: Sequence[Token], index: int) -> bool:
    """Whether a `!` begins `!~` (a pattern), or is between the name of a model and its method."""
    following = tokens[index + 1].text if len(tokens) > index + 1 else ""
    is_method = index > 0 and tokens[index - 1].token_type is TokenType.VAR and following.isidentifier()
    return following in ("~", "~*", "~~", "~~*") or is_method


def _is_between_operands(tokens: Sequence[Token], index: int) -> bool:
    if not 0 < index < len(tokens) - 1:
        return False
    return tokens[index - 1].token_type in _OPERAND_ENDS and tokens[index + 1].token_type in _OPERAND_STARTS
