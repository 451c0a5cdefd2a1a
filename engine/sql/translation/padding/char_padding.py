"""Redshift's CHAR(n): padded with blanks to n bytes in results, and unpadded in computations.

A CHAR that becomes a VARCHAR loses its trailing blanks, and comparisons ignore them, so that only the result of a query
and OCTET_LENGTH need them. A text longer than n stays unchanged.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html
https://docs.aws.amazon.com/redshift/latest/dg/r_OCTET_LENGTH.html
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.padding.text_sets import Output, find_outputs
from engine.sql.translation.tree.nodes import call, number
from engine.sql.translation.tree.value_types import VARCHAR, set_type, type_of


def pad_char(node: exp.Expr) -> exp.Expr:
    """Pad a CHAR with blanks; return any other value unchanged."""
    kind = type_of(node)
    if kind != VARCHAR or not kind.char_length:
        return node
    return call("dw_filled_up", node, number(kind.char_length), kind=VARCHAR)


def show_padded(tree: exp.Expr, dialect: str) -> exp.Expr:
    """Pad the CHAR columns of the outermost query with blanks."""
    outputs = (find_outputs(tree) or []) if dialect == "redshift" else []
    if not any(each.kind == VARCHAR and each.kind.char_length for each in outputs):
        return tree
    names = [each.name for each in outputs]
    is_named = all(names) and len({name.lower() for name in names}) == len(names)
    columns = names if is_named else [f"dw_{index}" for index in range(1, len(names) + 1)]
    shown: list[exp.Expr] = [_show_column(column, output) for column, output in zip(columns, outputs, strict=True)]
    alias = exp.TableAlias(this=exp.to_identifier("dw_shown"))
    if is_named:
        filled = [each for each, output in zip(shown, outputs, strict=True) if output.kind.char_length]
        shown = [exp.Star(replace=filled)]
    else:
        alias.set("columns", [exp.to_identifier(column) for column in columns])
    return exp.Select(expressions=shown).from_(exp.Subquery(this=tree, alias=alias), copy=False)


def _show_column(column: str, output: Output) -> exp.Expr:
    value = pad_char(set_type(exp.column(column, quoted=True), output.kind))
    return exp.alias_(value, output.name or column, quoted=True, copy=False)
