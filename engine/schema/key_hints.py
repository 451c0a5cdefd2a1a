"""Suggestions for an unknown key of a schema file: by meaning first, then by spelling."""

from __future__ import annotations

from collections.abc import Collection

from engine.errors import did_you_mean
from engine.schema.column_rules import COLUMN_RULES

# Each key other than a rule, with its names in other schema languages and in common use.
_SYNONYMS = {
    "min_value": "min minimum lower lower_bound from at_least start_value",
    "max_value": "max maximum upper upper_bound to at_most end_value",
    "varchar_length": "length size width maxlength max_len max_length maximum_length character_maximum_length",
    "precision": "digits numeric_precision",
    "scale": "decimals decimal_places numeric_scale",
    "date_start": "start_date from_date date_from min_date",
    "date_end": "end_date to_date date_to max_date",
    "timestamp_start": "start_timestamp start_time timestamp_from min_timestamp",
    "timestamp_end": "end_timestamp end_time timestamp_to max_timestamp",
    "composite_keys": "unique_keys unique_together unique_constraints uniques",
    "growth": "rate slope factor",
    "description": "comment remark note notes doc documentation",
    "weights": "frequencies probabilities shares weight",
    "target_rows": "rows row_count count num_rows n_rows number_of_rows rowcount size",
    "data_type": "type datatype sql_type dtype column_type kind format",
    "foreign_keys": "foreign_key fk references relations",
    "references_table": "table ref_table parent parent_table target_table references referenced_table to_table",
    "references_column": "column ref_column parent_column target_column referenced_column to_column",
    "references_columns": "ref_columns parent_columns target_columns referenced_columns to_columns references_column",
    "primary_key": "pk primary primarykey key is_primary is_primary_key",
    "is_unique": "unique distinct unique_values",
    "unique": "is_unique distinct one_to_one",
    "null_fraction": "null_share null_ratio nulls null_rate null_probability missing null_percent null_percentage",
    "null_when": "null_if nullif null_condition null_where empty_when empty_if",
    "null_by": "null_fraction_by nulls_by null_per null_share_by",
    "latents": "factors hidden_normals latent_factors latent copulas",
    "correlation": "correlations corr correlation_matrix copula rank_correlation",
    "matrix": "correlations values",
    "outcomes": "outcome declared goals aggregates constraints kpis budgets",
    "targets": "target totals values goals amounts",
    "lifecycle": "life_cycle workflow state_machine states fsm process",
    "events_of": "events history log steps event_log history_of lifecycle_of status_history",
    "transitions": "edges flows next moves",
    "gaps": "durations delays waits gap times dwell",
    "until": "now as_of present today cutoff",
    "per": "period granularity grain interval",
    "hidden": "helper internal virtual not_stored transient is_hidden private skip exclude",
    "weight_column": "weights_column weight_name weight",
    "locale_by": "locale_from locale_column locales_by locale_of",
    "place_of": "place_group address_of place_name address_group",
    "place_near": "near near_place close_to same_city_as",
    "faker_args": "faker_arguments faker_parameters args arguments faker_kwargs kwargs",
    "name": "table_name column_name title label id identifier key",
    "comment": "description remark note notes doc documentation",
    "columns": "fields attributes properties cols",
    "tables": "entities models relations",
    "schema_name": "schema namespace",
    "parameters": "params args arguments options",
    "locale": "language lang",
    "fan_out": "children cardinality children_per_parent",
    "fan_out_weights": "children_weights cardinality_weights children_histogram",
    "where": "filter condition only_where references_where predicate",
}
_NULLABLE = frozenset({"nullable", "null", "allow_null", "is_nullable", "optional", "not_null", "notnull", "mandatory"})

_PRIMARY = frozenset({"pk", "primary", "primarykey", "isprimary", "isprimarykey", "key"})


def key_hint(key: str, known: Collection[str]) -> str:
    """Return what to write instead of an unknown key, or an empty string when no key is similar."""
    folded = _fold(key)
    if folded in map(_fold, _NULLABLE):
        if "required" in known:
            return 'Write "required": true or false, and "null_fraction" for the share of NULL.'
        if "nullable" in known:
            return 'Did you mean "nullable"?'
    if folded in _PRIMARY and "is_unique" in known:
        return 'List the column in "primary_key" of its table.'
    rule_synonyms = {rule.name: rule.synonyms for rule in COLUMN_RULES.values() if rule.synonyms}
    for meant, names in (rule_synonyms | _SYNONYMS).items():
        if meant in known and folded in (_fold(meant), *map(_fold, names.split())):
            return f'Did you mean "{meant}"?'
    return did_you_mean(key, known)


def _fold(key: str) -> str:
    return key.casefold().replace("_", "").replace("-", "").replace(" ", "")
