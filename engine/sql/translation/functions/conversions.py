"""Type conversions, hashes and encodings; conversions with a format are in `formats`.

https://docs.aws.amazon.com/redshift/latest/dg/r_Data_type_formatting.html
https://docs.aws.amazon.com/redshift/latest/dg/hash-functions.html
https://docs.snowflake.com/en/sql-reference/functions-conversion
https://docs.snowflake.com/en/sql-reference/functions-hash-scalar
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import define

SHARED = define(
    "dw",
    """
MD5(t) VARCHAR
SHA1(t) VARCHAR
""",
)

REDSHIFT = define(
    "rs",
    """
FUNC_SHA1(t) VARCHAR sha1
SHA(t) VARCHAR sha1
MD5_DIGEST(t) VARCHAR md5
TEXT_TO_INT_ALT(t) INTEGER := cast(dw_sign_first(a) as integer)
TEXT_TO_NUMERIC_ALT(t,i=38,i=0) DECIMAL(38,10) := round(cast(dw_sign_first(a) as decimal(38, 10)), c::integer)
TO_VARBYTE(t,t='utf8') BLOB := case lower(b) when 'hex' then unhex(a) when 'base64' then from_base64(a)
    when 'binary' then unbin(a) else encode(a) end
FROM_VARBYTE(x,t='utf8') VARCHAR := case lower(b) when 'hex' then lower(hex(a)) when 'base64' then to_base64(a)
    when 'binary' then cast(cast(a as bit) as varchar) else decode(a) end
FROM_HEX(t) BLOB unhex
GETBIT(x,i) INTEGER := get_bit(a::bit, (octet_length(a) * 8 - 1 - b)::integer)
PG_TYPEOF(a) VARCHAR := rs_type_name(typeof(a))
""",
)

SNOWFLAKE = define(
    "sf",
    """
MD5_HEX(t) VARCHAR md5
SHA1_HEX(t) VARCHAR sha1
MD5_BINARY(t) BLOB := unhex(md5(a))
SHA1_BINARY(t) BLOB := unhex(sha1(a))
MD5_NUMBER_UPPER64(t) HUGEINT := ('0x' || substr(md5(a), 1, 16))::ubigint::hugeint
MD5_NUMBER_LOWER64(t) HUGEINT := ('0x' || substr(md5(a), 17, 16))::ubigint::hugeint
TO_BINARY(t,t='HEX') BLOB := case upper(b) when 'HEX' then sf_unhex(a) when 'BASE64' then from_base64(a) else encode(a)
    end
TRY_TO_BINARY(t,t='HEX') BLOB := try(case upper(b) when 'HEX' then case when length(a) % 2 = 0 then unhex(a) end
    when 'BASE64' then from_base64(a) else
    encode(a) end)
HEX_DECODE_BINARY(t) BLOB := sf_unhex(a)
TRY_HEX_DECODE_BINARY(t) BLOB := case when length(a) % 2 = 0 then try(unhex(a)) end
TRY_BASE64_DECODE_BINARY(t,t='') BLOB := try(from_base64(sf_plain_base64(a, b)))
BASE64_DECODE_BINARY(t,t='') BLOB := from_base64(sf_plain_base64(a, b))
TO_BOOLEAN(a) BOOLEAN := case when typeof(a) = 'BOOLEAN' then cast(a as varchar)::boolean
    when typeof(a) in ('VARCHAR', 'JSON') then dw_boolean(json_extract_string(to_json(a), '$'))
    else cast(cast(a as varchar) as double) <> 0 end
TRY_TO_BOOLEAN(t) BOOLEAN := dw_try_boolean(a)
UUID_STRING(t=null,t=null) VARCHAR := case when a is null then cast(uuid() as varchar)
    else sf_named_uuid(sha1(unhex(replace(a, '-', '')) || encode(b))) end
""",
)

HELPERS = """
create macro sf_unhex(a) as case when length(a) % 2 = 1 then dw_raise('The text ' || a || ' is not hexadecimal') else
    unhex(a) end;
create macro sf_named_uuid(a) as substr(a, 1, 8) || '-' || substr(a, 9, 4) || '-5' || substr(a, 14, 3) || '-' ||
    translate(substr(a, 17, 1), '0123456789abcdef', '89ab89ab89ab89ab') || substr(a, 18, 3) || '-' || substr(a, 21, 12);
create macro dw_boolean(a) as case when lower(trim(a)) in ('true', 't', 'yes', 'y', 'on', '1') then true
    when lower(trim(a)) in ('false', 'f', 'no', 'n', 'off', '0') then false
    when a is null then null else dw_raise('Boolean value ''' || a || ''' is not recognized') end;
create macro dw_try_boolean(a) as case when lower(trim(a)) in ('true', 't', 'yes', 'y', 'on', '1') then true
    when lower(trim(a)) in ('false', 'f', 'no', 'n', 'off', '0') then false end;
create macro rs_super_boolean(a) as case json_type(a) when 'BOOLEAN' then json_extract_string(a, '$') = 'true'
    when 'VARCHAR' then dw_try_boolean(json_extract_string(a, '$'))
    when 'OBJECT' then null when 'ARRAY' then null else try_cast(json_extract_string(a, '$') as double) <> 0 end;
create macro rs_super_number_text(a) as case when json_type(a) = 'BOOLEAN' then
    case when json_extract_string(a, '$') = 'true' then '1' else '0' end else json_extract_string(a, '$') end;
create macro dw_sign_first(a) as regexp_replace(trim(a), '^(.*[^-+])([-+])$', '\\2\\1');
create macro dw_round_text(a) as cast(round(cast(trim(a) as decimal(38, 10)), 0) as bigint);
create macro dw_try_round(a) as cast(round(try_cast(trim(a) as decimal(38, 10)), 0) as bigint);
create macro rs_integer_text(a) as case when a is null or regexp_full_match(trim(a), '[-+]?\\d+') then trim(a)
    else dw_raise('invalid input syntax for integer: "' || a || '"') end;
create macro rs_type_name(a) as case a when 'INTEGER' then 'integer' when 'BIGINT' then 'bigint' when 'SMALLINT' then
    'smallint'
    when 'VARCHAR' then 'character varying' when 'DOUBLE' then 'double precision' when 'BOOLEAN' then 'boolean' when
    'DATE' then 'date'
    when 'TIMESTAMP' then 'timestamp without time zone' when 'TIMESTAMP WITH TIME ZONE' then 'timestamp with time zone'
    when 'JSON' then 'super' else case when a like 'DECIMAL%' then 'numeric' else lower(a) end end;
"""
