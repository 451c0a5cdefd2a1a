"""Generating the translation: DuckDB SQL, with the position of each name in the user's text.

The generator puts a mark, which no query can contain, before each name and call; removing the marks gives the position
of each one in the SQL.
"""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.errors import ErrorLevel
from sqlglot.generators.duckdb import DuckDBGenerator

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")


class _Generator(DuckDBGenerator):
    """DuckDB's generator with marks, and without its own rewrites of nodes that are already translated."""

    def identifier_sql(self, expression: exp.Identifier) -> str:
        if str(expression.this).startswith("#"):  # a temporary table of Redshift
            expression.set("quoted", True)
        return _mark(expression) + str(super().identifier_sql(expression))

    def anonymous_sql(self, expression: exp.Anonymous) -> str:
        name = str(expression.this)
        return _mark(expression) + f"{name}({self.format_args(*expression.expressions)})"

    def literal_sql(self, expression: exp.Literal) -> str:
        return _mark(expression) + str(super().literal_sql(expression))

    def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
        return f"CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"

    def trycast_sql(self, expression: exp.TryCast) -> str:
        return f"TRY_CAST({self.sql(expression, 'this')} AS {self.sql(expression, 'to')})"

    def ignorenulls_sql(self, expression: exp.IgnoreNulls) -> str:
        return f"{self.sql(expression, 'this')} IGNORE NULLS"

    def div_sql(self, expression: exp.Div) -> str:
        return self.binary(expression, "/")

    def add_sql(self, expression: exp.Add) -> str:
        return self.binary(expression, "+")

    def sub_sql(self, expression: exp.Sub) -> str:
        return self.binary(expression, "-")

    def not_sql(self, expression: exp.Not) -> str:
        """Write NOT over LIKE as NOT LIKE, which DuckDB runs in 6/7 of the time."""
        inner = expression.this.unnest()
        like = inner.this if isinstance(inner, exp.Escape) else inner
        if not isinstance(like, exp.Like | exp.ILike) or like.args.get("negate"):
            return str(super().not_sql(expression))
        negative = inner.copy()
        (negative.this if isinstance(inner, exp.Escape) else negative).set("negate", True)
        return self.sql(negative)

    def array_sql(self, expression: exp.Array) -> str:
        return f"[{self.expressions(expression, flat=True)}]"

    def lambda_sql(self, expression: exp.Lambda, arrow_sep: str = "->", wrap: bool = True) -> str:
        names = ", ".join(self.sql(each) for each in expression.expressions)
        return f"lambda {names}: {self.sql(expression, 'this')}"


class _Writer(DuckDB):
    """DuckDB's dialect with this generator."""

    Generator = _Generator


_Generator.TRANSFORMS = {
    kind: write
    for kind, write in DuckDBGenerator.TRANSFORMS.items()
    if kind not in (exp.IgnoreNulls, exp.Cast, exp.TryCast, exp.Div, exp.Add, exp.Sub, exp.Array, exp.Lambda)
}


def _mark(node: exp.Expr) -> str:
    start = node.meta.get("start")
    return f"{_OPEN}{start}{_CLOSE}" if start is not None else ""


def write(tree: exp.Expr) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the tree as DuckDB SQL, and the positions of its names: pairs of offsets in it and in the user's text."""
    options: dict[str, Any] = {"unsupported_level": ErrorLevel.IGNORE, "comments": False, "copy": False}
    marked = _Writer().generate(tree, **options)
    positions = []
    pieces = []
    length = at = 0
    for match in _MARK.finditer(marked):
        pieces.append(marked[at : match.start()])
        length += match.start() - at
        positions.append((length, int(match[1])))
        at = match.end()
    pieces.append(marked[at:])
    return "".join(pieces), tuple(positions)
