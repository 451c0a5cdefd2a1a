"""What a script declares about values: formulas, CHECKs, defaults and numberings, as text of its dialect.

The import collects them; `engine.rules.declared` turns them into rules of the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.sql.importing.cursor import Cursor, join_tokens
from engine.sql.importing.identifiers import Identifier
from engine.sql.importing.notes import Place
from engine.sql.importing.table_drafts import ColumnDraft, TableDraft
from engine.sql.importing.tokens import Token, TokenKind
from engine.sql.quoting import literal, quote

_WHOLE = 10**6


@dataclass(frozen=True)
class Formula:
    """The formula of a computed column: `total NUMBER(12,2) AS (qty * price)`."""

    table: str
    column: str
    text: str
    place: Place


@dataclass(frozen=True)
class TableCheck:
    """A CHECK of a table or of one of its columns."""

    table: str
    text: str
    place: Place


@dataclass(frozen=True)
class Default:
    """The DEFAULT of a column."""

    table: str
    column: str
    text: str
    place: Place


@dataclass(frozen=True)
class Numbering:
    """A column numbered by IDENTITY or a sequence: start, start + step, start + 2 * step, ..."""

    table: str
    column: str
    start: int
    step: int
    place: Place


Declaration = Formula | TableCheck | Default | Numbering


def list_declarations(table: TableDraft, sequences: Mapping[str, tuple[int, int]]) -> list[Declaration]:
    """Return what the table declares about its values; `sequences` are start and step by folded name."""
    found: list[Declaration] = []
    for column in table.columns:
        name = column.identifier.name
        if column.formula:
            found.append(Formula(table.key, name, write_sql(column.formula), column.place))
        if column.numbering is not None:
            found.append(Numbering(table.key, name, *column.numbering, column.place))
        elif (sequence := find_sequence(column.default)) is not None:
            start, step = sequences.get(sequence, (1, 1))
            found.append(Numbering(table.key, name, start, step, column.place))
        elif column.default:
            found.append(Default(table.key, name, write_sql(column.default), column.place))
    found += [TableCheck(table.key, write_sql(check.tokens), check.place) for check in table.checks]
    return found


def write_sql(tokens: Iterable[Token]) -> str:
    """Return tokens as SQL text, with strings and quoted names as every dialect writes them."""
    return join_tokens(map(_rewrite, tokens), max_length=_WHOLE)


def _rewrite(token: Token) -> Token:
    if token.kind is TokenKind.STRING:
        return replace(token, text=literal(token.value))
    return replace(token, text=quote(token.value)) if token.kind is TokenKind.QUOTED else token


def find_sequence(default: Iterable[Token]) -> str | None:
    """Return the folded name of the sequence that a DEFAULT takes its next value from, None for another default.

    `s.nextval`, `schema.s.nextval`, `nextval('s')`, `nextval('schema.s'::regclass)`, `next value for s`.
    """
    cursor = Cursor(default)
    tokens = cursor.rest
    while len(tokens) > 2 and tokens[0].is_symbol("(") and tokens[-1].is_symbol(")"):
        tokens = tokens[1:-1]
    if len(tokens) >= 3 and tokens[-1].upper == "NEXTVAL" and tokens[-2].is_symbol("."):
        return tokens[-3].value.casefold()
    if len(tokens) >= 4 and tokens[0].upper == "NEXTVAL" and tokens[2].kind is TokenKind.STRING:
        return tokens[2].value.rpartition(".")[2].strip('"').casefold()
    if [token.upper for token in tokens[:3]] == ["NEXT", "VALUE", "FOR"] and len(tokens) > 3:
        return tokens[-1].value.casefold()
    return None


def rename_in_checks(table: TableDraft, old: str, name: Identifier) -> None:
    """Use the new name of a column in the formulas and checks of its table."""

    def rename(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        text = quote(name.name)
        return tuple(
            replace(token, kind=TokenKind.QUOTED, text=text) if _is_name(token, old) else token for token in tokens
        )

    table.checks = [replace(check, tokens=rename(check.tokens)) for check in table.checks]
    table.columns = [
        replace(column, formula=rename(column.formula)) if column.formula else column for column in table.columns
    ]


def drop_checks_of(table: TableDraft, column: ColumnDraft) -> None:
    """Remove the checks that name a dropped column."""
    folded = column.identifier.folded
    table.checks = [check for check in table.checks if not any(_is_name(token, folded) for token in check.tokens)]


def _is_name(token: Token, folded: str) -> bool:
    return token.kind in (TokenKind.WORD, TokenKind.QUOTED) and token.value.casefold() == folded
