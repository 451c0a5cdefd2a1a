"""Tokenizer of scripts, in one pass over the text.

One pattern serves the splitter and the statement readers; it also covers psql and SnowSQL command lines, dollar
quoting and templates. It never fails: an unclosed quote or comment ends with its line, so that the statements after
it survive. Time is linear in the text: whether a comment, template or dollar quote is closed is looked up, not
searched for again each time.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class TokenKind(Enum):
    """The kind of a token."""

    WORD = "word"
    QUOTED = "quoted identifier"
    STRING = "string"
    NUMBER = "number"
    SYMBOL = "symbol"
    COMMAND = "psql or SnowSQL command line"
    TEMPLATE = "template block"
    UNCLOSED = "unclosed quote"
    UNCLOSED_COMMENT = "unclosed comment"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the script: its exact `text` from offset `start` up to `end`; `line` counts from 1."""

    kind: TokenKind
    text: str
    start: int
    end: int
    line: int
    has_escapes: bool = False
    """Whether backslashes in a string are escapes."""

    @property
    def upper(self) -> str:
        """The text of a word in upper case; empty for everything that is not a word."""
        return self.text.upper() if self.kind is TokenKind.WORD else ""

    @property
    def value(self) -> str:
        """The value of a string or quoted identifier; the text of any other token."""
        return _unquote(self)

    def is_symbol(self, text: str) -> bool:
        """Return whether the token is that symbol."""
        return self.kind is TokenKind.SYMBOL and self.text == text


_TEMPLATE = r"\{\{.{0,2000}?\}\}|<%.{0,2000}?%>|\$\{[^{}\n]*\}|&\{[^{}\n]*\}|\{[A-Za-z_]\w*\}|(?<!\w)<[A-Za-z_]\w*>"
TEMPLATES = {
    "snowflake": re.compile(rf"(?:{_TEMPLATE}|&[A-Za-z_]\w*)", re.S),
    "redshift": re.compile(f"(?:{_TEMPLATE})", re.S),
    "duckdb": re.compile(f"(?:{_TEMPLATE})", re.S),
}
_STRING_STARTS = {"snowflake": r"'", "redshift": r"[EeNnBbXx]?'", "duckdb": r"[EeNnBbXx]?'"}
_BACKSLASH_DIALECTS = frozenset({"snowflake", "redshift"})
_STRING_WITH_BACKSLASH = re.compile(r"'(?:[^'\\]|''|\\.)*+'", re.S)
_STRING = re.compile(r"'(?:[^']|'')*+'")
_QUOTED = {'"': re.compile(r'"(?:[^"]|"")*+"'), "`": re.compile(r"`[^`]*+`")}
_PLAIN_ROWS = re.compile(r"\s*+(?:\((?:\s*+(?:'[^'\\]*+'|[-+]?+[\w.]++)\s*+,?+)++\)\s*+,\s*+(?=\())++")
_BLOCK_COMMENT_EDGE = re.compile(r"/\*|\*/")
_DOLLAR_TAG = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")
_ENDS_OF_TEMPLATES = {"{{": "}}", "<%": "%>", "{%": "%}", "{#": "#}"}
_MAX_UNCLOSED = 20
_ESCAPE = re.compile(
    r"\\(?:x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<unicode>[0-9a-fA-F]{4})|U(?P<wide>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-7]{1,3})|(?P<other>.))",
    re.S,
)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


def _build_pattern(dialect: str) -> re.Pattern[str]:
    slashes = r"|(?<![:/])//[^\n]*" if dialect == "snowflake" else ""
    ampersand = r"|&(?=[A-Za-z_{])" if dialect == "snowflake" else ""
    return re.compile(
        rf"(?P<space>\s+|--[^\n]*{slashes})"
        r"|(?P<command>\\[^\n]*|![A-Za-z][^\n]*)"
        r"|(?P<comment>/\*)"
        r"|(?P<block>\{%|\{\#)"
        r"|(?P<dollar>\$(?:[A-Za-z_]\w*)?\$)"
        rf"|(?P<string>{_STRING_STARTS[dialect]})"
        r"|(?P<quoted>[\"`])"
        r"|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)|\.\d+(?!\w))"
        rf"|(?P<word>[\w$]|\#(?=\w)|\{{\{{|<%|(?<!\w)<(?=[A-Za-z_]\w*>)|\{{(?=[A-Za-z_]\w*\}}){ampersand})"
        r"|(?P<symbol>::|<=|>=|<>|!=|=>|->|\|\||.)",
        re.S,
    )


_PATTERNS = {dialect: _build_pattern(dialect) for dialect in TEMPLATES}
_WORD_RUN = re.compile(r"#?(?:\w|\$(?!\{))*")


def tokenize(text: str, dialect: str) -> list[Token]:
    """Return the tokens of `text` without white space and comments."""
    return list(_Lexer(text, dialect).tokens())


