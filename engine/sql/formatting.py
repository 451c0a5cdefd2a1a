"""A query laid out again: a line for each clause, column and condition, keywords in capitals.

The words stay as the user wrote them. sqlglot would write them anew, in its own words: it drops APPROXIMATE, turns
`a is true` into `a` and `!=` into `<>`. So it only reads the query, and this module sets the space between its tokens.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlglot.tokenizer_core import Token, TokenType

from engine.errors import QueryError, did_you_mean
from engine.sql.translation.pipeline import DIALECTS
from engine.sql.translation.reading.grammar import parse_sql, tokenize

_STEP = "    "
_COMMENT = re.compile(r"--[^\n]*|//[^\n]*|/\*.*?\*/", re.DOTALL)
_EXPLAIN = re.compile(r"\s*explain\b(?:\s+analyze\b)?(?:\s*\(\s*(?:analyze|format)\b[\w\s,]*\))?", re.IGNORECASE)
_QUOTED = frozenset({TokenType.STRING, TokenType.RAW_STRING, TokenType.HEREDOC_STRING, TokenType.IDENTIFIER})
_CLAUSES = frozenset(
    "WITH SELECT FROM WHERE GROUP HAVING QUALIFY WINDOW ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT MINUS"
    " VALUES".split()
)
_JOINS = frozenset("LEFT RIGHT FULL INNER OUTER CROSS NATURAL ASOF SEMI ANTI POSITIONAL JOIN".split())
_KEYWORDS = (
    _CLAUSES
    | _JOINS
    | frozenset(
        """ALL AND ANY AS ASC BETWEEN BY CASE CAST DESC DISTINCT ELSE END EXISTS FILTER FOLLOWING FOR ILIKE IN INTERVAL
        IS LATERAL LIKE NOT NULL NULLS ON OR OVER PARTITION PRECEDING RECURSIVE ROWS SIMILAR THEN UNBOUNDED USING WHEN
        WITHIN TRUE FALSE EXCLUDE""".split()
    )
)
_LISTS = frozenset({"SELECT", "FROM"})
_CONDITIONS = frozenset({"WHERE", "HAVING", "QUALIFY", "JOIN"})
_COMPARISONS = frozenset({"=", "<>", "!=", "<", ">", "<=", ">="})
_OPENS, _CLOSES = frozenset("([{"), frozenset(")]}")


def format_query(sql: str, dialect: str) -> str:
    """Return the query in its usual layout, with all its words and comments, and a final line break.

    Raises `QueryError` with its position for a syntax error.
    """
    name = dialect.lower()
    if name not in DIALECTS:
        raise QueryError(f'There is no dialect "{dialect}".', hint=did_you_mean(name, DIALECTS))
    explain = _EXPLAIN.match(sql)
    start = 0 if explain is None else explain.end()
    query = " " * start + sql[start:]  # so that errors keep their position
    tokens = tokenize(query, name)
    parse_sql(query, tokens, name)
    laid_out = _Layout(query, tokens).write()
    if _words(query, tokens) != _words(laid_out, tokenize(laid_out, name)):
        raise QueryError("This query cannot be laid out without changing it, so it stays as it is.")
    opening = "" if explain is None else " ".join(explain[0].split()).upper() + "\n"
    return f"{opening}{laid_out}\n"


def _words(sql: str, tokens: Sequence[Token]) -> list[str]:
    """Return the words and comments of a text, without the space and the case that the layout sets."""
    found = [piece for piece, _ in _pieces(sql, tokens)]
    return [piece.text if piece.is_fixed else " ".join(piece.text.split()).upper() for piece in found]


@dataclass(frozen=True)
class _Piece:
    """A token or a comment as the user wrote it."""

    text: str
    is_quoted: bool = False
    is_comment: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether its letters and blanks matter."""
        return self.is_quoted or self.is_comment

    @property
    def word(self) -> str:
        """Its first word in capitals, "" for quoted text and comments."""
        return "" if self.is_fixed else self.text.split()[0].upper()


def _pieces(sql: str, tokens: Sequence[Token]) -> Iterator[tuple[_Piece, str]]:
    """Yield the tokens and comments, each with the blanks before it."""
    at = 0
    for token in tokens:
        yield from _comments(sql[at : token.start])
        blanks = _COMMENT.sub("\0", sql[at : token.start]).rpartition("\0")[2]
        yield _Piece(sql[token.start : token.end + 1], is_quoted=token.token_type in _QUOTED), blanks
        at = token.end + 1
    yield from _comments(sql[at:])


def _comments(gap: str) -> Iterator[tuple[_Piece, str]]:
    at = 0
    for found in _COMMENT.finditer(gap):
        yield _Piece(found[0].rstrip(), is_comment=True), gap[at : found.start()]
        at = found.end()


@dataclass
class _Block:
    """A query or a pair of brackets: its indent, and the clause that is being written."""

    indent: str
    is_query: bool
    clause: str = ""
    is_list: bool = False
    betweens: int = 0


