"""The sources of a schema: a path, JSON text, a mapping, a schema or the draft of an import, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import SchemaError
from engine.rules.rule_checks import check_rules
from engine.schema.checks import check_schema
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema
from engine.sql.importing.import_result import Draft

Source = str | Path | Mapping[str, Any] | ExperimentSchema | Draft


def read_source(source: Source, name: str | None = None) -> ExperimentSchema:
    """Return the schema of a source, under `name` if given.

    Raises `SchemaError` with every problem of the schema and its rules, and `NotFoundError` for a missing file.
    """
    if isinstance(source, Draft):
        source = source.schema
    if not isinstance(source, ExperimentSchema):
        return read_schema(source, name=name, also=check_rules)
    schema = source if name is None else source.model_copy(update={"name": name})
    problems = check_schema(schema)
    problems += check_rules(schema, {problem.where for problem in problems})
    if problems:
        raise SchemaError(problems, source=f'the schema "{schema.name}"')
    return schema
