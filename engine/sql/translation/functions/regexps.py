"""Regular expression functions; both warehouses take a start position and an occurrence.

https://docs.aws.amazon.com/redshift/latest/dg/pattern-matching-conditions-posix.html
https://docs.snowflake.com/en/sql-reference/functions-regexp
"""

from __future__ import annotations

from engine.sql.translation.functions.definitions import alias, define

REDSHIFT = define(
    "rs",
    """
REGEXP_COUNT(t,t,i=1,t='c') INTEGER := len(regexp_extract_all(substr(a, c), dw_pattern(b, d)))
REGEXP_SUBSTR(t,t,i=1,i=1,t='c') VARCHAR := case when contains(e, 'e') and regexp_matches(b, '\\([^?]')
    then coalesce(list_extract(regexp_extract_all(substr(a, c), dw_pattern(b, e), 1), d), case when a is null then
    null else '' end)
    else coalesce(list_extract(regexp_extract_all(substr(a, c), dw_pattern(b, e)), d), case when a is null then null
    else '' end) end
REGEXP_INSTR(t,t,i=1,i=1,i=0,t='c') INTEGER := dw_match_place(substr(a, c), dw_pattern(b, f), d, e, c)
REGEXP_REPLACE(t,t,t='',i=1,t='c') VARCHAR := substr(a, 1, d - 1) || regexp_replace(substr(a, d), dw_pattern(b, e),
    regexp_replace(c, '\\$(\\d)', '\\\\\\1', 'g'), 'g')
""",
)

SNOWFLAKE = define(
    "sf",
    """
REGEXP_LIKE(t,t,t='c') BOOLEAN := regexp_full_match(a, dw_pattern(b, c))
REGEXP_COUNT(t,t,i=1,t='c') INTEGER := case when b = '' then 0 else len(regexp_extract_all(substr(a, c),
    dw_pattern(b, d))) end
REGEXP_SUBSTR(t,t,i=1,i=1,t='c',i=null) VARCHAR := list_extract(case coalesce(f, case when contains(e, 'e') then 1
    else 0 end)
    when 0 then regexp_extract_all(substr(a, c), dw_pattern(b, e))
    when 1 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 1)
    when 2 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 2)
    when 3 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 3)
    when 4 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 4)
    else dw_raise('group ' || f || ' is not known here') end, d)
REGEXP_SUBSTR_ALL(t,t,i=1,i=1,t='c',i=null) JSON := to_json(list_slice(case coalesce(f, case when contains(e, 'e')
    then 1 else 0 end)
    when 0 then regexp_extract_all(substr(a, c), dw_pattern(b, e))
    when 1 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 1)
    when 2 then regexp_extract_all(substr(a, c), dw_pattern(b, e), 2)
    else dw_raise('group ' || f || ' is not known here') end, d, 1000000000))
REGEXP_INSTR(t,t,i=1,i=1,i=0,t='c',i=null) INTEGER := case when g is null and not contains(f, 'e') then
    dw_match_place(substr(a, c), dw_pattern(b, f), d, e, c) else case coalesce(g, 1)
    when 1 then sf_group_place(substr(a, c), dw_pattern(b, f), d, e, c, regexp_extract_all(substr(a, c),
    dw_pattern(b, f), 1)[d])
    when 2 then sf_group_place(substr(a, c), dw_pattern(b, f), d, e, c, regexp_extract_all(substr(a, c),
    dw_pattern(b, f), 2)[d])
    else dw_raise('group ' || g || ' is not known here') end end
REGEXP_REPLACE(t,t,t='',i=1,i=0,t='c') VARCHAR := case when b = '' then a
    when e = 0 then substr(a, 1, d - 1) || regexp_replace(substr(a, d), dw_pattern(b, f), c, 'g')
    else substr(a, 1, d - 1) || dw_replace_match(substr(a, d), dw_pattern(b, f), c, e) end
""",
)
alias(SNOWFLAKE, "RLIKE=REGEXP_LIKE REGEXP_EXTRACT_ALL=REGEXP_SUBSTR_ALL")

HELPERS = """
create macro dw_pattern(a, b) as case when contains(b, 'i') then '(?i)' else '' end ||
    case when contains(b, 'm') then '(?m)' else '' end || case when contains(b, 's') then '(?s)' else '' end || a;
create macro sf_rlike(a, b) as regexp_full_match(a, b);
create macro dw_match_place(a, b, n, after, start) as case when a is null or b is null then null
    when n > len(regexp_extract_all(a, b)) then 0
    else length(array_to_string(list_slice(string_split_regex(a, b), 1, n), '')) + start
    + length(array_to_string(list_slice(regexp_extract_all(a, b), 1, n - 1 + after), '')) end;
create macro sf_group_place(a, b, n, after, start, part) as case when n > len(regexp_extract_all(a, b)) then 0 else
    dw_match_place(a, b, n, 0, start) + strpos(regexp_extract_all(a, b)[n], part) - 1 + after * length(part) end;
create macro dw_replace_match(a, b, c, n) as case when n > len(regexp_extract_all(a, b)) then a else
    array_to_string(list_transform(range(1, len(regexp_extract_all(a, b)) + 2), lambda i: string_split_regex(a, b)[i]
    ||
    case when i > len(regexp_extract_all(a, b)) then '' when i = n then regexp_replace(regexp_extract_all(a, b)[i],
    b, c)
    else regexp_extract_all(a, b)[i] end), '') end;
"""
