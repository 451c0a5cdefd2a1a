"""Suggestions: a sensible rule for every column that a script leaves open, from names, types, lengths and keys.

A suggestion is marked as such (`suggested`) with its reason (`because`), so that its user can see and change it.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.rules.rule_checks import check_rules
from engine.rules.suggestions.amounts import suggest_amounts
from engine.rules.suggestions.balances import suggest_balances
from engine.rules.suggestions.calendars import suggest_calendars
from engine.rules.suggestions.child_rows import count_read_keys, list_child_rows
from engine.rules.suggestions.column_names import suggest_by_names
from engine.rules.suggestions.date_parts import suggest_date_parts
from engine.rules.suggestions.durations import suggest_durations
from engine.rules.suggestions.event_times import suggest_event_times
from engine.rules.suggestions.flags import suggest_flags
from engine.rules.suggestions.format_capacity import suggest_rows_of_formats
from engine.rules.suggestions.given_rows import suggest_given_counts
from engine.rules.suggestions.given_values import suggest_given_values
from engine.rules.suggestions.key_parts import suggest_key_parts
from engine.rules.suggestions.known_lookups import suggest_known_rows
from engine.rules.suggestions.known_words import suggest_known_words
from engine.rules.suggestions.lone_parts import suggest_lone_parts
from engine.rules.suggestions.measures import suggest_measures
from engine.rules.suggestions.min_max import suggest_min_max
from engine.rules.suggestions.number_ranges import suggest_number, suggest_numbers
from engine.rules.suggestions.places import suggest_places
from engine.rules.suggestions.popularity import suggest_popularity
from engine.rules.suggestions.row_counts import suggest_row_counts
from engine.rules.suggestions.row_groups import suggest_row_groups
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.shared_parents import suggest_shared_parents
from engine.rules.suggestions.text_codes import suggest_by_comments, suggest_codes, suggest_states
from engine.rules.suggestions.text_formats import suggest_text_formats
from engine.rules.suggestions.text_types import suggest_text_types
from engine.rules.suggestions.time_pairs import suggest_time_order
from engine.rules.suggestions.times_of_day import suggest_times_of_day
from engine.rules.suggestions.totals_of_rows import suggest_first_and_last
from engine.rules.suggestions.twins import suggest_twins
from engine.rules.suggestions.versions import suggest_versions
from engine.schema.models import ColumnSchema, ExperimentSchema


def suggest_by_rows(draft: SchemaDraft) -> None:
    """Suggest balances, and first and last times, from the rows that refer to a row."""
    children = list_child_rows(draft)
    suggest_balances(draft, children)
    suggest_first_and_last(draft, children)


SUGGESTERS: tuple[Callable[[SchemaDraft], None], ...] = (
    suggest_by_comments,
    suggest_known_rows,
    suggest_given_counts,
    suggest_row_groups,
    suggest_versions,
    suggest_calendars,
    suggest_key_parts,
    suggest_times_of_day,
    suggest_twins,
    suggest_by_rows,
    suggest_time_order,
    suggest_flags,
    suggest_durations,
    suggest_date_parts,
    suggest_places,
    suggest_amounts,
    suggest_min_max,
    suggest_lone_parts,
    suggest_given_values,
    suggest_known_words,
    suggest_text_formats,
    suggest_text_types,
    suggest_measures,
    suggest_numbers,
    suggest_event_times,
    suggest_states,
    suggest_by_names,
    suggest_codes,
    suggest_rows_of_formats,
    suggest_row_counts,
    suggest_shared_parents,
    count_read_keys,
    suggest_popularity,
)
"""What makes suggestions, the surest first: a column that one has described is not free for the next.

Row counts depend on what all columns can hold, and popularity on the fan-outs that come with them."""


def with_suggestions(schema: ExperimentSchema, *, popularity: bool = True) -> ExperimentSchema:
    """Return the schema with a suggestion for every column of which something is known.

    Without `popularity`, the rows of a parent are referred to equally often.
    """
    draft = SchemaDraft(schema)
    for suggester in SUGGESTERS:
        if popularity or suggester is not suggest_popularity:
            suggester(draft)
    _withdraw_failing(draft)
    return draft.finish()


def _withdraw_failing(draft: SchemaDraft) -> None:
    """Take back suggested expressions and totals that cannot be made, such as one too large for its column.

    Totals go first: what they read, and what reads them, may be sound without them.
    """
    open_columns = {
        f"{table.key}.{column.name}": (table, column.name)
        for table in draft.tables
        for column in draft.columns(table)
        if column.suggested and (column.expression is not None or _is_total(column))
    }
    while open_columns:
        schema = draft.finish()
        skipped = {f"{table.key}.{column.name}" for table in schema.tables for column in table.columns}
        failing = {problem.where for problem in check_rules(schema, skipped - open_columns.keys())}
        failing &= open_columns.keys()
        totals = {where for where in failing if _is_total(draft.column(*open_columns[where]))}
        for where in totals or failing:
            table, name = open_columns.pop(where)
            draft.withdraw(table, name)
            if where in totals:
                suggest_number(draft, table, draft.column(table, name))
        if not failing:
            return


def _is_total(column: ColumnSchema) -> bool:
    return column.rollup is not None or column.running is not None
