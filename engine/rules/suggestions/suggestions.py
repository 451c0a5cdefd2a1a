"""Suggestions: a sensible rule for every column that a script leaves open, from names, types, lengths and keys.

A suggestion is marked as such (`suggested`) with its reason (`because`), so that its user can see and change it.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.rules.compiler import check_rules
from engine.rules.suggestions.column_names import suggest_by_names
from engine.rules.suggestions.row_counts import suggest_row_counts
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import ExperimentSchema

SUGGESTERS: tuple[Callable[[SchemaDraft], None], ...] = (suggest_by_names, suggest_row_counts)
"""What makes suggestions, the surest first: a column that one has described is not free for the next.

Row counts come last, because they depend on what all columns can hold."""


def with_suggestions(schema: ExperimentSchema) -> ExperimentSchema:
    """Return the schema with a suggestion for every column of which something is known."""
    draft = SchemaDraft(schema)
    for suggester in SUGGESTERS:
        suggester(draft)
    _withdraw_failing(draft)
    return draft.finish()


def _withdraw_failing(draft: SchemaDraft) -> None:
    """Take back suggested expressions that cannot be made, such as one whose result does not fit its column."""
    open_columns = {
        f"{table.key}.{column.name}": (table, column.name)
        for table in draft.tables
        for column in draft.columns(table)
        if column.suggested and column.expression is not None
    }
    while open_columns:
        schema = draft.finish()
        skipped = {f"{table.key}.{column.name}" for table in schema.tables for column in table.columns}
        failing = {problem.where for problem in check_rules(schema, skipped - open_columns.keys())}
        failing &= open_columns.keys()
        for where in failing:
            draft.withdraw(*open_columns.pop(where))
        if not failing:
            return
