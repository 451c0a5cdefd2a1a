"""The types of warehouse DDL as the names and sizes of the schema.

A name the schema knows is kept as the script writes it (NUMBER stays NUMBER), so that the user recognises the
table; others become the nearest known type. Lengths that a dialect leaves out are written down.
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
Snowflake: https://docs.snowflake.com/en/sql-reference/intro-summary-data-types
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.schema.limits import MAX_TEXT_LENGTH
from engine.schema.types import GREATEST_PRECISION, TIMESTAMPS, TYPES, Kind
from engine.sql.importing.cursor import Cursor, items_of
from engine.sql.importing.tokens import Token, TokenKind

GREATEST_VARCHAR = {"redshift": 65_535, "snowflake": 16_777_216, "duckdb": None}


@dataclass(frozen=True)
class ColumnType:
    """A type of the schema with its sizes; `note` says what about it differs from the script, empty for nothing."""

    data_type: str
    varchar_length: int | None = None
    char_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    note: str = ""
    is_cut_to_microseconds: bool = False

    @property
    def kind(self) -> Kind:
        """What the values are."""
        return TYPES[self.data_type].kind


UNKNOWN = ColumnType("VARCHAR")

# Names of several words, longest first; WITH and WITHOUT TIME ZONE follow a size and are read after it.
_PHRASES = sorted(
    (
        phrase.split()
        for phrase in (
            "DOUBLE PRECISION",
            "CHARACTER VARYING",
            "CHAR VARYING",
            "NCHAR VARYING",
            "BINARY VARYING",
            "NATIONAL CHARACTER VARYING",
            "NATIONAL CHAR VARYING",
            "NATIONAL CHARACTER",
            "NATIONAL CHAR",
        )
    ),
    key=len,
    reverse=True,
)
_SYNONYMS = {
    "CHAR VARYING": "VARCHAR",
    "CHARACTER VARYING": "VARCHAR",
    "NCHAR VARYING": "NVARCHAR",
    "NATIONAL CHARACTER VARYING": "NVARCHAR",
    "NATIONAL CHAR VARYING": "NVARCHAR",
    "NATIONAL CHARACTER": "NCHAR",
    "NATIONAL CHAR": "NCHAR",
    "BINARY VARYING": "VARBINARY",
    "DOUBLE PRECISION": "DOUBLE",
    "VARCHAR2": "VARCHAR",
    "NVARCHAR2": "NVARCHAR",
    "CHARACTER": "CHAR",
    "LONG": "BIGINT",
    "INT1": "TINYINT",
    "UTINYINT": "SMALLINT",
    "USMALLINT": "INTEGER",
    "UINTEGER": "BIGINT",
    "TIMESTAMP_S": "TIMESTAMP",
    "TIMESTAMP_MS": "TIMESTAMP",
    "TIMESTAMP_NS": "TIMESTAMP",
    "TIMESTAMPNTZ": "TIMESTAMP_NTZ",
    "TIMESTAMPLTZ": "TIMESTAMP_LTZ",
    "DATETIME2": "DATETIME",
    "BIT": "BOOLEAN",
    "JSONB": "JSON",
}
_NEAREST = {
    "GEOMETRY": ("VARCHAR", "text"),
    "GEOGRAPHY": ("VARCHAR", "text"),
    "HLLSKETCH": ("VARCHAR", "text"),
    "INTERVAL": ("VARCHAR", "text"),
    "NAME": ("VARCHAR", "text"),
    "FILE": ("VARCHAR", "text"),
    "OID": ("BIGINT", "a whole number"),
    "SERIAL": ("INTEGER", "a whole number"),
    "BIGSERIAL": ("BIGINT", "a whole number"),
    "MONEY": ("DECIMAL", "DECIMAL(18,2)"),
    "UBIGINT": ("DECIMAL", "DECIMAL(20,0)"),
    "HUGEINT": ("DECIMAL", "DECIMAL(38,0)"),
    "UHUGEINT": ("DECIMAL", "DECIMAL(38,0)"),
    "DECFLOAT": ("DOUBLE", "a double"),
    "VECTOR": ("ARRAY", "JSON"),
    "MAP": ("OBJECT", "JSON"),
    "STRUCT": ("OBJECT", "JSON"),
    "LIST": ("ARRAY", "JSON"),
}
_DECIMALS = {"MONEY": (18, 2), "UBIGINT": (20, 0), "HUGEINT": (38, 0), "UHUGEINT": (38, 0)}
_INTERVAL_WORDS = frozenset("YEAR MONTH DAY HOUR MINUTE SECOND TO".split())


def is_type_name(word: str) -> bool:
    """Whether a word in upper case is, or begins, the name of a type."""
    return word in TYPES or word in _SYNONYMS or word in _NEAREST or word == "NATIONAL"


def read_type(cursor: Cursor, dialect: str) -> ColumnType | None:
    """Take a type; None when no word is ahead, a VARCHAR with a note when the word is not the name of a type."""
    token = cursor.peek()
    if token is None or token.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        return None
    written = _read_name(cursor)
    angled = _accept_angles(cursor)
    group = cursor.accept_group()
    name = _with_time_zone(cursor, written)
    sizes, more = _sizes(group or [])
    if written == "INTERVAL":
        while cursor.accept_any(_INTERVAL_WORDS) or cursor.accept_group() is not None:
            pass
    if _accept_brackets(cursor):
        return ColumnType("ARRAY", note=f"the type {written}[] is kept as ARRAY (JSON)")
    if name in _NEAREST:
        return _nearest(name)
    if name not in TYPES:
        return replace(UNKNOWN, note=f"the type {written} is not known here; the column is text")
    if angled or (more and TYPES[name].kind is Kind.JSON):
        return ColumnType(name, note=f"what is inside {name} is not kept; the values are JSON")
    found = _sized(name, sizes, dialect)
    if (more or group == []) and not found.note:
        found = replace(found, note=f"the size of {name} cannot be read and is left out")
    return found


def _read_name(cursor: Cursor) -> str:
    for phrase in _PHRASES if cursor.word(1) else ():
        if cursor.accept(*phrase):
            return " ".join(phrase)
    token = cursor.take()
    assert token is not None
    while cursor.is_symbol(".") and cursor.peek(1) is not None:
        cursor.take()
        token = cursor.take() or token
    return token.value.upper()


def _with_time_zone(cursor: Cursor, written: str) -> str:
    name = _SYNONYMS.get(written, written)
    if cursor.accept("WITH", "LOCAL", "TIME", "ZONE"):
        return "TIMESTAMP_LTZ"
    if cursor.accept("WITH", "TIME", "ZONE"):
        return "TIMETZ" if name.startswith("TIME") and not name.startswith("TIMESTAMP") else "TIMESTAMPTZ"
    cursor.accept("WITHOUT", "TIME", "ZONE")
    return name


def _accept_angles(cursor: Cursor) -> bool:
    """Take the `<...>` of `array<int>` or `struct<a:int,b:array<int>>`."""
    if not cursor.accept_symbol("<"):
        return False
    depth = 1
    while depth > 0 and (token := cursor.take()) is not None:
        depth += {"<": 1, ">": -1, ">=": -1}.get(token.text, 0) if token.kind is TokenKind.SYMBOL else 0
    return True


def _accept_brackets(cursor: Cursor) -> bool:
    found = False
    while cursor.is_symbol("["):
        found = True
        while (token := cursor.take()) is not None and not token.is_symbol("]"):
            pass
    return found


def _sizes(group: list[Token]) -> tuple[list[int | str], bool]:
    """Return the sizes in parentheses, MAX as a word, and whether there is anything else in them."""
    sizes: list[int | str] = []
    more = False
    for item in items_of(group):
        if len(item) <= 2 and item[0].kind is TokenKind.NUMBER and item[0].text.isdecimal():
            sizes.append(int(item[0].text[:18]))
        elif item[0].upper == "MAX":
            sizes.append("MAX")
        else:
            more = True
    return sizes, more


def _nearest(name: str) -> ColumnType:
    data_type, meaning = _NEAREST[name]
    precision, scale = _DECIMALS.get(name, (None, None))
    note = f"{name} is not made here; the column is {meaning}"
    return ColumnType(data_type, precision=precision, scale=scale, note=note)


def _sized(name: str, sizes: list[int | str], dialect: str) -> ColumnType:
    kind = TYPES[name].kind
    numbers = [size for size in sizes if isinstance(size, int)]
    if kind is Kind.DECIMAL:
        return _decimal(name, numbers, dialect)
    if kind in (Kind.TEXT, Kind.BINARY):
        return _text(name, sizes, dialect)
    if name == "FLOAT" and dialect == "redshift" and numbers and numbers[0] < 25:
        return ColumnType("REAL")
    if (kind in TIMESTAMPS or kind is Kind.TIME) and numbers and numbers[0] > 6:
        return ColumnType(name, is_cut_to_microseconds=True)
    return ColumnType(name)


def _decimal(name: str, sizes: list[int], dialect: str) -> ColumnType:
    if not sizes:
        # NUMERIC without sizes is (18,0) in Redshift and DuckDB's (18,3); NUMBER(38,0) in Snowflake.
        default = {"redshift": (18, 0), "duckdb": (18, 3)}.get(dialect, (None, None))
        return ColumnType(name, precision=default[0], scale=default[1])
    precision = min(max(sizes[0], 1), GREATEST_PRECISION)
    scale = min(sizes[1] if len(sizes) > 1 else 0, precision)
    is_kept = precision == sizes[0] and scale == (sizes[1] if len(sizes) > 1 else 0)
    written = ",".join(str(size) for size in sizes[:2])
    note = "" if is_kept else f"{name}({written}) is out of range; it becomes {name}({precision},{scale})"
    return ColumnType(name, precision=precision, scale=scale, note=note)


def _text(name: str, sizes: list[int | str], dialect: str) -> ColumnType:
    greatest = GREATEST_VARCHAR[dialect]
    size = sizes[0] if sizes else None
    length = greatest if size == "MAX" else size if isinstance(size, int) else None
    note = ""
    if length is not None and length < 1:
        length, note = 1, f"{name}({length}) is out of range; it becomes {name}(1)"
    if length is not None and length > MAX_TEXT_LENGTH:
        note = f"{name}({length}) is out of range; it becomes {name}({MAX_TEXT_LENGTH})"
        length = MAX_TEXT_LENGTH
    if TYPES[name].is_fixed_length:
        default = 256 if name == "BPCHAR" else 1
        return ColumnType(name, char_length=length or default, note=note)
    if length is None and dialect == "redshift" and TYPES[name].kind is Kind.TEXT:
        # VARCHAR and TEXT without a length are VARCHAR(256).
        length = 256
    return ColumnType(name, varchar_length=length, note=note)
