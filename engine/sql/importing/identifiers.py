"""Identifiers of a script and their names in the schema.

Unquoted names are folded to lower case, in Snowflake too, where the warehouse itself shows upper case; quoted names
keep their case. A template in a name is replaced with the words in it: `{{ env }}_sales` becomes `env_sales`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.schema.names import MAX_QUOTED_LENGTH, name_fault
from engine.sql.importing.cursor import Cursor
from engine.sql.importing.tokens import TEMPLATES, Token, TokenKind, tokenize


@dataclass(frozen=True)
class Identifier:
    """One name; `quoted` is whether it needs quotes, `fault` why an unquoted name needs them."""

    name: str
    quoted: bool
    line: int
    fault: str = ""
    template: str = ""

    @property
    def folded(self) -> str:
        """The name for comparison: names must differ in more than case."""
        return self.name.casefold()


@dataclass(frozen=True)
class ObjectName:
    """The name of a table, with its schema and database if given."""

    table: Identifier
    schema: Identifier | None = None
    database: Identifier | None = None

    @property
    def key(self) -> str:
        """`schema.table` or `table`, the key of a table in the schema."""
        return f"{self.schema.name}.{self.table.name}" if self.schema else self.table.name

    @property
    def parts(self) -> list[Identifier]:
        """The given parts, database first."""
        return [part for part in (self.database, self.schema, self.table) if part is not None]


def read_identifier(cursor: Cursor, dialect: str, *, is_column: bool = True) -> Identifier | None:
    """Read one name; None when the next token is not a name."""
    token = cursor.peek()
    if token is None or token.kind not in (TokenKind.WORD, TokenKind.QUOTED) or token.value == "":
        return None
    cursor.take()
    return make_identifier(token, dialect, is_column=is_column)


def make_identifier(token: Token, dialect: str, *, is_column: bool = True) -> Identifier:
    """Return the identifier of a word or quoted token."""
    pattern = TEMPLATES[dialect]
    template = match[0] if (match := pattern.search(token.text)) else ""
    value = pattern.sub(_replace_template, token.value) if template else token.value
    if token.kind is TokenKind.QUOTED:
        return Identifier(_clean(value), quoted=True, line=token.line, template=template)
    fault = name_fault(value, is_column=is_column)
    return Identifier(_clean(value.lower()), quoted=bool(fault), line=token.line, fault=fault, template=template)


def is_template(text: str, dialect: str) -> bool:
    """Return whether the whole text is one template."""
    return TEMPLATES[dialect].fullmatch(text) is not None


def list_template_words(text: str, dialect: str) -> set[str]:
    """Return the words that replace the templates of a text in `replace_templates`."""
    return {_replace_template(match) for match in TEMPLATES[dialect].finditer(text)}


def replace_templates(text: str, dialect: str) -> str:
    """Return `text` with every template replaced with a word, so that it parses."""
    return TEMPLATES[dialect].sub(_replace_template, text)


def read_object_name(cursor: Cursor, dialect: str, variables: Mapping[str, str] | None = None) -> ObjectName | None:
    """Read `table`, `schema.table`, `database.schema.table`, `database..table` or IDENTIFIER('...').

    IDENTIFIER($name) is the value of `name` (folded) in `variables`, or `name` itself.
    """
    if cursor.word() == "IDENTIFIER" and cursor.is_symbol("(", 1):
        cursor.take()
        return _read_indirect_name(cursor.accept_group() or [], dialect, variables or {})
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


def _read_indirect_name(group: list[Token], dialect: str, variables: Mapping[str, str]) -> ObjectName | None:
    """Read the name inside IDENTIFIER('...') or IDENTIFIER($variable)."""
    if len(group) != 1:
        return None
    text = group[0].value
    if text.startswith("$"):
        text = variables.get(text[1:].casefold(), text[1:])
    tokens = [replace(token, line=group[0].line) for token in tokenize(text, dialect)]
    return read_object_name(Cursor(tokens), dialect) if tokens and tokens[0].upper != "IDENTIFIER" else None


def _replace_template(match: re.Match[str]) -> str:
    words = re.findall(r"[A-Za-z0-9_]+", match[0])
    return "_".join(words) or "template"


def _clean(name: str) -> str:
    """Remove what a name cannot contain: control characters, and characters past the maximum length."""
    text = "".join(" " if ord(c) < 32 or c == "\x7f" else c for c in name)[:MAX_QUOTED_LENGTH]
    return text if text.strip() else "unnamed"
