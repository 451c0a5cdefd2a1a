"""Cursor over the tokens of one statement, shared by all statement readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.sql.importing.tokens import Token, TokenKind

_GENERIC_TYPES = frozenset({"ARRAY", "MAP", "STRUCT", "TABLE"})


class Cursor:
    """A position in a list of tokens; `has_unclosed_group` is whether it passed a ( without its )."""

    def __init__(self, tokens: Iterable[Token], *, line: int = 1) -> None:
        self._tokens = [token for token in tokens if token.kind is not TokenKind.TEMPLATE]
        self._index = 0
        self._first_line = line
        self.has_unclosed_group = False

    @property
    def line(self) -> int:
        """The line of the next token, or of the last one at the end."""
        if not self._tokens:
            return self._first_line
        return self._tokens[min(self._index, len(self._tokens) - 1)].line

    @property
    def is_done(self) -> bool:
        """Whether all tokens are read."""
        return self._index >= len(self._tokens)

    @property
    def rest(self) -> list[Token]:
        """The unread tokens."""
        return self._tokens[self._index :]

    def peek(self, ahead: int = 0) -> Token | None:
        """Return the token `ahead` places after the next one without taking it; None past the end."""
        index = self._index + ahead
        return self._tokens[index] if index < len(self._tokens) else None

    def word(self, ahead: int = 0) -> str:
        """Return that token in upper case when it is a word, otherwise an empty string."""
        token = self.peek(ahead)
        return token.upper if token is not None else ""

    def take(self) -> Token | None:
        """Take the next token; None at the end."""
        token = self.peek()
        self._index += 1
        return token

    def is_ahead(self, *words: str) -> bool:
        """Return whether these words come next, in this order."""
        return all(self.word(ahead) == word for ahead, word in enumerate(words))

    def accept(self, *words: str) -> bool:
        """Take these words if they come next; return whether they did."""
        if not self.is_ahead(*words):
            return False
        self._index += len(words)
        return True

    def accept_any(self, words: Iterable[str]) -> str:
        """Take and return the next word if it is one of `words`, otherwise return an empty string."""
        word = self.word()
        if not word or word not in words:
            return ""
        self._index += 1
        return word

    def is_symbol(self, symbol: str, ahead: int = 0) -> bool:
        """Return whether that symbol comes next."""
        token = self.peek(ahead)
        return token is not None and token.is_symbol(symbol)

    def accept_symbol(self, symbol: str) -> bool:
        """Take that symbol if it comes next; return whether it did."""
        if not self.is_symbol(symbol):
            return False
        self._index += 1
        return True

    def accept_string(self) -> str | None:
        """Take a string literal if one comes next and return its value, otherwise None."""
        token = self.peek()
        if token is None or token.kind is not TokenKind.STRING:
            return None
        self._index += 1
        return token.value

    def accept_group(self) -> list[Token] | None:
        """Take `( ... )` and return the tokens inside, otherwise None; an unclosed one ends with the statement."""
        if not self.accept_symbol("("):
            return None
        depth, start = 1, self._index
        while depth and (token := self.take()) is not None:
            if token.kind is TokenKind.SYMBOL:
                depth += {"(": 1, ")": -1}.get(token.text, 0)
        self.has_unclosed_group = self.has_unclosed_group or depth > 0
        end = self._index - 1
        return self._tokens[start:end]


def split_items(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split tokens at commas, except those inside inner groups and `array<...>` types.

    Empty items, such as the one after a trailing comma, are left out.
    """
    items: list[list[Token]] = [[]]
    depth = angles = 0
    for token in tokens:
        symbol = token.text if token.kind is TokenKind.SYMBOL else ""
        if symbol == "<" and (angles or (items[-1] and items[-1][-1].upper in _GENERIC_TYPES)):
            angles += 1
        elif symbol in (">", ">>") and angles:
            angles -= len(symbol)
        depth += {"(": 1, ")": -1, "[": 1, "]": -1, "{": 1, "}": -1}.get(symbol, 0)
        if symbol == "," and depth <= 0 and angles <= 0:
            items.append([])
        else:
            items[-1].append(token)
    return [item for item in items if item]


def join_tokens(tokens: Iterable[Token], *, max_length: int = 60) -> str:
    """Return the tokens as one readable line of at most `max_length` characters."""
    parts: list[str] = []
    for token in tokens:
        if parts and token.text not in (",", ")", ".", ";") and parts[-1][-1:] not in ("(", ".", ""):
            parts.append("" if token.text == "(" else " ")
        parts.append(token.text)
    text = "".join(parts)
    return text if len(text) <= max_length else f"{text[: max_length - 3]}..."
