"""The rule `template`: text with other columns in braces, such as "{first_name|lower}.{last_name|slug}@acme.com".

    piece   = "{" path [":" format] ["|" filter]... "}"
    path    = column, or foreign_key_column.parent_column, along any number of keys
    format  = 06d (whole numbers: zeros to the width), .2f (numbers: decimal places), %Y-%m (dates: strftime)
    filter  = lower | upper | slug (lower-case ASCII letters, digits and - only, as in an address)

{{ and }} are literal braces. NULL is empty text. The result is cut to the column's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from engine.errors import did_you_mean
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import as_text, from_column
from engine.rules.derived.exact import rescale
from engine.rules.derived.scope import Scope, UnknownName
from engine.rules.derived.to_char import strftime
from engine.rules.derived.values import Value, make_pooled, map_text, text, text_literal
from engine.rules.site import Site
from engine.rules.text.unique_text import text_capacity, unique_text_around

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[^{}]+|[{}]")
_NUMBER_FORMAT = re.compile(r"0?(\d+)d|\.(\d+)f")
_MAX_WIDTH = 1_000
_LETTERS = {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"}


@dataclass(frozen=True)
class Piece:
    """A column in braces: its path, format and filters."""

    written: str
    path: tuple[str, ...]
    form: str
    filters: tuple[str, ...]


def make_template(site: Site, scope: Scope) -> pl.Expr:
    """Return the template's text for each row, cut to the column's length.

    A unique column gets a unique suffix in each row, before the last @ in the template's plain text.
    """
    ctx = Context(site, scope)
    parts = parse_template(site)
    if site.is_unique:
        return _unique(ctx, parts)
    joined = _join(ctx, parts)
    return joined if site.type.length is None else joined.str.head(site.type.length)


def _unique(ctx: Context, parts: list[str | Piece]) -> pl.Expr:
    site, capacity = ctx.site, text_capacity(ctx.site.type.length)
    if site.reach > capacity:
        raise site.error(
            f"{site.reach:,} rows need unique values, but only {capacity:,} are possible.",
            "Make fewer rows, or lengthen the type.",
        )
    for index, part in reversed(list(enumerate(parts))):
        if isinstance(part, str) and "@" in part:
            before, _, after = part.rpartition("@")
            head, tail = _join(ctx, [*parts[:index], before]), _join(ctx, [f"@{after}", *parts[index + 1 :]])
            return unique_text_around(site, head, tail, site.row)
    return unique_text_around(site, _join(ctx, parts), None, site.row)


def _join(ctx: Context, parts: Sequence[str | Piece]) -> pl.Expr:
    """Return the parts as one text, a column of the plan unless it is plain."""
    made = _merge([text_literal(part) if isinstance(part, str) else _make_piece(ctx, part) for part in parts])
    if len(made) == 1:
        return ctx.stage(made[0].expr.fill_null(""))
    return ctx.stage(pl.concat_str([value.expr for value in made], ignore_nulls=True)) if made else pl.lit("")


def _merge(values: Sequence[Value]) -> list[Value]:
    """Merge plain text into the pools next to it: joining fewer parts is faster."""
    merged: list[Value] = []
    for value in values:
        last = merged[-1] if merged else None
        if last is not None and isinstance(last.constant, str) and value.pool:
            merged[-1] = map_text(value, partial(_frame, before=last.constant, after=""))
        elif last is not None and isinstance(value.constant, str) and last.pool:
            merged[-1] = map_text(last, partial(_frame, before="", after=value.constant))
        else:
            merged.append(value)
    return merged


def parse_template(site: Site) -> list[str | Piece]:
    """Return plain texts and pieces in order; raises `RuleError` for unbalanced braces and unknown filters."""
    parts: list[str | Piece] = []
    for match in _TOKEN.finditer(site.column.template or ""):
        token = match[0]
        if token in ("{", "}"):
            raise site.error(
                f'The template has a single "{token}" (character {match.start() + 1}).',
                "Put a column in braces, or write {{ and }} for literal braces.",
            )
        if match[1] is not None:
            parts.append(_piece(site, match[1]))
            continue
        plain = {"{{": "{", "}}": "}"}.get(token, token)
        if parts and isinstance(parts[-1], str):
            parts[-1] += plain
        else:
            parts.append(plain)
    return parts


def _piece(site: Site, written: str) -> Piece:
    head, *filters = written.split("|")
    path, _, form = head.partition(":")
    names = tuple(name.strip() for name in path.split("."))
    if not all(names):
        raise site.error(f'"{{{written}}}" names no column.', "Write {{ and }} for literal braces.")
    filters = [name.strip().casefold() for name in filters]
    for name in filters:
        if name not in _FILTERS:
            hint = did_you_mean(name, _FILTERS) or f"The filters are {', '.join(_FILTERS)}."
            raise site.error(f'There is no filter "{name}".', hint)
    return Piece(written, names, form.strip(), tuple(filters))


def _frame(expr: pl.Expr, *, before: str, after: str) -> pl.Expr:
    return pl.concat_str([pl.lit(before), expr, pl.lit(after)])


def _make_piece(ctx: Context, piece: Piece) -> Value:
    """Return a piece's text; text of a pool is never NULL."""
    try:
        found = ctx.scope.find(piece.path)
    except UnknownName as unknown:
        raise ctx.site.error(f"{unknown.message}.", unknown.hint) from unknown
    value = from_column(ctx, found)
    if value is None:
        raise ctx.site.error(f'"{piece.path[-1]}" is a binary column, which templates cannot use.')
    made = _format(ctx, value, piece)
    for name in piece.filters:
        made = map_text(made, _FILTERS[name])
    if made.pool is None or not found.is_nullable:
        return made
    texts = pl.concat([made.pool.texts, pl.Series([""], dtype=pl.String)])
    return make_pooled(texts, made.pool.codes.fill_null(len(texts) - 1))


def _format(ctx: Context, value: Value, piece: Piece) -> Value:
    if not piece.form:
        return as_text(ctx, value)
    if "%" in piece.form:
        return strftime(ctx, value, piece.form)
    match = _NUMBER_FORMAT.fullmatch(piece.form)
    if match is None or max(int(size) for size in match.groups(default="0")) > _MAX_WIDTH:
        raise ctx.site.error(
            f'"{{{piece.written}}}" has an unknown format.', "Formats are 06d, .2f, and %Y-%m for dates and times."
        )
    if match[1] is not None:
        if not value.is_whole:
            raise ctx.site.error(f'"{{{piece.written}}}": {piece.form} is for whole numbers.')
        return text(as_text(ctx, value).expr.str.zfill(int(match[1])))
    if not value.is_exact:
        raise ctx.site.error(f'"{{{piece.written}}}": {piece.form} is for exact numbers.', "Use a DECIMAL column.")
    return as_text(ctx, rescale(ctx, value, int(match[2])))


def _slugify(expr: pl.Expr) -> pl.Expr:
    """Return lower-case ASCII: accents are removed, spaces become -, other characters are dropped."""
    plain = expr.str.to_lowercase().str.normalize("NFKD").str.replace_many(_LETTERS)
    return plain.str.replace_all("[^a-z0-9 -]+", "").str.strip_chars(" -").str.replace_all("[ -]+", "-")


_FILTERS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "lower": lambda expr: expr.str.to_lowercase(),
    "upper": lambda expr: expr.str.to_uppercase(),
    "slug": _slugify,
}
