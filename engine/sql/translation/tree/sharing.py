"""COALESCE arguments that also occur elsewhere: they must not be computed where they are not needed.

DuckDB computes an expression that a select list repeats once, before everything else, unless it is in a branch of
CASE; COALESCE does not protect it. `COALESCE(a, b % 0)` then fails although no row needs the second value. Such an
argument goes into a CASE that checks whether the arguments before it are NULL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.tree.nodes import make_case
from engine.sql.translation.tree.value_types import BOOLEAN, set_type, type_of

_HARMLESS = (exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Identifier)
_LONGEST = 60
"""Maximum number of nodes in the arguments before a guarded one, as they are written twice."""
_CHANGING = ("random", "uuid", "uniform", "rand", "normal", "nextval")
"""Parts of the names of volatile functions."""


def can_fail(arguments: Sequence[exp.Expr]) -> bool:
    """Whether computing a later argument of COALESCE may raise an error."""
    return any(not isinstance(each.unnest(), _HARMLESS) for each in arguments[1:])


def guard_shared(tree: exp.Expr) -> None:
    """Move COALESCE arguments that the query repeats into branches of CASE."""
    counts: Counter[exp.Expr] = Counter()
    calls = []
    for node in tree.walk():
        if isinstance(node, exp.Func | exp.Binary) and not isinstance(node, exp.Connector):
            counts[node] += 1
        if isinstance(node, exp.Anonymous) and node.name == "coalesce" and can_fail(node.expressions):
            calls.append(node)
    for node in calls:
        _guard(node, counts)


def _guard(node: exp.Anonymous, counts: Counter[exp.Expr]) -> None:
    before: list[exp.Expr] = []
    result: list[exp.Expr] = []
    for argument in node.expressions:
        is_shared = any(counts[each] > 1 for each in argument.walk() if each in counts)
        if before and is_shared and _can_be_repeated(before):
            missing = [exp.Is(this=_wrap(each.copy()), expression=exp.Null()) for each in before]
            condition = set_type(exp.and_(*missing, copy=False), BOOLEAN)
            result.append(make_case((condition, argument), kind=type_of(argument)))
        else:
            result.append(argument)
        before.append(argument)
    node.set("expressions", result)


def _can_be_repeated(arguments: Sequence[exp.Expr]) -> bool:
    """Whether arguments are short and not volatile."""
    nodes = [node for each in arguments for node in each.walk()]
    names = [node.name for node in nodes if isinstance(node, exp.Anonymous)]
    return len(nodes) <= _LONGEST and not any(word in name for name in names for word in _CHANGING)


def _wrap(node: exp.Expr) -> exp.Expr:
    return node if isinstance(node, _HARMLESS) else exp.Paren(this=node)
