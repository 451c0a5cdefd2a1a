"""Substitution: an expression of a query in terms of the columns of base tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

PREFIX = "w"
FREE = "free"
"""The table of values that no column holds, such as the rank of a row."""

Source = dict[str, dict[str, exp.Expr]]
"""The outputs of each source of a FROM, by its alias."""


class LeftOutError(Exception):
    """An expression has no form in terms of base tables; its condition is left out."""


def has_query(node: exp.Expr) -> bool:
    """Return whether an expression has a subquery."""
    return any(isinstance(each, exp.Query) for each in node.walk())


class Substitution:
    """Replaces columns by what they stand for, and aggregates of a group by those of its rows.

    The group has one row, or `copies` alike; with `more`, these sources have its other rows.
    """

    def __init__(
        self,
        source: Source,
        outer: Sequence[Source],
        new_free: Callable[[], exp.Column],
        *,
        copies: int = 1,
        more: Sequence[Source] = (),
    ) -> None:
        self._scopes = [source, *outer]
        self._new_free = new_free
        self._copies = copies
        self._more = more

    def of(self, node: exp.Expr) -> exp.Expr:
        """Return the expression; raises `LeftOutError`."""
        return self._replace(node.copy())

    def _replace(self, node: exp.Expr) -> exp.Expr:
        match node:
            case exp.Column():
                return self._column(node)
            case exp.Window():
                return self._window(node)
            case exp.AggFunc():
                return self._aggregate(node)
            case exp.Query():
                raise LeftOutError
        if type(node).__name__ in ("Grouping", "GroupingId"):
            return exp.Literal.number(0)
        for name, value in list(node.args.items()):
            if isinstance(value, exp.Expr):
                node.set(name, self._replace(value))
            elif isinstance(value, list):
                node.set(name, [self._replace(each) if isinstance(each, exp.Expr) else each for each in value])
        return node

    def _column(self, column: exp.Column) -> exp.Expr:
        table, name = column.table.lower(), column.name.lower()
        if table == FREE or (table.startswith(PREFIX) and table[1:].isdigit()):
            return column
        for scope in self._scopes:
            found = _find(scope, table, name)
            if found is not None:
                if isinstance(found, exp.Placeholder):
                    raise LeftOutError
                is_simple = isinstance(found, exp.Column | exp.Literal | exp.Null)
                return found.copy() if is_simple else exp.Paren(this=found.copy())
        raise LeftOutError

    def _window(self, window: exp.Window) -> exp.Expr:
        made = window.this
        if isinstance(made, exp.RowNumber) or type(made).__name__ in ("Rank", "DenseRank"):
            return self._new_free()
        if isinstance(made, exp.Sum | exp.Min | exp.Max):
            return self._replace(made.this)
        raise LeftOutError

    def _aggregate(self, node: exp.AggFunc) -> exp.Expr:
        if isinstance(node, exp.Count):
            is_distinct = isinstance(node.this, exp.Distinct)
            return exp.Literal.number(1 if is_distinct else self._copies * (len(self._more) + 1))
        if not isinstance(node.this, exp.Expr):
            raise LeftOutError
        inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
        values = [exp.Paren(this=self._replace(inner.copy()))]
        for source in self._more:
            other = Substitution(source, self._scopes[1:], self._new_free)
            values.append(exp.Paren(this=other.of(inner)))
        match node:
            case exp.Sum():
                total = _total(values)
                if self._copies > 1:
                    total = exp.Mul(this=exp.Paren(this=total), expression=exp.Literal.number(self._copies))
                return exp.Paren(this=total)
            case exp.Avg():
                number = exp.Literal.number(f"{len(values)}.0")
                whole = exp.Div(this=exp.Paren(this=_total(values)), expression=number)
                return exp.Paren(this=whole) if len(values) > 1 else values[0]
            case exp.Min() | exp.Max() if len(values) > 1:
                chosen = exp.Least if isinstance(node, exp.Min) else exp.Greatest
                return chosen(this=values[0], expressions=values[1:])
            case exp.Min() | exp.Max() | exp.AnyValue():
                return values[0]
            case exp.Stddev() | exp.StddevSamp() if len(values) > 1:
                spread = exp.Abs(this=exp.Sub(this=values[0], expression=values[1]))
                return exp.Paren(this=exp.Div(this=spread, expression=exp.Literal.number("1.4142136")))
        raise LeftOutError


def _find(scope: Mapping[str, Mapping[str, exp.Expr]], table: str, name: str) -> exp.Expr | None:
    if table:
        return scope.get(table, {}).get(name)
    having = [outputs[name] for outputs in scope.values() if name in outputs]
    return having[0] if having else None


def _total(values: Sequence[exp.Expr]) -> exp.Expr:
    total = values[0]
    for each in values[1:]:
        total = exp.Add(this=total, expression=each)
    return total
