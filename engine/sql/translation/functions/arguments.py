"""Translation and counting of the arguments of a call."""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.translator import Context


def read_arguments(
    node: exp.Anonymous, context: Context, min_count: int, max_count: int | None = None
) -> list[exp.Expr]:
    """Translate the arguments of a call; raise `UntranslatableError` for too few or too many."""
    if len(node.expressions) < min_count or (max_count is not None and len(node.expressions) > max_count):
        raise UntranslatableError(node, f"{node.name.upper()} does not take {len(node.expressions)} arguments.")
    return [context.translator.translate(each, context) for each in node.expressions]
