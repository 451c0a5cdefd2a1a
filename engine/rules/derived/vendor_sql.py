"""SQL of a vendor as an expression of ours: other names of functions, and what the same name means there.

Only names and forms that differ are changed; what has no counterpart stays, and the compiler refuses it by name.
Snowflake: https://docs.snowflake.com/en/sql-reference/functions-all
Redshift: https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from engine.rules.derived.expression_parsing import RowExpressions, parse
from engine.rules.values.timestamps import LAST_DAY
from engine.schema.models import TableSchema
from engine.schema.types import Kind

_NOW = frozenset("CURRENT_DATE CURRENT_TIMESTAMP LOCALTIMESTAMP GETDATE SYSDATE SYSTIMESTAMP NOW TODAY".split())
_TODAY = exp.Literal.string(str(LAST_DAY))
_RENAMED = {
    "CHARACTER_LENGTH": "LENGTH",
    "TEXTLEN": "LENGTH",
    "ISNULL": "COALESCE",
    "TO_TIMESTAMP_NTZ": "TO_TIMESTAMP",
    "DATE_PART_YEAR": "YEAR",
    "SUBSTRING": "SUBSTR",
    "TIMEDIFF": "DATEDIFF",
    "TO_TEXT": "TO_CHAR",
}
_CASTS = {
    "TO_NUMBER": "DECIMAL",
    "TO_NUMERIC": "DECIMAL",
    "TO_DECIMAL": "DECIMAL",
    "TO_DOUBLE": "DOUBLE",
    "TO_BOOLEAN": "BOOLEAN",
    "TO_TIME": "TIME",
}


def read_expression(text: str, table: TableSchema, dialect: str | None, where: str) -> exp.Expr:
    """Return the tree of an expression that a script of `dialect` has in `table`; raises `RuleError` for no SQL."""
    tree = parse(text, where)
    changed = tree.transform(lambda node: _change(node, table, dialect))
    while isinstance(changed, exp.Paren):
        changed = changed.this
    return changed


def read_check(text: str, table: TableSchema, dialect: str | None) -> str:
    """Return a check of a table as an expression, in which today is a fixed day; raises `RuleError` for no SQL."""
    return write_expression(fix_today(read_expression(text, table, dialect, table.key)))


def fix_today(tree: exp.Expr) -> exp.Expr:
    """Return a copy of the tree in which CURRENT_DATE and its like are the last day of dates without bounds."""
    return tree.copy().transform(lambda node: exp.cast(_TODAY.copy(), "date") if is_today(node) else node)


def is_today(node: exp.Expr) -> bool:
    """Return whether a node is the day or time of the run: CURRENT_DATE, GETDATE(), ..."""
    if isinstance(node, exp.CurrentDate | exp.CurrentTimestamp):
        return True
    if isinstance(node, exp.Column):
        return not node.table and not node.this.args.get("quoted") and node.name.upper() in _NOW
    return isinstance(node, exp.Anonymous) and str(node.this).upper() in _NOW


def write_expression(tree: exp.Expr) -> str:
    """Return a tree as the text of an expression."""
    return tree.sql(dialect=RowExpressions, comments=False)


def _change(node: exp.Expr, table: TableSchema, dialect: str | None) -> exp.Expr:
    if isinstance(node, exp.Column) and node.table.casefold() == table.name.casefold():
        return exp.column(node.this)
    if isinstance(node, exp.Div) and dialect == "redshift" and _is_whole(node.this, table):
        return exp.IntDiv(this=node.this, expression=node.expression) if _is_whole(node.expression, table) else node
    if isinstance(node, exp.EQ) and (members := _members_of_any(node.expression)):
        return exp.In(this=node.this, expressions=members)
    if not isinstance(node, exp.Anonymous):
        return node
    name = str(node.this).upper()
    if name in _RENAMED:
        node.set("this", _RENAMED[name])
        return node
    change = _CHANGES.get(name)
    if change is not None:
        return change(node)
    is_try = name.startswith("TRY_TO_")
    target = _CASTS.get(name.removeprefix("TRY_"))
    return node if target is None else _cast(node, target, is_try=is_try)


def _members_of_any(node: exp.Expr) -> list[exp.Expr]:
    """Return the members of ANY(ARRAY[...]), as PostgreSQL writes IN; none for another term."""
    if not isinstance(node, exp.Anonymous) or str(node.this).upper() != "ANY" or len(node.expressions) != 1:
        return []
    array = node.expressions[0]
    while isinstance(array, exp.Cast | exp.Paren):
        array = array.this
    return list(array.expressions) if isinstance(array, exp.Array) else []


def _is_whole(node: exp.Expr, table: TableSchema) -> bool:
    """Return whether a term is a whole number by its type, so that Redshift divides without a remainder."""
    if isinstance(node, exp.Paren | exp.Neg):
        return _is_whole(node.this, table)
    if isinstance(node, exp.Literal):
        return not node.is_string and str(node.this).isdigit()
    if isinstance(node, exp.Column):
        named = [column for column in table.columns if column.name.casefold() == node.name.casefold()]
        return bool(named) and named[0].type.kind is Kind.INTEGER
    is_operation = isinstance(node, exp.Add | exp.Sub | exp.Mul | exp.Mod | exp.IntDiv)
    return is_operation and _is_whole(node.this, table) and _is_whole(node.expression, table)


def _cast(node: exp.Anonymous, target: str, *, is_try: bool) -> exp.Expr:
    arguments = node.expressions
    sizes = [str(each.this) for each in arguments[1:] if isinstance(each, exp.Literal) and not each.is_string]
    if len(sizes) != len(arguments) - 1 or not arguments:
        return node  # a format, which an expression has no counterpart for
    if target == "DECIMAL":
        target = f"DECIMAL({', '.join(sizes) or '38'})"
    kind = exp.DataType.build(target, dialect="duckdb")
    return (exp.TryCast if is_try else exp.Cast)(this=arguments[0], to=kind)


def _join(node: exp.Anonymous) -> exp.Expr:
    """CONCAT is NULL when one of its texts is, as || is here."""
    joined, *rest = node.expressions or [exp.Literal.string("")]
    for part in rest:
        joined = exp.DPipe(this=joined, expression=part)
    return exp.Paren(this=joined) if rest else joined


def _square(node: exp.Anonymous) -> exp.Expr:
    (base,) = node.expressions
    return exp.Paren(this=exp.Mul(this=exp.Paren(this=base), expression=exp.Paren(this=base.copy())))


_CHANGES: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {"CONCAT": _join, "SQUARE": _square}
