"""Functions of text. Positions count characters from 1."""

from __future__ import annotations

import re

import polars as pl

from engine.rules.derived.calls import Call, Function, function
from engine.rules.derived.context import Context
from engine.rules.derived.conversion import cast
from engine.rules.derived.to_char import to_char
from engine.rules.derived.values import (
    Operand,
    Value,
    condition,
    make_whole,
    map_text,
    map_text_expr,
    text,
    text_literal,
)
from engine.schema.types import Kind, parse_type

_NUMBER_FORMAT = re.compile(r"(?:FM)?S?[90,]+(?:[.D]([90]*))?", re.IGNORECASE)
_LONGEST = 10_000
_MAX_REPEATS = 100
MAX_LENGTH = 2**31


def trim(value: Value, characters: str, side: str) -> Value:
    """Return the text without the characters at one or both sides (LEADING, TRAILING, BOTH)."""
    match side:
        case "LEADING":
            return map_text(value, lambda expr: expr.str.strip_chars_start(characters))
        case "TRAILING":
            return map_text(value, lambda expr: expr.str.strip_chars_end(characters))
        case _:
            return map_text(value, lambda expr: expr.str.strip_chars(characters))


def part(ctx: Context, value: Value, start: Value, length: Value | None) -> Value:
    """Return SUBSTRING(value, start, length); a negative start counts from the end, 0 is one before the first."""
    if isinstance(start.constant, int) and (length is None or isinstance(length.constant, int)):
        first = start.constant
        offset = first - 1 if first > 0 else first
        if length is None:
            return map_text(value, lambda expr: expr.str.slice(offset))
        assert isinstance(length.constant, int)
        if length.constant < 0:
            raise ctx.error(f"{ctx.sql}: a length must be 0 or more")
        count = max(length.constant - (first == 0), 0)
        return map_text(value, lambda expr: expr.str.slice(offset, count))
    first_expr = ctx.stage(start.expr)
    offset_expr = pl.when(first_expr > 0).then(first_expr - 1).otherwise(first_expr)
    if length is None:
        return text(value.expr.str.slice(offset_expr, None))
    size = ctx.stage((length.expr - (first_expr == 0).cast(pl.Int64)).clip(0))
    return text(pl.when(size.is_not_null()).then(value.expr.str.slice(offset_expr, size)))


def position(ctx: Context, value: Value, sought: Value) -> Value:
    """Return the position of the first match, 0 when there is none."""
    if not isinstance(sought.constant, str):
        raise ctx.error(f"{ctx.sql}: the text to find must be a text literal in quotes")
    if sought.constant == "":
        return make_whole(pl.when(value.expr.is_not_null()).then(1), 1, 1)
    whole_text = ctx.stage(value.expr)
    before = whole_text.str.splitn(sought.constant, 2).struct.field("field_0").str.len_chars().cast(pl.Int64)
    is_found = whole_text.str.contains(sought.constant, literal=True)
    found = pl.when(is_found).then(before + 1).otherwise(0)
    return make_whole(pl.when(whole_text.is_not_null()).then(found), 0, MAX_LENGTH)


@function(1)
def _upper(call: Call) -> Operand:
    return map_text(call.text(0), lambda expr: expr.str.to_uppercase())


@function(1)
def _lower(call: Call) -> Operand:
    return map_text(call.text(0), lambda expr: expr.str.to_lowercase())


@function(1)
def _capitals(call: Call) -> Operand:
    return map_text(call.text(0), lambda expr: expr.str.to_titlecase())


@function(1)
def _reverse(call: Call) -> Operand:
    return map_text(call.text(0), lambda expr: expr.str.reverse())


@function(1)
def _length(call: Call) -> Operand:
    return make_whole(map_text_expr(call.text(0), lambda expr: expr.str.len_chars()), 0, MAX_LENGTH)


