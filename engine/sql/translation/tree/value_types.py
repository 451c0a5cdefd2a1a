"""Types of translated expressions, as far as the rewrites need them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlglot import exp

from engine.schema.types import Kind, WarehouseType


@dataclass(frozen=True)
class ValueType:
    """The type of a value: its DuckDB name without sizes, and the sizes of a DECIMAL.

    `name` is empty for an unknown type. `is_trimmed` means that no value has trailing blanks. `zone` is the time zone
    in which all values of a TIMESTAMPTZ are shown. `char_length` is the n of CHAR(n), whose values are held without
    trailing blanks. `is_paired` means that each value has its own offset: in DuckDB it is a struct of the timestamp and
    the offset in minutes. `is_repeated` means that several columns of a query have this name. Two types that differ
    only in these are equal.
    """

    name: str
    precision: int = 0
    scale: int = 0
    is_trimmed: bool = field(default=False, compare=False)
    zone: str = field(default="", compare=False)
    char_length: int = field(default=0, compare=False)
    is_paired: bool = field(default=False, compare=False)
    is_repeated: bool = field(default=False, compare=False)

    @property
    def is_integer(self) -> bool:
        """Whether it is an integer of any width."""
        return self.name in _INTEGERS

    @property
    def is_exact(self) -> bool:
        """Whether it is an integer or a DECIMAL."""
        return self.is_integer or self.name == "DECIMAL"

    @property
    def is_number(self) -> bool:
        """Whether it is any number."""
        return self.is_exact or self.name == "DOUBLE"

    @property
    def is_time_point(self) -> bool:
        """Whether it is a date or a timestamp."""
        return self.name in ("DATE", "TIMESTAMP", "TIMESTAMPTZ")

    def __str__(self) -> str:
        if self.is_paired:
            return "STRUCT(moment TIMESTAMPTZ, minutes BIGINT)"
        return f"DECIMAL({self.precision},{self.scale})" if self.name == "DECIMAL" else self.name


_Node = TypeVar("_Node", bound=exp.Expr)
_INTEGERS = frozenset({"SMALLINT", "INTEGER", "BIGINT", "HUGEINT"})
_WIDTHS = {"SMALLINT": 5, "INTEGER": 10, "BIGINT": 19, "HUGEINT": 38}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")

UNKNOWN = ValueType("")
NULL = ValueType("NULL")
SMALLINT = ValueType("SMALLINT")
INTEGER = ValueType("INTEGER")
BIGINT = ValueType("BIGINT")
HUGEINT = ValueType("HUGEINT")
DOUBLE = ValueType("DOUBLE")
VARCHAR = ValueType("VARCHAR")
TRIMMED = ValueType("VARCHAR", is_trimmed=True)
BOOLEAN = ValueType("BOOLEAN")
DATE = ValueType("DATE")
TIMESTAMP = ValueType("TIMESTAMP")
TIMESTAMPTZ = ValueType("TIMESTAMPTZ")
PAIRED = ValueType("TIMESTAMPTZ", is_paired=True)
TIME = ValueType("TIME")
INTERVAL = ValueType("INTERVAL")
JSON = ValueType("JSON")
BLOB = ValueType("BLOB")


def decimal(precision: int, scale: int) -> ValueType:
    """Return a DECIMAL type; precision and scale are capped at 38."""
    return ValueType("DECIMAL", min(38, max(precision, scale, 1)), min(38, scale))


def parse_type(text: str) -> ValueType:
    """Return the type with that name; `DECIMAL(12,2)` keeps its sizes."""
    sizes = _DECIMAL.fullmatch(text)
    return decimal(int(sizes[1]), int(sizes[2])) if sizes else ValueType(text)


def whole_digits(kind: ValueType) -> int:
    """Return the maximum number of digits before the decimal point of an exact number."""
    return kind.precision - kind.scale if kind.name == "DECIMAL" else _WIDTHS.get(kind.name, 19)


def type_of_column(kind: WarehouseType) -> ValueType:
    """Return the type of a schema column."""
    if kind.kind is Kind.DECIMAL:
        return decimal(kind.precision, kind.scale)
    if kind.kind is Kind.FLOAT:
        return DOUBLE
    if kind.kind is Kind.INTEGER and kind.bits == 8:
        return ValueType("SMALLINT")
    return ValueType(kind.duckdb, char_length=(kind.length or 0) if kind.is_fixed_length else 0)


def type_of(node: exp.Expr | None) -> ValueType:
    """Return the type of a translated node, as far as it is known."""
    if node is None:
        return UNKNOWN
    found: ValueType = node.meta.get("value_type", UNKNOWN)
    return found


def set_type(node: _Node, kind: ValueType) -> _Node:
    """Set the type of a node, and return the node."""
    node.meta["value_type"] = kind
    return node


def common_type(kinds: list[ValueType]) -> ValueType:
    """Return the type that can hold values of all these types, as for CASE, COALESCE and UNION."""
    known = [kind for kind in kinds if kind != NULL]
    if not known:
        return NULL
    first = known[0]
    if TIMESTAMPTZ in known and _has_different_offsets(known):
        return PAIRED
    if all(kind == first for kind in known):
        first = next((kind for kind in known if not kind.is_trimmed), first)
        return first if len({kind.char_length for kind in known}) == 1 else replace(first, char_length=0)
    if JSON in known:
        return JSON
    if any(kind == UNKNOWN for kind in known):
        return UNKNOWN
    if all(kind.is_integer for kind in known):
        return max(known, key=lambda kind: _WIDTHS[kind.name])
    if all(kind.is_exact for kind in known):
        scale = max(kind.scale for kind in known)
        return decimal(max(whole_digits(kind) for kind in known) + scale, scale)
    if all(kind.is_number for kind in known):
        return DOUBLE
    if all(kind.is_time_point for kind in known):
        return TIMESTAMPTZ if TIMESTAMPTZ in known else TIMESTAMP
    if VARCHAR in known:
        others = {kind.name for kind in known} - {"VARCHAR"}
        return next(kind for kind in known if kind.name in others) if len(others) == 1 else VARCHAR
    return UNKNOWN


def _has_different_offsets(kinds: list[ValueType]) -> bool:
    """Whether values of these types, all timestamps or convertible to one, have different offsets."""
    if not all(kind.is_time_point or kind == VARCHAR for kind in kinds):
        return False
    return any(kind.is_paired for kind in kinds) or len({kind.zone for kind in kinds}) > 1


def literal_type(node: exp.Literal) -> ValueType:
    """Return the type of a literal as in the warehouses: 1.50 is DECIMAL(3,2)."""
    if node.is_string:
        return VARCHAR if str(node.this).endswith(" ") else TRIMMED
    text = str(node.this)
    if "e" in text.lower():
        return DOUBLE
    whole, point, fraction = text.partition(".")
    if point:
        return decimal(len(whole.lstrip("0")) + len(fraction) or 1, len(fraction))
    size = len(whole)
    is_short = size < 10 or (size == 10 and int(whole) < 2**31)
    return INTEGER if is_short else BIGINT if size < 19 else HUGEINT
