"""Numbers that a script counts: CREATE SEQUENCE, and the options of IDENTITY and AUTOINCREMENT columns.

Snowflake: https://docs.snowflake.com/en/sql-reference/sql/create-sequence
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
"""

from __future__ import annotations

from engine.sql.importing.cursor import Cursor
from engine.sql.importing.script_state import Context
from engine.sql.importing.tokens import TokenKind

_WORDS_BEFORE = ("WITH", "BY")
_MAX_DIGITS = 18


def read_sequence(cursor: Cursor, context: Context) -> None:
    """Read the rest of CREATE SEQUENCE; columns take its numbers with NEXTVAL."""
    cursor.accept("IF", "NOT", "EXISTS")
    name = context.read_name(cursor)
    if name is None:
        return context.skip("CREATE SEQUENCE has no valid name.")
    start, step = read_numbering(cursor)
    context.script.sequences[name.table.folded] = start, step
    message = f"Sequence: columns that use it are numbered {start}, {start + step}, {start + 2 * step}, ..."
    return context.for_object(name.key).note("info", message)


def read_numbering(cursor: Cursor) -> tuple[int, int]:
    """Read options up to the end, such as START WITH 100 INCREMENT BY 5; return start and step, 1 by default."""
    start, step = None, 1
    while not cursor.is_done:
        word = cursor.word()
        cursor.take()
        if word in ("START", "INCREMENT"):
            cursor.accept_any(_WORDS_BEFORE)
            cursor.accept_symbol("=")
            number = read_whole_number(cursor)
            if number is not None and word == "START":
                start = number
            elif number:
                step = number
    return (1 if step > 0 else -1) if start is None else start, step


def read_whole_number(cursor: Cursor) -> int | None:
    """Take a whole number of at most 18 digits, with its sign; None when another token comes next."""
    is_negative = cursor.is_symbol("-")
    token = cursor.peek(1 if is_negative else 0)
    if token is None or token.kind is not TokenKind.NUMBER or not token.text.isdigit():
        return None
    cursor.take()
    if is_negative:
        cursor.take()
    if len(token.text) > _MAX_DIGITS:
        return None
    return -int(token.text) if is_negative else int(token.text)