class _Lexer:
    def __init__(self, text: str, dialect: str) -> None:
        self._text = text
        self._pattern = _PATTERNS[dialect]
        self._template = TEMPLATES[dialect]
        self._is_escaping = dialect in _BACKSLASH_DIALECTS
        self._tags: dict[str, list[int]] | None = None
        self._nests_comments = True
        self._ends_comments = True
        self._unclosed = 0
        self._last_end = 0
        self._line = 1
        self._counted = 0

    def tokens(self) -> Iterator[Token]:
        position, size = 0, len(self._text)
        while position < size:
            match = self._pattern.match(self._text, position)
            assert match is not None, "every character is at least a symbol"
            kind, end = self._read_next(match)
            if kind is not None:
                token = self._build_token(kind, position, end)
                yield token
                self._last_end = end
                if token.upper == "VALUES":
                    end = self._skip_rows(end)
            position = end

    def _skip_rows(self, start: int) -> int:
        """Return the start of the last row of a VALUES list, to create no tokens for the many rows before it.

        A row with anything but plain literals ends the search.
        """
        match = _PLAIN_ROWS.match(self._text, start)
        return start if match is None else match.end()

    def _read_next(self, match: re.Match[str]) -> tuple[TokenKind | None, int]:
        start, end = match.span()
        match match.lastgroup:
            case "space":
                return None, end
            case "command":
                is_first = self._last_end == 0 or "\n" in self._text[self._last_end : start]
                return (TokenKind.COMMAND, end) if is_first else (TokenKind.SYMBOL, start + 1)
            case "comment":
                return self._skip_comment(start)
            case "block":
                return TokenKind.TEMPLATE, self._find_block_end(start)
            case "dollar":
                return self._read_dollar_quote(start, match[0])
            case "string":
                is_escaping = self._is_escaping or match[0][0] in "eE"
                return self._read_quote(TokenKind.STRING, _STRING_WITH_BACKSLASH if is_escaping else _STRING, end - 1)
            case "quoted":
                return self._read_quote(TokenKind.QUOTED, _QUOTED[match[0]], start)
            case "number":
                return TokenKind.NUMBER, end
            case "word":
                return self._read_word(start)
            case _:
                return TokenKind.SYMBOL, end

    def _build_token(self, kind: TokenKind, start: int, end: int) -> Token:
        self._line += self._text.count("\n", self._counted, start)
        self._counted = start
        text = self._text[start:end]
        return Token(kind, text, start, end, self._line, kind is TokenKind.STRING and self._has_escapes(text))

    def _has_escapes(self, text: str) -> bool:
        """Return whether a string has backslash escapes: E'...' always, '...' in Redshift and Snowflake."""
        return text[0] in "eE" or (text[0] == "'" and self._is_escaping)

    def _read_quote(self, kind: TokenKind, pattern: re.Pattern[str], start: int) -> tuple[TokenKind, int]:
        match = pattern.match(self._text, start) if self._unclosed < _MAX_UNCLOSED else None
        if match is not None:
            return kind, match.end()
        self._unclosed += 1
        return TokenKind.UNCLOSED, self._find_line_end(start)

    def _find_line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return len(self._text) if end < 0 else end

    def _skip_comment(self, start: int) -> tuple[TokenKind | None, int]:
        """Skip a comment with nested ones; if the nesting is unbalanced, it ends at the first `*/`."""
        if self._nests_comments:
            depth = 0
            for edge in _BLOCK_COMMENT_EDGE.finditer(self._text, start):
                depth += 1 if edge[0] == "/*" else -1
                if depth == 0:
                    return None, edge.end()
            self._nests_comments = False
        end = self._text.find("*/", start + 2) if self._ends_comments else -1
        if end >= 0:
            return None, end + 2
        self._ends_comments = False
        return TokenKind.UNCLOSED_COMMENT, self._find_line_end(start)

    def _find_block_end(self, start: int) -> int:
        closing = _ENDS_OF_TEMPLATES[self._text[start : start + 2]]
        end = self._text.find(closing, start + 2)
        return self._find_line_end(start) if end < 0 else end + 2

    def _read_dollar_quote(self, start: int, tag: str) -> tuple[TokenKind, int]:
        if self._tags is None:
            self._tags = {}
            for match in _DOLLAR_TAG.finditer(self._text):
                self._tags.setdefault(match[0], []).append(match.start())
        starts = self._tags.get(tag, [])
        closing = bisect_right(starts, start + len(tag) - 1)
        if closing < len(starts):
            return TokenKind.STRING, starts[closing] + len(tag)
        return TokenKind.SYMBOL, start + len(tag)

    def _read_word(self, start: int) -> tuple[TokenKind, int]:
        """Read adjacent letters and templates as one word: `{{ env }}_sales`, `raw_&{env}`."""
        end = start
        while end < len(self._text):
            run = _WORD_RUN.match(self._text, end)
            after = run.end() if run is not None else end
            template = self._template.match(self._text, after) if self._text[after : after + 1] in "{<&$" else None
            if template is not None:
                after = template.end()
            if after == end:
                break
            end = after
        return (TokenKind.WORD, end) if end > start else (TokenKind.SYMBOL, start + 1)


def _unquote(token: Token) -> str:
    text = token.text
    if token.kind is TokenKind.QUOTED:
        mark = text[0]
        return text[1:-1].replace(mark * 2, mark)
    if token.kind is not TokenKind.STRING:
        return text
    if tag := _DOLLAR_TAG.match(text):
        return text[tag.end() : -len(tag[0])]
    inner = text[text.index("'") + 1 : -1].replace("''", "'")
    return _ESCAPE.sub(_unescape, inner) if token.has_escapes else inner


def _unescape(match: re.Match[str]) -> str:
    """Return the character of a backslash escape; an invalid one becomes the replacement character.

    https://docs.snowflake.com/en/sql-reference/data-types-text#escape-sequences-in-single-quoted-string-constants
    """
    if (code := match["hex"] or match["unicode"] or match["wide"]) is not None:
        number = int(code, 16)
    elif match["octal"] is not None:
        number = int(match["octal"], 8)
    else:
        return _ESCAPED.get(match["other"], match["other"])
    is_character = 0 < number < 0xD800 or 0xDFFF < number <= sys.maxunicode
    return chr(number) if is_character else "\ufffd"
