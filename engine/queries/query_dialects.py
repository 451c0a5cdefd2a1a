"""The dialect of a query that names none: that of the experiment it is about."""

from __future__ import annotations

from collections.abc import Sequence

from engine.schema.models import ExperimentSchema

DUCKDB = "duckdb"


def choose_dialect(current: ExperimentSchema | None, named: Sequence[ExperimentSchema]) -> tuple[str, str]:
    """Return the dialect of a query without one, and a note when its experiments differ.

    It is that of the `current` experiment, whose tables need no prefix; else the one that all `named` experiments
    have in common; else DuckDB's.
    """
    every = {schema.name: dialect_of(schema) for schema in (*([current] if current else ()), *named)}
    found = set(every.values())
    if len(found) <= 1:
        return next(iter(found), DUCKDB), ""
    chosen = DUCKDB if current is None else dialect_of(current)
    listed = ", ".join(f"{name} {dialect}" for name, dialect in every.items())
    return chosen, f"Read as {chosen}: the experiments have different dialects ({listed}). Choose one with dialect."


def dialect_of(schema: ExperimentSchema) -> str:
    """Return the dialect of an experiment: that of its script, or DuckDB's for one without a script."""
    return schema.dialect or DUCKDB
