"""Comparison of semi-structured values: VARIANT and SUPER have a sort key, a text that sorts as they do.

A key begins with the rank of the value's type (boolean, number, text, array, object), so that types never mix. A number
follows as its sign, exponent and digits: exact at any length. Arrays and objects follow with the keys of their
elements, in order; the keys of an object are sorted first. Values are grouped in a normal form (1.0 and 1e0 are 1),
which is also what a group shows.

https://docs.aws.amazon.com/redshift/latest/dg/array_sort.html (the order of the types)
https://docs.snowflake.com/en/sql-reference/functions/array_sort (a JSON null comes after all other values)
"""

from __future__ import annotations

from sqlglot import exp

from engine.sql.translation.tree.nodes import call, drop_offset, text
from engine.sql.translation.tree.value_types import JSON, VARCHAR, type_of

_KEY, _COLUMN_KEY, _PLAIN = "dw_sort_key", "dw_column_key", "dw_plain_value"


def sort_key(node: exp.Expr) -> exp.Expr:
    """Return the sort key of a semi-structured value, or any other value itself."""
    if type_of(node) != JSON:
        return drop_offset(node)
    return call(_COLUMN_KEY if _is_short(node) else _KEY, node, kind=VARCHAR)


def _is_short(node: exp.Expr) -> bool:
    """Whether a value is a column, or a path into one: the macro may then repeat it."""
    is_path = isinstance(node, exp.Anonymous) and node.name == "json_extract"
    value = node.expressions[0] if is_path else node
    return isinstance(value, exp.Column)


def remove_sort_key(node: exp.Expr) -> exp.Expr:
    """Return the value that a sort key was made from."""
    is_key = isinstance(node, exp.Anonymous) and node.name in (_KEY, _COLUMN_KEY)
    value: exp.Expr = node.expressions[0] if is_key else node
    return value


def unify(node: exp.Expr) -> exp.Expr:
    """Return the normal form of a semi-structured value, or any other value itself."""
    is_plain = isinstance(node, exp.Anonymous) and node.name == _PLAIN
    return call(_PLAIN, node, kind=JSON) if type_of(node) == JSON and not is_plain else node


DIRECTIONS = {"greatest": "desc", "least": "asc"}
"""The order whose first value GREATEST and LEAST return."""


def pick_extreme(name: str, values: list[exp.Expr]) -> exp.Expr:
    """Return the largest or smallest of semi-structured values, ignoring NULLs."""
    return call("dw_extreme", exp.Array(expressions=values), text(DIRECTIONS[name]), kind=JSON)


HELPERS = r"""
create macro dw_number_parts(a) as list_transform([regexp_extract(a, '^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$',
    ['sign', 'whole', 'part', 'power'])], lambda x: {'sign': x['sign'],
    'digits': rtrim(ltrim(x['whole'] || x['part'], '0'), '0'),
    'place': length(ltrim(x['whole'] || x['part'], '0')) - length(x['part']) +
    coalesce(try_cast(nullif(x['power'], '') as bigint), 0)})[1];
create macro dw_number_key(a) as list_transform([dw_number_parts(a)], lambda x: case when x['digits'] = '' then '21'
    when x['sign'] = '' then '22' || lpad((x['place'] + 500000)::varchar, 7, '0') || x['digits'] || ' '
    else '20' || translate(lpad((x['place'] + 500000)::varchar, 7, '0') || x['digits'], '0123456789',
    '9876543210') || '~' end)[1];
create macro dw_plain_number(a) as list_transform([dw_number_parts(a)], lambda x: case when x['digits'] = '' then '0'
    when x['place'] between length(x['digits']) and 40 then x['sign'] || rpad(x['digits'], x['place']::integer, '0')
    when x['place'] between 1 and 40 then x['sign'] || left(x['digits'], x['place']) || '.' ||
    substr(x['digits'], x['place'] + 1)
    when x['place'] between -6 and 0 then x['sign'] || '0.' || repeat('0', -x['place']) || x['digits']
    else x['sign'] || left(x['digits'], 1) || case when length(x['digits']) > 1 then '.' else '' end ||
    substr(x['digits'], 2) || 'e' || (x['place'] - 1) end)[1];
create macro dw_text_key(a) as '3' || a || chr(1);
create macro dw_token_key(a) as case left(a, 1) when '"' then dw_text_key(a::json->>'$') when '[' then '4'
    when '{' then '5' when 't' then '11' when 'f' then '10' when 'n' then '9' when ']' then ' ' when '}' then ' '
    else dw_number_key(a) end;
create macro dw_json_tokens(a) as regexp_extract_all(a, '"(?:[^"\\]|\\.)*"|-?\d[0-9.eE+-]*|true|false|null|[\[\]{}:,]');
create macro dw_with_sorted_keys(a) as case when contains(a::varchar, '{') then coalesce(try_cast(try_cast(a as variant)
    as json), a) else a end;
create macro dw_nested_key(a) as array_to_string(list_transform(list_filter(
    dw_json_tokens(dw_with_sorted_keys(a)::varchar), lambda t: t not in (':', ',')), lambda t: dw_token_key(t)), '');
create macro dw_column_key(a) as case json_type(a) when 'VARCHAR' then dw_text_key(a->>'$') when 'ARRAY' then
    dw_nested_key(a) when 'OBJECT' then dw_nested_key(a) when 'BOOLEAN' then case when a::varchar = 'true' then '11'
    else '10' end when 'NULL' then dw_null_key() when 'UBIGINT' then case when a::varchar = '0' then '21' else '22' ||
    lpad((length(a::varchar) + 500000)::varchar, 7, '0') || rtrim(a::varchar, '0') || ' ' end else
    dw_number_key(a::varchar) end;
create macro dw_bound_plain(a) as case when json_type(a) in ('UBIGINT', 'BIGINT', 'VARCHAR', 'BOOLEAN', 'NULL') then a
    when json_type(a) = 'DOUBLE' then dw_plain_number(a::varchar)::json
    when a is not null then array_to_string(list_transform(dw_json_tokens(dw_with_sorted_keys(a)::varchar), lambda t:
    case when regexp_matches(t, '^[-0-9]') then dw_plain_number(t) else t end), '')::json end;
create macro dw_sort_key(a) as list_transform([a], lambda bound: dw_column_key(bound))[1];
create macro dw_plain_value(a) as list_transform([a], lambda bound: dw_bound_plain(bound))[1];
create macro dw_extreme(a, direction) as list_transform(list_sort(list_transform(list_filter(a,
    lambda x: x is not null), lambda x: {'k': dw_sort_key(x), 'v': x::varchar}), direction), lambda p: p['v']::json)[1];
"""
HELPERS_OF = {
    "redshift": "create macro dw_null_key() as cast(null as varchar)",
    "snowflake": "create macro dw_null_key() as '9'",
}
"""A JSON null has no order in Redshift, where it is NULL."""
