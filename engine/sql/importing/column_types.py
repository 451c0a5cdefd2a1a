"""Column types of DDL scripts, mapped to the types of a schema.

A type name the schema knows is unchanged (NUMBER stays NUMBER), so that the user recognises the table; any other
becomes the nearest known type. Default lengths of the dialect are made explicit.
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
Snowflake: https://docs.snowflake.com/en/sql-reference/intro-summary-data-types
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.schema.limits import MAX_PRECISION, MAX_TEXT_LENGTH
from engine.schema.types import TIMESTAMPS, TYPES, Kind
from engine.sql.importing.cursor import Cursor, split_items
from engine.sql.importing.tokens import Token, TokenKind

MAX_VARCHAR = {"redshift": 65_535, "snowflake": 16_777_216, "duckdb": None}


@dataclass(frozen=True)
class ColumnType:
    """A type of the schema with its sizes; `note` is how it differs from the script, empty if it does not."""

    data_type: str
    varchar_length: int | None = None
    char_length: int | None = None
    precision: int | None = None
    scale: int | None = None
    note: str = ""
    is_cut_to_microseconds: bool = False

    @property
    def kind(self) -> Kind:
        """The kind of its values."""
        return TYPES[self.data_type].kind


UNKNOWN = ColumnType("VARCHAR")

# Names of several words, longest first; WITH and WITHOUT TIME ZONE come after the size and are read there.
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
    "OID": ("BIGINT", "an integer"),
    "SERIAL": ("INTEGER", "an integer"),
    "BIGSERIAL": ("BIGINT", "an integer"),
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
    """Return whether an uppercase word is, or begins, a type name."""
    return word in TYPES or word in _SYNONYMS or word in _NEAREST or word == "NATIONAL"


def read_type(cursor: Cursor, dialect: str) -> ColumnType | None:
    """Read a type; None when the next token is not a word, a VARCHAR with a note for an unknown type name."""
    token = cursor.peek()
    if token is None or token.kind not in (TokenKind.WORD, TokenKind.QUOTED):
        return None
    written = _read_name(cursor)
    angled = _skip_angles(cursor)
    group = cursor.accept_group()
    name = _read_time_zone(cursor, written)
    sizes, has_other_parts = _read_sizes(group or [])
    if written == "INTERVAL":
        while cursor.accept_any(_INTERVAL_WORDS) or cursor.accept_group() is not None:
            pass
    if _skip_brackets(cursor):
        return ColumnType("ARRAY", note=f"{written}[] is imported as ARRAY (JSON)")
    if name in _NEAREST:
        return _map_to_nearest(name)
    if name not in TYPES:
        return replace(UNKNOWN, note=f"unknown type {written}; the column is imported as text")
    if angled or (has_other_parts and TYPES[name].kind is Kind.JSON):
        return ColumnType(name, note=f"the element types of {name} are ignored; the values are JSON")
    found = _apply_sizes(name, sizes, dialect)
    if (has_other_parts or group == []) and not found.note:
        found = replace(found, note=f"the size of {name} is invalid and was ignored")
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


def _read_time_zone(cursor: Cursor, written: str) -> str:
    name = _SYNONYMS.get(written, written)
    if cursor.accept("WITH", "LOCAL", "TIME", "ZONE"):
        return "TIMESTAMP_LTZ"
    if cursor.accept("WITH", "TIME", "ZONE"):
        return "TIMETZ" if name.startswith("TIME") and not name.startswith("TIMESTAMP") else "TIMESTAMPTZ"
    cursor.accept("WITHOUT", "TIME", "ZONE")
    return name


def _skip_angles(cursor: Cursor) -> bool:
    """Skip the `<...>` of `array<int>` or `struct<a:int,b:array<int>>`."""
    if not cursor.accept_symbol("<"):
        return False
    depth = 1
    while depth > 0 and (token := cursor.take()) is not None:
        depth += {"<": 1, ">": -1, ">=": -1}.get(token.text, 0) if token.kind is TokenKind.SYMBOL else 0
    return True


def _skip_brackets(cursor: Cursor) -> bool:
    found = False
    while cursor.is_symbol("["):
        found = True
        while (token := cursor.take()) is not None and not token.is_symbol("]"):
            pass
    return found


def _read_sizes(group: list[Token]) -> tuple[list[int | str], bool]:
    """Return the sizes in parentheses (MAX as text), and whether they hold anything else."""
    sizes: list[int | str] = []
    has_other_parts = False
    for item in split_items(group):
        if len(item) <= 2 and item[0].kind is TokenKind.NUMBER and item[0].text.isdecimal():
            sizes.append(int(item[0].text[:18]))
        elif item[0].upper == "MAX":
            sizes.append("MAX")
        else:
            has_other_parts = True
    return sizes, has_other_parts


def _map_to_nearest(name: str) -> ColumnType:
    data_type, meaning = _NEAREST[name]
    precision, scale = _DECIMALS.get(name, (None, None))
    note = f"{name} is not supported; the column is imported as {meaning}"
    return ColumnType(data_type, precision=precision, scale=scale, note=note)


def _apply_sizes(name: str, sizes: list[int | str], dialect: str) -> ColumnType:
    kind = TYPES[name].kind
    numbers = [size for size in sizes if isinstance(size, int)]
    if kind is Kind.DECIMAL:
        return _build_decimal(name, numbers, dialect)
    if kind in (Kind.TEXT, Kind.BINARY):
        return _build_text(name, sizes, dialect)
    if name == "FLOAT" and dialect == "redshift" and numbers and numbers[0] < 25:
        return ColumnType("REAL")
    if (kind in TIMESTAMPS or kind is Kind.TIME) and numbers and numbers[0] > 6:
        return ColumnType(name, is_cut_to_microseconds=True)
    return ColumnType(name)


def _build_decimal(name: str, sizes: list[int], dialect: str) -> ColumnType:
    if not sizes:
        # NUMERIC without sizes is (18,0) in Redshift and DuckDB's (18,3); NUMBER(38,0) in Snowflake.
        default = {"redshift": (18, 0), "duckdb": (18, 3)}.get(dialect, (None, None))
        return ColumnType(name, precision=default[0], scale=default[1])
    precision = min(max(sizes[0], 1), MAX_PRECISION)
    scale = min(sizes[1] if len(sizes) > 1 else 0, precision)
    is_in_range = precision == sizes[0] and scale == (sizes[1] if len(sizes) > 1 else 0)
    written = ",".join(str(size) for size in sizes[:2])
    note = "" if is_in_range else f"{name}({written}) is out of range; imported as {name}({precision},{scale})"
    return ColumnType(name, precision=precision, scale=scale, note=note)


def _build_text(name: str, sizes: list[int | str], dialect: str) -> ColumnType:
    max_length = MAX_VARCHAR[dialect]
    size = sizes[0] if sizes else None
    length = max_length if size == "MAX" else size if isinstance(size, int) else None
    note = ""
    if length is not None and length < 1:
        length, note = 1, f"{name}({length}) is out of range; imported as {name}(1)"
    if length is not None and length > MAX_TEXT_LENGTH:
        note = f"{name}({length}) is out of range; imported as {name}({MAX_TEXT_LENGTH})"
        length = MAX_TEXT_LENGTH
    if TYPES[name].is_fixed_length:
        default = 256 if name == "BPCHAR" else 1
        return ColumnType(name, char_length=length or default, note=note)
    if length is None and dialect == "redshift" and TYPES[name].kind is Kind.TEXT:
        # VARCHAR and TEXT without a length are VARCHAR(256).
        length = 256
    return ColumnType(name, varchar_length=length, note=note)
