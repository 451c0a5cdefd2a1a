"""Headers and values as the warehouse shows them: names of unnamed expressions, bytes as digits, offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from engine.sql.translation.tree.case_names import note_star_columns
from engine.sql.translation.tree.nodes import call
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.timestamp_offsets import as_display_text, find_zone, is_timetz
from engine.sql.translation.tree.value_types import BLOB, VARCHAR, ValueType, set_type, type_of

HEADER = "header"
STAR_TYPES = "star_types"
"""The metadata key of a star's columns; several of them may have the same name."""
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_QUOTED = frozenset({TokenType.STRING, TokenType.RAW_STRING, TokenType.IDENTIFIER})
_BEFORE_LIST = frozenset({TokenType.DISTINCT, TokenType.ALL})


def record_headers(tree: exp.Expr, sql: str, tokens: Sequence[Token], dialect: str) -> None:
    """Record the warehouse's column names of the unnamed expressions of the outermost SELECT.

    Snowflake shows the text of the expression in upper case, Redshift the name of the function or column.
    """
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    if not isinstance(tree, exp.Select):
        return
    written = _read_select_list(sql, tokens) if dialect == "snowflake" else []
    for index, projection in enumerate(tree.expressions):
        if isinstance(projection, exp.Alias | exp.Column | exp.Star) or projection.is_star:
            continue
        if dialect == "redshift":
            projection.meta[HEADER] = _redshift_header(projection)
        elif len(written) == len(tree.expressions):
            projection.meta[HEADER] = written[index]


def show_bytes(tree: exp.Expr, dialect: str) -> None:
    """Show bytes, and times with an offset, of the outermost SELECT as text, as the warehouse does.

    https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html
    https://docs.snowflake.com/en/user-guide/binary-input-output
    """
    if not isinstance(tree, exp.Select):
        return
    for projection in list(tree.expressions):
        value = projection.this if isinstance(projection, exp.Alias) else projection
        name = projection.alias_or_name
        if type_of(value) == BLOB:
            digits = call("hex", value.copy(), kind=VARCHAR)
            shown: exp.Expr = call("lower", digits, kind=VARCHAR) if dialect == "redshift" else digits
        elif is_timetz(value) or (find_zone(value) is not None and _is_shown_inside(tree)):
            shown = as_display_text(value.copy(), is_snowflake=dialect == "snowflake")
        else:
            continue
        projection.replace(exp.alias_(shown, name, quoted=True, copy=False) if name else shown)


def show_offsets(tree: exp.Expr, columns: Columns | None) -> exp.Expr:
    """Wrap the query to show timestamps with offsets as text, where `show_bytes` does not.

    The wrapper is outside, so that ORDER BY and GROUP BY still see the timestamps.
    """
    first = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select):
        return tree
    shown_inside = tree is first and _is_shown_inside(first)
    listed = [each for projection in first.expressions for each in _list_columns(projection, shown_inside)]
    if columns is None or not any(each.is_shown for each in listed):
        return tree
    is_unique = len({each.name.lower() for each in listed}) == len(listed)
    if is_unique and any(each.is_star for each in first.expressions):
        projections = _make_star(listed, columns)
    else:
        projections = [_refer_by_number(index, each) for index, each in enumerate(listed)]
    rows = exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("with_offsets")))
    return exp.Select(expressions=projections).from_(rows, copy=False)


@dataclass(frozen=True)
class _Shown:
    """A column of a query; `is_shown` marks a timestamp with an offset that still has to become text."""

    name: str
    kind: ValueType
    is_shown: bool


def _list_columns(projection: exp.Expr, shown_inside: bool) -> list[_Shown]:
    """Return the columns of a projection."""
    star = projection.this if isinstance(projection, exp.Column) else projection
    if not isinstance(star, exp.Star):
        kind = type_of(projection)
        is_shown = kind.is_paired or (bool(kind.zone) and not shown_inside)
        return [_Shown(projection.alias_or_name, kind, is_shown)]
    types: list[tuple[str, ValueType]] = star.meta.get(STAR_TYPES) or []
    return [_Shown(name, kind, kind.is_paired or bool(kind.zone)) for name, kind in types]


def _is_shown_inside(select: exp.Select) -> bool:
    """Whether a SELECT neither orders nor groups."""
    return not any(select.args.get(key) for key in ("order", "group", "distinct", "having", "qualify"))


def _make_star(listed: list[_Shown], columns: Columns) -> list[exp.Expr]:
    """Return a star that shows timestamps with offsets as text."""
    star = exp.Star()
    note_star_columns(star, columns)
    values = {each.name: set_type(exp.column(each.name, quoted=True), each.kind) for each in listed if each.is_shown}
    shown = [exp.alias_(as_display_text(value, is_snowflake=True), name, quoted=True) for name, value in values.items()]
    star.set("replace", shown)
    return [star]


def _refer_by_number(index: int, column: _Shown) -> exp.Expr:
    """Return a column of a query by its number, a timestamp with an offset as text."""
    value: exp.Expr = set_type(exp.Var(this=f"#{index + 1}"), column.kind)
    value = as_display_text(value, is_snowflake=True) if column.is_shown else value
    return exp.alias_(value, column.name, quoted=True) if column.name else value


def _read_select_list(sql: str, tokens: Sequence[Token]) -> list[str]:
    """Return the expressions of the first select list outside parentheses, as text."""
    groups: list[list[Token]] = [[]]
    depth, is_inside = 0, False
    for token in tokens:
        kind = token.token_type
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth == 0 and kind is TokenType.SELECT and not is_inside:
            is_inside = True
        elif depth == 0 and is_inside and kind in (TokenType.FROM, TokenType.UNION, TokenType.SEMICOLON):
            break
        elif is_inside and depth == 0 and kind is TokenType.COMMA:
            groups.append([])
        elif is_inside and kind not in _BEFORE_LIST:
            groups[-1].append(token)
    return [_format_header(sql, group) for group in groups if group]


def _format_header(sql: str, group: list[Token]) -> str:
    pieces = []
    at = group[0].start
    for token in group:
        pieces.append(" " if sql[at : token.start] else "")
        text = sql[token.start : token.end + 1]
        pieces.append(text if token.token_type in _QUOTED else text.upper())
        at = token.end + 1
    return "".join(pieces)


def _redshift_header(node: exp.Expr) -> str:
    inner = node
    while isinstance(inner, exp.Window | exp.Filter | exp.WithinGroup | exp.Paren | exp.IgnoreNulls | exp.RespectNulls):
        inner = inner.this
    if isinstance(inner, exp.Anonymous):
        return inner.name.lower()
    if isinstance(inner, exp.Case):
        return "case"
    if isinstance(inner, exp.Cast) and isinstance(inner.this, exp.Column):
        return inner.this.name
    return "?column?"