@function(2)
def _left(call: Call) -> Operand:
    value, count = call.text(0), call.whole(1)
    fixed = count.constant
    if isinstance(fixed, int):
        return map_text(value, lambda expr: expr.str.head(fixed))
    return text(value.expr.str.head(count.expr))


@function(2)
def _right(call: Call) -> Operand:
    value, count = call.text(0), call.whole(1)
    fixed = count.constant
    if isinstance(fixed, int):
        return map_text(value, lambda expr: expr.str.tail(fixed))
    return text(value.expr.str.tail(count.expr))


@function(2, 3)
def _substring(call: Call) -> Operand:
    return part(call.ctx, call.text(0), call.whole(1), call.whole(2) if len(call) > 2 else None)


@function(1, 2)
def _trim(call: Call) -> Operand:
    return trim(call.text(0), _trimmed_characters(call), "BOTH")


@function(1, 2)
def _trim_left(call: Call) -> Operand:
    return trim(call.text(0), _trimmed_characters(call), "LEADING")


@function(1, 2)
def _trim_right(call: Call) -> Operand:
    return trim(call.text(0), _trimmed_characters(call), "TRAILING")


@function(2, 3)
def _replace(call: Call) -> Operand:
    value, sought = call.text(0), call.literal(1, "the text to replace")
    replacement = call.text(2) if len(call) > 2 else text_literal("")
    if sought == "":
        return value
    if isinstance(replacement.constant, str):
        given = replacement.constant
        return map_text(value, lambda expr: expr.str.replace_all(sought, given, literal=True))
    given_expr = call.ctx.stage(replacement.expr)
    present = pl.when(given_expr.is_not_null()).then(value.expr)
    return text(present.str.replace_all(sought, given_expr.fill_null(""), literal=True))


@function(3)
def _translate(call: Call) -> Operand:
    sought, given = call.literal(1, "the characters"), call.literal(2, "their replacements")
    pairs = {symbol: given[index : index + 1] for index, symbol in reversed(list(enumerate(sought)))}
    if not pairs:
        return call.text(0)
    return map_text(call.text(0), lambda expr: expr.str.replace_many(list(pairs), list(pairs.values())))


@function(2, 3)
def _pad_left(call: Call) -> Operand:
    value, padding = _padding(call)
    return text(pl.concat_str([padding, value.str.head(_pad_length(call))]))


@function(2, 3)
def _pad_right(call: Call) -> Operand:
    value, padding = _padding(call)
    return text(pl.concat_str([value.str.head(_pad_length(call)), padding]))


@function(2)
def _repeat(call: Call) -> Operand:
    count = call.constant(1, "the number of times", 0, _MAX_REPEATS)
    value = call.ctx.stage(call.text(0).expr)
    return text(pl.concat_str([value] * count) if count else value.str.head(0))


@function(1, None)
def _concat(call: Call) -> Operand:
    return text(pl.concat_str([call.text(index).expr for index in range(len(call))], ignore_nulls=True))


@function(2, None)
def _concat_with(call: Call) -> Operand:
    separator = call.literal(0, "the separator")
    parts = [call.text(index).expr for index in range(1, len(call))]
    return text(pl.concat_str(parts, separator=separator, ignore_nulls=True))


@function(2)
def _position(call: Call) -> Operand:
    return position(call.ctx, call.text(0), call.value(1))


@function(2)
def _position_of(call: Call) -> Operand:
    """CHARINDEX(sought, text)."""
    return position(call.ctx, call.text(1), call.value(0))


@function(3)
def _split(call: Call) -> Operand:
    separator = call.literal(1, "the separator")
    index = call.constant(2, "the part", -_LONGEST, _LONGEST)
    if index == 0 or separator == "":
        raise call.error("parts count from 1 and the separator must not be empty")
    value = call.ctx.stage(call.text(0).expr)
    found = value.str.split(separator).list.get(index - 1 if index > 0 else index, null_on_oob=True)
    return text(pl.when(value.is_not_null()).then(found.fill_null("")))


