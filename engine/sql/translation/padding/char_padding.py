"""CHAR(n) of Redshift: shown with the blanks that fill it up to n bytes, and without them wherever it is computed with.

A CHAR that becomes a VARCHAR loses the blanks at its end, and comparisons do not count them, so that only the result of
a query and OCTET_LENGTH ask for them. A text that is too long for n stays as it is.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
https://docs.aws.amazon.com/redshift/latest/dg/r_OCTET_LENGTH.html
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.padding.text_sets import Output, outputs_of
from engine.sql.translation.tree.nodes import call, number
from engine.sql.translation.tree.value_types import VARCHAR, type_of, typed


def padded(node: exp.Expr) -> exp.Expr:
    """Return a CHAR with the blanks at its end, and any other value as it is."""
    kind = type_of(node)
    if kind != VARCHAR or not kind.char_length:
        return node
    return call("dw_filled_up", node, number(kind.char_length), kind=VARCHAR)


def show_padded(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Return the outermost query with its columns of CHAR filled up with blanks, where it has any."""
    outputs = (outputs_of(tree) or []) if dialect == "redshift" else []
    if not any(each.kind == VARCHAR and each.kind.char_length for each in outputs):
        return tree
    names = [each.name for each in outputs]
    is_named = all(names) and len({name.lower() for name in names}) == len(names)
    columns = names if is_named else [f"dw_{index}" for index in range(1, len(names) + 1)]
    shown: list[exp.Expr] = [_shown(column, output) for column, output in zip(columns, outputs, strict=True)]
    alias = exp.TableAlias(this=exp.to_identifier("dw_shown"))
    if is_named:
        filled = [each for each, output in zip(shown, outputs, strict=True) if output.kind.char_length]
        shown = [exp.Star(replace=filled)]
    else:
        alias.set("columns", [exp.to_identifier(column) for column in columns])
    return exp.Select(expressions=shown).from_(exp.Subquery(this=tree, alias=alias), copy=False)


def _shown(column: str, output: Output) -> exp.Expr:
    value = padded(typed(exp.column(column, quoted=True), output.kind))
    return exp.alias_(value, output.name or column, quoted=True, copy=False)
