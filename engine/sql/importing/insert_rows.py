"""Reader of INSERT statements: their rows become the first rows of the table.

`INSERT INTO t VALUES (...)`, `INSERT INTO t SELECT ... FROM VALUES (...)`, and SELECTs of literals joined by UNION ALL.
Rows that come from other tables or files have a reason instead, as they are not in the script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from engine.sql.importing.cursor import Cursor, split_items
from engine.sql.importing.identifiers import make_identifier
from engine.sql.importing.literal_values import ByRule, Value, evaluate, read_value
from engine.sql.importing.script_state import Context
from engine.sql.importing.statement_splitting import Statement
from engine.sql.importing.table_drafts import InsertedRow, TableDraft
from engine.sql.importing.tokens import Token, TokenKind
from engine.sql.importing.value_lists import iterate_rows

MAX_ROWS = 10_000
"""The most rows of one table that are taken from a script."""

Row = tuple[int, list[Value]]


@dataclass(frozen=True)
class _Source:
    """Where a statement's rows come from: the text with its VALUES list, and the SELECT before it."""

    statement: Statement
    dialect: str

    def line_at(self, offset: int) -> int:
        """Return the line of an offset in the statement's text."""
        return self.statement.tokens[0].line + self.statement.text.count("\n", 0, offset)


def read_insert(statement: Statement, tokens: Sequence[Token], context: Context) -> bool:
    """Take the rows of an INSERT into a table of the script; return False when they are not in the script."""
    cursor = Cursor(tokens, line=statement.line)
    if not cursor.accept("INSERT"):
        return False
    replaces = cursor.accept("OVERWRITE")
    cursor.accept("INTO")
    cursor.accept("TABLE")
    name = context.read_name(cursor)
    if name is None:
        return False
    table = context.script.find(name, within=context.script.schema)
    if table is None:
        return False
    context = context.for_object(table.key)
    columns = _read_columns(cursor, table, context)
    source = _Source(statement, context.dialect)
    rows = _find_rows(cursor, source)
    if rows is None:
        return False
    _add_rows(table, columns, rows, context, replaces=replaces)
    return True


def _read_columns(cursor: Cursor, table: TableDraft, context: Context) -> list[str]:
    """Return the folded names of the columns that the rows fill; an unknown one is empty."""
    if not cursor.is_symbol("(") or cursor.word(1) in ("SELECT", "WITH", "VALUES"):
        return [column.identifier.folded for column in table.columns]
    names: list[str] = []
    for item in split_items(cursor.accept_group() or []):
        folded = make_identifier(item[-1], context.dialect).folded
        if table.column(folded) is None:
            context.note("warning", f'{table.key} has no column "{folded}"; its values are left out.')
            folded = ""
        names.append(folded)
    return names


def _find_rows(cursor: Cursor, source: _Source) -> Iterator[Row] | None:
    if cursor.accept("VALUES"):
        return _read_list(cursor, source)
    rest = cursor.rest
    while rest and rest[0].is_symbol("(") and len(rest) > 2 and rest[1].upper in ("SELECT", "("):
        rest = rest[1:-1] if rest[-1].is_symbol(")") else rest[1:]
    if not rest or rest[0].upper != "SELECT":
        return None
    return _read_select(rest, source)


def _read_list(cursor: Cursor, source: _Source) -> Iterator[Row] | None:
    first = cursor.peek()
    if first is None:
        return None
    return _rows_at(_start_of_list(source, first), source)


def _start_of_list(source: _Source, after: Token) -> int:
    """Return the offset behind the word VALUES; `after` may be the last row of a list without tokens before it."""
    values = next(
        token for token in reversed(source.statement.tokens) if token.upper == "VALUES" and token.start < after.start
    )
    return values.end - source.statement.offset


def _rows_at(position: int, source: _Source) -> Iterator[Row]:
    line, counted = source.line_at(position), position
    for row in iterate_rows(source.statement.text, position, source.dialect):
        line += source.statement.text.count("\n", counted, row.start)
        counted = row.start
        yield line, [read_value(cell, source.dialect) for cell in row.cells]


def _read_select(tokens: Sequence[Token], source: _Source) -> Iterator[Row] | None:
    branches = _split_unions(tokens)
    parts = [_read_branch(branch, source) for branch in branches]
    if any(part is None for part in parts):
        return None
    return (row for part in parts if part is not None for row in part)


