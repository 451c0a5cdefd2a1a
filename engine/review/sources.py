"""The sources of a schema: a path, JSON text, a mapping, a schema or the draft of an import, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.errors import SchemaError
from engine.review.sound_schemas import check_rules_once
from engine.schema.checks import check_schema
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema

if TYPE_CHECKING:
    from engine.sql.importing.import_result import Draft

    Source = str | Path | Mapping[str, Any] | ExperimentSchema | Draft


def read_source(source: Source, name: str | None = None) -> ExperimentSchema:
    """Return the schema of a source, under `name` if given.

    Raises `SchemaError` with every problem of the schema and its rules, and `NotFoundError` for a missing file.
    """
    if not isinstance(source, str | Path | Mapping | ExperimentSchema):
        from engine.sql.importing.import_result import Draft

        source = source.schema if isinstance(source, Draft) else source
    if not isinstance(source, ExperimentSchema):
        return read_schema(source, name=name, also=check_rules_once)
    schema = source if name is None else source.model_copy(update={"name": name})
    problems = check_schema(schema)
    problems += check_rules_once(schema, {problem.where for problem in problems})
    if problems:
        raise SchemaError(problems, source=f'the schema "{schema.name}"')
    return schema
