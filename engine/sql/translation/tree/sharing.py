"""COALESCE beside the same expression elsewhere: what it need not reach must not be computed.

DuckDB computes an expression that a select list has twice only once, and before all else; it spares what stands in the
branches of CASE, but not what stands in COALESCE. `COALESCE(a, b % 0)` then fails although no row needs the second
value. Such an argument goes into a CASE, which asks whether those before it are NULL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlglot import exp

from engine.sql.translation.tree.nodes import case
from engine.sql.translation.tree.value_types import BOOLEAN, type_of, typed

_HARMLESS = (exp.Column, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Identifier)
_LONGEST = 60
"""How many nodes the arguments before a guarded one may have, as they are written twice."""
_CHANGING = ("random", "uuid", "uniform", "rand", "normal", "nextval")
"""Parts of the names of functions whose result differs from call to call."""


def may_fail(arguments: Sequence[exp.Expr]) -> bool:
    """Whether an argument of COALESCE behind the first one may raise an error where it is computed."""
    return any(not isinstance(each.unnest(), _HARMLESS) for each in arguments[1:])


def guard_shared(tree: exp.Expr) -> None:
    """Put the arguments of COALESCE that the query has a second time into branches of CASE."""
    counts: Counter[exp.Expr] = Counter()
    calls = []
    for node in tree.walk():
        if isinstance(node, exp.Func | exp.Binary) and not isinstance(node, exp.Connector):
            counts[node] += 1
        if isinstance(node, exp.Anonymous) and node.name == "coalesce" and may_fail(node.expressions):
            calls.append(node)
    for node in calls:
        _guard(node, counts)


def _guard(node: exp.Anonymous, counts: Counter[exp.Expr]) -> None:
    before: list[exp.Expr] = []
    made: list[exp.Expr] = []
    for argument in node.expressions:
        is_shared = any(counts[each] > 1 for each in argument.walk() if each in counts)
        if before and is_shared and _may_be_repeated(before):
            missing = [exp.Is(this=_wrapped(each.copy()), expression=exp.Null()) for each in before]
            condition = typed(exp.and_(*missing, copy=False), BOOLEAN)
            made.append(case((condition, argument), kind=type_of(argument)))
        else:
            made.append(argument)
        before.append(argument)
    node.set("expressions", made)


def _may_be_repeated(arguments: Sequence[exp.Expr]) -> bool:
    """Whether arguments are short, and the same each time they are computed."""
    nodes = [node for each in arguments for node in each.walk()]
    names = [node.name for node in nodes if isinstance(node, exp.Anonymous)]
    return len(nodes) <= _LONGEST and not any(word in name for name in names for word in _CHANGING)


def _wrapped(node: exp.Expr) -> exp.Expr:
    return node if isinstance(node, _HARMLESS) else exp.Paren(this=node)
