"""Date and time formats: the warehouses' patterns as DuckDB's.

https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html
https://docs.snowflake.com/en/sql-reference/functions-conversion#date-and-time-formats-in-conversion-functions
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, cast, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.value_types import BIGINT, VARCHAR

# Each pattern element as a strftime code, or as `=name` for a macro `dw_part_<name>` of the time.
_WRITTEN_REDSHIFT = {
    "YYYY": "%Y", "YYY": "=yyy", "YY": "%y", "Y": "=y", "Y,YYY": "=comma_year", "IYYY": "%G", "IYY": "=iyy",
    "IY": "=iy", "I": "=i", "BC": "=bc", "AD": "=bc", "B.C.": "=bc_dots", "A.D.": "=bc_dots", "CC": "=cc", "Q": "=q",
    "MONTH": "=month_upper", "Month": "=month_title", "month": "=month_lower", "MON": "=mon_upper", "Mon": "%b",
    "mon": "=mon_lower", "MM": "%m", "RM": "=rm", "rm": "=rm_lower", "W": "=w", "WW": "=ww", "IW": "%V",
    "DAY": "=day_upper", "Day": "=day_title", "day": "=day_lower", "DY": "=dy_upper", "Dy": "%a", "dy": "=dy_lower",
    "DDD": "%j", "IDDD": "=iddd", "DD": "%d", "D": "=d", "ID": "%u", "J": "=j", "HH24": "%H", "HH12": "%I", "HH": "%I",
    "MI": "%M", "SS": "%S", "MS": "%g", "US": "%f", "SSSSS": "=sssss", "SSSS": "=sssss", "AM": "%p", "PM": "%p",
    "A.M.": "=am_dots", "P.M.": "=am_dots", "am": "=am_lower", "pm": "=am_lower", "a.m.": "=am_dots_lower",
    "p.m.": "=am_dots_lower", "TZ": "UTC", "tz": "utc", "OF": "+00", "FM": "", "TH": "=TH", "th": "=th",
}  # fmt: skip
_WRITTEN_SNOWFLAKE = {
    "YYYY": "%Y", "YY": "%y", "MM": "%m", "MON": "%b", "MMMM": "%B", "DD": "%d", "DY": "%a", "HH24": "%H", "HH12": "%I",
    "AM": "%p", "PM": "%p", "MI": "%M", "SS": "%S", "FF": "%n", "FF0": "", "FF1": "=ff1", "FF2": "=ff2", "FF3": "%g",
    "FF4": "=ff4", "FF5": "=ff5", "FF6": "%f", "FF9": "%n", "FF7": "=ff7", "FF8": "=ff8", "TZH:TZM": "+00:00",
    "TZHTZM": "+0000", "TZH": "+00", "TZD": "UTC", "UUUU": "%Y",
}  # fmt: skip
_READ_REDSHIFT = {
    "YYYY": "%Y", "YY": "%y", "MM": "%m", "MONTH": "%B", "MON": "%b", "DD": "%d", "DAY": "%A", "DY": "%a", "DDD": "%j",
    "HH24": "%H", "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "MS": "%g", "US": "%f", "AM": "%p", "PM": "%p",
    "OF": "%z", "TZ": "%Z", "FM": "", "J": "%j",
}  # fmt: skip
_READ_SNOWFLAKE = {
    "YYYY": "%Y", "YY": "%y", "MM": "%m", "MMMM": "%B", "MON": "%b", "DD": "%d", "DY": "%a", "HH24": "%H", "HH12": "%I",
    "MI": "%M", "SS": "%S", "FF": "%f", **{f"FF{digits}": "%f" for digits in range(1, 10)}, "AM": "%p", "PM": "%p",
    "FF3": "%g", "FF9": "%n", "TZH:TZM": "%z", "TZHTZM": "%z", "TZH": "%z", "UUUU": "%Y",
}  # fmt: skip
_KEEPS_CASE = frozenset("Month month Mon mon Day day Dy dy rm am pm a.m. p.m. tz th".split())


def split_pattern(pattern: str, dialect: str, *, is_read: bool = False) -> list[str]:
    """Split a pattern into strftime codes, `=name` parts, and plain text (after a `'`), in order."""
    if dialect == "redshift":
        known = _READ_REDSHIFT if is_read else _WRITTEN_REDSHIFT
    else:
        known = _READ_SNOWFLAKE if is_read else _WRITTEN_SNOWFLAKE
    found: list[str] = []
    at = 0
    while at < len(pattern):
        if pattern[at] == '"':
            end = pattern.find('"', at + 1)
            end = len(pattern) if end < 0 else end
            found.append("'" + pattern[at + 1 : end])
            at = end + 1
            continue
        name = _find_longest(pattern, at, known, dialect)
        if name is None:
            found.append("'" + pattern[at])
            at += 1
            continue
        found.append(known[name])
        at += len(name)
    return found


def _find_longest(pattern: str, at: int, known: dict[str, str], dialect: str) -> str | None:
    for size in range(7, 0, -1):
        written = pattern[at : at + size]
        if len(written) < size:
            continue
        if written in known and (written in _KEEPS_CASE or written.isupper() or not written.isalpha()):
            return written
        if written.upper() in known:
            return written.upper()
    return None


def format_time(value: exp.Expr, pattern: str, dialect: str) -> exp.Expr:
    """Format a time with a pattern."""
    is_filled = not pattern.upper().startswith("FM")
    parts: list[exp.Expr] = []
    codes = last = ""
    for piece in split_pattern(pattern, dialect):
        if piece in ("=TH", "=th"):
            parts += [call("strftime", value.copy(), text(codes), kind=VARCHAR)] if codes else []
            parts.append(_ordinal(value, last, is_upper=piece == "=TH"))
            codes = ""
            continue
        last = piece
        if piece.startswith("="):
            if codes:
                parts.append(call("strftime", value.copy(), text(codes), kind=VARCHAR))
                codes = ""
            part = call(f"dw_part_{piece[1:]}", value.copy(), kind=VARCHAR)
            parts.append(part if is_filled else call("rtrim", part, kind=VARCHAR))
        elif piece.startswith("'"):
            codes += piece[1:].replace("%", "%%")
        else:
            codes += piece if is_filled else piece.replace("%m", "%-m").replace("%d", "%-d").replace("%I", "%-I")
    if codes or not parts:
        parts.append(call("strftime", value.copy(), text(codes), kind=VARCHAR))
    return parts[0] if len(parts) == 1 else call("concat", *parts, kind=VARCHAR)


def _ordinal(value: exp.Expr, piece: str, *, is_upper: bool) -> exp.Expr:
    """Return the ordinal suffix of a number in the pattern: st, nd, rd, th."""
    if piece.startswith("="):
        written_number = call(f"dw_part_{piece[1:]}", value.copy(), kind=VARCHAR)
    else:
        written_number = call("strftime", value.copy(), text(piece), kind=VARCHAR)
    ending = call("dw_ordinal", cast(written_number, BIGINT), kind=VARCHAR)
    return call("upper", ending, kind=VARCHAR) if is_upper else ending


def read_pattern(pattern: str, dialect: str, node: exp.Expr) -> str:
    """Convert a pattern to one of strptime."""
    codes = ""
    for piece in split_pattern(pattern, dialect, is_read=True):
        if piece.startswith("="):
            raise UntranslatableError(node, f'The format "{pattern}" is not supported for reading.')
        codes += piece[1:].replace("%", "%%") if piece.startswith("'") else piece
    return codes


_DIGITS = {"%Y": r"(\d{4})", "%m": r"(\d{1,2})", "%d": r"(\d{1,2})"}


def find_date_positions(pattern: str) -> tuple[str, int, int, int] | None:
    """Convert a pattern of year, month and day to a regular expression, with the positions of the three in it.

    TO_DATE carries extra days over to the next month: June 31 is July 1. None for any other pattern.

    https://docs.aws.amazon.com/redshift/latest/dg/r_TO_DATE_function.html
    """
    found = split_pattern(pattern, "redshift", is_read=True)
    codes = [piece for piece in found if not piece.startswith("'")]
    if sorted(codes) != ["%Y", "%d", "%m"]:
        return None
    is_tight = len(found) == len(codes)
    expression = "".join(_DIGITS.get(piece) or re.escape(piece[1:]) for piece in found)
    if is_tight:
        expression = expression.replace("{1,2}", "{2}")
    year, month, day = (codes.index(code) + 1 for code in ("%Y", "%m", "%d"))
    return expression, year, month, day


HELPERS = """
create macro dw_part_yyy(a) as right(strftime(a, '%Y'), 3);
create macro dw_part_y(a) as right(strftime(a, '%Y'), 1);
create macro dw_part_comma_year(a) as left(strftime(a, '%Y'), 1) || ',' || right(strftime(a, '%Y'), 3);
create macro dw_part_iyy(a) as right(strftime(a, '%G'), 3);
create macro dw_part_iy(a) as right(strftime(a, '%G'), 2);
create macro dw_part_i(a) as right(strftime(a, '%G'), 1);
create macro dw_part_bc(a) as case when year(a) > 0 then 'AD' else 'BC' end;
create macro dw_part_bc_dots(a) as case when year(a) > 0 then 'A.D.' else 'B.C.' end;
create macro dw_part_cc(a) as ((year(a) + 99) // 100)::varchar;
create macro dw_part_q(a) as quarter(a)::varchar;
create macro dw_part_month_upper(a) as rpad(upper(strftime(a, '%B')), 9, ' ');
create macro dw_part_month_title(a) as rpad(strftime(a, '%B'), 9, ' ');
create macro dw_part_month_lower(a) as rpad(lower(strftime(a, '%B')), 9, ' ');
create macro dw_part_mon_upper(a) as upper(strftime(a, '%b'));
create macro dw_part_mon_lower(a) as lower(strftime(a, '%b'));
create macro dw_part_rm(a) as rpad(['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI',
    'XII'][month(a)], 4, ' ');
create macro dw_part_rm_lower(a) as lower(dw_part_rm(a));
create macro dw_part_w(a) as ((day(a) - 1) // 7 + 1)::varchar;
create macro dw_part_ww(a) as lpad(((dayofyear(a) - 1) // 7 + 1)::varchar, 2, '0');
create macro dw_part_day_upper(a) as rpad(upper(strftime(a, '%A')), 9, ' ');
create macro dw_part_day_title(a) as rpad(strftime(a, '%A'), 9, ' ');
create macro dw_part_day_lower(a) as rpad(lower(strftime(a, '%A')), 9, ' ');
create macro dw_part_dy_upper(a) as upper(strftime(a, '%a'));
create macro dw_part_dy_lower(a) as lower(strftime(a, '%a'));
create macro dw_part_iddd(a) as lpad(((strftime(a, '%V')::integer - 1) * 7 + strftime(a, '%u')::integer)::varchar, 3,
    '0');
create macro dw_part_d(a) as (dayofweek(a) + 1)::varchar;
create macro dw_part_j(a) as floor(julian(a::date))::bigint::varchar;
create macro dw_part_sssss(a) as (hour(a) * 3600 + minute(a) * 60 + second(a))::varchar;
create macro dw_part_am_dots(a) as case when hour(a) < 12 then 'A.M.' else 'P.M.' end;
create macro dw_part_am_dots_lower(a) as case when hour(a) < 12 then 'a.m.' else 'p.m.' end;
create macro dw_part_am_lower(a) as lower(strftime(a, '%p'));
create macro dw_part_ff1(a) as left(strftime(a, '%f'), 1);
create macro dw_part_ff2(a) as left(strftime(a, '%f'), 2);
create macro dw_part_ff4(a) as left(strftime(a, '%f'), 4);
create macro dw_part_ff5(a) as left(strftime(a, '%f'), 5);
create macro dw_part_ff7(a) as strftime(a, '%f') || '0';
create macro dw_part_ff8(a) as strftime(a, '%f') || '00';
"""
