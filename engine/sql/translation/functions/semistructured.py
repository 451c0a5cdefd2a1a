"""Semi-structured functions: SUPER, VARIANT, OBJECT, and JSON in text. All of them are JSON in DuckDB.

https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html
https://docs.aws.amazon.com/redshift/latest/dg/SUPER_function_support.html
https://docs.snowflake.com/en/sql-reference/functions-semistructured
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

REDSHIFT = define(
    "rs",
    """
IS_VALID_JSON(t) BOOLEAN := rs_json_valid(a) and json_type(case when json_valid(a) then a end) = 'OBJECT'
IS_VALID_JSON_ARRAY(t) BOOLEAN := rs_json_valid(a) and json_type(case when json_valid(a) then a end) = 'ARRAY'
JSON_ARRAY_LENGTH(t,b=false) INTEGER := case when b and not rs_json_valid(a) then null when
    json_type(rs_strict_json(case when b and not rs_json_valid(a) then null else a end))
    = 'ARRAY' then json_array_length(a::json)::integer else dw_raise('Invalid JSON array') end
JSON_EXTRACT_ARRAY_ELEMENT_TEXT(t,i,b=false) VARCHAR := case when c and not rs_json_valid(a) then null when a is null
    then null when b < 0 then ''
    else coalesce(dw_json_word(json_extract(rs_strict_json(case when c and not rs_json_valid(a) then null else a end),
    '$[' || b || ']')), '') end
JSON_PARSE(t) JSON := rs_strict_json(a)
CAN_JSON_PARSE(t) BOOLEAN := rs_json_valid(a)
JSON_SERIALIZE(j) VARCHAR := cast(a as varchar)
JSON_SERIALIZE_TO_VARBYTE(j) BLOB := encode(cast(a as varchar))
JSON_SIZE(j) BIGINT := octet_length(encode(cast(a as varchar)))
JSON_TYPEOF(j) VARCHAR := case json_type(a) when 'VARCHAR' then 'string' when 'OBJECT' then 'object' when 'ARRAY'
    then 'array'
    when 'BOOLEAN' then 'boolean' when 'NULL' then 'null' when null then null else 'number' end
