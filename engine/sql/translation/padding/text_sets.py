"""UNION, EXCEPT and INTERSECT of text in Redshift: rows that differ only in trailing blanks are one row.

The row shown is one of them. Where no text can have trailing blanks, a set operation stays unchanged.

https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html#r_Character_types-significance-of-trailing-blanks
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from engine.sql.translation.padding.trailing_blanks import to_comparable
from engine.sql.translation.tree.headers import STAR_TYPES
from engine.sql.translation.tree.nodes import wrap
from engine.sql.translation.tree.scopes import Scope
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import NULL, VARCHAR, ValueType, common_type, set_type, type_of

IS_RECURSIVE = "is_recursive"
"""Marks a set operation whose second part reads its own result."""
_OUTPUTS, _IS_UNION = "outputs", "is_union_of_texts"
_MOVED = ("with_", "order", "limit", "offset")


@dataclass(frozen=True)
class Output:
    """A column of a query; the name is empty where DuckDB makes one."""

    name: str
    kind: ValueType


def note_outputs(node: exp.Select, scope: Scope) -> None:
    """Record the columns of a translated SELECT in order, if all of them are known."""
    outputs: list[Output] = []
    for each in node.expressions:
        if not each.is_star:
            named = isinstance(each, exp.Alias | exp.Column)
            outputs.append(Output(each.alias_or_name if named else "", type_of(each)))
            continue
        star = each.this if isinstance(each, exp.Column) else each
        source = scope.source(each.table) if isinstance(each, exp.Column) else None
        types = star.meta.get(STAR_TYPES)
        if types is None or any(one.columns is None for one in (scope.sources if source is None else [source])):
            return
        outputs += [Output(name, kind) for name, kind in types]
    node.meta[_OUTPUTS] = outputs


def combine_texts(node: exp.SetOperation, context: Context) -> exp.SetOperation | exp.Select:
    """Return a translated set operation; one of text with possible trailing blanks becomes a SELECT over its parts."""
    ours, theirs = find_outputs(node.left), find_outputs(node.right)
    if context.is_snowflake or ours is None or theirs is None or len(ours) != len(theirs):
        return node
    kinds = [(one.kind, other.kind) for one, other in zip(ours, theirs, strict=True)]
    outputs = [Output(one.name, common_type(list(pair))) for one, pair in zip(ours, kinds, strict=True)]
    node.meta[_OUTPUTS] = outputs
    is_all = node.args.get("distinct") is False
    is_mixed = any(VARCHAR in pair and not set(pair) <= {VARCHAR, NULL} for pair in kinds)
    if is_all or is_mixed or IS_RECURSIVE in node.meta:
        return node
    if not any(kind == VARCHAR and not kind.is_trimmed for pair in kinds for kind in pair):
        return node
    left = node.left
    names = [each.name.lower() for each in outputs]
    is_named = all(names) and len(set(names)) == len(names)
    columns = _make_columns("dw_rows", [each.name for each in outputs] if is_named else _make_names(outputs), outputs)
    result = exp.Select(expressions=[exp.Star()] if is_named else list(map(_rename, columns, outputs)))
    result.set("distinct", exp.Distinct(on=exp.Tuple(expressions=[to_comparable(each, context) for each in columns])))
    for key in _MOVED:
        result.set(key, node.args.get(key))
        node.set(key, None)
    if isinstance(node, exp.Union):
        if _IS_UNION in left.meta:
            node.set("this", left.args["from_"].this.this)  # its rows are made distinct here
        node.set("distinct", False)
        result.from_(_name_query(node, "dw_rows", [] if is_named else _make_names(outputs)), copy=False)
        result.meta[_IS_UNION] = True
    else:
        result.from_(_name_query(left, "dw_rows", [] if is_named else _make_names(outputs)), copy=False)
        others = _make_columns("dw_others", _make_names(outputs), theirs)
        same = [
            exp.NullSafeEQ(this=wrap(to_comparable(one, context)), expression=wrap(to_comparable(other, context)))
            for one, other in zip(_set_types(columns, ours), others, strict=True)
        ]
        kind = "ANTI" if isinstance(node, exp.Except) else "SEMI"
        others_named = _name_query(node.right, "dw_others", _make_names(outputs))
        result.append("joins", exp.Join(this=others_named, kind=kind, on=exp.and_(*same, copy=False)))
    result.meta[_OUTPUTS] = outputs
    return result


def find_outputs(query: exp.Expr) -> list[Output] | None:
    """Return the columns of a translated query in order, None where they are not known."""
    while isinstance(query, exp.Subquery) and _OUTPUTS not in query.meta:
        query = query.this
    found: list[Output] | None = query.meta.get(_OUTPUTS)
    return found


def _make_names(outputs: list[Output]) -> list[str]:
    return [f"dw_{index}" for index in range(1, len(outputs) + 1)]


def _make_columns(table: str, names: list[str], outputs: list[Output]) -> list[exp.Column]:
    return _set_types([exp.column(name, table=table, quoted=True) for name in names], outputs)


def _set_types(columns: list[exp.Column], outputs: list[Output]) -> list[exp.Column]:
    return [set_type(column.copy(), each.kind) for column, each in zip(columns, outputs, strict=True)]


def _rename(column: exp.Column, output: Output) -> exp.Expr:
    return exp.alias_(column, output.name, quoted=True) if output.name else column.copy()


def _name_query(query: exp.Expr, name: str, columns: list[str]) -> exp.Subquery:
    listed = [exp.to_identifier(each, quoted=True) for each in columns]
    return exp.Subquery(this=query, alias=exp.TableAlias(this=exp.to_identifier(name), columns=listed))
