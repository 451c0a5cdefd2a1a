"""Text functions that also take bytes (VARBYTE in Redshift, BINARY in Snowflake), count bytes and return bytes.

https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html
https://docs.snowflake.com/en/sql-reference/data-types-text#binary
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

SHARED = define(
    "dw_bytes",
    """
LEFT(x,i) BLOB := dw_byte_part(a, 1, b)
RIGHT(x,i) BLOB := dw_byte_part(a, greatest(octet_length(a) - b, 0) + 1, b)
CONCAT(x,x) BLOB := a || b
REVERSE(x) BLOB := unhex(array_to_string(list_reverse(regexp_extract_all(hex(a), '..')), ''))
LPAD(x,i,x) BLOB := dw_byte_part(dw_byte_filling(c, b - octet_length(a)) || a, 1, b)
RPAD(x,i,x) BLOB := dw_byte_part(a || dw_byte_filling(c, b - octet_length(a)), 1, b)
""",
)
REDSHIFT = define(
    "rs_bytes",
    """
SUBSTRING(x,i,i=1000000) BLOB := dw_byte_part(a, greatest(b, 1), b + c - greatest(b, 1))
POSITION(x,x) INTEGER := coalesce((list_position(list_transform(range(0, octet_length(b)), lambda i:
    substr(hex(b), (2 * i + 1)::integer, 2 * octet_length(a)::integer)), hex(a))), 0)
""",
)
alias(REDSHIFT, "SUBSTR=SUBSTRING CHARINDEX=POSITION")
SNOWFLAKE = define(
    "sf_bytes",
    """
SUBSTR(x,i,i=1000000) BLOB := case when b < 0 then dw_byte_part(a, octet_length(a) + b + 1, c)
    else dw_byte_part(a, greatest(b, 1), c) end
CONTAINS(x,x) BOOLEAN := regexp_matches(hex(a), '^(..)*' || hex(b))
STARTSWITH(x,x) BOOLEAN := starts_with(hex(a), hex(b))
ENDSWITH(x,x) BOOLEAN := suffix(hex(a), hex(b))
INSERT(x,i,i,x) BLOB := dw_byte_part(a, 1, b - 1) || d || dw_byte_part(a, b + c, 1000000)
""",
)
alias(SNOWFLAKE, "SUBSTRING=SUBSTR")
DEFINITIONS = {"redshift": {**SHARED, **REDSHIFT}, "snowflake": {**SHARED, **SNOWFLAKE}}

HELPERS = """
create macro dw_byte_part(a, b, c) as unhex(substr(hex(a), (2 * b - 1)::integer, (2 * greatest(c, 0))::integer));
create macro dw_byte_filling(a, n) as unhex(left(repeat(hex(a), (greatest(n, 0) // greatest(octet_length(a), 1) +
    1)::integer), (2 * greatest(n, 0))::integer));
create macro rs_byte_bits(a, b, name) as case name when 'and' then cast(a::bit & b::bit as blob)
    when 'or' then cast(a::bit | b::bit as blob) else cast(xor(a::bit, b::bit) as blob) end;
"""
