"""Table settings around the columns: distribution, sorting, retention, files, policies.

None of them changes the rows of a table, so the schema has none of them; they are parsed so that the import can list
what it ignores, separately from unknown syntax.
"""

from __future__ import annotations

from engine.sql.importing.cursor import Cursor
from engine.sql.importing.identifiers import read_object_name
from engine.sql.importing.omissions import Kind, Omissions
from engine.sql.importing.tokens import TokenKind

# The words of a setting, and the maximum number of words in its value.
_SETTINGS: dict[tuple[str, ...], int] = {
    ("DISTSTYLE",): 1,
    ("DISTKEY",): 0,
    ("SORTKEY",): 0,
    ("COMPOUND", "SORTKEY"): 0,
    ("INTERLEAVED", "SORTKEY"): 0,
    ("ENCODE",): 1,
    ("BACKUP",): 1,
    ("CLUSTER", "BY"): 0,
    ("COPY", "GRANTS"): 0,
    ("COPY", "TAGS"): 0,
    ("ON", "COMMIT"): 2,
    ("INHERITS",): 0,
    ("PARTITION", "BY"): 0,
    ("PARTITIONED", "BY"): 0,
    ("ROW", "FORMAT", "SERDE"): 0,
    ("WITH", "SERDEPROPERTIES"): 0,
    ("ROW", "FORMAT", "DELIMITED"): 0,
    ("FIELDS", "TERMINATED", "BY"): 0,
    ("LINES", "TERMINATED", "BY"): 0,
    ("ESCAPED", "BY"): 0,
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): 0,
    ("MAP", "KEYS", "TERMINATED", "BY"): 0,
    ("NULL", "DEFINED", "AS"): 0,
    ("STORED", "AS", "INPUTFORMAT"): 0,
    ("STORED", "AS"): 1,
    ("INPUTFORMAT",): 0,
    ("OUTPUTFORMAT",): 0,
    ("LOCATION",): 0,
    ("TABLE", "PROPERTIES"): 0,
    ("TBLPROPERTIES",): 0,
    ("ENABLE", "SCHEMA", "EVOLUTION"): 0,
    ("REQUIRE", "USER"): 0,
    ("WITH", "NO", "DATA"): 0,
    ("WITH", "DATA"): 0,
    ("WITH", "TAG"): 0,
    ("TAG",): 0,
    ("CASE_SENSITIVE",): 0,
    ("CASE_INSENSITIVE",): 0,
}
_BY_FIRST_WORD: dict[str, list[tuple[str, ...]]] = {}
for _words in sorted(_SETTINGS, key=len, reverse=True):
    _BY_FIRST_WORD.setdefault(_words[0], []).append(_words)
_POLICIES = frozenset({"ROW", "AGGREGATION", "JOIN", "STORAGE"})


def read_setting(cursor: Cursor, omissions: Omissions, dialect: str) -> bool:
    """Read one setting with its value; False when no known setting comes next."""
    line = cursor.line
    if policy := _read_policy(cursor, dialect):
        omissions.add(Kind.POLICY, line, policy)
        return True
    for words in _BY_FIRST_WORD.get(cursor.word(), ()):
        if cursor.accept(*words):
            _skip_value(cursor, words)
            kind = Kind.POLICY if words[-1] == "TAG" else Kind.SETTING
            omissions.add(kind, line, " ".join(words))
            return True
    if cursor.word() and cursor.is_symbol("=", 1):
        omissions.add(Kind.SETTING, line, cursor.word())
        cursor.take()
        _skip_assigned(cursor)
        return True
    return cursor.accept_symbol(",")


def _read_policy(cursor: Cursor, dialect: str) -> str:
    """Read `[WITH] ROW ACCESS POLICY name ON (columns)` or a similar policy; return its kind, or an empty string."""
    start = 1 if cursor.word() == "WITH" else 0
    if cursor.word(start) not in _POLICIES:
        return ""
    length = 3 if cursor.word(start + 1) in ("ACCESS", "LIFECYCLE") else 2
    if cursor.word(start + length - 1) != "POLICY":
        return ""
    name = " ".join(cursor.word(start + index) for index in range(length))
    for _ in range(start + length):
        cursor.take()
    read_object_name(cursor, dialect)
    while cursor.accept_any(("ON", "ENTITY", "KEY", "ALLOWED", "KEYS")) or cursor.accept_group() is not None:
        pass
    return name


def _skip_value(cursor: Cursor, words: tuple[str, ...]) -> None:
    cursor.accept_symbol("=")
    for _ in range(_SETTINGS[words]):
        if cursor.word():
            cursor.take()
    if words[-1] == "SORTKEY":
        cursor.accept("AUTO")
    if words == ("CLUSTER", "BY"):
        _ = cursor.accept("LINEAR") or cursor.accept("AUTO")
    while cursor.accept_group() is not None or cursor.accept_string() is not None:
        pass
    if cursor.is_symbol("@"):
        _skip_stage(cursor)


def _skip_assigned(cursor: Cursor) -> None:
    """Skip the `= value` of a property: a word, a number, a string, a group or the path of a stage."""
    cursor.accept_symbol("=")
    if cursor.is_symbol("@"):
        return _skip_stage(cursor)
    if cursor.accept_group() is not None or cursor.accept_string() is not None:
        return None
    cursor.accept_symbol("-")
    cursor.take()
    while cursor.accept_symbol("."):
        cursor.take()
    return None


def _skip_stage(cursor: Cursor) -> None:
    """Skip `@database.schema.stage/path/`, which has no spaces."""
    end = -1
    while (token := cursor.peek()) is not None and (end in (-1, token.start)):
        if token.kind not in (TokenKind.SYMBOL, TokenKind.WORD, TokenKind.NUMBER, TokenKind.QUOTED):
            return
        cursor.take()
        end = token.end
