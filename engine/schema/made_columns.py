"""What makes the columns of a table whose values come from its life cycle or its events, in words for people."""

from __future__ import annotations

from engine.schema.events import is_event_value
from engine.schema.lifecycles import is_made
from engine.schema.models import ColumnSchema, TableSchema


def describe_made(table: TableSchema, column: ColumnSchema) -> str:
    """Return what a life cycle makes of a column: a state or its time, of the row or of each step; else empty."""
    events, lifecycle, folded = table.events_of, table.lifecycle, column.name.casefold()
    if events is not None and is_event_value(events, column.name):
        return f"{'state' if folded == events.state.casefold() else 'time'} of each step of {events.of}"
    if lifecycle is None or not is_made(lifecycle, column.name):
        return ""
    if folded == lifecycle.status.casefold():
        return f"last of the states {', '.join(lifecycle.states)}"
    return "".join(
        f"when it is {state}" for state in lifecycle.states[1:] if lifecycle.column_of(state).casefold() == folded
    )
