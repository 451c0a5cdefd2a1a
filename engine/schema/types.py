"""Warehouse types: the type names of a schema, with their Polars and DuckDB types.

A type is a `Kind` with a size. A name means the same in every dialect: FLOAT is a double and NUMBER without precision
is DECIMAL(38, 0), as the vendors define them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.schema.limits import MAX_PRECISION, MAX_SIZE_DIGITS, MAX_TEXT_LENGTH

if TYPE_CHECKING:
    import polars as pl


class Kind(StrEnum):
    """The kind of values of a type."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIMESTAMPTZ = "timestamptz"
    TIME = "time"
    UUID = "uuid"
    JSON = "json"
    BINARY = "binary"


NUMERIC = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT})
TIMESTAMPS = frozenset({Kind.TIMESTAMP, Kind.TIMESTAMPTZ})


@dataclass(frozen=True)
class WarehouseType:
    """A column type with its sizes.

    `bits` is the width of an integer or float, `precision` and `scale` belong to DECIMAL, `length` is the maximum
    number of characters (TEXT) or bytes (BINARY), None for unlimited; `is_fixed_length` marks CHAR(n).
    """

    name: str
    kind: Kind
    bits: int = 0
    precision: int = 0
    scale: int = 0
    length: int | None = None
    is_fixed_length: bool = False

    @property
    def polars(self) -> pl.DataType:
        """The Polars data type of a generated column; the first one imports Polars."""
        import polars as pl

        match self.kind:
            case Kind.INTEGER:
                return {8: pl.Int8(), 16: pl.Int16(), 32: pl.Int32(), 64: pl.Int64()}[self.bits]
            case Kind.DECIMAL:
                return pl.Decimal(self.precision, self.scale)
            case Kind.FLOAT:
                return pl.Float32() if self.bits == 32 else pl.Float64()
            case Kind.TIMESTAMP:
                return pl.Datetime("us")
            case Kind.TIMESTAMPTZ:
                return pl.Datetime("us", "UTC")
            case Kind.BOOLEAN:
                return pl.Boolean()
            case Kind.DATE:
                return pl.Date()
            case Kind.TIME:
                return pl.Time()
            case Kind.BINARY:
                return pl.Binary()
            case _:
                return pl.String()

    @property
    def duckdb(self) -> str:
        """The DuckDB type of a loaded column, as SQL text."""
        match self.kind:
            case Kind.INTEGER:
                return {8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}[self.bits]
            case Kind.DECIMAL:
                return f"DECIMAL({self.precision},{self.scale})"
            case Kind.FLOAT:
                return "FLOAT" if self.bits == 32 else "DOUBLE"
            case _:
                return _PLAIN_DUCKDB[self.kind]

    @property
    def integer_bounds(self) -> tuple[int, int]:
        """The minimum and maximum value of an INTEGER, or of a DECIMAL as an unscaled integer."""
        if self.kind is Kind.DECIMAL:
            limit = 10**self.precision - 1
            return -limit, limit
        return -(2 ** (self.bits - 1)), 2 ** (self.bits - 1) - 1

    def __str__(self) -> str:
        if self.kind is Kind.DECIMAL:
            return f"{self.name}({self.precision},{self.scale})"
        return f"{self.name}({self.length})" if self.length is not None else self.name


_PLAIN_DUCKDB: dict[Kind, str] = {
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
    Kind.TIMESTAMPTZ: "TIMESTAMPTZ",
    Kind.TIME: "TIME",
    Kind.UUID: "UUID",
    Kind.JSON: "JSON",
    Kind.BINARY: "BLOB",
}


def _build_family(kind: Kind, names: str, *, bits: int = 0, is_fixed_length: bool = False) -> dict[str, WarehouseType]:
    return {
        name.replace("_s_", " "): WarehouseType(
            name.replace("_s_", " "), kind, bits=bits, is_fixed_length=is_fixed_length
        )
        for name in names.split()
    }


TYPES: dict[str, WarehouseType] = {
    **_build_family(Kind.INTEGER, "TINYINT", bits=8),
    **_build_family(Kind.INTEGER, "SMALLINT INT2", bits=16),
    **_build_family(Kind.INTEGER, "INT INTEGER INT4 MEDIUMINT", bits=32),
    **_build_family(Kind.INTEGER, "BIGINT INT8 BYTEINT", bits=64),
    **_build_family(Kind.DECIMAL, "DECIMAL NUMERIC NUMBER DEC"),
    **_build_family(Kind.FLOAT, "FLOAT DOUBLE FLOAT8 DOUBLE_s_PRECISION", bits=64),
    **_build_family(Kind.FLOAT, "REAL FLOAT4", bits=32),
    **_build_family(Kind.BOOLEAN, "BOOLEAN BOOL"),
    **_build_family(Kind.TEXT, "VARCHAR TEXT STRING NVARCHAR CHARACTER_s_VARYING"),
    **_build_family(Kind.TEXT, "CHAR NCHAR BPCHAR CHARACTER", is_fixed_length=True),
    **_build_family(Kind.DATE, "DATE"),
    **_build_family(Kind.TIMESTAMP, "TIMESTAMP TIMESTAMP_NTZ DATETIME"),
    **_build_family(Kind.TIMESTAMPTZ, "TIMESTAMPTZ TIMESTAMP_LTZ TIMESTAMP_TZ"),
    **_build_family(Kind.TIME, "TIME TIMETZ"),
    **_build_family(Kind.UUID, "UUID"),
    **_build_family(Kind.JSON, "JSON VARIANT OBJECT ARRAY SUPER"),
    **_build_family(Kind.BINARY, "BINARY VARBINARY VARBYTE BYTEA BLOB"),
}

