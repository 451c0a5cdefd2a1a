"""The JSON Schema of experiments, generated from the models."""

from __future__ import annotations

from typing import Any

from engine.schema.column_rules import COLUMN_RULES
from engine.schema.models import ColumnSchema, ExperimentSchema


def json_schema(model: type[ExperimentSchema] = ExperimentSchema) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the format, generated from the models, for editors and tools.

    The title of a rule's key is the rule's label.
    """
    found = model.model_json_schema()
    properties = found["$defs"][ColumnSchema.__name__]["properties"]
    for rule in COLUMN_RULES.values():
        if "title" in properties.get(rule.name, {}):
            properties[rule.name]["title"] = rule.label
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **found,
        "title": "DW Simulator experiment",
    }
