"""Constructors of translated nodes."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.value_types import (
    BOOLEAN,
    DATE,
    JSON,
    NULL,
    TIMESTAMPTZ,
    UNKNOWN,
    VARCHAR,
    ValueType,
    literal_type,
    set_type,
    type_of,
)


def call(name: str, *arguments: exp.Expr | None, kind: ValueType = UNKNOWN) -> exp.Anonymous:
    """Return a call to a DuckDB function or macro."""
    given = [argument for argument in arguments if argument is not None]
    return set_type(exp.Anonymous(this=name, expressions=given), kind)


def current_day() -> exp.Anonymous:
    """Return today's date as a call: DuckDB takes CURRENT_DATE without parentheses for an alias of that name."""
    return call("today", kind=DATE)


def current_timestamp() -> exp.Anonymous:
    """Return the current timestamp as a call, for the same reason."""
    return call("get_current_timestamp", kind=TIMESTAMPTZ)


def text(value: str) -> exp.Literal:
    """Return a string literal."""
    return set_type(exp.Literal.string(value), VARCHAR)


def number(value: int | str) -> exp.Expr:
    """Return a number literal."""
    node = exp.Literal.number(value)
    literal = node.this if isinstance(node, exp.Neg) else node
    return set_type(node, literal_type(literal) if isinstance(literal, exp.Literal) else UNKNOWN)


def boolean(value: bool) -> exp.Boolean:
    """Return true or false."""
    return set_type(exp.Boolean(this=value), BOOLEAN)


def cast(node: exp.Expr, kind: ValueType, *, is_safe: bool = False) -> exp.Expr:
    """Cast the value to a DuckDB type; with `is_safe`, a failed cast gives NULL."""
    if type_of(node).is_paired and not kind.is_paired:
        node = drop_offset(node)
    if type_of(node) == kind and type_of(node).is_paired == kind.is_paired:
        return node
    make = exp.TryCast if is_safe else exp.Cast
    return set_type(make(this=node, to=exp.DataType.build(str(kind), dialect="duckdb")), kind)


def drop_offset(node: exp.Expr) -> exp.Expr:
    """Return the timestamp of a value that has its own offset; return any other value unchanged."""
    return call("struct_extract", node, text("moment"), kind=TIMESTAMPTZ) if type_of(node).is_paired else node


def as_text(node: exp.Expr, *, is_safe: bool = False) -> exp.Expr:
    """Convert the value to text; semi-structured strings lose their quotes."""
    kind = type_of(node)
    if kind in (VARCHAR, NULL):
        return node
    if kind == JSON:
        return call("json_extract_string", node, text("$"), kind=VARCHAR)
    if kind.name == "DOUBLE":
        return call("dw_double_text", node, kind=VARCHAR)
    if kind.is_paired:
        return call("sf_pair_text", node, kind=VARCHAR)
    if kind.name == "TIMESTAMPTZ":
        return cast(node, VARCHAR)
    return cast(node, VARCHAR, is_safe=is_safe)


def as_json(node: exp.Expr) -> exp.Expr:
    """Convert the value to JSON; NULL stays NULL."""
    if type_of(node) == NULL:
        return cast(node, JSON)
    if type_of(node).is_paired:
        node = as_text(node)
    return node if type_of(node) == JSON else call("to_json", node, kind=JSON)


def literal_text(node: exp.Expr | None) -> str | None:
    """Return the value of a string literal, None for anything else."""
    return str(node.this) if isinstance(node, exp.Literal) and node.is_string else None


def literal_integer(node: exp.Expr | None) -> int | None:
    """Return the value of an integer literal, None for anything else."""
    if isinstance(node, exp.Neg):
        inner = literal_integer(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
        return int(str(node.this))
    return None


def wrap(node: exp.Expr) -> exp.Expr:
    """Put the node in parentheses where operator precedence could split it."""
    if isinstance(node, exp.Binary | exp.Connector | exp.Unary | exp.Between | exp.In | exp.Case | exp.Is | exp.Lambda):
        return set_type(exp.Paren(this=node), type_of(node))
    return node


def make_case(
    *pairs: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None, kind: ValueType = UNKNOWN
) -> exp.Case:
    """Return `CASE WHEN ... THEN ... ELSE ... END`."""
    branches = [exp.If(this=condition, true=value) for condition, value in pairs]
    return set_type(exp.Case(ifs=branches, default=otherwise), kind)
