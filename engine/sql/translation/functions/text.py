"""Text functions.

https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html
https://docs.snowflake.com/en/sql-reference/functions-string
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

SHARED = define(
    "dw",
    """
ASCII(t) INTEGER := case when a = '' then 0 else ascii(a) end
CHR(i) VARCHAR := chr(a::integer)
CHAR(i) VARCHAR chr
UPPER(t) VARCHAR
LOWER(t) VARCHAR
REVERSE(t) VARCHAR
TRANSLATE(t,t,t) VARCHAR
REPLACE(t,t,t='') VARCHAR := case when b = '' then a else replace(a, b, c) end
REPEAT(t,i) VARCHAR := repeat(a, greatest(b, 0))
BTRIM(t,t=' ') VARCHAR := trim(a, b)
TRIM(t,t=' ') VARCHAR := trim(a, b)
LTRIM(t,t=' ') VARCHAR := ltrim(a, b)
RTRIM(t,t=' ') VARCHAR := rtrim(a, b)
INITCAP(t) VARCHAR := array_to_string(list_transform(regexp_extract_all(lower(a), '[\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+'),
    lambda word: upper(substr(word, 1, 1)) || substr(word, 2)), '')
LEFT(t,i) VARCHAR := case when b <= 0 then '' else left(a, b) end
RIGHT(t,i) VARCHAR := case when b <= 0 then '' else right(a, b) end
CHARINDEX(t,t,i=1) INTEGER := case when c <= 1 then strpos(b, a)
    else case strpos(substr(b, c), a) when 0 then 0 else strpos(substr(b, c), a) + c - 1 end end
OCTET_LENGTH(t) INTEGER := octet_length(dw_bytes(a))
BIT_LENGTH(t) INTEGER := 8 * octet_length(dw_bytes(a))
SOUNDEX(t) VARCHAR := case when a is null then null when regexp_replace(upper(a), '[^A-Z]', '', 'g') = '' then '' else
    substr(regexp_replace(upper(a), '[^A-Z]', '', 'g'), 1, 1) ||
    rpad(substr(regexp_replace(array_to_string(list_filter(
    list_transform(range(1, len(dw_soundex_codes(a)) + 1), lambda i: case when i > 1 and
    substr(dw_soundex_codes(a), i - 1, 1) = substr(dw_soundex_codes(a), i, 1) then '' else
    substr(dw_soundex_codes(a), i, 1)
    end), lambda code: code <> ''), ''), '^.', ''), 1, 200).replace('0', '').left(3), 3, '0') end
""",
)

REDSHIFT = define(
    "rs",
    """
LEN(a) INTEGER := case when typeof(a) = 'BLOB' then octet_length(a::varchar::blob) else length(a::varchar) end
SUBSTRING(t,i,i=2000000000) VARCHAR := case when c < 0 then dw_raise('negative substring length not allowed')
    else substr(a, greatest(b, 1), greatest(least(b + c, 4000000000) - greatest(b, 1), 0)) end
LPAD(t,i,t=' ') VARCHAR := case when b <= 0 then '' when c = '' then left(a, b) else lpad(a, b::integer, c) end
RPAD(t,i,t=' ') VARCHAR := case when b <= 0 then '' when c = '' then left(a, b) else rpad(a, b::integer, c) end
CONCAT(t,t) VARCHAR := a || b
POSITION(t,t) INTEGER := strpos(b, a)
STRPOS(t,t) INTEGER
QUOTE_IDENT(t) VARCHAR := case when regexp_full_match(a, '[a-z_][a-z0-9_$]*') then a else '"' || replace(a, '"',
    '""') || '"' end
QUOTE_LITERAL(t) VARCHAR := '''' || replace(replace(a, '\\', '\\\\'), '''', '''''') || ''''
SPLIT_PART(t,t,i) VARCHAR := case when c <= 0 then dw_raise('field position must be greater than zero') else
    split_part(a, b, c) end
BPCHARCMP(t,t) INTEGER := case when rtrim(a) = rtrim(b) then 0 when rtrim(a) < rtrim(b) then -1 else 1 end
BTTEXT_PATTERN_CMP(t,t) INTEGER := case when a = b then 0 when a < b then -1 else 1 end
DIFFERENCE(t,t) INTEGER := len(list_filter(range(1, 5), lambda i: substr(dw_soundex(a), i, 1) = substr(dw_soundex(b),
    i, 1)))
