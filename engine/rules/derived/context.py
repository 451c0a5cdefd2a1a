"""What is known while an expression is compiled: its place, the columns in sight, and the rows that matter.

SQL evaluates a branch of CASE only where it is taken; Polars evaluates all branches everywhere. So a context carries
the rows for which its branch is taken, and a check looks at no others.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import polars as pl
from sqlglot import exp

from engine.errors import Problem, RuleError
from engine.rules.derived.parsing import place_of, sql_of
from engine.rules.derived.scope import Scope
from engine.rules.site import Site


@dataclass
class Trace:
    """What a walk through the tree has met."""

    may_be_null: bool = False


@dataclass(frozen=True)
class Context:
    """The site of the derived column, its scope, the node at hand, and the rows in which it counts (None: all)."""

    site: Site
    scope: Scope
    node: exp.Expr | None = None
    rows: pl.Expr | None = None
    trace: Trace = field(default_factory=Trace)

    def at(self, node: exp.Expr) -> Context:
        """Return the context of a node below."""
        return replace(self, node=node)

    def where(self, taken: pl.Expr) -> Context:
        """Return the context of a branch that counts in the rows for which `taken` is true."""
        rows = taken if self.rows is None else self.rows & taken
        return replace(self, rows=self.once(rows.fill_null(False)))

    def error(self, message: str, hint: str = "") -> RuleError:
        """Return an error that names the column, with the place of the node in the expression."""
        place = "" if self.node is None else place_of(self.node)
        return self.site.error(f"{message.removesuffix('.')}{place}.", hint)

    @property
    def sql(self) -> str:
        """The node at hand as SQL."""
        return "The expression" if self.node is None else sql_of(self.node)

    def once(self, expr: pl.Expr) -> pl.Expr:
        """Return a reference to the expression as a column of the plan, so that using it twice costs nothing."""
        return expr if expr.meta.is_column() or expr.meta.is_literal() else self.site.stages.add(expr)

    def quotient(self, top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
        """Return top / bottom of doubles, rounded as IEEE 754 says.

        Polars divides by one number for all rows by multiplying with its reciprocal, which is off by a last digit at
        times, and does so or not by how many rows a chunk has. So the divisor is made a column: that of zeros is added.
        """
        row = self.site.row
        zeros = self.site.stages.add(row.cast(pl.Float64) * 0.0, memo=("zeros", row.meta.output_name()))
        return top / (bottom + zeros)

    def require(self, holds: pl.Expr, expr: pl.Expr, fault: str, hint: str = "") -> pl.Expr:
        """Return `expr`; a row that counts and in which `holds` is false makes the run fail.

        The failure says "<the node's SQL> <fault>" and names the column.
        """
        is_bad = ~holds if self.rows is None else ~holds & self.rows
        failure = Problem(self.site.where, f"{self.sql} {fault}", hint)
        flag = self.site.stages.add_check(is_bad.fill_null(False), failure)
        return pl.when(flag).then(expr)