@dataclass
class _Layout:
    """The text being written; `newline` is the indent of the line to begin next, None within a line."""

    sql: str
    tokens: Sequence[Token]
    lines: list[str] = field(default_factory=lambda: [""])
    newline: str | None = None

    def write(self) -> str:
        """Return the laid out text."""
        pieces = list(_pieces(self.sql, self.tokens))
        words = _keywords([piece for piece, _ in pieces])
        blocks = [_Block("", is_query=True)]
        for index, (piece, blanks) in enumerate(pieces):
            before, after = (words[index - 1] if index else ""), (words[index + 1] if index + 1 < len(words) else "")
            if piece.is_comment:
                self._comment(piece.text, blanks, blocks[-1])
                continue
            word = words[index]
            if piece.text in _CLOSES and len(blocks) > 1:
                closed = blocks.pop()
                if closed.is_query:
                    self.newline = closed.indent[: -len(_STEP)]
            block = blocks[-1]
            if block.is_query and word:
                self._begin_line(word, before, words, index, block)
            if block.clause in _CONDITIONS and word == "BETWEEN":
                block.betweens += 1
            is_keyword = word in _KEYWORDS and not (after == "(" and word in ("LEFT", "RIGHT"))
            self._add(
                " ".join(piece.text.split()).upper() if is_keyword else piece.text, self._blank(piece, pieces, index)
            )
            if piece.text in _OPENS:
                is_query = piece.text == "(" and after in ("SELECT", "WITH", "FROM", "VALUES")
                blocks.append(_Block(self._indent() + _STEP if is_query else block.indent, is_query))
                self.newline = blocks[-1].indent if is_query else None
            elif block.is_query:
                self._end_word(piece, word, words, index, block)
        return "\n".join(line.rstrip() for line in self.lines).strip("\n")

    def _begin_line(self, word: str, before: str, words: Sequence[str], index: int, block: _Block) -> None:
        """Begin a line before a clause, a join, or a condition."""
        if (
            word in _CLAUSES
            and not (word == "FROM" and before == "DISTINCT")
            and not (word == "ORDER" and before == "(")
        ):
            block.clause, block.betweens = word, 0
            block.is_list = word in _LISTS and _has_comma(words, index)
            self.newline = block.indent
        elif word in _JOINS and before not in _JOINS and _leads_to_join(words, index):
            block.clause, block.betweens = "JOIN", 0
            self.newline = block.indent
        elif word in ("AND", "OR") and block.clause in _CONDITIONS:
            if word == "AND" and block.betweens:
                block.betweens -= 1
            else:
                self.newline = block.indent + _STEP

    def _end_word(self, piece: _Piece, word: str, words: Sequence[str], index: int, block: _Block) -> None:
        """Begin a line after a comma of a list and after a set operation."""
        after = words[index + 1] if index + 1 < len(words) else ""
        if piece.text == "," and block.clause == "WITH":
            self.newline = block.indent
        elif (piece.text == "," and block.is_list) or (
            block.is_list and (word == "FROM" or (word == "SELECT" and after not in ("DISTINCT", "ALL", "TOP")))
        ):
            self.newline = block.indent + _STEP

    def _comment(self, text: str, blanks: str, block: _Block) -> None:
        """Write a comment at the end of the line, or on its own as it was; nothing may follow `--` on its line."""
        is_alone = "\n" in blanks or not self.lines[-1].strip()
        following = self.newline
        if is_alone and self.lines[-1].strip():
            indent = following if following is not None else block.indent
            self.lines.append(indent + text)
        else:
            self.lines[-1] += text if not self.lines[-1].strip() else f" {text}"
        if not text.startswith("/*") or is_alone:
            self.newline = following if following is not None else block.indent + (_STEP if block.clause else "")

    def _blank(self, piece: _Piece, pieces: Sequence[tuple[_Piece, str]], index: int) -> str:
        """Return the space before a token: that of the user, but one at a comma and around a comparison."""
        if not index:
            return ""
        last, blanks = pieces[index - 1][0].text, pieces[index][1]
        if piece.text in (",", ";", ")", "]") or last in ("(", "["):
            return ""
        is_spaced = last == "," or piece.text in _COMPARISONS or last in _COMPARISONS
        return " " if blanks or is_spaced or pieces[index - 1][0].is_comment else ""

    def _add(self, text: str, blank: str) -> None:
        if self.newline is not None:
            if self.lines[-1].strip():
                self.lines.append(self.newline)
            else:
                self.lines[-1] = self.newline
            self.newline, blank = None, ""
        self.lines[-1] += blank + text

    def _indent(self) -> str:
        line = self.lines[-1]
        return line[: len(line) - len(line.lstrip())]


def _keywords(pieces: Sequence[_Piece]) -> list[str]:
    """Return the first word of each piece; "" for what is a name, as in `t.from`, or is quoted."""
    words = [piece.word for piece in pieces]
    around = ["", *words, ""]
    return [
        "" if word not in (".", *_OPENS, *_CLOSES) and "." in (around[index], around[index + 2]) else word
        for index, word in enumerate(words)
    ]


def _has_comma(words: Sequence[str], index: int) -> bool:
    """Return whether the list that begins here has several items."""
    depth = 0
    for word in words[index + 1 :]:
        depth += (word in _OPENS) - (word in _CLOSES)
        if depth < 0 or (depth == 0 and word in _CLAUSES):
            return False
        if depth == 0 and word == ",":
            return True
    return False


def _leads_to_join(words: Sequence[str], index: int) -> bool:
    """Return whether these words are those of a join: `LEFT OUTER JOIN`, and not the function LEFT."""
    for word in words[index : index + 4]:
        if word == "JOIN":
            return True
        if word not in _JOINS:
            return False
    return False