LEVENSHTEIN(t,t) INTEGER := dw_distance(a, b)
REPLICATE(t,i) VARCHAR := repeat(a, greatest(b, 0))
SPACE(i) VARCHAR := repeat(' ', a)
STRTOL(t,i) BIGINT := dw_from_base(a, b)
TO_HEX(a) VARCHAR := case when typeof(a) = 'BLOB' then lower(hex(a::varchar::blob))
    else lower(format('{:x}', case when try_cast(a::varchar as bigint) >= 0 then a::varchar::hugeint when
    typeof(a) = 'BIGINT' then a::varchar::hugeint + 18446744073709551616 else a::varchar::hugeint + 4294967296 end)) end
OCTETINDEX(t,t) INTEGER := case strpos(b, a) when 0 then 0 else
    octet_length(encode(substr(b, 1, strpos(b, a) - 1))) + 1 end
CRC32(t) VARCHAR := lpad(lower(format('{:x}', rs_crc32c(a))), 8, '0')
""",
)
alias(
    REDSHIFT,
    "LENGTH=LEN CHAR_LENGTH=LEN CHARACTER_LENGTH=LEN TEXTLEN=LEN SUBSTR=SUBSTRING",
)

SNOWFLAKE = define(
    "sf",
    """
LENGTH(t) INTEGER := case when typeof(a) = 'BLOB' then octet_length(a::varchar::blob) else length(a::varchar) end
SUBSTR(t,i,i=2000000000) VARCHAR := case when c <= 0 then '' when b < 0 and -b > length(a) then ''
    else substr(a, case when b = 0 then 1 else b end, c) end
LPAD(t,i,t=' ') VARCHAR := case when b <= 0 then '' when c = '' then left(a, b) else lpad(a, b::integer, c) end
RPAD(t,i,t=' ') VARCHAR := case when b <= 0 then '' when c = '' then left(a, b) else rpad(a, b::integer, c) end
CONCAT(t[]) VARCHAR := list_reduce(list_transform(a, lambda x: x::varchar), lambda x, y: x || y)
CONCAT_WS(t,t[]) VARCHAR := case when a is null or len(b) > len(list_filter(b, lambda x: x is not null)) then null
    else dw_glued(b, a) end
POSITION(t,t,i=1) INTEGER := dw_charindex(a, b, c)
SPLIT_PART(t,t,i) VARCHAR := case when b = '' then case when c in (0, 1, -1) then a else '' end
    else split_part(a, b, case when c = 0 then 1 else c end) end
STRTOK(t,t=' ',i=1) VARCHAR := case when c < 1 then null else list_extract(dw_tokens(a, b), c) end
STRTOK_TO_ARRAY(t,t=' ') JSON := to_json(dw_tokens(a, b))
SPLIT(t,t) JSON := to_json(case when b = '' then [a] else string_split(a, b) end)
CONTAINS(t,t) BOOLEAN := contains(a, b)
STARTSWITH(t,t) BOOLEAN := starts_with(a, b)
ENDSWITH(t,t) BOOLEAN := suffix(a, b)
EDITDISTANCE(t,t,i=null) INTEGER := case when c is null then dw_distance(a, b) else least(dw_distance(a, b), c) end
JAROWINKLER_SIMILARITY(t,t) INTEGER := floor(jaro_winkler_similarity(dw_narrow(lower(a), lower(a || b)),
    dw_narrow(lower(b), lower(a || b))) * 100)::integer
INSERT(t,i,i,t) VARCHAR := substr(a, 1, b - 1) || d || substr(a, b + c)
INITCAP(t,t=null) VARCHAR := case when b is null then dw_initcap(a) when b = '' then upper(left(a, 1)) ||
    lower(substr(a, 2))
    else array_to_string(list_transform(range(1, length(a) + 1), lambda i: case when i = 1 or
    contains(b, substr(a, i - 1, 1)) then upper(substr(a, i, 1)) else lower(substr(a, i, 1)) end), '') end
SPACE(i) VARCHAR := repeat(' ', a)
UNICODE(t) INTEGER := case when a = '' then 0 else unicode(a) end
BASE64_ENCODE(t,i=0,t='') VARCHAR := case when b > 0 then rtrim(regexp_replace(sf_base64(a, c), '(.{' || b || '})',
    '\\1' || chr(10), 'g'), chr(10)) else sf_base64(a, c) end
BASE64_DECODE_STRING(t,t='') VARCHAR := decode(from_base64(sf_plain_base64(a, b)))
TRY_BASE64_DECODE_STRING(t,t='') VARCHAR := try(decode(from_base64(sf_plain_base64(a, b))))
HEX_ENCODE(t,i=1) VARCHAR := case when b = 0 then lower(hex(dw_bytes(a))) else hex(dw_bytes(a)) end
HEX_DECODE_STRING(t) VARCHAR := decode(sf_unhex(a))
TRY_HEX_DECODE_STRING(t) VARCHAR := case when length(a) % 2 = 0 then try(decode(unhex(a))) end
SOUNDEX_P123(t) VARCHAR := case when dw_letters(a) = '' then '' else left(dw_letters(a), 1) ||
    rpad(left(replace(dw_squeezed(substr(dw_soundex_codes(a), 2)), '0', ''), 3), 3, '0') end
