"""The arguments of a call, translated and counted."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context


def checked_arguments(node: exp.Anonymous, context: Context, least: int, most: int | None = None) -> list[exp.Expr]:
    """Return the translated arguments of a call; raises `UntranslatableError` when there are too few or too many."""
    if len(node.expressions) < least or (most is not None and len(node.expressions) > most):
        raise UntranslatableError(node, f"{node.name.upper()} does not take {len(node.expressions)} arguments.")
    return [context.translator.expression(each, context) for each in node.expressions]
