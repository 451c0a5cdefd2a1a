"""The audit of a sample: what a row and its parents prove is checked, the rest is listed as not proved.

A sample has the parents of its rows, but not all rows of a parent, nor the neighbours of a row; and as parents come
with their children, shares of values are not those of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.schema.models import ExperimentSchema, TableSchema
from engine.warehouse.audit.column_checks import NOT_PROVED, Check

_BY_ROW = frozenset(
    "row_count type not_null length pattern min_value max_value date_start date_end timestamp_start timestamp_end"
    " time_start time_end allowed_values unique composite_unique one_to_one null_together sequence_unique"
    " weekday_weights hour_weights check value_rows"
    " lifecycle_ways lifecycle_order lifecycle_gap lifecycle_until".split()
)
_BY_PARENT = frozenset({"foreign_key", "composite_foreign_key", "where", "through"})
_PATH = re.compile(r'[^\W\d]\w*"?\s*\.\s*"?[^\W\d]')
_SAMPLE = "the rows are a sample"
_NO_PARENTS = "its parents were not exported"


def is_sample(expected_rows: Mapping[str, int], made_rows: Mapping[str, int] | None) -> bool:
    """Return whether the loaded rows are some of those that were made, by table key."""
    return made_rows is not None and any(rows != made_rows.get(key, rows) for key, rows in expected_rows.items())


def checks_of_sample(
    schema: ExperimentSchema, table: TableSchema, checks: Iterable[Check], expected_rows: Mapping[str, int]
) -> Iterator[Check]:
    """Yield the checks that a sample can prove, and the others as not proved."""
    for check in checks:
        if check.name == NOT_PROVED or check.name in _BY_ROW or _is_own_expression(table, check):
            yield check
        elif check.name not in _BY_PARENT:
            yield _not_proved(check, _SAMPLE)
        elif _has_parents(schema, table, check, expected_rows):
            yield check
        else:
            yield _not_proved(check, _NO_PARENTS)


def _is_own_expression(table: TableSchema, check: Check) -> bool:
    """Return whether a check computes an expression that reads no other row."""
    if check.name not in ("expression", "expression_bounds"):
        return False
    text = table.column(check.column).expression
    return text is not None and _PATH.search(text) is None


def _has_parents(schema: ExperimentSchema, table: TableSchema, check: Check, expected_rows: Mapping[str, int]) -> bool:
    columns = check.column.split(", ")
    for name in columns:
        key = table.column(name).foreign_key
        if key is not None and not expected_rows[schema.table(key.references_table, within=table.schema_name).key]:
            return False
    return all(
        expected_rows[schema.table(key.references_table, within=table.schema_name).key]
        for key in table.foreign_keys
        if key.columns == columns
    )


def _not_proved(check: Check, reason: str) -> Check:
    return replace(
        check,
        name=NOT_PROVED,
        expected=f"{check.name}: {check.expected}",
        sql="select 0",
        passes=lambda _: True,
        shown=lambda _: reason,
        failing="",
        is_query=True,
        rows="",
    )
