"""TO_CHAR and STRFTIME: numbers, dates and timestamps as formatted text.

TO_CHAR accepts the formats that PostgreSQL, Redshift and Snowflake share; any other symbol is refused by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

from engine.rules.derived.context import Context
from engine.rules.derived.exact import absolute, rescale
from engine.rules.derived.values import Value, text, whole
from engine.schema.types import Kind

# The strftime code of each TO_CHAR symbol, and whether the result is put in upper or lower case.
_SYMBOLS: dict[str, tuple[str, str]] = {
    "YYYY": ("%Y", ""), "YY": ("%y", ""), "IYYY": ("%G", ""), "MM": ("%m", ""), "DD": ("%d", ""), "DDD": ("%j", ""),
    "IW": ("%V", ""), "HH24": ("%H", ""), "HH12": ("%I", ""), "HH": ("%I", ""), "MI": ("%M", ""), "SS": ("%S", ""),
    "MS": ("%3f", ""), "US": ("%6f", ""), "FF3": ("%3f", ""), "FF6": ("%6f", ""), "ID": ("%u", ""),
    "AM": ("%p", ""), "PM": ("%p", ""), "am": ("%P", ""), "pm": ("%P", ""),
    "MON": ("%b", "upper"), "Mon": ("%b", ""), "mon": ("%b", "lower"),
    "DY": ("%a", "upper"), "Dy": ("%a", ""), "dy": ("%a", "lower"),
    "FMMONTH": ("%B", "upper"), "FMMonth": ("%B", ""), "FMmonth": ("%B", "lower"),
    "MMMM": ("%B", ""), "FMDAY": ("%A", "upper"), "FMDay": ("%A", ""), "FMday": ("%A", "lower"), "DYDY": ("%A", ""),
    "FMDD": ("%-d", ""), "FMMM": ("%-m", ""), "FMHH24": ("%-H", ""), "FMHH12": ("%-I", ""),
}  # fmt: skip
_PADDED = {"MONTH": ("%B", "upper"), "Month": ("%B", ""), "month": ("%B", "lower"),
           "DAY": ("%A", "upper"), "Day": ("%A", ""), "day": ("%A", "lower")}  # fmt: skip
_PADDED_WIDTH = 9
# Julian days count from 4714 BC; weeks of a year or month from its first day; the first day of a week is Sunday.
_COMPUTED: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "Q": lambda timestamp: timestamp.dt.quarter(),
    "J": lambda timestamp: timestamp.dt.date().cast(pl.Int32) + 2_440_588,
    "D": lambda timestamp: timestamp.dt.weekday() % 7 + 1,
    "WW": lambda timestamp: (timestamp.dt.ordinal_day() - 1) // 7 + 1,
    "W": lambda timestamp: (timestamp.dt.day() - 1) // 7 + 1,
    "CC": lambda timestamp: (timestamp.dt.year() - 1) // 100 + 1,
}
_WIDTHS = {"WW": 2, "CC": 2}
_NAMES = sorted([*_SYMBOLS, *_PADDED, *_COMPUTED], key=len, reverse=True)
_TOKEN = re.compile(rf'"[^"]*"|{"|".join(_NAMES)}|{"|".join(n.lower() for n in _NAMES)}|[A-Za-z]+|[^A-Za-z"]+')
_STRFTIME = frozenset("YmdHIMSpbBaAjyGVu%fLe")
_TIME_CODES = frozenset(["", *"HIMSpPfL%"])
_NUMBER = re.compile(r"(FM)?([90]*)(?:\.([90]*))?")


def to_char(ctx: Context, value: Value, form: str) -> Value:
    """Return TO_CHAR(value, form)."""
    if value.kind is None:
        return text(pl.lit(None, dtype=pl.String))
    if value.is_exact:
        return _format_number(ctx, value, form)
    if value.is_date_or_timestamp or value.kind is Kind.TIME:
        return _format_timestamp(ctx, value, form)
    raise ctx.error(f"{ctx.sql}: TO_CHAR with a format needs a date, a timestamp, a time or an exact number")


def strftime(ctx: Context, value: Value, form: str) -> Value:
    """Return the timestamp formatted with %-codes."""
    if not (value.is_date_or_timestamp or value.kind is Kind.TIME):
        raise ctx.error(f"A {value.name} cannot be formatted with %-codes")
    if not form:
        raise ctx.error("The format is empty")
    for code in re.findall(r"%-?(.?)", form):
        if code not in _STRFTIME or code == "":
            known = " ".join(f"%{symbol}" for symbol in sorted(_STRFTIME))
            raise ctx.error(f'"%{code}" is not a date format code', f"Codes are {known}.")
        if value.kind is Kind.TIME and code not in _TIME_CODES:
            raise ctx.error(f'A time cannot be formatted with "%{code}"')
    return text(_apply_format(value, form.replace("%f", "%6f").replace("%L", "%3f"))[0])


def _format_timestamp(ctx: Context, value: Value, form: str) -> Value:
    pieces: list[pl.Expr] = []
    plain = ""
    for token in _TOKEN.findall(form):
        symbol = token if token in _SYMBOLS or token in _PADDED else token.upper()
        code, case = _SYMBOLS.get(symbol) or _PADDED.get(symbol) or ("", "")
        if value.kind is Kind.TIME and (symbol in _COMPUTED or code[-1:] not in _TIME_CODES):
            raise ctx.error(f'{ctx.sql}: a time has no "{token}"')
        if code and not case and symbol not in _PADDED:
            plain += code
        elif code or symbol in _COMPUTED:
            pieces += [*_apply_format(value, plain), _format_special(value, symbol, code, case)]
            plain = ""
        elif token[0] == '"' or not token[0].isalpha() or token == "T":
            plain += token.strip('"').replace("%", "%%")
        else:
            raise ctx.error(f'"{token}" is not a date format symbol', 'Put plain text in double quotes: "text".')
    pieces += _apply_format(value, plain)
    if not pieces:
        raise ctx.error(f"{ctx.sql}: the format is empty")
    return text(pieces[0] if len(pieces) == 1 else pl.concat_str(pieces))


def _apply_format(value: Value, form: str) -> list[pl.Expr]:
    timestamp = value.expr.cast(pl.Datetime("us")) if value.kind is Kind.DATE else value.expr
    return [timestamp.dt.strftime(form)] if form else []


def _format_special(value: Value, symbol: str, code: str, case: str) -> pl.Expr:
    if symbol in _COMPUTED:
        number = _COMPUTED[symbol](value.expr).cast(pl.String)
        return number.str.zfill(_WIDTHS[symbol]) if symbol in _WIDTHS else number
    name = value.expr.dt.strftime(code)
    if case:
        name = name.str.to_uppercase() if case == "upper" else name.str.to_lowercase()
    return name.str.pad_end(_PADDED_WIDTH, " ") if symbol in _PADDED else name


def _format_number(ctx: Context, value: Value, form: str) -> Value:
    """Return a number formatted as in '0000', '9990.00' or 'FM000'; # where it has more digits than the format."""
    match = _NUMBER.fullmatch(form)
    if match is None or not match[2]:
        raise ctx.error(f"'{form}' is not a number format", "Write 0 and 9 for digits, as in 'FM000000' or '9990.00'.")
    is_tight, digits, decimals = bool(match[1]), match[2], match[3] or ""
    rounded = rescale(ctx, value, len(decimals))
    number = ctx.stage(rounded.expr)
    size = absolute(ctx, rounded)
    units, rest = _digits(ctx, size, len(decimals))
    min_width = len(digits) - digits.index("0") if "0" in digits else 1
    shown = units.str.zfill(min_width)
    if decimals:
        shown = pl.concat_str([shown, pl.lit("."), rest])
    shown = pl.when(number < 0).then(pl.concat_str([pl.lit("-"), shown])).otherwise(shown)
    if not is_tight:
        shown = shown.str.pad_start(len(form) + 1, " ")
    filled = re.sub("[09]", "#", form.removeprefix("FM"))
    is_short = units.str.len_chars() <= len(digits)
    overflow = pl.lit(filled if is_tight else f" {filled}")
    return text(pl.when(number.is_null() | is_short).then(shown).otherwise(overflow))


def _digits(ctx: Context, size: Value, places: int) -> tuple[pl.Expr, pl.Expr]:
    factor = whole(10**places)
    number = ctx.stage(size.expr)
    divisor = factor.expr.cast(pl.Int128) if size.bits > 64 else factor.expr
    units = (number // divisor).cast(pl.String)
    return ctx.stage(units), (number % divisor).cast(pl.String).str.zfill(places)
