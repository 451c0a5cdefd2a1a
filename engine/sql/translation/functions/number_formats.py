"""Number formats: `999,999.00`, with signs, currency, Roman and hexadecimal digits.

https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_formating.html
https://docs.snowflake.com/en/sql-reference/sql-format-models
"""

from __future__ import annotations

import re

from sqlglot import exp

from engine.sql.translation.tree.nodes import boolean, call, cast, number, text
from engine.sql.translation.tree.refusals import UntranslatableError
from engine.sql.translation.tree.value_types import VARCHAR, decimal, type_of

_KNOWN = re.compile(r"FM|MI|PR|PL|SG|TM9|TME|TM|RN|TH|th|[90DG.,S$LBX]", re.IGNORECASE)


def format_number(value: exp.Expr, pattern: str, node: exp.Expr) -> exp.Expr:
    """Format a number with a pattern."""
    marks, around = _split_pattern(pattern, node)
    folded = [mark.upper() for mark in marks]
    if "RN" in folded:
        return call("dw_roman", value, kind=VARCHAR)
    if any(mark.startswith("TM") for mark in folded):
        return cast(value, VARCHAR)
    if "X" in folded:
        result = call("dw_hexadecimal", value, number(folded.count("X")), boolean("FM" in folded), kind=VARCHAR)
        return call("lower", result, kind=VARCHAR) if "x" in marks else result
    point = next((index for index, mark in enumerate(folded) if mark in ("D", ".")), len(folded))
    whole = [mark for mark in folded[:point] if mark in ("9", "0")]
    fraction = [mark for mark in folded[point:] if mark in ("9", "0")]
    groups = [
        sum(later in ("9", "0") for later in folded[index:point])
        for index, mark in enumerate(folded[:point])
        if mark in ("G", ",")
    ]
    zeros = len(whole) - whole.index("0") if "0" in whole else 0
    optional = len(fraction) - max((index + 1 for index, mark in enumerate(fraction) if mark == "0"), default=0)
    exact = value if type_of(value).is_exact else cast(value, decimal(38, min(10, max(len(fraction), 6))))
    arguments = [
        exact,
        number(len(whole)),
        number(zeros),
        number(len(fraction)),
        exp.Array(expressions=[number(group) for group in groups]) if groups else _no_groups(),
        text(_find_sign(folded)),
        boolean("FM" in folded),
        number(optional),
        text("$" if {"$", "L"} & set(folded) else ""),
        boolean(point < len(folded)),
    ]
    result = call("dw_number_text", *arguments, kind=VARCHAR)
    if "TH" in folded and not fraction:
        suffix = call("dw_ordinal", exact.copy(), kind=VARCHAR)
        result = call("concat", result, suffix if "th" in marks else call("upper", suffix), kind=VARCHAR)
    before, after = around
    return call("concat", text(before), result, text(after), kind=VARCHAR) if before or after else result


def _no_groups() -> exp.Expr:
    return call("dw_no_groups")


def _split_pattern(pattern: str, node: exp.Expr) -> tuple[list[str], tuple[str, str]]:
    """Return the elements of a pattern, and the quoted texts before and after them."""
    quoted = re.fullmatch(r'(?:"([^"]*)")?([^"]*)(?:"([^"]*)")?', pattern)
    if quoted is None:
        raise UntranslatableError(node, f'The number format "{pattern}" is not supported.')
    marks: list[str] = []
    rest = quoted[2].strip().replace(" ", "")
    at = 0
    while at < len(rest):
        match = _KNOWN.match(rest, at)
        if match is None:
            raise UntranslatableError(node, f'The number format "{pattern}" is not supported.')
        marks.append(match[0])
        at = match.end()
    return marks, (quoted[1] or "", quoted[3] or "")


def _find_sign(marks: list[str]) -> str:
    for mark in ("MI", "PR", "SG", "PL", "S"):
        if mark in marks:
            return "S-" if mark == "S" and marks[-1] == "S" else mark
    return ""


