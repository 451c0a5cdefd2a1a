"""Making translated nodes."""

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
    type_of,
    typed,
)


def call(name: str, *arguments: exp.Expr | None, kind: ValueType = UNKNOWN) -> exp.Anonymous:
    """Return a call of a DuckDB function or macro."""
    given = [argument for argument in arguments if argument is not None]
    return typed(exp.Anonymous(this=name, expressions=given), kind)


def current_day() -> exp.Anonymous:
    """Return today's date as a call: DuckDB reads CURRENT_DATE without parentheses as an alias of that name."""
    return call("today", kind=DATE)


def current_moment() -> exp.Anonymous:
    """Return the current timestamp as a call, for the same reason."""
    return call("get_current_timestamp", kind=TIMESTAMPTZ)


def text(value: str) -> exp.Literal:
    """Return a text literal."""
    return typed(exp.Literal.string(value), VARCHAR)


def number(value: int | str) -> exp.Expr:
    """Return a number literal."""
    node = exp.Literal.number(value)
    literal = node.this if isinstance(node, exp.Neg) else node
    return typed(node, literal_type(literal) if isinstance(literal, exp.Literal) else UNKNOWN)


def boolean(value: bool) -> exp.Boolean:
    """Return true or false."""
    return typed(exp.Boolean(this=value), BOOLEAN)


def cast(node: exp.Expr, kind: ValueType, *, is_safe: bool = False) -> exp.Expr:
    """Return the value as another type of DuckDB; `is_safe` gives NULL where it cannot be."""
    if type_of(node).is_paired and not kind.is_paired:
        node = moment_of(node)
    if type_of(node) == kind and type_of(node).is_paired == kind.is_paired:
        return node
    make = exp.TryCast if is_safe else exp.Cast
    return typed(make(this=node, to=exp.DataType.build(str(kind), dialect="duckdb")), kind)


def moment_of(node: exp.Expr) -> exp.Expr:
    """Return the moment of a value that has its own offset; any other value stays as it is."""
    return call("struct_extract", node, text("moment"), kind=TIMESTAMPTZ) if type_of(node).is_paired else node


def as_text(node: exp.Expr, *, is_safe: bool = False) -> exp.Expr:
    """Return the value as text; that of semi-structured text is without its quotes."""
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
    """Return the value as JSON; NULL stays NULL."""
    if type_of(node) == NULL:
        return cast(node, JSON)
    if type_of(node).is_paired:
        node = as_text(node)
    return node if type_of(node) == JSON else call("to_json", node, kind=JSON)


def literal_text(node: exp.Expr | None) -> str | None:
    """Return the value of a text literal, None for anything else."""
    return str(node.this) if isinstance(node, exp.Literal) and node.is_string else None


def literal_integer(node: exp.Expr | None) -> int | None:
    """Return the value of an integer literal, None for anything else."""
    if isinstance(node, exp.Neg):
        inner = literal_integer(node.this)
        return None if inner is None else -inner
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdigit():
        return int(str(node.this))
    return None


def wrapped(node: exp.Expr) -> exp.Expr:
    """Return the node in parentheses where an operator beside it could take it apart."""
    if isinstance(node, exp.Binary | exp.Connector | exp.Unary | exp.Between | exp.In | exp.Case | exp.Is | exp.Lambda):
        return typed(exp.Paren(this=node), type_of(node))
    return node


def case(*pairs: tuple[exp.Expr, exp.Expr], otherwise: exp.Expr | None = None, kind: ValueType = UNKNOWN) -> exp.Case:
    """Return `CASE WHEN ... THEN ... ELSE ... END`."""
    branches = [exp.If(this=condition, true=value) for condition, value in pairs]
    return typed(exp.Case(ifs=branches, default=otherwise), kind)
