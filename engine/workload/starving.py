"""Starving predicates: the first condition of a query that leaves no row, found by running the query without the rest.

The conditions with literals are numbered in the order in which a person reads the innermost query first. With the first
`k` of them and all joins the query finds rows, with one more it finds none: bisection finds that one with few runs. A
query that finds nothing with its joins alone starves by a join.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope

from engine.workload.records import Statement
from engine.workload.views import UnparsedError, parse

FindsRows = Callable[[Statement], bool]
"""Whether a statement, run on the loaded data, finds rows; False also for one that cannot be run in time."""

_NOT_UNDERSTOOD = (SqlglotError, RecursionError, AttributeError, TypeError, ValueError, KeyError, IndexError)
_MAX_SHOWN = 200
_OUTER_SIDES = frozenset({"LEFT", "RIGHT", "FULL"})


@dataclass(frozen=True, slots=True)
class Starving:
    """The first condition of a query without which it finds rows."""

    statement: Statement
    text: str
    """The condition, as SQL."""
    line: int
    """In the file of the statement."""
    position: int
    """Of the condition among the conditions of its kind, from 1."""
    of: int
    """The number of these conditions."""
    is_join: bool
    """It compares columns of tables with each other, and the query finds nothing with its joins alone."""
    is_alone: bool
    """The query finds nothing with this condition and the joins alone; otherwise it starves together with others."""

    def __str__(self) -> str:
        together = "" if self.is_alone else ", together with those before it"
        kind = "join" if self.is_join else "condition"
        return f"{self.statement.name}: no row meets the {kind} {self.text} (line {self.line}){together}."


def find_starving(statement: Statement, dialect: str, finds_rows: FindsRows) -> Starving | None:
    """Return the condition that starves a statement that finds nothing; None if that cannot be told."""
    try:
        conditions = _conditions(parse(statement.sql, dialect))
    except (UnparsedError, *_NOT_UNDERSTOOD):
        return None

    def run(kept: Sequence[int], *, keeps_joins: bool = True) -> bool:
        return finds_rows(replace(statement, sql=_relaxed(statement.sql, dialect, frozenset(kept), keeps_joins)))

    filters = [number for number, each in enumerate(conditions) if not each.is_join]
    joins = [number for number, each in enumerate(conditions) if each.is_join]
    try:
        if run([]):
            chosen, is_join = _first_starving(filters, run), False
            is_alone = chosen is None or filters.index(chosen) == 0 or not run([chosen])
        elif joins and run([], keeps_joins=False):
            chosen = _first_starving(joins, lambda kept: run(kept, keeps_joins=False))
            is_join, is_alone = True, chosen is None or joins.index(chosen) == 0
        else:
            return None
    except _NOT_UNDERSTOOD:
        return None
    if chosen is None:
        return None
    kind = joins if is_join else filters
    found = conditions[chosen]
    line = statement.line + max(found.line - 1 - statement.prefix_lines, 0)
    return Starving(statement, found.text, line, kind.index(chosen) + 1, len(kind), is_join, is_alone)


def _first_starving(numbers: Sequence[int], run: Callable[[Sequence[int]], bool]) -> int | None:
    """Return the first number with which, and those before it, nothing is found; without all of them rows are."""
    low, high = 0, len(numbers)
    while high - low > 1:
        middle = (low + high) // 2
        if run(numbers[:middle]):
            low = middle
        else:
            high = middle
    return numbers[low] if numbers else None


@dataclass(frozen=True, slots=True)
class _Condition:
    text: str
    line: int
    is_join: bool


def _conditions(tree: exp.Expr) -> list[_Condition]:
    found = []
    for node in _condition_nodes(tree):
        text = node.sql(comments=False)
        lines = (int(each.meta["line"]) for each in node.walk() if "line" in each.meta)
        text = text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
        found.append(_Condition(text, min(lines, default=1), _is_join(node)))
    return found


def _relaxed(sql: str, dialect: str, kept: frozenset[int], keeps_joins: bool) -> str:
    """Return a query with TRUE in place of the conditions that are not kept."""
    tree = parse(sql, dialect)
    for number, node in enumerate(_condition_nodes(tree)):
        if number not in kept and not (keeps_joins and _is_join(node)):
            node.replace(exp.true())
    return tree.sql(dialect, comments=False)


def _condition_nodes(tree: exp.Expr) -> list[exp.Expr]:
    """Return the parts of the AND of each WHERE, HAVING, QUALIFY and inner ON, those of inner queries first."""
    found: list[exp.Expr] = []
    for scope in traverse_scope(tree):
        select = scope.expression
        if not isinstance(select, exp.Select) or _is_negated(select):
            continue
        roots = [join.args["on"] for join in select.args.get("joins") or [] if join.args.get("on") and _is_inner(join)]
        roots += [select.args[name].this for name in ("where", "having", "qualify") if select.args.get(name)]
        for root in roots:
            found += _parts(root)
    return found


def _parts(node: exp.Expr) -> list[exp.Expr]:
    inner = node.unnest()
    if isinstance(inner, exp.And):
        return [*_parts(inner.left), *_parts(inner.right)]
    return [node]


def _is_inner(join: exp.Expr) -> bool:
    return str(join.args.get("side") or "").upper() not in _OUTER_SIDES


def _is_negated(select: exp.Expr) -> bool:
    """Return whether fewer conditions of a query would make the query around it find less."""
    child, parent = select, select.parent
    while parent is not None:
        if isinstance(parent, exp.Not) or (isinstance(parent, exp.Except) and parent.expression is child):
            return True
        child, parent = parent, parent.parent
    return False


def _is_join(node: exp.Expr) -> bool:
    """Return whether a condition sets columns of two tables equal."""
    inner = node.unnest()
    if not isinstance(inner, exp.EQ):
        return False
    left, right = inner.left.find(exp.Column), inner.right.find(exp.Column)
    has_literal = inner.find(exp.Literal, exp.Query) is not None
    return left is not None and right is not None and not has_literal
