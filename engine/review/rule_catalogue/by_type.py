"""The rules of a type without a schema: those of a column in an example of two tables."""

from __future__ import annotations

from dataclasses import replace

from engine.review.column_samples import shown_samples, try_column
from engine.review.rule_catalogue.catalogue import rules_for, search_rules
from engine.review.rule_catalogue.records import CatalogueRule
from engine.schema.column_rules import FAKER, example_schema
from engine.schema.files import read_schema

_TRIED = 20


def rules_of_type(data_type: str, search: str = "") -> list[CatalogueRule]:
    """Return the rules that fit a type, with samples; raises `SchemaError` for an unknown type."""
    described = {"name": "example", "data_type": data_type}
    data = example_schema(FAKER)
    data["tables"][1]["columns"][2] = described
    schema = read_schema(data)
    table = schema.table("orders")
    found = search_rules(rules_for(schema, table, table.column("example")), search)
    return [
        replace(rule, samples=shown_samples(try_column(schema, table.key, {**described, **rule.keys}, _TRIED).texts))
        for rule in found
    ]
