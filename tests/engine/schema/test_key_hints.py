"""Suggestions for unknown keys of a schema file."""

import pytest

from engine.schema.distribution import Distribution
from engine.schema.foreign_keys import ForeignKey
from engine.schema.key_hints import key_hint
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema


@pytest.mark.parametrize(
    ("key", "model", "meant"),
    [
        ("min", ColumnSchema, "min_value"), ("maximum", ColumnSchema, "max_value"), ("enum", ColumnSchema, "values"),
        ("choices", ColumnSchema, "values"), ("type", ColumnSchema, "data_type"), ("fk", ColumnSchema, "foreign_key"),
        ("references", ColumnSchema, "foreign_key"), ("unique", ColumnSchema, "is_unique"),
        ("regex", ColumnSchema, "pattern"), ("maxLength", ColumnSchema, "varchar_length"),
        ("faker", ColumnSchema, "faker_rule"), ("start_date", ColumnSchema, "date_start"),
        ("formula", ColumnSchema, "expression"), ("null_share", ColumnSchema, "null_fraction"),
        ("rows", TableSchema, "target_rows"), ("row-count", TableSchema, "target_rows"),
        ("pk", TableSchema, "primary_key"),
        ("count", TableSchema, "target_rows"), ("fields", TableSchema, "columns"), ("fk", TableSchema, "foreign_keys"),
        ("foreign_key", TableSchema, "foreign_keys"), ("schema", TableSchema, "schema_name"),
        ("table", ForeignKey, "references_table"), ("column", ForeignKey, "references_column"),
        ("null", ForeignKey, "nullable"), ("params", Distribution, "parameters"),
        ("entities", ExperimentSchema, "tables"), ("comment", ExperimentSchema, "description"),
        ("min_valu", ColumnSchema, "min_value"), ("forein_key", ColumnSchema, "foreign_key"),
    ],
)  # fmt: skip
def test_a_key_is_found_by_its_meaning(key: str, model: type, meant: str):
    assert key_hint(key, list(model.model_fields)) == f'Did you mean "{meant}"?'


@pytest.mark.parametrize("key", ["nullable", "null", "not_null", "optional"])
def test_keys_about_null_suggest_both_keys(key: str):
    hint = key_hint(key, list(ColumnSchema.model_fields))
    assert hint == 'Write "required": true or false, and "null_fraction" for the share of NULL.'


def test_a_primary_key_belongs_to_the_table():
    assert key_hint("pk", list(ColumnSchema.model_fields)) == 'List the column in "primary_key" of its table.'


def test_an_unrelated_key_gets_no_hint():
    assert key_hint("qqzzy", list(ColumnSchema.model_fields)) == ""