def read_number(value: exp.Expr, pattern: str, node: exp.Expr) -> exp.Expr:
    """Parse text as a number with a pattern."""
    marks, _ = _split_pattern(pattern, node)
    folded = [mark.upper() for mark in marks]
    if "X" in folded:
        return call("dw_from_base", value, number(16))
    point = next((index for index, mark in enumerate(folded) if mark in ("D", ".")), len(folded))
    places = sum(mark in ("9", "0") for mark in folded[point:])
    return cast(call("dw_digits", value, kind=VARCHAR), decimal(38, places))


HELPERS = """
create macro dw_no_groups() as []::integer[];
create macro dw_ordinal(a) as case when a < 0 then '' when a::bigint % 100 between 11 and 13 then 'th' else
    case a::bigint % 10 when 1 then 'st' when 2 then 'nd' when 3 then 'rd' else 'th' end end;
create macro dw_digits(a) as case when contains(a, '-') or contains(a, '<') then '-' else '' end || regexp_replace(a,
    '[^0-9.]', '', 'g');
create macro dw_hexadecimal(a, n, fm) as case when fm then upper(format('{:x}', a::bigint)) else
    lpad(upper(format('{:x}', a::bigint)), n::integer + 1, ' ') end;
create macro dw_roman(a) as lpad(repeat('M', (a::integer // 1000)) || ['', 'C', 'CC', 'CCC', 'CD', 'D', 'DC', 'DCC',
    'DCCC', 'CM'][a::integer // 100 % 10 + 1]
    || ['', 'X', 'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX', 'XC'][a::integer // 10 % 10 + 1]
    || ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'][a::integer % 10 + 1], 15, ' ');
create macro dw_decimal_text(a, places) as regexp_replace(cast(round(abs(a), places::integer) as decimal(38,
    10))::varchar,
    case when places = 0 then '\\.\\d*$' else '(\\.\\d{' || places || '})\\d*$' end, case when places = 0 then ''
    else '\\1' end);
create macro dw_whole_digits(t, zeros, places) as case when length(t) < zeros then lpad(t, zeros::integer, '0')
    when t = '0' and zeros = 0 and places > 0 then '' else t end;
create macro dw_group_digits(t, n, groups) as list_transform([lpad(t, n::integer, ' ')], lambda d:
    array_to_string(list_transform(range(1, length(d) + 1), lambda i: substr(d, i, 1) || case when
    not list_contains(groups, n - i) then '' when substr(d, i, 1) = ' ' then ' ' else ',' end), ''))[1];
create macro dw_number_body(whole, fraction, n, zeros, places, groups, fm, optional, point) as
    case when length(whole) > n and not (n = 0 and whole = '0') then repeat('#', n::integer + len(groups)::integer)
    || case when point then '.' else '' end || repeat('#', places::integer)
    else dw_group_digits(dw_whole_digits(whole, zeros, places), n, groups) || case when point then '.' else '' end
    || case when places = 0 then '' when fm and optional > 0
    then regexp_replace(fraction, '0{0,' || optional || '}$', '') else fraction end end;
create macro dw_number_text(a, n, zeros, places, groups, sign, fm, optional, currency, point) as
    list_transform([{'t': dw_decimal_text(a, places), 'negative': a < 0 and round(a, places::integer) <> 0}],
    lambda v: list_transform([dw_number_body(split_part(v.t, '.', 1), split_part(v.t, '.', 2), n, zeros, places,
    groups, fm, optional, point)], lambda b: dw_signed(b, v.negative, sign, fm, currency))[1])[1];
create macro dw_signed(t, negative, sign, fm, currency) as list_transform([dw_signed_tight(ltrim(t), negative,
    sign, currency)], lambda tight: case when fm then tight else lpad(tight, (length(t) + length(currency)
    + case when sign = 'PR' then 2 else 1 end)::integer, ' ') end)[1];
create macro dw_signed_tight(t, negative, sign, currency) as currency || case
    when sign in ('S', 'SG', 'PL') then case when negative then '-' else '+' end
    when sign = 'PR' and negative then '<' when sign = '' and negative then '-' else '' end || t
    || case when sign = 'MI' then case when negative then '-' else ' ' end
    when sign = 'PR' then case when negative then '>' else ' ' end
    when sign = 'S-' then case when negative then '-' else '+' end else '' end;
"""