IS_ARRAY(j) BOOLEAN := coalesce(json_type(a) = 'ARRAY', false)
IS_OBJECT(j) BOOLEAN := coalesce(json_type(a) = 'OBJECT', false)
IS_BOOLEAN(j) BOOLEAN := coalesce(json_type(a) = 'BOOLEAN', false)
IS_VARCHAR(j) BOOLEAN := coalesce(json_type(a) = 'VARCHAR', false)
IS_CHAR(j) BOOLEAN := coalesce(json_type(a) = 'VARCHAR', false)
IS_SCALAR(j) BOOLEAN := coalesce(json_type(a) not in ('ARRAY', 'OBJECT', 'NULL'), false)
IS_INTEGER(j) BOOLEAN := coalesce(json_type(a) in ('UBIGINT', 'BIGINT'), false)
IS_BIGINT(j) BOOLEAN := coalesce(json_type(a) in ('UBIGINT', 'BIGINT'), false)
IS_SMALLINT(j) BOOLEAN := coalesce(json_type(a) in ('UBIGINT', 'BIGINT') and abs(try_cast(a as bigint)) < 32768, false)
IS_DECIMAL(j) BOOLEAN := coalesce(json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE'), false)
IS_FLOAT(j) BOOLEAN := coalesce(json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE'), false)
ARRAY(v[]) JSON := to_json(a)
ARRAY_CONCAT(j,j) JSON := to_json(list_concat(dw_elements(a), dw_elements(b)))
ARRAY_FLATTEN(j) JSON := list_transform([rs_flatter(dw_elements(a))], lambda x: list_transform([rs_flatter(x)],
    lambda y: list_transform([rs_flatter(y)], lambda z: to_json(rs_flatter(z)))[1])[1])[1]
ARRAY_CONTAINS(j,v,b=true) BOOLEAN := list_contains(dw_keys(a), dw_item_key(b))
ARRAY_DISTINCT(j) JSON := to_json(dw_unique(dw_elements(a)))
ARRAY_EXCEPT(j,j) JSON := to_json(list_filter(dw_unique(dw_elements(a)), lambda x: not list_contains(dw_keys(b),
    dw_item_key(x))))
ARRAY_INTERSECTION(j,j) JSON := to_json(list_filter(dw_unique(dw_elements(a)), lambda x: list_contains(dw_keys(b),
    dw_item_key(x))))
ARRAY_UNION(j,j) JSON := to_json(dw_unique(list_concat(dw_elements(a), dw_elements(b))))
ARRAY_POSITION(j,v,b=true) INTEGER := coalesce(list_position(dw_keys(a), dw_item_key(b)) - 1, -1)
ARRAY_POSITIONS(j,v,b=true) JSON := to_json(list_filter(range(0, len(dw_elements(a))), lambda i: dw_keys(a)[i + 1] =
    dw_item_key(b)))
ARRAY_SORT(j,b=true,b=null) JSON := dw_array_sorted(a, b, c)
ARRAYS_OVERLAP(j,j) BOOLEAN := list_has_any(dw_keys(a), dw_keys(b))
GET_ARRAY_LENGTH(j) INTEGER := case when json_type(a) = 'ARRAY' then json_array_length(a)::integer end
SUBARRAY(j,i,i=1000000000) JSON := to_json(list_slice(dw_elements(a), b + 1, b + c))
SPLIT_TO_ARRAY(t,t=',') JSON := to_json(string_split(a, b))
ARRAY_TO_STRING(j,t,t=null) VARCHAR := dw_glued(list_filter(list_transform(dw_elements(a), lambda x: coalesce(x->>'$',
    c)), lambda x: x is not null), b)
LOWER_ATTRIBUTE_NAMES(j) JSON := dw_renamed(a, lower(a::varchar))
UPPER_ATTRIBUTE_NAMES(j) JSON := dw_renamed(a, upper(a::varchar))
DECIMAL_PRECISION(j) INTEGER := case when json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE') then
    length(ltrim(regexp_replace(a::varchar, '[^0-9]', '', 'g'), '0')) end
DECIMAL_SCALE(j) INTEGER := case when json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE') then
    length(split_part(a::varchar, '.', 2)) end
SIZE(j) BIGINT := octet_length(encode(cast(a as varchar)))
""",
)

SNOWFLAKE = define(
    "sf",
    """
PARSE_JSON(t,t='s') JSON := case when trim(a) = '' then null else json(sf_json_text(a)) end
TRY_PARSE_JSON(t,t='s') JSON := case when json_valid(sf_json_text(a)) then json(sf_json_text(a)) end
CHECK_JSON(t) VARCHAR := case when a is null or json_valid(sf_json_text(a)) then null else 'Error parsing JSON' end
TO_JSON(j) VARCHAR := cast(a as varchar)
TO_VARIANT(v) JSON := a
TO_OBJECT(v) JSON := case when json_type(a) in ('OBJECT', 'NULL') then a else dw_raise('Not an object') end
TO_ARRAY(v) JSON := case when a is null then null when json_type(a) in ('ARRAY', 'NULL') then a else to_json([a]) end
STRIP_NULL_VALUE(j) JSON := case when json_type(a) <> 'NULL' then a end
IS_NULL_VALUE(j) BOOLEAN := json_type(a) = 'NULL'
TYPEOF(v) VARCHAR := case json_type(a) when 'UBIGINT' then 'INTEGER' when 'BIGINT' then 'INTEGER' when 'NULL' then
    'NULL_VALUE'
    when 'DOUBLE' then case when try_cast(a->>'$' as double) = floor(try_cast(a->>'$' as double)) and not
    contains(lower(a::varchar), 'e') then 'INTEGER'
    when contains(lower(a::varchar), 'e') then 'DOUBLE' else 'DECIMAL' end else json_type(a) end
IS_ARRAY(j) BOOLEAN := json_type(a) = 'ARRAY'
IS_OBJECT(j) BOOLEAN := json_type(a) = 'OBJECT'
IS_BOOLEAN(j) BOOLEAN := json_type(a) = 'BOOLEAN'
IS_VARCHAR(j) BOOLEAN := json_type(a) = 'VARCHAR'
IS_CHAR(j) BOOLEAN := json_type(a) = 'VARCHAR'
IS_INTEGER(j) BOOLEAN := json_type(a) in ('UBIGINT', 'BIGINT')
IS_DECIMAL(j) BOOLEAN := json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE')
IS_DOUBLE(j) BOOLEAN := json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE')
AS_ARRAY(j) JSON := case when json_type(a) = 'ARRAY' then a end
AS_OBJECT(j) JSON := case when json_type(a) = 'OBJECT' then a end
AS_BOOLEAN(j) BOOLEAN := case when json_type(a) = 'BOOLEAN' then a::boolean end
AS_VARCHAR(j) VARCHAR := case when json_type(a) = 'VARCHAR' then a->>'$' end
AS_CHAR(j) VARCHAR := case when json_type(a) = 'VARCHAR' then a->>'$' end
AS_INTEGER(j) BIGINT := case when json_type(a) in ('UBIGINT', 'BIGINT') then a::bigint when json_type(a) = 'DOUBLE'
    then round(a::double)::bigint end
AS_DOUBLE(j) DOUBLE := case when json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE') then a::double end
AS_NUMBER(j,i=38,i=0) DOUBLE := case when json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE') then round(a::double,
    c::integer) end
AS_DATE(j) DATE := try_cast(a->>'$' as date)
AS_TIME(j) TIME := try_cast(a->>'$' as time)
AS_TIMESTAMP_NTZ(j) TIMESTAMP := try_cast(a->>'$' as timestamp)
OBJECT_KEYS(j) JSON := to_json(list_sort(json_keys(a)))
OBJECT_DELETE(j,t[]) JSON := dw_object(list_filter(json_keys(a), lambda k: not list_contains(b, k)),
    list_transform(list_filter(json_keys(a), lambda k: not list_contains(b, k)), lambda k: dw_member(a, k)))
OBJECT_INSERT(j,t,v,b=false) JSON := case when list_contains(json_keys(a), b) and not d
    then dw_raise('Object already has the key ' || b) when c is null then sf_object_without(a, b)
    else dw_object(list_append(list_filter(json_keys(a), lambda k: k <> b), b),
    list_append(list_transform(list_filter(json_keys(a), lambda k: k <> b), lambda k: dw_member(a, k)), c)) end
ARRAY_CONSTRUCT(v[]) JSON := to_json(list_transform(a, lambda x: coalesce(x, 'null'::json)))
ARRAY_CONSTRUCT_COMPACT(v[]) JSON := to_json(list_filter(a, lambda x: x is not null and json_type(x) <> 'NULL'))
ARRAY_APPEND(j,v) JSON := to_json(list_append(dw_elements(a), coalesce(b, 'null'::json)))
ARRAY_PREPEND(j,v) JSON := to_json(list_prepend(coalesce(b, 'null'::json), dw_elements(a)))
ARRAY_CAT(j,j) JSON := to_json(list_concat(dw_elements(a), dw_elements(b)))
ARRAY_COMPACT(j) JSON := to_json(list_filter(dw_elements(a), lambda x: json_type(x) <> 'NULL'))
ARRAY_CONTAINS(v,j) BOOLEAN := list_contains(dw_keys(b), dw_item_key(a))
ARRAY_DISTINCT(j) JSON := to_json(dw_unique(dw_elements(a)))
ARRAY_EXCEPT(j,j) JSON := case when a is not null and b is not null then to_json(dw_bag_except(dw_elements(a),
    dw_keys(b))) end
ARRAY_INTERSECTION(j,j) JSON := to_json(dw_bag_intersection(dw_elements(a), dw_keys(b)))
ARRAY_FLATTEN(j) JSON := to_json(flatten(list_transform(dw_elements(a), lambda x: dw_elements(x))))
ARRAY_GENERATE_RANGE(i,i,i=1) JSON := to_json(range(a, b, c))
ARRAY_INSERT(j,i,v) JSON := to_json(list_concat(list_slice(dw_padded(a, b), 1, dw_place(a, b)),
    list_concat([coalesce(c, 'null'::json)],
    list_slice(dw_elements(a), dw_place(a, b) + 1, 1000000000))))
ARRAY_MAX(j) JSON := list_last(dw_sorted(list_filter(dw_elements(a), lambda x: json_type(x) <> 'NULL'), true))
ARRAY_MIN(j) JSON := list_first(dw_sorted(list_filter(dw_elements(a), lambda x: json_type(x) <> 'NULL'), true))
ARRAY_POSITION(v,j) INTEGER := list_position(dw_keys(b), dw_item_key(a)) - 1
ARRAY_REMOVE(j,v) JSON := case when a is not null and b is not null then to_json(list_filter(dw_elements(a), lambda x:
    dw_item_key(x) <> dw_item_key(b))) end
ARRAY_REMOVE_AT(j,i) JSON := to_json(list_concat(list_slice(dw_elements(a), 1, dw_place(a, b)),
    list_slice(dw_elements(a), dw_place(a, b) + 2, 1000000000)))
ARRAY_REVERSE(j) JSON := to_json(list_reverse(dw_elements(a)))
ARRAY_SIZE(j) INTEGER := case when json_type(a) = 'ARRAY' then json_array_length(a)::integer end
ARRAY_SLICE(j,i,i) JSON := to_json(list_slice(dw_elements(a), dw_place(a, b) + 1, dw_place(a, c)))
ARRAY_SORT(j,b=true,b=null) JSON := dw_array_sorted(a, b, c)
ARRAY_TO_STRING(j,t) VARCHAR := dw_glued(list_transform(dw_elements(a), lambda x: coalesce(x->>'$', '')), b)
ARRAYS_OVERLAP(j,j) BOOLEAN := list_has_any(dw_keys(a), dw_keys(b))
ARRAYS_TO_OBJECT(j,j) JSON := dw_object(list_transform(dw_elements(a), lambda x: x->>'$'), dw_elements(b))
ARRAYS_ZIP(j[]) JSON := to_json(list_transform(range(1, list_max(list_transform(a, lambda x: len(dw_elements(x)))) + 1),
    lambda i: dw_object(list_transform(range(1, len(a) + 1), lambda n: '$' || n), list_transform(a, lambda x:
    coalesce(dw_elements(x)[i], 'null'::json)))))
GET(j,a) JSON := dw_get(a, b)
MAP_SIZE(j) INTEGER := len(json_keys(a))
MAP_CONTAINS_KEY(t,j) BOOLEAN := list_contains(json_keys(b), a)
MAP_CAT(j,j) JSON := dw_object(list_concat(list_filter(json_keys(a), lambda k: not list_contains(json_keys(b), k)),
    json_keys(b)), list_concat(list_transform(list_filter(json_keys(a), lambda k: not list_contains(json_keys(b), k)),
    lambda k: dw_member(a, k)), dw_entry_values(b)))
AS_BINARY(j) BLOB := try(unhex(a->>'$'))
GET_IGNORE_CASE(j,t) JSON := list_first(list_transform(list_filter(json_keys(a), lambda k: lower(k) = lower(b)),
    lambda k: dw_member(a, k)))
GET_PATH(j,t) JSON := json_extract(a, case when left(b, 1) = '[' then '$' else '$.' end || b)
JSON_EXTRACT_PATH_TEXT(t,t) VARCHAR := json_extract_string(a::json, case when left(b, 1) = '[' then '$' else '$.' end
    || b)
PARSE_URL(t,i=0) JSON := case when regexp_matches(a, '^[a-zA-Z][a-zA-Z0-9+.-]*:') then sf_url_parts(a)
    when a is null then null when b = 1 then json_object('error', 'scheme not specified')
    else dw_raise('Error parsing URL: scheme not specified') end
PARSE_IP(t,t,i=0) JSON := case when regexp_full_match(a, '(\\d{1,3}\\.){3}\\d{1,3}(/\\d{1,2})?')
    then sf_address(split_part(a, '/', 1), try_cast(split_part(a, '/', 2) as bigint), lower(b))
    when a is null then null else dw_raise('Only IPv4 addresses are known here, not ' || a) end
""",
)
alias(
    SNOWFLAKE,
    "IS_REAL=IS_DOUBLE AS_REAL=AS_DOUBLE AS_DECIMAL=AS_NUMBER AS_TIMESTAMP_LTZ=AS_TIMESTAMP_NTZ "
    "AS_TIMESTAMP_TZ=AS_TIMESTAMP_NTZ MAP_KEYS=OBJECT_KEYS MAP_DELETE=OBJECT_DELETE "
    "MAP_INSERT=OBJECT_INSERT",
)

HELPERS = """
create macro rs_super_text(a, is_equality) as case when json_type(a) = 'VARCHAR' then a->>'$' when is_equality then
    chr(1) || a::varchar end;
create macro rs_super_number(a, is_equality) as case when json_type(a) in ('UBIGINT', 'BIGINT', 'DOUBLE') then a::double
    when is_equality and a is not null then 'nan'::double end;
create macro rs_json_valid(a) as json_valid(a) and not regexp_matches(regexp_replace(a, '"(?:[^"\\\\]|\\\\.)*"', '""',
    'g'), ',\\s*[\\]}]');
create macro rs_strict_json(a) as case when a is null then null when rs_json_valid(a) then json(a)
    else dw_raise('The text is not valid JSON: ' || a) end;
create macro sf_json_text(a) as case when not json_valid(a) and not contains(a, '"') and
    json_valid(replace(a, chr(39), '"')) then replace(a, chr(39), '"') else a end;
create macro sf_address_number(a) as list_reduce(list_transform(string_split(a, '.'), lambda x: x::bigint),
    lambda x, y: x * 256 + y);
create macro sf_address(a, bits, kind) as case when bits is null then json_object('family', 4, 'host', a, 'ip_fields',
    [sf_address_number(a), 0, 0, 0], 'ip_type', kind, 'ipv4', sf_address_number(a), 'netmask_prefix_length', null,
    'snowflake$type', 'ip_address') else json_object('family', 4, 'host', a, 'ip_fields', [sf_address_number(a), 0, 0,
    0], 'ip_type', kind, 'ipv4', sf_address_number(a), 'ipv4_range_end', sf_address_number(a) // sf_block(bits) *
    sf_block(bits) + sf_block(bits) - 1, 'ipv4_range_start', sf_address_number(a) // sf_block(bits) * sf_block(bits),
    'netmask_prefix_length', bits, 'snowflake$type', 'ip_address') end;
create macro sf_block(bits) as power(2, 32 - bits)::bigint;
create macro rs_flatter(a) as flatten(list_transform(a, lambda x: case when json_type(x) = 'ARRAY'
    then dw_elements(x) else [x] end));
create macro dw_elements(a) as json_extract(a, '$[*]');
create macro dw_entry_values(a) as list_transform(json_keys(a, '$'), lambda k: dw_member(a, k));
create macro dw_renamed(a, folded) as (array_to_string(list_transform(range(1, len(string_split_regex(a::varchar,
    '"(?:[^"\\\\]|\\\\.)*"\\s*:')) + 1), lambda i: string_split_regex(a::varchar, '"(?:[^"\\\\]|\\\\.)*"\\s*:')[i] ||
    coalesce(regexp_extract_all(folded, '"(?:[^"\\\\]|\\\\.)*"\\s*:')[i], '')), ''))::json;
create macro dw_item_key(a) as coalesce(dw_sort_key(a), case when a is not null then '9' end);
create macro dw_keys(a) as list_transform(dw_elements(a), lambda x: dw_item_key(x));
create macro dw_array_sorted(a, b, c) as to_json(case when coalesce(c, not b)
    then list_concat(list_filter(dw_elements(a), lambda x: json_type(x) = 'NULL'),
    dw_sorted(list_filter(dw_elements(a), lambda x: json_type(x) <> 'NULL'), b))
    else list_concat(dw_sorted(list_filter(dw_elements(a), lambda x: json_type(x) <> 'NULL'), b),
    list_filter(dw_elements(a), lambda x: json_type(x) = 'NULL')) end);
create macro dw_unique(a) as list_filter(a, lambda x, i: list_position(list_transform(a, lambda y: dw_item_key(y)),
    dw_item_key(x)) = i);
create macro dw_member(a, k) as json_extract(a, '$."' || replace(k, '"', '\\"') || '"');
create macro dw_json_word(a) as coalesce(a->>'$', case when json_type(a) = 'NULL' then 'null' end);
create macro dw_get(a, b) as case when json_type(a) = 'ARRAY' then case when try_cast(b::varchar as bigint) >= 0
    then dw_elements(a)[try_cast(b::varchar as bigint) + 1] end
    when json_type(a) = 'OBJECT' then dw_member(a, trim(b::varchar, '"')) end;
create macro dw_object(keys, members) as list_transform([{'k': keys, 'm': members}], lambda d: case when d.k is not null
    then ('{' || array_to_string(list_transform(range(1, len(d.k) + 1), lambda i: to_json(d.k[i])::varchar || ':'
    || d.m[i]::varchar), ',') || '}')::json end)[1];
create macro sf_object_without(a, b) as dw_object(list_filter(json_keys(a), lambda k: k <> b),
    list_transform(list_filter(json_keys(a), lambda k: k <> b), lambda k: dw_member(a, k)));
create macro dw_place(a, n) as case when n < 0 then greatest(json_array_length(a)::bigint + n, 0) else n end;
create macro dw_padded(a, n) as list_concat(dw_elements(a), list_transform(range(greatest(n -
    json_array_length(a)::bigint, 0)), lambda i: 'null'::json));
create macro dw_sorted(a, b) as list_transform(list_sort(list_transform(a, lambda x: {'k': dw_item_key(x), 'v':
    x::varchar}), case when b then 'asc' else 'desc' end), lambda p: p.v::json);
create macro dw_bag_except(a, b) as list_filter(a, lambda x, i: len(list_filter(list_transform(list_slice(a, 1, i),
    lambda y: dw_item_key(y)),
    lambda y: y = dw_item_key(x))) > len(list_filter(b, lambda y: y = dw_item_key(x))));
create macro dw_bag_intersection(a, b) as list_filter(a, lambda x, i: len(list_filter(list_transform(list_slice(a, 1,
    i), lambda y: dw_item_key(y)),
    lambda y: y = dw_item_key(x))) <= len(list_filter(b, lambda y: y = dw_item_key(x))));
create macro sf_flatten_children(a, p, mode) as case
    when json_type(a) = 'ARRAY' and mode in ('both', 'array') then list_transform(range(0,
    json_array_length(a)::bigint), lambda i:
    {'seq': 1::bigint, 'key': null::varchar, 'path': p || '[' || i || ']', 'index': i::bigint, 'value':
    json_extract(a, '$[' || i || ']'), 'this': a})
    when json_type(a) = 'OBJECT' and mode in ('both', 'object') then list_transform(list_sort(json_keys(a)), lambda k:
    {'seq': 1::bigint, 'key': k, 'path': case when p = '' then '' else p || '.' end || k, 'index': null::bigint,
    'value': dw_member(a, k), 'this': a})
    else [] end;
create macro sf_flatten_placed(rows, place, depth) as list_transform(rows, lambda r, i: {'place': place ||
    lpad(i::varchar, 9, '0'), 'depth': depth, 'row': r});
create macro sf_flatten_steps(a) as list_transform(range(0, least(length(a::varchar) - length(translate(a::varchar,
    '[{', '')), 100)), lambda i: [{'place': '', 'depth': i, 'row': null}]);
create macro sf_flatten_nested(a, p, mode) as list_transform(list_sort(list_reduce(sf_flatten_steps(a), lambda made,
    step: list_concat(made, flatten(list_transform(list_filter(made, lambda m: m.depth = step[1].depth), lambda m:
    sf_flatten_placed(sf_flatten_children(m.row.value, m.row.path, mode), m.place, m.depth + 1)))),
    sf_flatten_placed(sf_flatten_children(a, p, mode), '', 0::bigint)), 'asc'), lambda m: m.row);
create macro sf_flatten_found(a, p, is_recursive, mode) as case when is_recursive
    then sf_flatten_nested(a, p, mode) else sf_flatten_children(a, p, mode) end;
create macro sf_flatten_rows(a, p, is_outer, is_recursive, mode) as case when is_outer and
    coalesce(len(sf_flatten_children(a, p, mode)), 0) = 0 then
    [{'seq': 1::bigint, 'key': null::varchar, 'path': p, 'index': null::bigint, 'value': null::json, 'this': a}]
    else sf_flatten_found(a, p, is_recursive, mode) end;
create macro sf_split_rows(a, b) as list_transform(case when b = '' then [a] else string_split(a, b) end,
    lambda x, i: {'seq': 1::bigint, 'index': i::bigint, 'value': x});
create macro sf_strtok_rows(a, b) as list_transform(dw_tokens(a, b), lambda x, i: {'seq': 1::bigint, 'index':
    i::bigint, 'value': x});
create macro sf_url_query(a) as regexp_extract(a, '\\?([^#]*)', 1);
create macro sf_url_parts(a) as json_object(
    'fragment', nullif(regexp_extract(a, '#(.*)$', 1), ''),
    'host', nullif(regexp_extract(a, '^[a-zA-Z][a-zA-Z0-9+.-]*://((?:[^/?#]*@)?[^/?#:]*)', 1), ''),
    'parameters', case when sf_url_query(a) = '' then 'null'::json else dw_object(
    list_transform(string_split(sf_url_query(a), '&'), lambda x: split_part(x, '=', 1)),
    list_transform(string_split(sf_url_query(a), '&'), lambda x: to_json(split_part(x, '=', 2)))) end,
    'path', case when regexp_matches(a, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*/') then
    regexp_extract(a, '^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*/([^?#]*)', 1) when not contains(a, '://') then
    regexp_extract(a, '^[a-zA-Z][a-zA-Z0-9+.-]*:([^?#]*)', 1) end,
    'port', nullif(regexp_extract(a, '^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#]*@)?[^/?#:]*:(\\d+)', 1), ''),
    'query', nullif(sf_url_query(a), ''),
    'scheme', nullif(regexp_extract(a, '^([a-zA-Z][a-zA-Z0-9+.-]*):', 1), ''));
"""
