"""Function calls: arguments compiled on demand, and the type of an allowed function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import polars as pl
from sqlglot import exp

from engine.errors import RuleError
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import as_double, as_exact, as_text
from engine.rules.derived.expression_parsing import to_sql
from engine.rules.derived.text_parsing import parse_literal
from engine.rules.derived.values import Interval, Operand, Value
from engine.schema.types import Kind


class Compile(Protocol):
    """The compiler of an argument."""

    def __call__(self, ctx: Context, node: exp.Expr) -> Operand:
        """Return the node's value."""


@dataclass(frozen=True)
class Call:
    """A function call under the name the user wrote."""

    ctx: Context
    name: str
    arguments: tuple[exp.Expr, ...]
    compile: Compile

    def __len__(self) -> int:
        return len(self.arguments)

    def operand(self, index: int, ctx: Context | None = None) -> Operand:
        """Return an argument's value, in the rows of `ctx` if given."""
        return self.compile(ctx or self.ctx, self.arguments[index])

    def value(self, index: int, ctx: Context | None = None) -> Value:
        """Return an argument that is not an interval."""
        operand = self.operand(index, ctx)
        if isinstance(operand, Interval):
            raise self.error(f"{to_sql(self.arguments[index])} is an interval")
        return operand

    def text(self, index: int) -> Value:
        """Return an argument as text."""
        return as_text(self.ctx, self.value(index))

    def number(self, index: int) -> Value:
        """Return an argument that is a number, or NULL."""
        value = self.value(index)
        if isinstance(value.constant, str):
            value = parse_literal(self.ctx, value, Kind.DECIMAL)
        if value.kind is not None and not value.is_number:
            raise self.error(f"{to_sql(self.arguments[index])} is a {value.name}, not a number")
        return value

    def double(self, index: int) -> Value:
        """Return an argument as a double, or NULL."""
        value = self.number(index)
        return value if value.kind is None else as_double(self.ctx, value)

    def whole(self, index: int) -> Value:
        """Return an argument that is a whole number."""
        value = self.number(index)
        if value.kind is None:
            return Value(pl.lit(None, dtype=pl.Int64), Kind.DECIMAL)
        if value.kind is Kind.FLOAT:
            return as_exact(self.ctx, value, 0, -(2**62), 2**62)
        if not value.is_whole:
            raise self.error(f"{to_sql(self.arguments[index])} is not a whole number", "ROUND it.")
        return value

    def timestamp(self, index: int) -> Value:
        """Return an argument that is a date or timestamp, or NULL; a text literal is parsed as one."""
        value = self.value(index)
        if isinstance(value.constant, str):
            is_day = len(value.constant.strip()) <= len("2024-01-31")
            value = parse_literal(self.ctx, value, Kind.DATE if is_day else Kind.TIMESTAMP)
        if value.kind is not None and not value.is_date_or_timestamp:
            raise self.error(f"{to_sql(self.arguments[index])} is a {value.name}, not a date or timestamp")
        return value

    def constant(self, index: int, what: str, min_value: int, max_value: int) -> int:
        """Return an argument that must be a literal whole number between the bounds (inclusive)."""
        value = self.number(index)
        if not value.is_whole or not isinstance(value.constant, int) or not min_value <= value.constant <= max_value:
            raise self.error(f"{what} must be a literal whole number from {min_value} to {max_value:,}")
        return value.constant

    def literal(self, index: int, what: str) -> str:
        """Return an argument that must be a text literal."""
        value = self.value(index)
        if not isinstance(value.constant, str):
            raise self.error(f"{what} must be a text literal in quotes")
        return value.constant

    def word(self, index: int) -> str:
        """Return an argument that is a bare word or a text literal, such as a unit of time."""
        node = self.arguments[index]
        if isinstance(node, exp.Column) and len(node.parts) == 1:
            return node.name
        if isinstance(node, exp.Literal) and node.is_string:
            return str(node.this)
        raise self.error(f"{to_sql(node)} is not the name of a unit")

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names the function."""
        return self.ctx.error(f"{self.name.upper()}: {message}", hint)


Handler = Callable[[Call], Operand]


@dataclass(frozen=True)
class Function:
    """An allowed function: its handler, and the number of arguments it takes (no limit: None)."""

    make: Handler
    min_arguments: int
    max_arguments: int | None


def function(min_arguments: int, max_arguments: int | None = -1) -> Callable[[Handler], Function]:
    """Declare a function that takes `min_arguments` to `max_arguments`; by default exactly `min_arguments`."""
    return lambda make: Function(make, min_arguments, min_arguments if max_arguments == -1 else max_arguments)