@function(2)
def _starts(call: Call) -> Operand:
    return condition(call.text(0).expr.str.starts_with(call.text(1).expr))


@function(2)
def _ends(call: Call) -> Operand:
    return condition(call.text(0).expr.str.ends_with(call.text(1).expr))


@function(2)
def _contains(call: Call) -> Operand:
    return condition(call.text(0).expr.str.contains(call.text(1).expr, literal=True))


@function(1, 2)
def _to_char(call: Call) -> Operand:
    if len(call) == 1:
        return call.text(0)
    return to_char(call.ctx, call.value(0), call.literal(1, "the format"))


@function(1, 4)
def _to_number(call: Call) -> Operand:
    """TO_NUMBER(x, [format,] [precision, [scale]]): a number of the format's decimal places, or of scale 0."""
    value, rest = call.value(0), 1
    scale = 0
    if len(call) > 1 and isinstance(call.value(1).constant, str):
        form, rest = call.literal(1, "the format"), 2
        match = _NUMBER_FORMAT.fullmatch(form)
        if match is None:
            raise call.error(f"'{form}' is not a number format", "Write 9 or 0 for digits, as in '999,999.99'.")
        scale = len(match[1] or "")
        if value.kind is Kind.TEXT:
            value = text(call.text(0).expr.str.replace_all(",", "", literal=True))
    precision = call.constant(rest, "the precision", 1, 38) if len(call) > rest else 38
    if len(call) > rest + 1:
        scale = call.constant(rest + 1, "the scale", 0, precision)
    return cast(call.ctx, value, parse_type(f"DECIMAL({precision},{scale})"))


def _trimmed_characters(call: Call) -> str:
    return call.literal(1, "the characters to trim") if len(call) > 1 else " "


def _pad_length(call: Call) -> int:
    return call.constant(1, "the length", 0, _LONGEST)


def _padding(call: Call) -> tuple[pl.Expr, pl.Expr]:
    """Return the text and the padding that fills it to the length."""
    length = _pad_length(call)
    filling = call.literal(2, "the padding") if len(call) > 2 else " "
    if not filling:
        raise call.error("the padding is empty")
    value = call.ctx.stage(call.text(0).expr)
    missing = (length - value.str.len_chars().cast(pl.Int64)).clip(0)
    return value, pl.lit((filling * (length // len(filling) + 1))[:length]).str.slice(0, missing)


TEXT_FUNCTIONS: dict[str, Function] = {
    "UPPER": _upper,
    "UCASE": _upper,
    "LOWER": _lower,
    "LCASE": _lower,
    "INITCAP": _capitals,
    "REVERSE": _reverse,
    **dict.fromkeys(("LENGTH", "LEN", "CHAR_LENGTH", "CHARACTER_LENGTH"), _length),
    "LEFT": _left,
    "RIGHT": _right,
    "SUBSTR": _substring,
    "TRIM": _trim,
    "BTRIM": _trim,
    "LTRIM": _trim_left,
    "RTRIM": _trim_right,
    "REPLACE": _replace,
    "TRANSLATE": _translate,
    "LPAD": _pad_left,
    "RPAD": _pad_right,
    "REPEAT": _repeat,
    "CONCAT": _concat,
    "CONCAT_WS": _concat_with,
    "STRPOS": _position,
    "INSTR": _position,
    "CHARINDEX": _position_of,
    "SPLIT_PART": _split,
    **dict.fromkeys(("STARTS_WITH", "STARTSWITH", "PREFIX"), _starts),
    **dict.fromkeys(("ENDS_WITH", "ENDSWITH", "SUFFIX"), _ends),
    "CONTAINS": _contains,
    "TO_CHAR": _to_char,
    "TO_VARCHAR": _to_char,
    **dict.fromkeys(("TO_NUMBER", "TO_NUMERIC", "TO_DECIMAL"), _to_number),
}
