"""What an expression with draws can give: its alternatives, and the draws between whose ends the values of each lie.

A condition that reads a draw can be true or false, so each such condition makes two alternatives. What is left of an
alternative is monotone in every draw taken alone, or it is refused: then its min and max are among
those with every draw at one of its ends. A draw that is read twice counts as two, which only widens the ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

from engine.rules.derived.random_functions import is_random

_PARTS = {"MONTH": (1, 12), "QUARTER": (1, 4), "DAY": (1, 31), "HOUR": (0, 23), "MINUTE": (0, 59), "SECOND": (0, 59)}
"""Parts of a date that go round, and all that they can be."""
MAX_ALTERNATIVES = 32
MAX_DRAWS = 5
_MONOTONE_NODES = (exp.Paren, exp.Add, exp.Sub, exp.Mul, exp.Neg, exp.Interval)
_MONOTONE_CALLS = frozenset(
    """
    ROUND FLOOR CEIL CEILING TRUNC TRUNCATE GREATEST LEAST COALESCE NVL IFNULL DATEADD DATE_ADD TIMESTAMPADD DATE_TRUNC
    LAST_DAY ADD_MONTHS DATE YEAR UNIFORM TO_DATE TO_TIMESTAMP SQRT EXP
    """.split()
)
_PREDICATES = (
    exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In, exp.Like,
    exp.ILike, exp.Is,
)  # fmt: skip
_ORDERED_TYPES = ("int", "bigint", "smallint", "decimal", "numeric", "double", "float", "date", "timestamp")
_ORDERED_FORMAT = re.compile(r"YYYY(\W?MM(\W?DD([ T]?HH24(\W?MI(\W?SS)?)?)?)?)?", re.IGNORECASE)


class NotProvedError(Exception):
    """Why the values of an expression cannot be proved."""


def has_draws(tree: exp.Expr) -> bool:
    """Return whether an expression reads a draw."""
    return any(map(is_random, tree.walk()))


def find_alternatives(tree: exp.Expr) -> list[exp.Expr]:
    """Return the alternatives of an expression, whose draws have a stream each: RANDOM(0), RANDOM(1), ...

    Raises `NotProvedError` where it is not monotone in a draw.
    """
    found, open_trees = [], [tree.copy()]
    while open_trees:
        current = _root(open_trees.pop())
        variants = _decide(current)
        if not variants:
            found.append(current)
        open_trees += variants
        if len(found) + len(open_trees) > MAX_ALTERNATIVES:
            raise NotProvedError(f"its draws decide between more than {MAX_ALTERNATIVES} alternatives")
    for each in found:
        _number_draws(each)
    return list({each.sql(): each for each in found}.values())


def draws_of(alternative: exp.Expr) -> list[str]:
    """Return the streams of the draws of an alternative."""
    return [f"random({node.expressions[0].name})" for node in alternative.walk() if is_random(node)]


def _root(tree: exp.Expr) -> exp.Expr:
    """Return the tree below a node of its own, so that its root can be replaced too."""
    return tree if isinstance(tree, exp.Paren) and tree.parent is None else exp.Paren(this=tree)


def _decide(tree: exp.Expr) -> list[exp.Expr]:
    """Return the trees in which the first decision that reads a draw is taken one way or the other, if any."""
    for node in list(tree.walk(bfs=False)):
        if isinstance(node, exp.Case) and node.args.get("this") is not None and _reads_draw(node):
            _to_conditions(node)
            return [tree]
        if isinstance(node, exp.Anonymous) and has_draws(node):
            name = str(node.this).upper()
            if name == "DECODE" and len(node.expressions) > 2:
                node.replace(_to_case(node))
                return [tree]
            if name == "NULLIF":
                return _replaced(tree, node, [exp.null(), node.expressions[0]])
            if name in _PARTS:
                low, high = map(exp.Literal.number, _PARTS[name])
                node.replace(exp.Anonymous(this="UNIFORM", expressions=[low, high, exp.Anonymous(this="RANDOM")]))
                return [tree]
            if name == "ZIPF":
                one = exp.Literal.number(1)
                node.replace(exp.Anonymous(this="UNIFORM", expressions=[one, *node.expressions[1:]]))
                return [tree]
        if isinstance(node, _PREDICATES) and has_draws(node):
            in_case = node.find_ancestor(exp.If) is not None
            values: list[exp.Expr] = [exp.true(), exp.false()] if in_case else [exp.true(), exp.false(), exp.null()]
            return [_without_dead(each) for each in _replaced(tree, node, values)]
    return []


def _replaced(tree: exp.Expr, node: exp.Expr, values: list[exp.Expr]) -> list[exp.Expr]:
    """Return a copy of the tree for each value, in which it stands for the node."""
    index = next(index for index, other in enumerate(tree.walk()) if other is node)
    copies = []
    for value in values:
        copy = tree.copy()
        next(other for position, other in enumerate(copy.walk()) if position == index).replace(value.copy())
        copies.append(copy)
    return copies


def _reads_draw(case: exp.Expr) -> bool:
    return has_draws(case.this) or any(has_draws(branch.this) for branch in case.args["ifs"])


def _to_conditions(case: exp.Expr) -> None:
    """Change CASE a WHEN b to CASE WHEN a = b."""
    subject = case.this
    case.set("this", None)
    for branch in case.args["ifs"]:
        branch.set("this", exp.EQ(this=subject.copy(), expression=branch.this))


def _to_case(decode: exp.Expr) -> exp.Expr:
    subject, *rest = decode.expressions
    pairs, default = list(zip(rest[::2], rest[1::2], strict=False)), rest[-1] if len(rest) % 2 else None
    branches = [
        exp.If(this=exp.EQ(this=subject.copy(), expression=value.copy()), true=result.copy()) for value, result in pairs
    ]
    return exp.Case(ifs=branches, default=None if default is None else default.copy())


def _without_dead(tree: exp.Expr) -> exp.Expr:
    """Return the tree without branches of CASE that are never taken."""
    for case in list(tree.find_all(exp.Case)):
        alive: list[exp.Expr] = []
        default = case.args.get("default")
        for branch in case.args["ifs"]:
            condition = branch.this.unnest()
            if isinstance(condition, exp.Boolean) and condition.this:
                default = branch.args["true"]
                break
            if not isinstance(condition, exp.Boolean):
                alive.append(branch)
        if alive:
            case.set("ifs", alive)
            case.set("default", default)
        else:
            case.replace(exp.Paren(this=exp.null() if default is None else default.copy()))
    return tree


def _number_draws(tree: exp.Expr) -> None:
    """Give each draw a stream of its own; raises `NotProvedError` where the tree is not monotone in a draw."""
    draws = [node for node in tree.walk() if is_random(node)]
    if len(draws) > MAX_DRAWS:
        raise NotProvedError(f"it reads more than {MAX_DRAWS} draws at once")
    for number, draw in enumerate(draws):
        for above, below in _path_up(draw):
            fault = _fault(above, below)
            if fault:
                raise NotProvedError(fault)
        draw.set("expressions", [exp.Literal.number(number)])


def _path_up(node: exp.Expr) -> Iterator[tuple[exp.Expr, exp.Expr]]:
    while node.parent is not None:
        yield node.parent, node
        node = node.parent


def _fault(above: exp.Expr, below: exp.Expr) -> str:
    """Return why a node may not grow or fall with an operand of it; empty where it does."""
    if isinstance(above, (*_MONOTONE_NODES, exp.Case)) or (isinstance(above, exp.If) and below is not above.this):
        return ""
    if isinstance(above, exp.Div) and below is above.this:
        return ""
    if isinstance(above, exp.Cast):
        to = above.args["to"].sql(dialect="duckdb").lower()
        return "" if to.startswith(_ORDERED_TYPES) else "a draw becomes part of a text"
    if isinstance(above, exp.DPipe):
        return "a draw becomes part of a text"
    if not isinstance(above, exp.Anonymous):
        return f"{above.key.upper()} of a draw has no order"
    name, arguments = str(above.this).upper(), above.expressions
    if name in _MONOTONE_CALLS:
        return ""
    if name == "TO_CHAR" and len(arguments) == 2 and below is arguments[0]:
        is_ordered = _ORDERED_FORMAT.fullmatch(arguments[1].name) is not None
        return "" if is_ordered else f"TO_CHAR(..., {arguments[1].sql()}) of a draw has no order"
    if name == "DATEDIFF":
        return ""
    if name == "NORMAL":
        return "a draw of NORMAL has no bounds"
    return f"{name} of a draw has no order"
