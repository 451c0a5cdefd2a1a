"""Causes of a syntax error: a misspelled keyword, an unclosed bracket, a missing comma.

A parser marks the first word that it cannot use, which is often the one after the mistake. So small repairs around
that position are tried, and kept when the parser gets further with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token, TokenType

from engine.errors import QueryError, did_you_mean
from engine.sql.spelling import near_keywords
from engine.sql.translation.tree.refusals import make_error

Reader = Callable[[str], int | None]
"""Returns the character offset at which parsing stops, None when the whole text parses."""

_WORDS_BEFORE = 12
_WORDS_AFTER = 3
_LETTERS_READ = 40_000
_MAX_TRIES = 40
"""Limits on the characters that all tries may read, and on their number, so that an error is explained quickly."""
_QUOTED = frozenset({TokenType.IDENTIFIER, TokenType.STRING, TokenType.RAW_STRING, TokenType.HEREDOC_STRING})
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NEXT_WORD = re.compile(r"\s+(\w+|\"|\*)")
_QUERY_WORDS = ("SELECT", "WITH", "VALUES", "EXPLAIN", "SHOW", "DESCRIBE")


@dataclass(frozen=True)
class BrokenText:
    """A text with a syntax error: its tokens, the offset at which parsing stopped, and the table and column names."""

    sql: str
    tokens: list[Token]
    offset: int
    read: Reader
    names: Callable[[], Collection[str]] = frozenset

    def explain(self) -> QueryError | None:
        """Return the error that names the wrong word, bracket or comma; None when no repair is found."""
        return self._find_misspelling() or self._find_bracket() or self._find_missing_comma()

    def _find_misspelling(self) -> QueryError | None:
        places = sorted(self._nearby_words(), key=lambda index: (self.tokens[index].start > self.offset, -index))
        known: Collection[str] | None = None
        found: list[tuple[float, int, int, int, str]] = []
        left = min(_MAX_TRIES, _LETTERS_READ // max(1, len(self.sql)))
        for nearness, index in enumerate(places):
            token = self.tokens[index]
            for rank, (slips, keyword) in enumerate(near_keywords(token.text)):
                if left <= 0:
                    break
                left -= 1
                reached = self._measure_reach(token.start, token.end + 1, keyword)
                if reached > max(self.offset, token.start):
                    found.append((-reached, slips, nearness, rank, keyword))
        for _, _, nearness, _, keyword in sorted(found):
            token = self.tokens[places[nearness]]
            known = {name.lower() for name in self.names()} if known is None else known
            if token.text.lower() not in known:
                return make_misspelling_error(self.sql, token.start, token.text, keyword)
        return None

    def _nearby_words(self) -> Iterator[int]:
        """Yield the indexes of unquoted words around the error."""
        at = next((index for index, token in enumerate(self.tokens) if token.end >= self.offset), len(self.tokens))
        for index in range(max(0, at - _WORDS_BEFORE), min(len(self.tokens), at + _WORDS_AFTER)):
            token = self.tokens[index]
            if token.token_type not in _QUOTED and token.text.isidentifier():
                yield index

    def _find_bracket(self) -> QueryError | None:
        """Return the error for the first unmatched bracket."""
        opened: list[Token] = []
        for token in self.tokens:
            if token.token_type in _QUOTED:
                continue
            if token.text in _CLOSING:
                opened.append(token)
            elif token.text in _CLOSING.values():
                if not opened:
                    message = f'The "{token.text}" has no opening bracket.'
                    return make_error(self.sql, token.start, message, hint="Remove it, or open the bracket.")
                if _CLOSING[opened[-1].text] != token.text:
                    break
                opened.pop()
        if not opened:
            return None
        last = opened[-1]
        return make_error(
            self.sql, last.start, f'The "{last.text}" is not closed.', hint=f'Close it with "{_CLOSING[last.text]}".'
        )

    def _find_missing_comma(self) -> QueryError | None:
        at = next((index for index, token in enumerate(self.tokens) if token.start == self.offset), 0)
        if at == 0 or not all(_is_value(token) for token in self.tokens[at - 1 : at + 1]):
            return None
        kinds = [token.token_type for token in self.tokens[at - 1 : at + 1]]
        if kinds[1] is TokenType.NUMBER and kinds[0] not in (TokenType.NUMBER, TokenType.STRING):
            return None
        if len(self.sql) > _LETTERS_READ or self._measure_reach(self.offset, self.offset, ", ") <= self.offset:
            return None
        message = f'Syntax error near "{self.tokens[at].text}".'
        return make_error(self.sql, self.offset, message, hint="A comma may be missing before it.")

    def _measure_reach(self, start: int, end: int, text: str) -> float:
        """Return how far the text parses with a part of it replaced: an offset in the original text."""
        reached = self.read(self.sql[:start] + text + self.sql[end:])
        if reached is None:
            return float("inf")
        return reached if reached <= start else reached - len(text) + end - start


def make_misspelling_error(sql: str, offset: int, word: str, keyword: str) -> QueryError:
    """Return the error for a misspelled keyword, with the keyword in the case of the word."""
    meant = keyword if word.isupper() else keyword.lower()
    return make_error(sql, offset, f'Syntax error near "{word}".', hint=f'Did you mean "{meant}"?')


def find_misspelled_modifier(sql: str, offset: int | None, word: str) -> str:
    """Return the keyword that a name after SELECT misspells: `distict` in `select distict a from t`.

    Such a name parses as a column, and the column after it as its alias.
    """
    if offset is None or sql[offset : offset + len(word)].lower() != word.lower():
        return ""
    before, behind = sql[:offset].split(), _NEXT_WORD.match(sql[offset + len(word) :])
    if not before or before[-1].upper() != "SELECT" or behind is None or behind[1].upper() in _RESERVED:
        return ""
    return next((keyword for _, keyword in near_keywords(word) if keyword in ("DISTINCT", "ALL", "TOP")), "")


def check_first_word(
    sql: str, first: Token, beginnings: Collection[str], offered: Collection[str] = _QUERY_WORDS
) -> QueryError | None:
    """Return the error for a first word that cannot begin a statement; None when it can.

    `beginnings` are the words that begin a statement, `offered` those that begin a query.
    """
    word = first.text.upper()
    if not word.isidentifier() or word in beginnings or first.token_type is TokenType.IDENTIFIER:
        return None
    near = [keyword for _, keyword in near_keywords(word) if keyword in offered]
    if near:
        return make_misspelling_error(sql, first.start, first.text, near[0])
    hint = did_you_mean(word, _QUERY_WORDS) or "A query begins with SELECT or WITH."
    return make_error(sql, first.start, f'Syntax error near "{first.text}".', hint=hint)


def _is_value(token: Token) -> bool:
    """Return whether a token is a name, number, string or closing bracket."""
    if token.token_type in _QUOTED or token.text in (")", "]"):
        return True
    return (token.text.isidentifier() and not _is_reserved(token)) or token.token_type is TokenType.NUMBER


def _is_reserved(token: Token) -> bool:
    return token.text.upper() in _RESERVED


_RESERVED = frozenset(
    "SELECT FROM WHERE GROUP ORDER BY HAVING QUALIFY LIMIT OFFSET WITH AS DISTINCT JOIN INNER LEFT RIGHT FULL CROSS ON "
    "USING UNION INTERSECT EXCEPT MINUS AND OR NOT IN IS LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END OVER".split()
)
