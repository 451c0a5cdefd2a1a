"""Batches that runs remember: a table with `grows` takes the rows of the run before as those of an earlier batch.

They are no part of the schema that a user writes. A run records them, and whatever makes or proves its rows puts them
into its schema by `with_batches`, so that they are the `batches` of the tables from there on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.errors import Problem
from engine.schema.models import ExperimentSchema


def can_grow(schema: ExperimentSchema) -> bool:
    """Return whether runs of the schema add to those before: one table with `grows` is enough for all of them."""
    return any(table.grows for table in schema.tables)


def with_batches(schema: ExperimentSchema, batches: Mapping[str, Sequence[int]]) -> ExperimentSchema:
    """Return the schema with these earlier batches, by table key; the same schema without any."""
    if not any(batches.values()):
        return schema
    tables = [
        table.model_copy(update={"batches": list(batches[table.key])}) if batches.get(table.key) else table
        for table in schema.tables
    ]
    fields = {name: getattr(schema, name) for name in ExperimentSchema.model_fields}
    return ExperimentSchema.model_construct(schema.model_fields_set, **fields | {"tables": tables})


def check_growth(schema: ExperimentSchema) -> Iterator[Problem]:
    """Yield the problem of batches that are both listed and remembered."""
    growing = next((table for table in schema.tables if table.grows), None)
    for table in schema.tables:
        if growing is not None and table.batches:
            yield Problem(
                table.key,
                f"It lists batches, and {growing.key} grows by its runs.",
                "Remove batches: the runs remember them; or remove grows.",
            )
