"""Why an expression refuses a function or syntax, by the name the user wrote."""

from __future__ import annotations

_AGGREGATES = """
    any_value approx_count_distinct approx_quantile arg_max arg_min array_agg avg bit_and bit_or bit_xor bool_and
    bool_or boolor_agg booland_agg corr count count_if countif covar_pop covar_samp first group_concat grouping
    histogram kurtosis last list listagg max max_by mean median min min_by mode object_agg percentile_cont
    percentile_disc product quantile quantile_cont quantile_disc regr_slope skewness stddev stddev_pop stddev_samp
    string_agg sum var_pop var_samp variance
""".split()
_WINDOWS = """
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank ratio_to_report row_number
""".split()
_CHANGING = """
    clock_timestamp current_database current_date current_role current_schema current_session current_time
    current_timestamp current_user get_current_time get_current_timestamp getdate localtime localtimestamp now
    session_user statement_timestamp sysdate systimestamp timeofday today transaction_timestamp user version
""".split()
_RANDOM = """
    gen_random_uuid newid rand randn randstr setseed uuid uuid_string uuidv4 uuidv7
""".split()
_COUNTERS = "currval lastval nextval seq1 seq2".split()
_INEXACT = """
    acos acosh asin asinh atan atan2 atanh cosh cot factorial gamma haversine lgamma sinh tanh
""".split()
_REASONS = {
    **dict.fromkeys(("all", "any", "some"), "compares with a query; IN (...) compares with a list"),
    **dict.fromkeys(_AGGREGATES, "is an aggregate; an expression sees one row at a time"),
    **dict.fromkeys(_WINDOWS, "is a window function; an expression sees one row at a time"),
    **dict.fromkeys(_CHANGING, "changes from run to run; the same seed must give the same data"),
    **dict.fromkeys(_RANDOM, "is random; the same seed must give the same data"),
    **dict.fromkeys(_COUNTERS, "counts calls; an expression sees one row at a time"),
    **dict.fromkeys(_INEXACT, "differs between processors in its last digits; the same seed must give the same data"),
}
_HINTS = {
    **dict.fromkeys(_CHANGING, "Use a fixed date, for example DATE '2024-12-31'."),
    **dict.fromkeys(_RANDOM, "RANDOM() and UNIFORM(low, high, RANDOM()) draw a number for each row."),
    **dict.fromkeys(_COUNTERS, 'SEQ4() is the number of the row from 0; a column can have a "sequence".'),
    "max": "GREATEST(a, b) compares columns of a row.",
    "min": "LEAST(a, b) compares columns of a row.",
}
_NODES = {
    "Window": "A window (OVER) is not allowed: an expression sees one row at a time.",
    "WithinGroup": "An aggregate (WITHIN GROUP) is not allowed: an expression sees one row at a time.",
    "Filter": "An aggregate (FILTER) is not allowed: an expression sees one row at a time.",
    "Subquery": "A subquery is not allowed: an expression sees its own row and its parents.",
    "Select": "A query is not allowed: write only what goes between SELECT and FROM.",
    "Exists": "EXISTS is not allowed: an expression sees its own row and its parents.",
    "Block": "Several statements are not allowed: it must be one SQL expression.",
    "Star": "* is not allowed: name one column.",
    "Distinct": "DISTINCT is not allowed: an expression sees one row at a time.",
    "Placeholder": "A parameter is not allowed: write the value.",
    "Bracket": "[ ] is not allowed: an expression uses plain values.",
    "JSONExtract": "-> is not allowed: an expression cannot read inside JSON.",
    "JSONExtractScalar": "->> is not allowed: an expression cannot read inside JSON.",
    "RegexpLike": "Regular expressions are not allowed; LIKE is.",
    "SimilarTo": "SIMILAR TO is not allowed; LIKE is.",
}


def function_refusal(name: str) -> tuple[str, str] | None:
    """Return why the function (or word) `name` is refused, as message and hint; None when it is unknown."""
    folded = name.casefold()
    reason = _REASONS.get(folded)
    return None if reason is None else (f"{name.upper()} {reason}.", _HINTS.get(folded, ""))


def node_refusal(node_name: str, text: str) -> str:
    """Return why SQL syntax other than a function is refused."""
    return _NODES.get(node_name, f"{text} is not allowed in an expression ({node_name}).")