# Other spellings of the same types in scripts.
_SPELLINGS = {
    "CHAR VARYING": "VARCHAR",
    "VARCHAR2": "VARCHAR",
    "NCHAR VARYING": "NVARCHAR",
    "NATIONAL CHARACTER VARYING": "NVARCHAR",
    "NVARCHAR2": "NVARCHAR",
    "BINARY VARYING": "VARBINARY",
    "JSONB": "JSON",
    "TIMESTAMPNTZ": "TIMESTAMP_NTZ",
    "TIMESTAMPLTZ": "TIMESTAMP_LTZ",
    "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
    "TIMESTAMP WITH LOCAL TIME ZONE": "TIMESTAMP_LTZ",
    "TIME WITHOUT TIME ZONE": "TIME",
    "TIME WITH TIME ZONE": "TIMETZ",
}
_WITH_SIZE = re.compile(
    r"\s*([A-Z_][\w ]*?)\s*(?:\(\s*(\w+)\s*(?:,\s*(-?\d+)\s*)?\))?\s*(WITH(?:OUT)?(?:\s+LOCAL)?\s+TIME\s+ZONE)?\s*",
    re.IGNORECASE,
)
DEFAULT_PRECISION = 38


def parse_type(text: str) -> WarehouseType:
    """Return the type of `text`, with an optional size in parentheses: `DECIMAL(12,2)`, `varchar(40)`.

    A DECIMAL without sizes is (38, 0), one with only a precision has scale 0, CHAR without a length is CHAR(1), and
    the length MAX is unlimited. Raises `ValueError` with the reason for any other text.
    """
    match = _WITH_SIZE.fullmatch(text)
    base = _find_type(match)
    if match is None or base is None:
        raise ValueError(f'"{text}" is not a type.')
    first, second = match[2], match[3]
    return with_sizes(
        base,
        precision_or_length=None if first is None or first.upper() == "MAX" else _parse_size(text, first),
        scale=None if second is None else _parse_size(text, second),
    )


def with_sizes(base: WarehouseType, *, precision_or_length: int | None, scale: int | None = None) -> WarehouseType:
    """Return `base` with its sizes; raises `ValueError` for a size that does not apply or is out of range."""
    if base.kind is Kind.DECIMAL:
        precision = DEFAULT_PRECISION if precision_or_length is None else precision_or_length
        digits = 0 if scale is None else scale
        if not 1 <= precision <= MAX_PRECISION or not 0 <= digits <= precision:
            raise ValueError(
                f"{base.name}({precision},{digits}) is out of range: precision is 1 to {MAX_PRECISION}, "
                "scale 0 to the precision."
            )
        return replace(base, precision=precision, scale=digits)
    if scale is not None:
        raise ValueError(f"{base.name} takes no scale.")
    if base.kind in (Kind.TEXT, Kind.BINARY):
        length = 1 if base.is_fixed_length and precision_or_length is None else precision_or_length
        if length is not None and not 1 <= length <= MAX_TEXT_LENGTH:
            raise ValueError(f"{base.name}({length}) is out of range: a length is 1 to {MAX_TEXT_LENGTH:,}.")
        return replace(base, length=length)
    if precision_or_length is not None and base.kind not in (*TIMESTAMPS, Kind.TIME, Kind.FLOAT):
        raise ValueError(f"{base.name} takes no length.")
    return base


def is_unknown_type(text: str) -> bool:
    """Return whether `text` is not a type name, whatever its size."""
    return _find_type(_WITH_SIZE.fullmatch(text)) is None


def _find_type(match: re.Match[str] | None) -> WarehouseType | None:
    name = " ".join(f"{match[1]} {match[4] or ''}".upper().split()) if match else ""
    return TYPES.get(_SPELLINGS.get(name, name))


def _parse_size(text: str, size: str) -> int:
    if not size.removeprefix("-").isdecimal():
        raise ValueError(f'"{text}" is not a type: {size} is not a size.')
    if len(size) > MAX_SIZE_DIGITS:
        raise ValueError(f"A size of {len(size)} digits is out of range: a length is 1 to {MAX_TEXT_LENGTH:,}.")
    return int(size)
