"""Tables of events: a row for each state through which a row of another table has gone by its life cycle."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.schema import limits
from engine.schema.fields import Model, Name, Storable


class EventsOf(Model):
    """The life cycle whose steps are the rows of the table, and the columns that hold the state and its time."""

    of: Annotated[str, Field(max_length=2 * limits.MAX_NAME + 1), Storable]
    """The foreign key to the table with the life cycle, and the status there: "order_id.status"."""
    state: Name = "state"
    """The column that has the state of each step, from the first state to the status of the row."""
    at: Name | None = None
    """The column that has the time of each step; NULL for steps that come after the `until` of the life cycle."""

    @property
    def key(self) -> str:
        """The foreign key column to the table with the life cycle."""
        return self.of.partition(".")[0]

    @property
    def status(self) -> str:
        """The status of the table with the life cycle; empty when it is not given."""
        return self.of.partition(".")[2]


def is_event_key(events: EventsOf | None, column: str) -> bool:
    """Return whether a column is the foreign key to the rows whose steps a table has."""
    return events is not None and events.key.casefold() == column.casefold()


def is_event_value(events: EventsOf | None, column: str) -> bool:
    """Return whether the steps of a life cycle make the values of a column: the state, or its time."""
    if events is None:
        return False
    return column.casefold() in (events.state.casefold(), (events.at or "").casefold())
