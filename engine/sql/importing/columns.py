"""Column definitions: a name, a type, and the dialect's options in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.sql.importing.column_types import UNKNOWN, ColumnType, read_type
from engine.sql.importing.constraints import read_property, read_reference
from engine.sql.importing.cursor import Cursor, join_tokens, split_items
from engine.sql.importing.identifiers import Identifier, read_identifier
from engine.sql.importing.numbering import read_numbering, read_whole_number
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.script_state import Context
from engine.sql.importing.table_drafts import CheckDraft, ColumnDraft, KeyDraft, TableDraft
from engine.sql.importing.tokens import Token, TokenKind


def read_column(item: Sequence[Token], table: TableDraft, context: Context, omissions: Omissions) -> ColumnDraft | None:
    """Read one column with its keys into the table; None when the item has no name."""
    cursor = Cursor(item)
    line = cursor.line
    name = read_identifier(cursor, context.dialect)
    if name is None:
        omissions.add(Kind.UNKNOWN, line, join_tokens(item))
        return None
    note_name(name, context)
    column_type = _read_type(cursor, name, context)
    column = ColumnDraft(name, column_type, context.place(line, name.name))
    if table.column(name.folded) is None:
        column = _Options(cursor, column, table, context, omissions).read()
    table.add_column(column, context.log)
    return column


def note_name(name: Identifier, context: Context, *, is_column: bool = True) -> None:
    """Add a note for an unquoted name that needs quotes, and for a template in it."""
    context.note_template(name)
    if name.fault:
        message = f'"{name.name}" needs quotes in queries: it {name.fault}'
        context.note("info", message, line=name.line, column=name.name if is_column else "")


def note_type(column_type: ColumnType, context: Context, line: int, column: str) -> None:
    """Add a note for a type that differs from the script."""
    if column_type.note:
        message = f"{column_type.note[0].upper()}{column_type.note[1:]}."
        context.note("warning", message, line=line, column=column)
    if column_type.is_cut_to_microseconds:
        message = "Times are cut to microseconds."
        context.log.add_once(context.place(line, column), "info", message, topic="microseconds")


def _read_type(cursor: Cursor, name: Identifier, context: Context) -> ColumnType:
    line = cursor.line
    column_type = None if cursor.word() in _OPTIONS else read_type(cursor, context.dialect)
    if column_type is None:
        column_type = replace(UNKNOWN, note="no type given; the column is imported as text")
    note_type(column_type, context, line, name.name)
    return column_type


class _Options:
    def __init__(
        self, cursor: Cursor, column: ColumnDraft, table: TableDraft, context: Context, omissions: Omissions
    ) -> None:
        self._cursor = cursor
        self._column = column
        self._table = table
        self._context = context
        self._omissions = omissions
        self._constraint = ""

    def read(self) -> ColumnDraft:
        unknown: list[Token] = []
        while not self._cursor.is_done:
            if self._read_one():
                self._omit_unknown(unknown)
                unknown = []
            elif (token := self._cursor.take()) is not None:
                unknown.append(token)
        self._omit_unknown(unknown)
        return self._column

    def _read_one(self) -> bool:
        if read_property(self._cursor, self._omissions):
            return True
        reader = _OPTIONS.get(self._cursor.word())
        return reader is not None and reader(self)

    def _omit_unknown(self, tokens: Sequence[Token]) -> None:
        if tokens:
            self._omit(Kind.UNKNOWN, f"{join_tokens(tokens)} ({self._name})", tokens[0].line)

    @property
    def _name(self) -> str:
        return self._column.identifier.name

    def _omit(self, kind: Kind, what: str, line: int | None = None) -> bool:
        self._omissions.add(kind, self._cursor.line if line is None else line, what)
        return True

    def _add_key(self, *, is_primary: bool) -> bool:
        key = KeyDraft(is_primary, (self._column.identifier,), self._column.place, self._take_constraint_name())
        self._table.keys.append(key)
        return True

    def _take_constraint_name(self) -> str:
        """Return the last CONSTRAINT name, which belongs to one constraint only, and clear it."""
        name, self._constraint = self._constraint, ""
        return name

    def not_null(self) -> bool:
        if not self._cursor.accept("NOT", "NULL"):
            return False
        self._column = replace(self._column, required=True)
        return True

    def null(self) -> bool:
        return self._cursor.accept("NULL")

    def constraint_name(self) -> bool:
        self._cursor.take()
        is_named = self._cursor.word() not in ("PRIMARY", "UNIQUE", "REFERENCES", "FOREIGN", "NOT", "CHECK")
        if is_named and (token := self._cursor.take()) is not None:
            self._constraint = token.value.casefold()
        return True

    def primary_key(self) -> bool:
        return self._cursor.accept("PRIMARY", "KEY") and self._add_key(is_primary=True)

    def unique(self) -> bool:
        self._cursor.take()
        self._cursor.accept("KEY")
        return self._add_key(is_primary=False)

    def reference(self) -> bool:
        line = self._cursor.line
        if not (self._cursor.accept("REFERENCES") or self._cursor.accept("FOREIGN", "KEY", "REFERENCES")):
            return False
        columns = (self._column.identifier,)
        context = self._context.for_object(self._column.place.object)
        read_reference(self._cursor, self._table, columns, context, line, self._take_constraint_name())
        return True

    def default(self) -> bool:
        self._cursor.take()
        self._column = replace(self._column, default=self._take_expression())
        return True

    def identity(self) -> bool:
        line = self._cursor.line
        self._cursor.take()
        start, step = self._read_numbering()
        self._column = replace(self._column, required=True, numbering=(start, step))
        message = f"Identity column: numbered {start}, {start + step}, {start + 2 * step}, ..."
        self._context.note("info", message, line=line, column=self._name)
        return self._add_key(is_primary=False)

    def _read_numbering(self) -> tuple[int, int]:
        """Read `(start, step)` or options such as START 100 INCREMENT 5, in parentheses or without."""
        group = self._cursor.accept_group()
        if group is not None and not any(token.kind is TokenKind.WORD for token in group):
            found = [read_whole_number(Cursor(item)) for item in split_items(group)]
            start, step = [*found, None, None][:2]
            return 1 if start is None else start, step or 1
        options = list(group or ())
        while (word := self._cursor.word()) in _IDENTITY_WORDS:
            options += filter(None, [self._cursor.take()])
            self._cursor.accept_symbol("=")
            is_number = word in ("START", "INCREMENT", "WITH", "BY")
            while is_number and (token := self._cursor.peek()) is not None and _is_number(token):
                options += filter(None, [self._cursor.take()])
        return read_numbering(Cursor(options))

    def generated(self) -> bool:
        self._cursor.take()
        _ = self._cursor.accept("BY", "DEFAULT") or self._cursor.accept("ALWAYS")
        self._cursor.accept("ON", "NULL")
        if self._cursor.is_ahead("AS", "IDENTITY"):
            self._cursor.take()
            return self.identity()
        return self.computed()

    def computed(self) -> bool:
        self._cursor.accept("AS")
        self._column = replace(self._column, formula=self._take_expression())
        self._cursor.accept_any(("STORED", "VIRTUAL"))
        return True

    def comment(self) -> bool:
        self._cursor.take()
        self._cursor.accept_symbol("=")
        text = self._cursor.accept_string()
        self._column = replace(self._column, comment=text or None)
        return text is not None

    def collate(self) -> bool:
        self._cursor.take()
        self._cursor.take()
        return self._omit(Kind.COLLATE, self._name)

    def check(self) -> bool:
        line = self._cursor.line
        self._cursor.take()
        condition = self._cursor.accept_group()
        if not condition:
            return False
        place = replace(self._column.place, line=line)
        self._table.checks.append(CheckDraft(tuple(condition), place, self._take_constraint_name()))
        return True

    def storage(self) -> bool:
        line = self._cursor.line
        word = self._cursor.word()
        self._cursor.take()
        if word == "ENCODE":
            self._cursor.take()
        return self._omit(Kind.SETTING, word, line)

    def policy(self) -> bool:
        line = self._cursor.line
        self._cursor.accept("WITH")
        if self._cursor.accept("TAG"):
            self._cursor.accept_group()
            return self._omit(Kind.POLICY, f"TAG ({self._name})", line)
        kind = self._cursor.word()
        if not self._cursor.accept(kind, "POLICY"):
            return False
        read_identifier(self._cursor, self._context.dialect)
        while self._cursor.accept_symbol("."):
            read_identifier(self._cursor, self._context.dialect)
        if self._cursor.accept("USING"):
            self._cursor.accept_group()
        return self._omit(Kind.POLICY, f"{kind} POLICY ({self._name})", line)

    def _take_expression(self) -> tuple[Token, ...]:
        """Take an expression: at least one term, up to the next option or the end."""
        before = self._cursor.rest
        is_first = True
        while not self._cursor.is_done and (is_first or self._cursor.word() not in _ENDS_OF_EXPRESSION):
            is_first = self._cursor.accept_group() is None and self._skip_token()
        return tuple(before[: len(before) - len(self._cursor.rest)])

    def _skip_token(self) -> bool:
        """Skip one token and return whether another term must follow it."""
        token = self._cursor.take()
        return token is not None and token.kind is TokenKind.SYMBOL and token.text not in (")", "]")


def _is_number(token: Token) -> bool:
    return token.kind is TokenKind.NUMBER or token.is_symbol("-")


_IDENTITY_WORDS = frozenset("START INCREMENT WITH BY ORDER NOORDER".split())
_OPTIONS: dict[str, Callable[[_Options], bool]] = {
    "NOT": _Options.not_null,
    "NULL": _Options.null,
    "CONSTRAINT": _Options.constraint_name,
    "PRIMARY": _Options.primary_key,
    "UNIQUE": _Options.unique,
    "REFERENCES": _Options.reference,
    "FOREIGN": _Options.reference,
    "DEFAULT": _Options.default,
    "IDENTITY": _Options.identity,
    "AUTOINCREMENT": _Options.identity,
    "AUTO_INCREMENT": _Options.identity,
    "GENERATED": _Options.generated,
    "AS": _Options.computed,
    "COMMENT": _Options.comment,
    "COLLATE": _Options.collate,
    "CHECK": _Options.check,
    "ENCODE": _Options.storage,
    "DISTKEY": _Options.storage,
    "SORTKEY": _Options.storage,
    "CASE_SENSITIVE": _Options.storage,
    "CASE_INSENSITIVE": _Options.storage,
    "WITH": _Options.policy,
    "TAG": _Options.policy,
    "MASKING": _Options.policy,
    "PROJECTION": _Options.policy,
}
_ENDS_OF_EXPRESSION = _OPTIONS.keys() | {"STORED", "VIRTUAL"}
