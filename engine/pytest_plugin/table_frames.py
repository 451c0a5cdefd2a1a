"""The loaded tables of an experiment as frames of Polars, pandas or Arrow."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from engine.errors import WorkbenchError, did_you_mean
from engine.experiment import Experiment
from engine.warehouse.loading.layout import stored_name

KINDS = ("polars", "pandas", "arrow")


def table_frames(experiment: Experiment, tables: Sequence[str], kind: str) -> dict[str, Any]:
    """Return a frame of each of the named tables, or of all, by table key.

    Raises `NotFoundError` for an unknown table, and `WorkbenchError` for an unknown kind, or pandas without pandas.
    """
    if kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"The kinds are {', '.join(KINDS)}."
        raise WorkbenchError(f"There is no kind of frame {kind!r}.", where="kind", hint=hint)
    if kind == "pandas" and find_spec("pandas") is None:
        raise WorkbenchError(
            "The library pandas is not installed.", where="kind", hint="Install it, or take polars or arrow."
        )
    schema = experiment.loaded_schema
    chosen = [experiment.loaded_table(name) for name in tables] if tables else schema.tables
    with experiment.connect() as connection:
        found = {table.key: connection.sql(f"from {stored_name(table)}") for table in chosen}
        if kind == "pandas":
            return {key: rows.df() for key, rows in found.items()}
        if kind == "arrow":
            return {key: rows.to_arrow_table() for key, rows in found.items()}
        return {key: rows.pl() for key, rows in found.items()}
