"""Columns that read nothing but their row's number: two with the same keys are both sound, or both wrong."""

from __future__ import annotations

from engine.schema.models import ColumnSchema, TableSchema

_OWN = frozenset(
    "data_type varchar_length char_length precision scale required null_fraction hidden faker_rule faker_args locale "
    "mimesis_rule pattern values weights "
    "probability distribution weekday_weights hour_weights min_value max_value date_start date_end timestamp_start "
    "timestamp_end time_start time_end".split()
)
_UNREAD = frozenset("name quoted comment suggested because".split())
_TOGETHER = (
    "rows", "rows_file", "batches", "composite_keys", "foreign_keys", "latents", "correlation", "outcomes", "lifecycle",
    "events_of", "scenarios",
)  # fmt: skip
"""Keys of a table that make columns depend on each other."""


def signature(table: TableSchema, column: ColumnSchema) -> str | None:
    """Return what decides whether a column's rule can be made, equal for equal columns; None where more decides."""
    given = {name for name in column.model_fields_set if getattr(column, name) is not None} - _UNREAD
    is_alone = given - {"is_unique"} <= _OWN and not table.is_unique(column)
    if not is_alone or any(getattr(table, name) for name in _TOGETHER):
        return None
    return column.model_dump_json(include=given & _OWN)
