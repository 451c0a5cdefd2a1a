"""Input row numbers: the SEQ of FLATTEN and SPLIT_TO_TABLE, which identifies the input row.

Each source of such a query gets a hidden column with its row number. SEQ combines the numbers of the sources before the
call and of the sources of enclosing queries that it may name, in a lateral or scalar subquery. The rows are not counted
at the call itself, as DuckDB computes a lateral source once for equal rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, cast, number
from engine.sql.translation.tree.scopes import Scope
from engine.sql.translation.tree.translator import Context
from engine.sql.translation.tree.value_types import BIGINT, HUGEINT, ValueType

_BITS = 32
"""Bits of SEQ for each source after the first; DuckDB reports an overflow beyond 127 bits in total."""


def has_elements(sql: str) -> bool:
    """Whether a query may call a table function that has SEQ."""
    folded = sql.lower()
    return "flatten" in folded or "split_to_table" in folded


def needs_numbers(node: exp.Select) -> bool:
    """Whether a query has a table function after another source or in a subquery, and may show its SEQ."""
    sources = list(_walk_sources(node))
    is_found = any(_has_table_function(source) for source in sources[1:])
    if not is_found and sources:
        clauses = (given for key, given in node.args.items() if key not in _OF_FROM)
        parts = (part for given in clauses for part in (given if isinstance(given, list) else [given]))
        queries = (query for part in parts if isinstance(part, exp.Expr) for query in part.find_all(exp.Select))
        is_found = any(_has_table_function(query) for query in queries)
    return is_found and any(_can_show_seq(each) for each in node.walk())


_OF_FROM = frozenset({"from_", "joins", "laterals", "with_"})


def number_source(result: exp.Expr, context: Context) -> exp.Expr:
    """Add the hidden column with row numbers to a translated source, where the query needs it.

    A table function already has the column; a join in parentheses has it at each of its sources.
    """
    source = context.scope.sources[-1] if context.scope.sources else None
    if not context.scope.is_numbered or source is None or source.row_number:
        return result
    source.row_number = _add_hidden_name(context)
    if isinstance(result, exp.Lateral):
        inner: exp.Expr = result.this
        inner = exp.Subquery(this=inner.this, alias=exp.TableAlias(this=exp.to_identifier("rows_of_source")))
        result.set("this", exp.Subquery(this=_add_row_number(inner, source.row_number)))
        return result
    label = exp.TableAlias(this=exp.to_identifier(source.name, quoted=True)) if source.name else None
    return exp.Subquery(this=_add_row_number(result, source.row_number), alias=label)


def number_elements(rows: exp.Expr, context: Context) -> tuple[exp.Expr, ValueType, str]:
    """Return the list that a table function unnests with its SEQ, the type of SEQ, and the name of the hidden column.

    The hidden column is the position of a row within its input row. The name is empty where it is not needed.
    """
    numbers = [source.row_number for scope in _visible_scopes(context) for source in scope.sources if source.row_number]
    if not context.scope.is_numbered and not numbers:
        return rows, BIGINT, ""
    name = _add_hidden_name(context)
    fields = [_make_field("seq", _combine_numbers(numbers)), _make_field(name, exp.column("place_of_row"))]
    changed = call("struct_update", exp.column("row_of_list"), *fields)
    names = [exp.to_identifier("row_of_list"), exp.to_identifier("place_of_row")]
    result = call("list_transform", rows, exp.Lambda(this=changed, expressions=names))
    return result, HUGEINT if len(numbers) > 1 else BIGINT, name


def _walk_sources(node: exp.Select) -> Iterator[exp.Expr]:
    start = node.args.get("from_")
    if start is not None:
        yield from _walk_joined(start.this)
    for join in node.args.get("joins") or ():
        yield from _walk_joined(join.this)
    yield from node.args.get("laterals") or ()


def _walk_joined(source: exp.Expr) -> Iterator[exp.Expr]:
    """Yield a source and those joined with it in the same parentheses."""
    is_join = isinstance(source, exp.Subquery) and not source.alias and not isinstance(source.this, exp.Select)
    if is_join:
        yield from _walk_joined(source.this)
    else:
        yield source
    for join in source.args.get("joins") or ():
        yield from _walk_joined(join.this)


def _visible_scopes(context: Context) -> list[Scope]:
    """Return the scopes whose sources a query may name, outermost first."""
    found: list[Scope] = []
    scope: Scope | None = context.scope
    while scope is not None:
        found.insert(0, scope)
        scope = scope.parent.parent if scope.is_derived and scope.parent is not None else scope.parent
    return found


def _has_table_function(source: exp.Expr) -> bool:
    """Whether a source is a table function, or a lateral or scalar subquery that contains one."""
    if isinstance(source, exp.Lateral | exp.Select) and not isinstance(source.this, exp.Anonymous):
        return any(_is_table_function(each) for each in source.find_all(exp.Table, exp.Lateral))
    return _is_table_function(source)


def _is_table_function(source: exp.Expr) -> bool:
    return isinstance(source, exp.Table | exp.Lateral) and isinstance(source.this, exp.Anonymous)


def _can_show_seq(node: exp.Expr) -> bool:
    if isinstance(node, exp.Star):
        return not (isinstance(node.parent, exp.Anonymous) and node.parent.name.upper() == "COUNT")
    if isinstance(node, exp.TableAlias):
        return bool(node.args.get("columns"))  # a list of names renames SEQ
    return isinstance(node, exp.Parameter) or (isinstance(node, exp.Identifier) and node.name.lower() == "seq")


def _add_hidden_name(context: Context) -> str:
    count = sum(len(scope.hidden) for scope in _visible_scopes(context))  # a subquery must not hide outer columns
    name = f"input_row_{count + 1}"
    context.scope.hidden.append(name)
    return name


def _add_row_number(source: exp.Expr, name: str) -> exp.Select:
    counted = exp.Window(this=call("row_number"))
    return exp.Select(expressions=[exp.Star(), exp.alias_(counted, name)]).from_(source, copy=False)


def _make_field(name: str, value: exp.Expr) -> exp.PropertyEQ:
    return exp.PropertyEQ(this=exp.to_identifier(name), expression=value)


def _combine_numbers(names: list[str]) -> exp.Expr:
    """Combine the row numbers of several sources into one; after an outer join some of them may be NULL."""
    if not names:
        return cast(number(1), BIGINT)
    if len(names) == 1:
        return call("coalesce", exp.column(names[0]), number(0))
    result = cast(call("coalesce", exp.column(names[0]), number(0)), HUGEINT)
    for name in names[1:]:
        shifted = exp.Mul(this=result, expression=cast(number(2**_BITS), HUGEINT))
        result = exp.Paren(this=exp.Add(this=shifted, expression=call("coalesce", exp.column(name), number(0))))
    return result