RTRIMMED_LENGTH(t) INTEGER := length(rtrim(a))
STRPOS(t,t) INTEGER
LIKE(t,t) BOOLEAN := a like b
ILIKE(t,t) BOOLEAN := a ilike b
""",
)
alias(SNOWFLAKE, "LEN=LENGTH CHAR_LENGTH=LENGTH CHARACTER_LENGTH=LENGTH SUBSTRING=SUBSTR")

HELPERS = """
create macro dw_filled_up(a, n) as case when length(a) < n then rpad(a, n, ' ') else a end;
create macro dw_bytes(a) as case when typeof(a) = 'BLOB' then a::varchar::blob else encode(a::varchar) end;
create macro dw_glued(a, b) as case when len(a) = 0 then '' else list_reduce(a, lambda x, y: x || b || y) end;
create macro dw_others(a) as list_sort(list_distinct(regexp_extract_all(a, '[^\\x00-\\x7F]')));
create macro dw_narrow(a, around) as case when regexp_matches(around, '[^\\x00-\\x7F]') then translate(a,
    array_to_string(dw_others(around), ''), substr(array_to_string(list_transform(range(1, 32), lambda i:
    chr(i::integer)), ''), 1, len(dw_others(around)))) else a end;
create macro dw_distance(a, b) as levenshtein(dw_narrow(a, a || b), dw_narrow(b, a || b));
create macro dw_letters(a) as regexp_replace(upper(a), '[^A-Z]', '', 'g');
create macro dw_squeezed(a) as array_to_string(list_filter(list_transform(range(1, length(a) + 1), lambda i: case when
    i > 1 and substr(a, i - 1, 1) = substr(a, i, 1) then null else substr(a, i, 1) end), lambda x: x is not null), '');
create macro sf_base64(a, b) as case when b = '' then to_base64(dw_bytes(a)) else translate(to_base64(dw_bytes(a)),
    left('+/=', length(b)), b) end;
create macro sf_plain_base64(a, b) as replace(case when b = '' then a else translate(a, b, left('+/=', length(b))) end,
    chr(10), '');
create macro dw_double_text(a) as regexp_replace(cast(a as varchar), '\\.0$', '');
create macro dw_soundex_codes(a) as translate(regexp_replace(regexp_replace(upper(a), '[^A-Z]', '', 'g'),
    '([A-Z])[HW]+', '\\1', 'g'), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '01230120022455012623010202');
create macro dw_tokens(a, b) as case when b = '' then case when a = '' then []::varchar[] else [a] end else
    list_filter(string_split(translate(a, b, repeat(chr(1), length(b))), chr(1)), lambda x: x <> '') end;
create macro dw_from_base(a, b) as (case when left(trim(a), 1) = '-' then -1 else 1 end) * list_reduce(list_transform(
    string_split(regexp_replace(lower(trim(a)), case when b = 16 then '^[-+]?(0x)?' else '^[-+]?' end, ''), ''),
    lambda x: case when strpos('0123456789abcdefghijklmnopqrstuvwxyz', x) between 1 and b
    then strpos('0123456789abcdefghijklmnopqrstuvwxyz', x)::hugeint - 1
    else dw_raise('The input ' || a || ' is not valid to be converted to base ' || b) end), lambda x, y: x * b +
    y)::bigint;
create macro rs_crc32c(a) as xor(4294967295::bigint, list_reduce(list_prepend(4294967295::bigint, list_transform(
    range(0, octet_length(encode(a)) * 2, 2), lambda i: ('0x' || substr(hex(encode(a)), i::int + 1, 2))::bigint)),
    lambda crc, octet: xor(crc >> 8, list_reduce(list_prepend(((crc & 255)::bigint.xor(octet))::bigint,
    [0::bigint, 0, 0, 0, 0, 0, 0, 0]), lambda x, step: case when x & 1 = 1 then xor(x >> 1, 2197175160::bigint)
    else x >> 1 end))));
create macro rs_similar_to(a, b) as regexp_full_match(a, '(?s)' || replace(replace(rs_similar_regexp(replace(replace(b,
    '\\_', chr(1)), '\\%', chr(2))), chr(1), '_'), chr(2), '%'));
create macro rs_similar_regexp(b) as replace(regexp_replace(regexp_replace(regexp_replace(b, '([.^$])', '\\\\\\1', 'g'),
    '%', '.*', 'g'), '_', '.', 'g'), '\\\\\\\\', '\\\\');
"""
