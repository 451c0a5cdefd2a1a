"""The hours and weekdays of events: shops and people are busy by day, systems at any hour."""

from __future__ import annotations

from engine.rules.name_words import words
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.schema.models import ColumnSchema
from engine.schema.types import TIMESTAMPS, Kind

HOURS = (2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 13, 13, 13, 12, 12, 12, 12, 13, 13, 13, 12, 9, 6, 4)
"""The weights of the hours 0 to 23 for what people do."""
WEEKDAYS = (1.0, 1.0, 1.05, 1.05, 1.2, 1.15, 0.9)
"""The weights of Monday to Sunday for what people do."""
_EVENTS = frozenset(
    """order ordered orders purchase purchased sale sold sales placed booking booked created event visit session trip
    pickup ride call sent submitted opened requested started checkout transaction txn payment paid swipe search click
    clicked view viewed page login signup registered joined played watched listened invoice message
    ticket tap""".split()
)
_NO_EVENTS = frozenset(
    "birth valid effective expiry expires expiration hire termination load loaded etl dw batch".split()
)


def suggest_event_times(draft: SchemaDraft) -> None:
    """Suggest hours and weekdays for free timestamps and dates of what people do."""
    for table in draft.tables:
        for column in list(draft.free_columns(table)):
            if not _is_event(column) or table.is_unique(column):
                continue
            if column.type.kind in TIMESTAMPS:
                change = {"hour_weights": list(HOURS), "weekday_weights": list(WEEKDAYS)}
                draft.suggest(table, column.name, change, "People do this by day, and more of it on Fridays.")
            elif column.type.kind is Kind.DATE:
                draft.suggest(table, column.name, {"weekday_weights": list(WEEKDAYS)}, "More of it on Fridays.")


def _is_event(column: ColumnSchema) -> bool:
    found = set(words(column.name))
    return bool(found & _EVENTS) and not found & _NO_EVENTS