def _split_unions(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    branches: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind is TokenKind.SYMBOL:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.upper == "UNION":
            branches.append([])
        elif not (depth == 0 and token.upper == "ALL" and not branches[-1]):
            branches[-1].append(token)
    return [branch for branch in branches if branch]


def _read_branch(tokens: Sequence[Token], source: _Source) -> Iterator[Row] | None:
    if tokens[0].upper != "SELECT":
        return None
    start = next((index for index, token in enumerate(_top_level(tokens)) if token == "FROM"), None)
    items = split_items(tokens[1:start])
    if start is None:
        values = [evaluate(_without_alias(item), {}) for item in items]
        is_known = any(not isinstance(value, ByRule) for value in values)
        return iter([(tokens[0].line, values)]) if is_known else None
    rest = tokens[start + 1 :]
    is_inner = bool(rest) and rest[0].is_symbol("(")
    rest = rest[1:] if is_inner else rest
    if not rest or rest[0].upper != "VALUES" or len(rest) < 2:
        return None
    names = _read_list_names(rest) if is_inner or rest else []
    return _project(_rows_at(rest[0].end - source.statement.offset, source), items, names)


def _top_level(tokens: Sequence[Token]) -> list[str]:
    """Return each word outside of parentheses in upper case, and an empty text for any other token."""
    words: list[str] = []
    depth = 0
    for token in tokens:
        if token.kind is TokenKind.SYMBOL:
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        words.append(token.upper if depth == 0 else "")
    return words


def _read_list_names(rest: Sequence[Token]) -> list[str]:
    """Return the names of `VALUES (...) AS v (id, code)`, folded; empty when it has none."""
    for index in range(len(rest) - 1, 0, -1):
        if rest[index].upper == "AS":
            group = [token for token in rest[index + 2 :] if token.kind in (TokenKind.WORD, TokenKind.QUOTED)]
            return [token.value.casefold() for token in group]
    return []


def _without_alias(item: Sequence[Token]) -> Sequence[Token]:
    """Return an item of a SELECT without its name: `1 AS id`, `'a' code`."""
    if len(item) > 2 and item[-2].upper == "AS":
        return item[:-2]
    is_named = len(item) == 2 and item[0].kind in (TokenKind.STRING, TokenKind.NUMBER)
    return item[:1] if is_named and item[1].kind in (TokenKind.WORD, TokenKind.QUOTED) else item


def _project(rows: Iterator[Row], items: Sequence[Sequence[Token]], names: Sequence[str]) -> Iterator[Row]:
    is_all = len(items) == 1 and items[0][-1].is_symbol("*")
    plain = [_without_alias(item) for item in items]
    for line, values in rows:
        yield line, values if is_all else [evaluate(item, _name_values(values, names)) for item in plain]


def _name_values(values: Sequence[Value], names: Sequence[str]) -> Mapping[str, Value]:
    found = {f"${number}": value for number, value in enumerate(values, start=1)}
    found |= {f"column{number}": value for number, value in enumerate(values, start=1)}
    return found | dict(zip(names, values, strict=False))


def _add_rows(
    table: TableDraft, columns: Sequence[str], rows: Iterator[Row], context: Context, *, replaces: bool
) -> None:
    if replaces:
        table.rows.clear()
    space = MAX_ROWS - len(table.rows)
    misfits: list[int] = []
    unknown: dict[str, int] = {}
    for line, values in islice(rows, space):
        if len(values) != len(columns) and not (len(values) < len(columns) and len(columns) == len(table.columns)):
            misfits.append(line)
            continue
        cells = {name: value for name, value in zip(columns, values, strict=False) if name}
        for name, value in cells.items():
            if value is ByRule.UNKNOWN:
                unknown.setdefault(name, line)
        known = {name: value for name, value in cells.items() if not isinstance(value, ByRule)}
        table.rows.append(InsertedRow(line, known))
    if not table.inserts:
        table.inserts.append(context.place())
    if misfits:
        found = f"{len(misfits)} row{'s' if len(misfits) > 1 else ''} left out, the first at line {misfits[0]}"
        context.note("warning", f"{found}: the number of values is not that of the columns.", line=misfits[0])
    for name, line in unknown.items():
        message = "Inserted value is known to the warehouse only; the column's rule fills it."
        context.note("info", message, line=line, column=name)
    if space <= len(table.rows) and next(rows, None) is not None:
        message = f"Only the first {MAX_ROWS:,} inserted rows are taken."
        context.log.add_once(context.place(), "warning", message, topic=f"inserted rows of {table.key}")
