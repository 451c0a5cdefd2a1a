"""Names as a script writes them, and what they become in the schema.

An unquoted name is folded to lower case, for Snowflake too, where the warehouse itself would show upper case; a
quoted one keeps its case. A template in a name stands for the words inside it: `{{ env }}_sales` is `env_sales`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.schema.names import GREATEST_QUOTED_LENGTH, name_fault
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.tokens import TEMPLATES, Token, TokenKind, tokenize


@dataclass(frozen=True)
class Identifier:
    """One name; `quoted` when it needs quotes, `fault` why a name written without quotes needs them."""

    name: str
    quoted: bool
    line: int
    fault: str = ""
    template: str = ""

    @property
    def folded(self) -> str:
        """What names are compared by: they differ in more than case."""
        return self.name.casefold()


@dataclass(frozen=True)
class ObjectName:
    """The name of a table, with its schema and database when they are written."""

    table: Identifier
    schema: Identifier | None = None
    database: Identifier | None = None

    @property
    def key(self) -> str:
        """`schema.table`, or `table`: as the schema model names its tables."""
        return f"{self.schema.name}.{self.table.name}" if self.schema else self.table.name

    @property
    def parts(self) -> list[Identifier]:
        """All parts that are written, the database first."""
        return [part for part in (self.database, self.schema, self.table) if part is not None]


def read_identifier(cursor: Cursor, dialect: str, *, is_column: bool = True) -> Identifier | None:
    """Take one name; None when the token ahead is no name."""
    token = cursor.peek()
    if token is None or token.kind not in (TokenKind.WORD, TokenKind.QUOTED) or token.value == "":
        return None
    cursor.take()
    return identifier(token, dialect, is_column=is_column)


def identifier(token: Token, dialect: str, *, is_column: bool = True) -> Identifier:
    """Return the name that a word or quoted identifier stands for."""
    pattern = TEMPLATES[dialect]
    template = match[0] if (match := pattern.search(token.text)) else ""
    value = pattern.sub(_stand_in, token.value) if template else token.value
    if token.kind is TokenKind.QUOTED:
        return Identifier(_clean(value), quoted=True, line=token.line, template=template)
    fault = name_fault(value, is_column=is_column)
    return Identifier(_clean(value.lower()), quoted=bool(fault), line=token.line, fault=fault, template=template)


def is_template(text: str, dialect: str) -> bool:
    """Whether the whole text is one template."""
    return TEMPLATES[dialect].fullmatch(text) is not None


def template_words(text: str, dialect: str) -> set[str]:
    """Return the words that stand for the templates of a text in `without_templates`."""
    return {_stand_in(match) for match in TEMPLATES[dialect].finditer(text)}


def without_templates(text: str, dialect: str) -> str:
    """Return `text` with a word in the place of every template, so that it parses."""
    return TEMPLATES[dialect].sub(_stand_in, text)


def read_object_name(cursor: Cursor, dialect: str, variables: Mapping[str, str] | None = None) -> ObjectName | None:
    """Take `table`, `schema.table`, `database.schema.table`, `database..table` or IDENTIFIER('...').

    IDENTIFIER($name) is the value that `variables` holds for `name` (folded), or `name` itself.
    """
    if cursor.word() == "IDENTIFIER" and cursor.is_symbol("(", 1):
        cursor.take()
        return _named_by(cursor.accept_group() or [], dialect, variables or {})
    if cursor.is_symbol(":") or cursor.is_symbol("@"):
        cursor.take()
    parts: list[Identifier | None] = [read_identifier(cursor, dialect, is_column=False)]
    while parts[0] is not None and len(parts) < 5 and cursor.accept_symbol("."):
        parts.append(read_identifier(cursor, dialect, is_column=False))
    table = parts[-1]
    if table is None:
        return None
    schema = parts[-2] if len(parts) > 1 else None
    return ObjectName(table, schema, parts[-3] if len(parts) > 2 else None)


def _named_by(group: list[Token], dialect: str, variables: Mapping[str, str]) -> ObjectName | None:
    """Read the name inside IDENTIFIER('...') or IDENTIFIER($variable)."""
    if len(group) != 1:
        return None
    text = group[0].value
    if text.startswith("$"):
        text = variables.get(text[1:].casefold(), text[1:])
    tokens = [replace(token, line=group[0].line) for token in tokenize(text, dialect)]
    return read_object_name(Cursor(tokens), dialect) if tokens and tokens[0].upper != "IDENTIFIER" else None


def _stand_in(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Za-z0-9_]+", match[0])
    return "_".join(words) or "template"


def _clean(name: str) -> str:
    """Leave out what no name can hold: control characters, and what exceeds the greatest length."""
    text = "".join(" " if ord(c) < 32 or c == "\x7f" else c for c in name)[:GREATEST_QUOTED_LENGTH]
    return text if text.strip() else "unnamed"
