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
from engine.rules.derived.parsing import sql_of
from engine.rules.derived.reading import literal
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

    def operand(self, place: int, ctx: Context | None = None) -> Operand:
        """Return an argument's value, in the rows of `ctx` if given."""
        return self.compile(ctx or self.ctx, self.arguments[place])

    def value(self, place: int, ctx: Context | None = None) -> Value:
        """Return an argument that is not an interval."""
        operand = self.operand(place, ctx)
        if isinstance(operand, Interval):
            raise self.error(f"{sql_of(self.arguments[place])} is an interval")
        return operand

    def text(self, place: int) -> Value:
        """Return an argument as text."""
        return as_text(self.ctx, self.value(place))

    def number(self, place: int) -> Value:
        """Return an argument that is a number, or NULL."""
        value = self.value(place)
        if isinstance(value.constant, str):
            value = literal(self.ctx, value, Kind.DECIMAL)
        if value.kind is not None and not value.is_number:
            raise self.error(f"{sql_of(self.arguments[place])} is a {value.name}, not a number")
        return value

    def double(self, place: int) -> Value:
        """Return an argument as a double, or NULL."""
        value = self.number(place)
        return value if value.kind is None else as_double(self.ctx, value)

    def whole(self, place: int) -> Value:
        """Return an argument that is a whole number."""
        value = self.number(place)
        if value.kind is None:
            return Value(pl.lit(None, dtype=pl.Int64), Kind.DECIMAL)
        if value.kind is Kind.FLOAT:
            return as_exact(self.ctx, value, 0, -(2**62), 2**62)
        if not value.is_whole:
            raise self.error(f"{sql_of(self.arguments[place])} is not a whole number", "ROUND it.")
        return value

    def moment(self, place: int) -> Value:
        """Return an argument that is a date or timestamp, or NULL; a text literal is parsed as one."""
        value = self.value(place)
        if isinstance(value.constant, str):
            is_day = len(value.constant.strip()) <= len("2024-01-31")
            value = literal(self.ctx, value, Kind.DATE if is_day else Kind.TIMESTAMP)
        if value.kind is not None and not value.is_day_or_moment:
            raise self.error(f"{sql_of(self.arguments[place])} is a {value.name}, not a date or timestamp")
        return value

    def constant(self, place: int, what: str, least: int, greatest: int) -> int:
        """Return an argument that must be a literal whole number between the bounds (inclusive)."""
        value = self.number(place)
        if not value.is_whole or not isinstance(value.constant, int) or not least <= value.constant <= greatest:
            raise self.error(f"{what} must be a literal whole number from {least} to {greatest:,}")
        return value.constant

    def literal(self, place: int, what: str) -> str:
        """Return an argument that must be a text literal."""
        value = self.value(place)
        if not isinstance(value.constant, str):
            raise self.error(f"{what} must be a text literal in quotes")
        return value.constant

    def word(self, place: int) -> str:
        """Return an argument that is a bare word or a text literal, such as a unit of time."""
        node = self.arguments[place]
        if isinstance(node, exp.Column) and len(node.parts) == 1:
            return node.name
        if isinstance(node, exp.Literal) and node.is_string:
            return str(node.this)
        raise self.error(f"{sql_of(node)} is not the name of a unit")

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names the function."""
        return self.ctx.error(f"{self.name.upper()}: {message}", hint)


Handler = Callable[[Call], Operand]


@dataclass(frozen=True)
class Function:
    """An allowed function: its handler, and the number of arguments it takes (no limit: None)."""

    make: Handler
    least: int
    greatest: int | None


def function(least: int, greatest: int | None = -1) -> Callable[[Handler], Function]:
    """Declare a function that takes `least` to `greatest` arguments; exactly `least` by default."""
    return lambda make: Function(make, least, least if greatest == -1 else greatest)
