"""Headers and values as they are shown: an unnamed expression keeps its warehouse's header, bytes their digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from engine.sql.translation.tree.case_names import note_star_columns
from engine.sql.translation.tree.nodes import call
from engine.sql.translation.tree.scopes import Columns
from engine.sql.translation.tree.timestamp_offsets import as_shown, is_timetz, zone_of
from engine.sql.translation.tree.value_types import BLOB, VARCHAR, ValueType, type_of, typed

HEADER = "header"
STAR_TYPES = "star_types"
"""The key of a star's meta data under which its columns are noted, of which several may have one name."""
_OPENING = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE})
_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE})
_QUOTED = frozenset({TokenType.STRING, TokenType.RAW_STRING, TokenType.IDENTIFIER})
_BEFORE_LIST = frozenset({TokenType.DISTINCT, TokenType.ALL})


def keep_headers(tree: exp.Expr, sql: str, tokens: Sequence[Token], dialect: str) -> None:
    """Note at the unnamed expressions of the outermost SELECT how the warehouse calls their columns.

    Snowflake shows the expression's own text in upper case, Redshift the name of the function or of the column.
    """
    while isinstance(tree, exp.SetOperation | exp.Subquery):
        tree = tree.this
    if not isinstance(tree, exp.Select):
        return
    written = _select_list(sql, tokens) if dialect == "snowflake" else []
    for index, projection in enumerate(tree.expressions):
        if isinstance(projection, exp.Alias | exp.Column | exp.Star) or projection.is_star:
            continue
        if dialect == "redshift":
            projection.meta[HEADER] = _redshift(projection)
        elif len(written) == len(tree.expressions):
            projection.meta[HEADER] = written[index]


def show_bytes(tree: exp.Expr, dialect: str) -> None:
    """Give bytes, and times with an offset, of the outermost SELECT as the text that the warehouse shows of them.

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
        elif is_timetz(value) or (zone_of(value) is not None and _shows_inside(tree)):
            shown = as_shown(value.copy(), is_snowflake=dialect == "snowflake")
        else:
            continue
        projection.replace(exp.alias_(shown, name, quoted=True, copy=False) if name else shown)


def show_moments(tree: exp.Expr, columns: Columns | None) -> exp.Expr:
    """Return a query that shows moments with offsets as texts, where `show_bytes` does not do so inside.

    Around the query, so that its ORDER BY and GROUP BY see the moments.
    """
    first = tree
    while isinstance(first, exp.SetOperation | exp.Subquery):
        first = first.this
    if not isinstance(first, exp.Select):
        return tree
    shown_inside = tree is first and _shows_inside(first)
    listed = [each for projection in first.expressions for each in _listed(projection, shown_inside)]
    if columns is None or not any(each.is_shown for each in listed):
        return tree
    is_unique = len({each.name.lower() for each in listed}) == len(listed)
    if is_unique and any(each.is_star for each in first.expressions):
        projections = _starred(listed, columns)
    else:
        projections = [_numbered(index, each) for index, each in enumerate(listed)]
    rows = exp.Subquery(this=tree, alias=exp.TableAlias(this=exp.to_identifier("with_offsets")))
    return exp.Select(expressions=projections).from_(rows, copy=False)


@dataclass(frozen=True)
class _Shown:
    """A column of a query; `is_shown` says that it is a moment with an offset which is not shown as a text yet."""

    name: str
    kind: ValueType
    is_shown: bool


def _listed(projection: exp.Expr, shown_inside: bool) -> list[_Shown]:
    """Return the columns that a projection shows."""
    star = projection.this if isinstance(projection, exp.Column) else projection
    if not isinstance(star, exp.Star):
        kind = type_of(projection)
        is_shown = kind.is_paired or (bool(kind.zone) and not shown_inside)
        return [_Shown(projection.alias_or_name, kind, is_shown)]
    types: list[tuple[str, ValueType]] = star.meta.get(STAR_TYPES) or []
    return [_Shown(name, kind, kind.is_paired or bool(kind.zone)) for name, kind in types]


def _shows_inside(select: exp.Select) -> bool:
    """Whether nothing in a SELECT orders or groups by what it shows."""
    return not any(select.args.get(key) for key in ("order", "group", "distinct", "having", "qualify"))


def _starred(listed: list[_Shown], columns: Columns) -> list[exp.Expr]:
    """Return a star whose moments with offsets are shown as texts."""
    star = exp.Star()
    note_star_columns(star, columns)
    values = {each.name: typed(exp.column(each.name, quoted=True), each.kind) for each in listed if each.is_shown}
    shown = [exp.alias_(as_shown(value, is_snowflake=True), name, quoted=True) for name, value in values.items()]
    star.set("replace", shown)
    return [star]


def _numbered(index: int, column: _Shown) -> exp.Expr:
    """Return a column of a query by its number, a moment with an offset as a text."""
    value: exp.Expr = typed(exp.Var(this=f"#{index + 1}"), column.kind)
    value = as_shown(value, is_snowflake=True) if column.is_shown else value
    return exp.alias_(value, column.name, quoted=True) if column.name else value


def _select_list(sql: str, tokens: Sequence[Token]) -> list[str]:
    """Return the texts of the first select list outside of parentheses."""
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
    return [_shown(sql, group) for group in groups if group]


def _shown(sql: str, group: list[Token]) -> str:
    pieces = []
    at = group[0].start
    for token in group:
        pieces.append(" " if sql[at : token.start] else "")
        text = sql[token.start : token.end + 1]
        pieces.append(text if token.token_type in _QUOTED else text.upper())
        at = token.end + 1
    return "".join(pieces)


def _redshift(node: exp.Expr) -> str:
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
