"""Numeric and bitwise functions.

https://docs.aws.amazon.com/redshift/latest/dg/Math_functions.html
https://docs.snowflake.com/en/sql-reference/functions-numeric
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

SHARED = define(
    "dw",
    """
ABS(n) 1
SIGN(n) INTEGER := case when a > 0 then 1 when a < 0 then -1 when a = 0 then 0 end
CEIL(n) 1
FLOOR(n) 1
MOD(n,n) 1
SQRT(f) DOUBLE := case when a < 0 then dw_raise('cannot take square root of a negative number') else sqrt(a) end
CBRT(f) DOUBLE := round(cbrt(a), 14)
EXP(f) DOUBLE
LN(f) DOUBLE
POWER(f,f) DOUBLE
PI() DOUBLE
DEGREES(f) DOUBLE
RADIANS(f) DOUBLE
SIN(f) DOUBLE
COS(f) DOUBLE
TAN(f) DOUBLE
COT(f) DOUBLE
ASIN(f) DOUBLE
ACOS(f) DOUBLE
ATAN(f) DOUBLE
ATAN2(f,f) DOUBLE
""",
)
alias(SHARED, "CEILING=CEIL POW=POWER")

REDSHIFT = define(
    "rs",
    """
DEXP(f) DOUBLE exp
DLOG1(f) DOUBLE ln
DLOG10(f) DOUBLE log10
LOG(f,f=null) DOUBLE := case when b is null then log10(a) else ln(b) / ln(a) end
RANDOM() DOUBLE
ROUND(n,i=0) 1 := round(a, b::integer)
TRUNC(n,i=0) 1 := trunc(a, b::integer)
BIT_COUNT(i) INTEGER
""",
)

SNOWFLAKE = define(
    "sf",
    """
LOG(f,f) DOUBLE := ln(b) / ln(a)
SQUARE(n) DOUBLE := a * a
FACTORIAL(i) HUGEINT := factorial(a::integer)
SINH(f) DOUBLE
COSH(f) DOUBLE
TANH(f) DOUBLE
ASINH(f) DOUBLE
ACOSH(f) DOUBLE
ATANH(f) DOUBLE
BITAND(i,i) BIGINT := a & b
BITOR(i,i) BIGINT := a | b
BITXOR(i,i) BIGINT := xor(a, b)
BITNOT(i) BIGINT := ~a
BITSHIFTLEFT(i,i) HUGEINT := (a::hugeint * power(2, b)::hugeint)
BITSHIFTRIGHT(i,i) BIGINT := a >> b
BITMAP_BIT_POSITION(i) BIGINT := case when a > 0 then (a - 1) % 32768 else abs(a) % 32768 end
BITMAP_BUCKET_NUMBER(i) BIGINT := case when a > 0 then 1 + (a - 1) // 32768 else -(abs(a) // 32768) end
BITMAP_COUNT(a) BIGINT := len(a)
GETBIT(i,i) INTEGER := ((a >> b) & 1)::integer
HAVERSINE(f,f,f,f) DOUBLE := 2 * 6371 * asin(sqrt(pow(sin(radians(c - a) / 2), 2)
    + cos(radians(a)) * cos(radians(c)) * pow(sin(radians(d - b) / 2), 2)))
WIDTH_BUCKET(n,n,n,i) INTEGER := case when a < b then 0 when a >= c then d + 1
    else floor((a - b)::double / (c - b)::double * d)::integer + 1 end
ROUND(n,i=0,t='HALF_AWAY_FROM_ZERO') 1 := case when c = 'HALF_TO_EVEN' then round_even(a, b::integer) else round(a,
    b::integer) end
TRUNCATE(n,i=0) 1 := trunc(a, b::integer)
CEIL(n,i=0) 1 := case when b = 0 then ceil(a) else ceil(a * power(10, b)) / power(10, b) end
FLOOR(n,i=0) 1 := case when b = 0 then floor(a) else floor(a * power(10, b)) / power(10, b) end
NORMAL(f,f,i) DOUBLE := a + b * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())
RANDSTR(i,i) VARCHAR := array_to_string(list_transform(range(a), lambda i:
    substr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 1 + floor(random() * 62)::integer, 1)), '')
RANDOM(i=null) BIGINT := ((random() - 0.5) * 18446744073709551615)::bigint
DIV0(n,n) DOUBLE := case when b = 0 then case when a is null then null else 0 end else sf_divide_any(a, b) end
""",
)
alias(
    SNOWFLAKE,
    "CEILING=CEIL BIT_AND=BITAND BIT_OR=BITOR BIT_XOR=BITXOR BIT_NOT=BITNOT BIT_SHIFTLEFT=BITSHIFTLEFT "
    "BIT_SHIFTRIGHT=BITSHIFTRIGHT",
)

HELPERS = """
create macro dw_no_quotient(a) as dw_raise('Division by zero' || left(a::varchar, 0));
create macro dw_no_whole_quotient(a) as dw_raise('Divide by zero' || left(a::varchar, 0));
create macro dw_divide_whole(a, b) as case when b = 0 then dw_no_whole_quotient(a) else a // b end;
create macro dw_divide_exact(a, b, ma, mb, over, under) as case when b = 0 then dw_no_quotient(a) else
    (sign(a) * sign(b))::hugeint * ((abs((a * ma)::hugeint) * over::hugeint // under::hugeint * 2
    // abs((b * mb)::hugeint) + 1) // 2) end;
create macro dw_divide_wide(a, b, ma, mb, over, under) as case when b = 0 then dw_no_quotient(a)
    when abs(a::double) * ma * greatest(ma, over) < 1e37 and abs(b::double) * mb * mb < 1e37
    then dw_divide_exact(a, b, ma, mb, over, under)
    when abs(a::double / b::double * (over::double / mb)) >= 1e38
    then dw_raise('Numeric overflow: the quotient has more than 38 digits')
    else round(a::double / b::double * (over::double / mb))::hugeint end;
create macro dw_divide_float(a, b) as case when b = 0 then dw_no_quotient(a) else a / b end;
create macro rs_divide_any(a, b) as case when b = 0 then dw_no_whole_quotient(a)
    when typeof(a) like '%INT%' and typeof(b) like '%INT%' then trunc(a::double / b::double) else a::double /
    b::double end;
create macro sf_divide_any(a, b) as case when b = 0 then dw_no_quotient(a)
    when typeof(a) in ('DOUBLE', 'FLOAT') or typeof(b) in ('DOUBLE', 'FLOAT') then a::double / b::double
    else round(a::double / b::double, 6) end;
"""
"""The error of a division by zero depends on the dividend, so that DuckDB does not raise it for a constant divisor
while it plans the query; NULL divided by zero is NULL."""
