"""The context of compiling an expression: its position, the visible columns, and the rows that count.

SQL evaluates a branch of CASE only where it is taken; Polars evaluates all branches everywhere. So a context carries
the rows for which its branch is taken, and checks apply to those rows only.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl
from sqlglot import exp

from engine.errors import Problem, RuleError
from engine.rules.derived.expression_parsing import describe_position, to_sql
from engine.rules.derived.scope import Finder
from engine.rules.site import Site


@dataclass
class Trace:
    """Findings of a walk through the tree."""

    may_be_null: bool = False


@dataclass(frozen=True)
class Context:
    """The site of the derived column, its scope, the current node, and the rows in which it counts (None: all)."""

    site: Site
    scope: Finder
    node: exp.Expr | None = None
    rows: pl.Expr | None = None
    trace: Trace = field(default_factory=Trace)

    def at(self, node: exp.Expr) -> Context:
        """Return the context of a child node."""
        return replace(self, node=node)

    def where(self, taken: pl.Expr) -> Context:
        """Return the context of a branch that counts only in rows where `taken` is true."""
        rows = taken if self.rows is None else self.rows & taken
        return replace(self, rows=self.stage(rows.fill_null(False)))

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names the column and the position of the node in the expression."""
        place = "" if self.node is None else describe_position(self.node)
        return self.site.error(f"{message.removesuffix('.')}{place}.", hint)

    @property
    def sql(self) -> str:
        """The current node as SQL."""
        return "The expression" if self.node is None else to_sql(self.node)

    def stage(self, expr: pl.Expr) -> pl.Expr:
        """Return a reference to the expression as a column of the plan, so that using it twice is free."""
        return expr if expr.meta.is_column() or expr.meta.is_literal() else self.site.stages.add(expr)

    def divide(self, top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
        """Return top / bottom of doubles, rounded as IEEE 754 says.

        Polars divides by a constant by multiplying with its reciprocal, which can be off in the last digit, and whether
        it does depends on the number of rows in a chunk. So the divisor is made a column by adding a column of zeros.
        """
        row = self.site.row
        zeros = self.site.stages.add(row.cast(pl.Float64) * 0.0, memo=("zeros", row.meta.output_name()))
        return top / (bottom + zeros)

    def require(self, holds: pl.Expr, expr: pl.Expr, fault: str, hint: str = "") -> pl.Expr:
        """Return `expr`; the run fails if `holds` is false in a row that counts.

        The failure says "<the node's SQL> <fault>" and names the column.
        """
        is_bad = ~holds if self.rows is None else ~holds & self.rows
        failure = Problem(self.site.where, f"{self.sql} {fault}", hint)
        flag = self.site.stages.add_check(is_bad.fill_null(False), failure)
        return pl.when(flag).then(expr)
